"""The engine's queues against theory: a walk-in practice and the emergency department, each alone.

Stripped of calendar, seasons, patience and chronic patients, with exponential service, both are
M/M/c queues, so their mean waits are known. A further test asks one GP's appointment book, through
the rule of access, whether more slots ever lengthen a wait.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours_sim.care.access import offer
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT, take
from parcours_sim.care.parameters import DAYS_PER_YEAR
from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario
from tests.verification.theory import Interval, erlang_c, interval, mean_wait

INHABITANTS = 1000.0
SERVICE_MINUTES = 15.0
ENDLESS_DAYS = 1e6
WARM_UP_SERVICES = 1500.0
"""Ten times what the slower of the two loads needs to forget that it began empty."""

NOBODY_SIMULATED_ONE_BY_ONE = {
    "territory.people.share_75_and_over": 0.0,
    **{
        f"territory.conditions.{condition}.prevalence_{band}_share": 0.0
        for condition in load_scenario("isole").territory.conditions
        for band in ("under_75", "75_and_over")
    },
}
STRIPPED: dict[str, str | float] = {
    **NOBODY_SIMULATED_ONE_BY_ONE,
    "organisation.ramp_months": 0.0,
    "territory.inhabitants": INHABITANTS,
    "territory.people.without_gp_share": 0.0,
    "territory.demand.gp_requests_per_inhabitant_per_year": 0.0,
    "territory.demand.symptomatic_share": 1.0,
    "territory.demand.booked_ahead_share": 0.0,
    "territory.demand.symptomatic_patience_days": ENDLESS_DAYS,
    "territory.demand.winter_amplitude_share": 0.0,
    "territory.professionals.calendar": "always_open",
    "territory.professionals.gp_opens_hour": 0.0,
    "territory.professionals.gp_closes_hour": 24.0,
    "territory.professionals.gp_leave_weeks": 0.0,
    "territory.professionals.consultation_law": "exponential",
    "territory.professionals.consultation_minutes": SERVICE_MINUTES,
    "territory.hospital.ed_visits_per_inhabitant_per_year": 0.0,
    "territory.hospital.ed_low_acuity_share": 0.0,
    "territory.hospital.ed_other_admitted_share": 0.0,
    "territory.hospital.ed_day_share": 0.5,
    "territory.hospital.ed_care_law": "exponential",
    "territory.hospital.ed_care_home_minutes": SERVICE_MINUTES,
    "territory.hospital.safety_factor": 0.0,
}
PRACTICE = "organisation.practices.isole.model"
SERVICES_PER_YEAR = DAYS_PER_YEAR * 1440.0 / SERVICE_MINUTES


def walk_in_practice(servers: int, load: float) -> dict[str, str | float]:
    """Everyone comes without an appointment to one practice, whose GPs share the patients."""
    return {
        "territory.professionals.gps_per_100k": servers * 1e5 / INHABITANTS,
        "territory.demand.gp_requests_per_inhabitant_per_year": arrivals(servers, load),
        f"{PRACTICE}.gps_per_practice": float(servers),
        f"{PRACTICE}.access.colleagues_cover": "true",
        f"{PRACTICE}.access.walk_in_days_per_week": 7.0,
    }


def emergency_department(servers: int, load: float) -> dict[str, str | float]:
    """Everyone comes to the emergency department, is of one priority, and goes home."""
    return {
        "territory.hospital.ed_rooms_per_100k": servers * 1e5 / INHABITANTS,
        "territory.hospital.ed_visits_per_inhabitant_per_year": arrivals(servers, load),
    }


def arrivals(servers: int, load: float) -> float:
    """Arrivals per inhabitant and year that make this load."""
    return servers * load * SERVICES_PER_YEAR / INHABITANTS


@dataclass(frozen=True)
class Queue:
    """A queue of the model that stands alone: how to set it up, and where its mean wait is read."""

    name: str
    servers: int
    load: float
    changes: Callable[[int, float], dict[str, str | float]]
    outcome: str
    minutes: float
    """The unit of the outcome."""

    def scenario(self, count: float) -> Scenario:
        """The queue for about `count` arrivals after a warm-up."""
        per_year = self.servers * self.load * SERVICES_PER_YEAR
        horizon = {
            "horizon.years": count / per_year,
            "horizon.warm_up_years": WARM_UP_SERVICES / self.servers / SERVICES_PER_YEAR,
        }
        changes = self.changes(self.servers, self.load)
        return load_scenario("isole", changes={**STRIPPED, **horizon, **changes})

    def measured(self, total: float, replications: int) -> Interval:
        """The mean wait in minutes over about `total` arrivals."""
        scenario = self.scenario(total / replications)
        waits = []
        for replication in range(replications):
            rows = simulate(scenario, 1, replication).rows
            value = {outcome: value for outcome, group, value in rows if group == "all"}
            assert value["gp_unserved_share"] == 0.0 if "gp_unserved_share" in value else True
            assert value["ed_left_unseen"] == 0.0
            waits.append(value[self.outcome] * self.minutes)
        return interval(waits)


def queue(name: str, servers: int, load: float) -> Queue:
    """A queue by its name, the number of its servers and their load."""
    if name == "walk-in":
        return Queue(name, servers, load, walk_in_practice, "gp_wait_mean_days", 1440.0)
    return Queue(name, servers, load, emergency_department, "ed_wait_minutes", 1.0)


# Arrivals for a relative half-width of 3 %: they grow as the inverse square of 1 - load.
QUEUES = [
    (queue(name, servers, load), arrivals)
    for name, servers in (("walk-in", 1), ("walk-in", 3), ("emergency department", 4))
    for load, arrivals in ((0.6, 400_000.0), (0.85, 2_000_000.0))
]
NAMES = [f"{each.name}, {each.servers} at {each.load}" for each, _ in QUEUES]
QUICK_SHARE = 1.0 / 25.0
