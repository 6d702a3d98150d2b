"""How often people who come to the emergency department see a GP, against the others (L050).

Counted from the event log of people simulated one by one, year by year: whoever came to the
department in a year is a user of that year.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from parcours_sim.engine import Engine, simulate
from parcours_sim.engine.record import Log, What
from parcours_sim.scenario.scenario import Scenario

from .coordination import Linked

CONTACTS_OF_USERS = ("gp_contacts_per_year", "ed_users")
CONTACTS_OF_OTHERS = ("gp_contacts_per_year", "others")
DAYS_PER_YEAR = 365.25


def contacts_of_ed_users(
    scenario: Scenario,
    seed: int,
    replication: int,
    *,
    engine: Engine = "compiled",
    stopped: Callable[[], bool] | None = None,
) -> Linked:
    """Simulate one world with its log: GP contacts a year of ED users, and of other GP users."""
    found = simulate(scenario, seed, replication, log=True, engine=engine, stopped=stopped)
    if found.log is None:
        raise ValueError("an event log was asked for, and none was kept")
    users, others = contacts(found.log, scenario.horizon.years.value)
    return Linked(((*CONTACTS_OF_USERS, users), (*CONTACTS_OF_OTHERS, others)))


def contacts(log: Log, years: float) -> tuple[float, float]:
    """Return mean GP contacts a year of those who used the ED that year, and of other GP users."""
    lines = log.lines[(log.lines["time_days"] >= 0.0) & (log.lines["person"] >= 0)]
    span = max(1, math.ceil(years))
    # A horizon is of whole days, and may end some hours after its last year.
    year = np.minimum(np.floor(lines["time_days"] / DAYS_PER_YEAR).astype(np.int64), span - 1)
    of_year = lines["person"] * span + year
    seen, contacts_seen = np.unique(
        of_year[lines["event"] == What.GP_CONSULTATION], return_counts=True
    )
    came = np.unique(of_year[lines["event"] == What.ARRIVES_AT_EMERGENCY_DEPARTMENT])
    is_user = np.isin(seen, came, assume_unique=True)
    return _mean(contacts_seen[is_user]), _mean(contacts_seen[~is_user])


def _mean(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    return float(counts.mean()) if len(counts) else 0.0
