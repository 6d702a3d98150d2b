"""Who a patient is: age band, conditions, whether they have a usual GP.

It belongs to the territory, so it is the same under every organisation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parcours_sim.care.flatten import flatten
from parcours_sim.engine.setting import settle
from parcours_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Who:
    """A patient, by number of the inhabitant."""

    person: int
    is_75_or_over: bool
    has_gp: bool
    conditions: tuple[str, ...]
    """As the territory names them."""


@dataclass
class _Now:
    """A clock that stands still: people are looked at before anything happens."""

    now: float = 0.0


def patients_of(scenario: Scenario, seed: int, replication: int) -> dict[int, Who]:
    """Return everyone who is simulated one by one in a random world, by number."""
    parameters = flatten(scenario)
    setting = settle(parameters, _Now(parameters.begins), seed, replication)
    found = {}
    patients, held_by = np.asarray(setting.patients), np.asarray(setting.held)
    for patient in patients:
        held = held_by[patient["first_held"] : patient["end_held"]]
        found[int(patient["person"])] = Who(
            int(patient["person"]),
            bool(patient["older"]),
            bool(patient["has_gp"]),
            tuple(parameters.conditions[int(each["condition"])].name for each in held),
        )
    return found
