"""Which GPs form which practices, when they change, and whom a layer reaches.

GPs belong to the world and stand in a fixed order. An organisation partitions them: who joins is
decided by a fixed mark, so a larger share of a practice model holds the GPs of a smaller one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .decisions import JOINING
from .parameters import Layer, Parameters
from .population import Draw, rounded_shares


@dataclass(frozen=True, slots=True)
class Team:
    """Where a GP practises: the model, and the GPs of the same practice, themselves included."""

    model: int
    colleagues: tuple[int, ...]
    books: NDArray[np.int64]
    """The same GPs, as the array that a search through their books takes."""


def teams(shares: Sequence[float], parameters: Parameters, draw: Draw) -> list[Team]:
    """The team of each GP, in the order of GPs, for these shares of practice models.

    GPs are taken in the order of their marks, model after model; within a model they are split
    evenly into practices of about the model's size.
    """
    by_mark = sorted(range(parameters.work.gps), key=lambda gp: (draw(gp, JOINING, 0, 0)[0], gp))
    of_gp: dict[int, Team] = {}
    taken = 0
    for model, count in enumerate(rounded_shares(shares, parameters.work.gps)):
        members = sorted(by_mark[taken : taken + count])
        taken += count
        for practice in _split(members, parameters.practices[model].gps_per_practice):
            team = Team(model, practice, np.array(practice, np.int64))
            of_gp.update(dict.fromkeys(practice, team))
    return [of_gp[gp] for gp in range(parameters.work.gps)]


def joins_at(gp: int, parameters: Parameters, draw: Draw) -> float:
    """The day on which a GP's practice changes to the new organisation, within its ramp."""
    return draw(gp, JOINING, 0, 0)[1] * parameters.ramp_days


def uptake(layer: Layer, now: float, ramp_days: float) -> float:
    """Share of people whom a layer reaches at `now`: what it was before, then up along the ramp."""
    before, complete = layer.uptake
    if now < 0.0:
        return before
    if now >= ramp_days:
        return complete
    return before + (complete - before) * now / ramp_days


def reaches(layer: Layer, older: bool, mark: float, now: float, ramp_days: float) -> bool:
    """Whether a layer reaches a person with this mark at `now`."""
    return (older or not layer.older_only) and mark < uptake(layer, now, ramp_days)


def in_team(
    sender: str, receiver: str, nurse_mark: float, pharmacist_mark: float, shares: Sequence[float]
) -> bool:
    """Whether a link about a patient is within the practice's reach.

    `shares` are those of patients whose nurse, and whose pharmacist, are in the team; a link from
    or to one of them is in reach where they are. All others reach the practice anyway.

    >>> in_team("hospital", "nurse", 0.8, 0.1, (0.7, 0.5))
    False
    """
    if "nurse" in (sender, receiver):
        return nurse_mark < shares[0]
    if "pharmacist" in (sender, receiver):
        return pharmacist_mark < shares[1]
    return True


def _split(members: Sequence[int], size: float) -> list[tuple[int, ...]]:
    if not members:
        return []
    count = max(1, round(len(members) / size))
    cuts = [len(members) * i // count for i in range(count + 1)]
    return [tuple(members[a:b]) for a, b in pairwise(cuts)]
