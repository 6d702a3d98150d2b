"""The territory as rules see it: parameters, diaries, people and what is counted so far.

Both engines keep one, with rows or records in its tables; rules read and change it by the same
names. How it is put together at the start is in `engine/setting.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from .parameters import (
    Advice,
    AfterDischarge,
    Condition,
    Costs,
    Demand,
    Hospital,
    Kind,
    Layer,
    Link,
    People,
    Practice,
    Work,
)
from .person import Held, Person


class Clock(Protocol):
    """Whatever tells the time."""

    @property
    def now(self) -> float:
        """Days since the start date."""


@dataclass(kw_only=True)
class Setting:
    """Everything about a territory that a rule may need. Times are days from the start date."""

    clock: Clock
    seed: int
    replication: int
    begins: float
    ends: float
    first_day: int
    start_day: float
    """Day of the year of the start date, from 1."""
    inhabitants: int
    ramp_days: float

    conditions: Sequence[Condition]
    links: Sequence[Link]
    kinds: Sequence[Kind]
    practices: Sequence[Practice]
    layers: Sequence[Layer]
    people: People
    demand: Demand
    work: Work
    hospital: Hospital
    after: AfterDischarge
    advice: Advice
    costs: Costs
    practice_links: NDArray[Any]
    """Delay and loss ratio by practice model and link (models x links x 2)."""
    layer_links: NDArray[Any]
    """The same by layer."""
    layer_noticing: NDArray[Any]
    """What a layer notices of signs otherwise missed (layers x kinds x roles)."""
    link_ids: NDArray[Any]
    """Aspect under which messages about a kind over a link are drawn (kinds x links)."""

    day_table: NDArray[Any]
    """Kind of each day from `first_day` on."""
    seasons: NDArray[Any]
    """The season's factor of demand on each day from `first_day` on."""
    joins: NDArray[Any]
    """Day on which each GP joins the organisation."""
    team_model: NDArray[Any]
    """Practice model of each GP, before and after joining (2 x GPs)."""
    team_first: NDArray[Any]
    team_end: NDArray[Any]
    team_members: NDArray[Any]
    """The GPs of a GP's practice stand in `team_members[when, team_first:team_end]`."""
    all_gps: NDArray[Any]
    requests_per_weight: NDArray[Any]
    """Requests a day of weight 1 to each GP from people not simulated one by one."""

    slot_time: NDArray[Any]
    slot_kind: NDArray[Any]
    slot_taken: NDArray[Any]
    day_first: NDArray[Any]
    free_slots: NDArray[Any]
    """The GPs' books; see `appointments.py`."""
    walk_in_closes: NDArray[Any]
    """End of a GP's walk-in session by day (GPs x days); minus infinity where there is none."""
    walk_in_free_at: NDArray[Any]
    """When each GP has seen the walk-ins accepted so far."""
    coordination_days: float
    """GP time given to coordination instead of slots over the measured horizon."""
    nurse_rounds: NDArray[Any]
    """Visits on each nurse's round so far (nurses x days)."""
    nurses_free_at: NDArray[Any]
    """When each nurse of the office is free; empty where nurses go round."""
    counters: NDArray[Any]
    """When each server of each pharmacy is free (pharmacies x counters, flat)."""
    experts_free_at: NDArray[Any]
    """When each expert has read what was accepted so far; empty where nobody can be asked."""

    patients: Sequence[Person]
    held: Sequence[Held]
    layer_marks: NDArray[Any]
    """Marks of being reached (patients x layers)."""
    left_hospital_at: NDArray[Any]
    """Last discharge by kind of stay (patients x kinds)."""
    year_of_stay: NDArray[Any]
    """Last measured year with a stay of a kind (patients x kinds)."""

    tallies: Any
    """Sums by outcome and group, flat; see `tallies.py`."""
    waits: Any
    """Waits for a GP by calendar day, for everyone and both age bands, flat."""
    response_times: Any
    """Responses by kind and time from the first sign, flat; see `tallies.py`."""
    width: int
    """Number of groups."""
    kind_groups: int
    practice_groups: int
    link_groups: int
    condition_groups: int
    gp_groups: int
    """Where the groups of kinds, practice models, links, conditions and having a GP begin."""
