"""Professional time that an organisation takes: GP time on offer, and what others really spend.

GPs are there for as long as their diaries last, whether somebody comes or not; `gp_hours` counts
consultations that took place, and falls short of that by slots that stay free. So GP time is read
off the diaries: all slots and sessions of the measured horizon, the time that practices take out of
them for coordination, and slots that layers add. Hours of nurses and pharmacists, who come as
needed, and those that layers spend on coordination are outcomes; so are cases sent to experts, with
the time of who asks, outside the diary, and of who answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from parcours_sim.care.flatten import flatten
from parcours_sim.care.parameters import Parameters
from parcours_sim.care.setting import Setting
from parcours_sim.engine.setting import settle
from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.scenario import Scenario

from .intervals import FloatArray
from .price import total_of

HOURS_PER_DAY, MINUTES_PER_HOUR = 24.0, 60.0
SPENT = ("nurse_hours", "pharmacist_hours", "coordination_hours")
"""Outcomes: what others than GPs spend, and all coordination, that of GPs included."""


@dataclass(frozen=True)
class GpTime:
    """What GPs' diaries of the measured horizon hold, in hours.

    Attributes:
        offered: slots and walk-in sessions, and slots that layers add.
        coordination: what practices take out of diaries for coordination.
    """

    offered: float
    coordination: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.offered + self.coordination


@dataclass
class _Standstill:
    """The clock of a territory in which nothing happens, in days."""

    now: float


def gp_time(scenario: Scenario, seed: int, replication: int) -> GpTime:
    """Return the time of all GPs in one random world; nothing is simulated.

    Fractions of slots count, as they do in the time for coordination; slots that layers add after
    closing time count whole.
    """
    parameters = _uninhabited(flatten(scenario))
    coordination = _settled(parameters, seed, replication).coordination_days
    # Where coordination takes all of every diary, its time is that of the diaries, and no slots are
    # left in the books but those that layers add.
    rows = tuple(replace(row, coordination_share=1.0) for row in parameters.practices)
    emptied = _settled(replace(parameters, practices=rows), seed, replication)
    measured = (emptied.slot_time >= 0.0) & (emptied.slot_time < parameters.ends)
    added = int(np.count_nonzero(measured)) * parameters.work.consultation_days
    return GpTime(
        offered=HOURS_PER_DAY * (emptied.coordination_days - coordination + added),
        coordination=HOURS_PER_DAY * coordination,
    )


def professional_hours(
    scenario: Scenario, seed: int, replications: Sequence[StoredReplication]
) -> FloatArray:
    """Return the hours of all professionals together, by replication from the first one on.

    GP time on offer, hours of nurses and pharmacists, coordination, asking and answering as an
    expert; no hour counts twice.
    """
    numbers = range(len(replications))
    hours = np.array([gp_time(scenario, seed, number).offered for number in numbers])
    for outcome in SPENT:
        hours = hours + total_of(replications, outcome)
    advice = scenario.territory.expert_advice
    minutes = advice.asking_minutes.value + advice.reading_minutes.value
    return hours + total_of(replications, "expert_requests") * (minutes / MINUTES_PER_HOUR)


def _uninhabited(parameters: Parameters) -> Parameters:
    """Leave out the people who are simulated one by one: diaries don't depend on them."""
    people = replace(parameters.people, older_share=0.0)
    return replace(parameters, people=people, conditions=())


def _settled(parameters: Parameters, seed: int, replication: int) -> Setting:
    return settle(parameters, _Standstill(parameters.begins), seed, replication)
