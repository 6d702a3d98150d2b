"""More rooms, beds and slots shorten waits on average, in the standard territory as it is.

For one path this can't be promised: people leave, come first by priority, give back what they hold,
and come again. Where it can be, for everyone along every path, the proof stands beside the rule: in
`tests/care/test_counter.py`, `tests/care/test_routine.py` and `tests/care/test_more_slots.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from parcours_sim.analysis.intervals import Estimate, t_interval
from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario

SEED, REPLICATIONS = 1, 24
WORLD: dict[str, str | float] = {
    "territory.inhabitants": 10_000,
    "horizon.years": 0.4,
    "horizon.warm_up_years": 0.15,
    "organisation.ramp_months": 0.0,
}


@dataclass(frozen=True)
class Capacity:
    """A key of the territory with less and more of it, and the outcomes that fall."""

    key: str
    less: float
    more: float
    falls: dict[str, float]
    """Outcome: the half-width that the interval of its difference may have at most."""


CAPACITIES = [
    Capacity("hospital.ed_rooms_per_100k", 11.5, 16.0, {"ed_wait_minutes": 8.0}),
    Capacity("hospital.beds_per_100k", 105.0, 115.5, {"boarding_hours": 45.0}),
    Capacity(
        "professionals.gp_slots_per_year",
        5000.0,
        5500.0,
        {"gp_wait_mean_days": 0.02, "gp_unserved_share": 0.001},
    ),
]


@cache
def outcomes(key: str, value: float) -> list[dict[str, float]]:
    """Give the outcomes of everyone in each replication."""
    scenario = load_scenario("isole", changes={**WORLD, f"territory.{key}": value}, fitted=False)
    found = [simulate(scenario, SEED, n, engine="compiled").rows for n in range(REPLICATIONS)]
    return [{name: one for name, group, one in rows if group == "all"} for rows in found]


def change(capacity: Capacity, outcome: str) -> Estimate:
    """Give what more of a capacity makes of an outcome, replication by replication."""
    less, more = (
        np.array([each[outcome] for each in outcomes(capacity.key, value)])
        for value in (capacity.less, capacity.more)
    )
    return t_interval(more - less)


@pytest.mark.parametrize("capacity", CAPACITIES, ids=lambda capacity: capacity.key)
def test_with_more_of_it_people_wait_less_on_average(capacity):
    for outcome, half_width in capacity.falls.items():
        found = change(capacity, outcome)
        print(f"\n{outcome}: {found}")
        assert found.high < 0.0, outcome
        assert (found.high - found.low) / 2.0 < half_width, outcome
