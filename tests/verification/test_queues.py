"""The engine's queues against theory: a walk-in practice and the emergency department, each alone.

Stripped of calendar, seasons, patience and chronic patients, with exponential service, both are
M/M/c queues, so their mean waits are known. A further test asks one GP's appointment book, through
the rule of access, whether more slots ever lengthen a wait.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verification.theory import Interval, erlang_c, interval, mean_wait

from parcours_sim.care.access import ALL_KINDS, OTHERS_SHARED, OWN_ROUTINE, offer
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT, take
from parcours_sim.care.parameters import DAYS_PER_YEAR
from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

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
    """Everyone comes without an appointment to one practice, whose GPs share the patients.

    A session lasts as long as the day's slots would: with so many of them, around the clock.
    """
    return {
        "territory.professionals.gp_slots_per_year": 10.0 * SERVICES_PER_YEAR,
        "territory.professionals.list_capacity_exponent": 0.0,
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
        return load_scenario("isole", changes={**STRIPPED, **horizon, **changes}, fitted=False)

    def measured(self, total: float, replications: int) -> Interval:
        """The mean wait in minutes over about `total` arrivals."""
        return interval(self.waits(total, replications))

    def waits(self, total: float, replications: int) -> list[float]:
        """The mean wait of each replication, in minutes."""
        scenario = self.scenario(total / replications)
        waits = []
        for replication in range(replications):
            rows = simulate(scenario, 1, replication).rows
            value = {outcome: value for outcome, group, value in rows if group == "all"}
            # Nobody gives up, nobody is simulated one by one: otherwise theory says nothing.
            assert value.get("gp_unserved_share", 0.0) == 0.0
            assert value["ed_left_unseen"] == value["person_years"] == 0.0
            waits.append(value[self.outcome] * self.minutes)
        return waits


def walk_in(servers: int, load: float) -> Queue:
    """A walk-in practice of so many GPs."""
    return Queue("walk-in", servers, load, walk_in_practice, "gp_wait_mean_days", 1440.0)


def emergency(servers: int, load: float) -> Queue:
    """An emergency department of so many rooms."""
    return Queue("emergency", servers, load, emergency_department, "ed_wait_minutes", 1.0)


QUEUES = [
    pytest.param(make(servers, load), id=f"{make.__name__}, {servers} at load {load}")
    for make, servers in ((walk_in, 1), (walk_in, 3), (emergency, 4))
    for load in (0.6, 0.85)
]
ARRIVALS = {0.6: 1_000_000.0, 0.85: 2_000_000.0}
"""Enough for a half-width of 3 %: the need grows as the inverse square of what the load leaves."""
QUICK_SHARE, QUICK_HALF_WIDTH = 1.0 / 40.0, 0.2


def theory_of(alone: Queue) -> float:
    """Erlang's mean wait, in minutes."""
    return mean_wait(alone.servers, alone.load, SERVICE_MINUTES)


@pytest.mark.parametrize(
    ("servers", "load", "probability"),
    [(1, 0.7, 0.7), (2, 0.5, 1.0 / 3.0), (3, 2.0 / 3.0, 4.0 / 9.0), (200, 0.1, 0.0)],
)
def test_erlangs_formula_gives_values_worked_out_by_hand(servers, load, probability):
    assert erlang_c(servers, load) == pytest.approx(probability, rel=1e-12, abs=1e-12)


def test_the_mean_wait_of_one_server_is_the_load_over_what_it_leaves():
    assert mean_wait(1, 0.85, 15.0) == pytest.approx(15.0 * 0.85 / 0.15, rel=1e-12)


def test_the_interval_of_three_values_is_the_one_worked_out_by_hand():
    # Student's quantile with two degrees of freedom has a closed form, here for 97.5 % (4.3027).
    student = 0.95 * math.sqrt(2 / (4 * 0.975 * 0.025))
    found = interval([2.0, 4.0, 6.0])
    assert found.mean == 4.0
    assert found.half_width(0.95) == pytest.approx(student * 2 / math.sqrt(3), rel=1e-9)
    assert found.contains(4.0 + 0.99 * found.half_width(0.95), 0.95)
    assert not found.contains(4.0 + 1.01 * found.half_width(0.95), 0.95)


@pytest.mark.parametrize("alone", QUEUES)
def test_a_queue_alone_waits_as_erlang_says_as_far_as_a_short_run_can_tell(alone):
    found = alone.measured(ARRIVALS[alone.load] * QUICK_SHARE, replications=16)
    assert found.contains(theory_of(alone))
    assert found.half_width() < QUICK_HALF_WIDTH * theory_of(alone)


@pytest.mark.verify
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("alone", QUEUES)
def test_a_queue_alone_waits_within_3_per_cent_of_erlang(alone):
    found, theory = alone.measured(ARRIVALS[alone.load], replications=24), theory_of(alone)
    print(
        f"\n{alone.name}, {alone.servers} at load {alone.load}: {found.mean:.3f} minutes "
        f"± {found.half_width():.3f}, theory {theory:.3f}, ratio {found.mean / theory:.4f}"
    )
    assert found.contains(theory)
    assert found.half_width() < 0.03 * theory
    assert found.mean == pytest.approx(theory, rel=0.03)


def test_three_gps_who_do_not_cover_for_each_other_are_not_one_queue():
    # Lists differ in size, so at a higher load one GP alone would have no steady state.
    apart = replace(walk_in(3, 0.3), changes=without_cover)
    assert min(apart.waits(8_000.0, replications=4)) > 2.0 * theory_of(apart)


def without_cover(servers: int, load: float) -> dict[str, str | float]:
    """A walk-in practice in which everyone waits for their own GP."""
    return {**walk_in_practice(servers, load), f"{PRACTICE}.access.colleagues_cover": "false"}


# An appointment book asked through the rule of access. Times are eighths of a day, so that slots,
# requests and limits often meet exactly.
BOOK_DAYS = 5
NOBODY, OWN = np.zeros(0, np.int64), np.zeros(1, np.int64)
eighths = st.integers(0, 8 * BOOK_DAYS - 1).map(lambda eighth: eighth / 8)
slots = st.lists(st.tuples(eighths, st.sampled_from([ORDINARY, URGENT, SHARED])), max_size=20)
requests = st.lists(
    st.tuples(
        eighths,  # when asked
        st.integers(0, 8).map(lambda eighth: eighth / 8),  # how far ahead it is wanted
        st.integers(0, 24).map(lambda eighth: eighth / 8),  # patience
        st.booleans(),  # unscheduled
    ),
    max_size=30,
).map(sorted)


def waits(book, asked, tolerance_days, within_days, release_days):
    """How long each request waits for its slot, taken in turn; infinite where it has none."""
    book = sorted(book)
    time = np.array([time for time, _ in book], np.float64)
    kind = np.array([kind for _, kind in book], np.int8)
    taken = np.zeros(len(book), np.int8)
    day_first = np.searchsorted(time, np.arange(BOOK_DAYS + 1.0)).astype(np.int32)[np.newaxis]
    free_slots = np.diff(day_first, axis=1).astype(np.int32)
    found = []
    for now, ahead, patience, unscheduled in asked:
        wanted = now + ahead
        kinds, shared = (ALL_KINDS, OTHERS_SHARED) if unscheduled else (OWN_ROUTINE, 0)
        slot = offer(
            time, kind, taken, day_first, free_slots, 0, NOBODY, OWN if unscheduled else NOBODY,
            math.floor(wanted), now, wanted, patience, tolerance_days, kinds, shared, within_days,
            release_days,
        )  # fmt: skip
        if slot >= 0:
            take(taken, slot)
            free_slots[0, math.floor(time[slot])] -= 1
        found.append(time[slot] - wanted if slot >= 0 else math.inf)
    return found


limits_days = st.tuples(*[st.integers(0, 16).map(lambda eighth: eighth / 8)] * 3)


@given(slots, slots, requests, limits_days)
@settings(max_examples=400, deadline=None)
def test_more_slots_in_ones_own_gps_book_never_lengthen_a_wait(former, added, asked, limits):
    before, after = waits(former, asked, *limits), waits(former + added, asked, *limits)
    assert all(now <= then for then, now in zip(before, after, strict=True))


def test_one_more_slot_shortens_the_wait_of_whoever_can_use_it():
    asked = [(0.0, 0.0, 4.0, False), (0.0, 0.0, 4.0, False)]
    slow, fast = [(3.0, ORDINARY)], [(1.0, ORDINARY)]
    assert waits(slow, asked, 0.0, 0.0, 0.0) == [3.0, math.inf]
    assert waits(slow + fast, asked, 0.0, 0.0, 0.0) == [1.0, 3.0]
