"""The smallest largest miss: several targets served evenly where least squares miss some.

Sums of squares accept two misses while other targets have slack. From there the largest miss is
made smaller: a linear programme (SciPy, HiGHS) on slopes, within a region in which these are
trusted; what it proposes is simulated, and corrects the slopes (Broyden's update). All is read in
the worlds in which figures are told, so that what holds here holds when it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from .fits import widest
from .intervals import FloatArray
from .knobs import Knob
from .trial import Trial

MOST_ROUNDS = 6
"""Trials in which the largest miss is to fall."""
REGION = 0.25
"""How far any parameter goes at a time, in parts of its way; half as far after a trial in vain."""
AIM = 0.9
"""In tolerances: no miss need be smaller, so that parameters stay near where they were."""
ENOUGH = 0.95
"""Where no target is missed by more, the search ends."""
WORTH = 0.005
"""What a trial must promise, in tolerances."""
NEAR = 0.01
"""What moving a parameter by a whole way weighs against a tolerance: little, but not nothing."""


@dataclass(frozen=True)
class Even:
    """A point at which the largest miss of a step is as small as was found."""

    ways: FloatArray
    offs: FloatArray
    """How far off the targets are there, in tolerances."""
    limits: FloatArray
    """How far off each may be: a tolerance; or, if it can't be had anyway, hardly more than where
    the search began."""

    @property
    def misses(self) -> FloatArray:
        """How far off each target is, in parts of what it may be."""
        return np.abs(self.offs) / self.limits

    @property
    def largest(self) -> float:
        """The largest miss."""
        return widest(self.misses)

    @property
    def holds(self) -> bool:
        """Whether no target is missed that might be had."""
        return self.largest <= 1.0


def evened(trial: Trial, ways: FloatArray, slopes: FloatArray, of_all: int | None = None) -> Even:
    """Return the point of the smallest largest miss that is found from a solution.

    Args:
        trial: the step.
        ways: the solution; where nothing is missed there, it is what is returned.
        slopes: there, one row a target, one column a parameter.
        of_all: the target that is to be had, if it is only one: what else is missed may stay so.
    """
    offs = trial.told(ways)
    allowed = _beyond(trial.knobs, ways, offs, slopes)
    if of_all is not None:
        allowed = np.abs(offs) > 1.0
        allowed[of_all] = False
    best = Even(ways, offs, np.where(allowed, np.abs(offs) / ENOUGH, 1.0))
    region, rounds = REGION, 0
    enough = 1.0
    while best.largest > enough and rounds < MOST_ROUNDS:
        move = _move(trial.knobs, best, slopes, region)
        promised = Even(best.ways + move, best.offs + slopes @ move, best.limits)
        if promised.largest > best.largest - WORTH:
            break
        rounds, enough = rounds + 1, ENOUGH
        found = Even(promised.ways, trial.told(promised.ways), best.limits)
        slopes = slopes + np.outer(found.offs - promised.offs, move) / float(move @ move)
        if found.largest < best.largest:
            best = found
        else:
            region /= 2.0
    return best


def _beyond(
    knobs: Sequence[Knob], ways: FloatArray, offs: FloatArray, slopes: FloatArray
) -> NDArray[np.bool_]:
    """Which targets all parameters together can't bring near: else they'd outweigh the others."""
    up = np.array([knob.high for knob in knobs]) - ways
    down = ways - np.array([knob.low for knob in knobs])
    helps = -np.sign(offs)[:, None] * slopes
    gain = np.maximum(helps * up, -helps * down).sum(axis=1)
    return np.asarray(np.abs(offs) - gain > 1.0)


def _move(knobs: Sequence[Knob], at: Even, slopes: FloatArray, region: float) -> FloatArray:
    """The move within bounds and region that makes the largest miss smallest, by the slopes.

    Unknown are the moves, their sizes and the largest miss.
    """
    count = len(knobs)
    rows, offs = slopes / at.limits[:, None], at.offs / at.limits
    each, none, one = np.eye(count), np.zeros((len(offs), count)), np.ones((len(offs), 1))
    off_below = np.block([[rows, none, -one], [-rows, none, -one]])
    sizes = np.block([[each, -each, np.zeros((count, 1))], [-each, -each, np.zeros((count, 1))]])
    bounds = [
        (max(knob.low - way, -region), min(knob.high - way, region))
        for knob, way in zip(knobs, at.ways, strict=True)
    ]
    found = linprog(
        np.concatenate([np.zeros(count), np.full(count, NEAR), [1.0]]),
        A_ub=np.vstack([off_below, sizes]),
        b_ub=np.concatenate([-offs, offs, np.zeros(2 * count)]),
        bounds=[*bounds, *[(0.0, None)] * count, (AIM, None)],
        method="highs",
    )
    if found.x is None:  # never, since staying is allowed; but no fault of the program then
        return np.zeros(count)
    lows, highs = np.array(bounds).T
    return np.clip(found.x[:count], lows, highs)
