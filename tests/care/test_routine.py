"""Routine care: planned contacts keep to their calendar, and a round holds what it holds."""

import doctest
import math
from copy import copy
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.care.world import parameters, someone, territory

from parcours_sim.care import routine
from parcours_sim.care.calendar import CLOSED
from parcours_sim.care.distributions import EXPONENTIAL, FIXED
from parcours_sim.care.routine import (
    PROTOCOL_CALENDAR_DAYS,
    contact_number,
    days_ahead,
    dispensing_begins,
    errand,
    is_planned,
    misses_visit,
    nurse_begins,
    nurse_has_room,
    opening,
    planned_time,
    round_capacity,
    round_time,
    round_time_after,
    time_of_day,
)

marks = st.floats(0.0, 1.0, exclude_max=True)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(routine).failed == 0


@given(st.integers(0, 500), marks, marks, marks, st.floats(1.0, 400.0))
def test_planned_contacts_follow_one_another_by_half_an_interval_at_least(
    number, phase, mark, next_mark, interval
):
    first = planned_time(-91.0, number, phase, mark, interval)
    second = planned_time(-91.0, number + 1, phase, next_mark, interval)
    assert 0.5 * interval - 1e-6 <= second - first <= 1.5 * interval + 1e-6


def test_when_a_contact_is_planned_does_not_depend_on_the_one_before():
    assert planned_time(0.0, 12, 0.25, 0.5, 30.0) == 12.25 * 30.0


@given(marks, st.floats(0.0, 12.0), st.floats(0.0, 12.0))
def test_more_protocol_consultations_a_year_hold_all_those_of_fewer(mark, one, other):
    fewer, more = sorted((one, other))
    assert is_planned(mark, more) or not is_planned(mark, fewer)


def test_three_protocol_consultations_a_year_keep_a_quarter_of_the_monthly_calendar():
    assert sum(is_planned((i + 0.5) / 1000, 3.0) for i in range(1000)) == 250
    assert PROTOCOL_CALENDAR_DAYS * 12 == 365.25


@given(st.floats(-400.0, 4000.0), marks)
def test_the_usual_hour_lies_in_the_day_between_the_hours_given(time, mark):
    moved = time_of_day(time, mark, 7.0, 19.0)
    assert math.floor(time) + 7.0 / 24.0 - 1e-9 <= moved <= math.floor(time) + 19.0 / 24.0 + 1e-9


@given(st.floats(0.0, 40.0), st.integers(-400, 2000))
def test_a_round_holds_its_mean_rounded_down_or_up_and_its_mean_over_time(visits, day):
    held = [round_capacity(visits, day + i) for i in range(50)]
    assert set(held) <= {math.floor(visits), math.ceil(visits)}
    assert abs(sum(held) - 50 * visits) <= 1.0 + 1e-6


@given(
    st.sampled_from([0, 2**62 + 12345, 2**61 + 6789]),
    st.integers(0, 4000),
    st.integers(0, 7),
    st.integers(0, 4000),
    st.integers(0, 7),
)
def test_two_contacts_of_a_patient_never_share_a_number(kind, one, purpose, other, its_purpose):
    if (one, purpose) != (other, its_purpose):
        assert contact_number(kind, one, purpose) != contact_number(kind, other, its_purpose)


@pytest.fixture(scope="module")
def found():
    return territory(parameters())


@given(st.floats(-90.0, 365.0), st.floats(0.0, 0.999))
def test_errands_are_run_at_the_usual_hour_on_a_day_on_which_the_pharmacy_is_open(
    found, planned, mark
):
    work = found.work
    time = errand(found, planned, mark)
    hours = (time - math.floor(time)) * 24.0
    usual = work.pharmacy_opens_hour + mark * (work.pharmacy_closes_hour - work.pharmacy_opens_hour)
    assert hours == pytest.approx(usual, abs=1e-6)
    assert found.day_table[math.floor(time) - found.first_day] != CLOSED
    assert math.floor(planned) <= time < planned + 6.0


def test_an_errand_beyond_the_calendar_never_comes(found):
    assert errand(found, found.first_day + len(found.day_table) + 1.0, 0.5) == math.inf


def test_practices_open_in_their_hours_and_what_is_open_opens_now(found):
    sunday = 4.5  # the fifth day of a year that began on a Wednesday
    assert opening(found, sunday) == 5.0 + found.work.opens_hour / 24.0
    assert opening(found, 5.5) == 5.5


def test_a_nurse_comes_at_the_patients_hour_and_the_next_day_where_that_has_passed(found):
    patient = someone(found, hour_mark=0.5)
    comes = round_time(found, patient, 3.9)
    begins, ends = found.work.nurse_round_begins_hour, found.work.nurse_round_ends_hour
    assert comes == pytest.approx(3.0 + 0.5 * (begins + ends) / 24.0, rel=1e-12)
    assert round_time_after(found, patient, comes, 3.9) == comes
    assert round_time_after(found, patient, comes + 0.01, 3.9) == comes + 1.0


def test_a_round_is_full_when_it_has_as_many_visits_as_it_holds_that_day():
    made = territory(parameters())
    made.clock.now = 3.4
    for _ in range(round_capacity(made.work.nurse_visits_per_day, 3)):
        assert nurse_has_room(made, 1)
        assert nurse_begins(made, 1, 0.5) == 3.4
    assert not nurse_has_room(made, 1)
    assert nurse_has_room(made, 0)
    made.clock.now = 4.4
    assert nurse_has_room(made, 1)


def with_work(**changes):
    usual = parameters()
    work = replace(usual.work, **changes)
    made = territory(replace(usual, work=work))
    made.clock.now = 3.4
    return made


@given(st.floats(0.0, 0.99))
@settings(deadline=None)
def test_an_office_has_no_end_of_places_and_whoever_comes_last_waits_for_a_nurse(mark):
    office = {"office_nurses": 2, "nurse_visit_law": EXPONENTIAL, "nurse_visit_days": 0.01}
    made = with_work(**office, nurse_visits_per_day=0.0)
    assert [nurse_begins(made, 0, mark), nurse_begins(made, 1, 0.999)] == [3.4, 3.4]
    assert nurse_begins(made, 0, 0.5) == pytest.approx(3.4 - 0.01 * math.log1p(-mark), rel=1e-12)
    assert nurse_has_room(made, 0)


def test_dispensings_take_as_long_as_their_law_says_and_the_next_one_waits():
    fixed = with_work(pharmacies=2, counters=1, dispensing_law=FIXED, dispensing_days=0.01)
    varied = with_work(pharmacies=2, counters=1, dispensing_law=EXPONENTIAL, dispensing_days=0.01)
    for made, length in ((fixed, 0.01), (varied, 0.01 * math.log(2.0))):
        assert dispensing_begins(made, 1, 0.5) == 3.4
        assert dispensing_begins(made, 1, 0.5) == pytest.approx(3.4 + length, rel=1e-12)
        assert dispensing_begins(made, 0, 0.5) == 3.4


visits = st.lists(st.tuples(st.floats(0.0, 0.5), st.floats(0.0, 0.999)), min_size=1, max_size=25)
LAWS = {
    "nurses' office": (nurse_begins, "office_nurses", "nurse_visit_days"),
    "pharmacy": (dispensing_begins, "counters", "dispensing_days"),
}


def starts_of(served, came, work):
    """Give when each is served, at an office or a pharmacy with this work."""
    made = copy(served_here())
    made.clock = copy(made.clock)
    made.work = replace(made.work, pharmacies=1, **work)
    made.nurses_free_at, made.counters = np.full(4, -math.inf), np.full(4, -math.inf)
    begun = []
    for time, mark in came:
        made.clock.now = 3.4 + time
        begun.append(served(made, 0, mark))
    return begun


@cache
def served_here():
    return with_work(nurse_visit_law=EXPONENTIAL, dispensing_law=EXPONENTIAL)


@pytest.mark.parametrize("place", LAWS)
@given(
    came=visits.map(sorted),
    servers=st.tuples(st.integers(1, 3), st.integers(0, 1)),
    days=st.tuples(st.floats(0.001, 0.3), st.floats(0.001, 0.3)).map(sorted),
)
@settings(deadline=None)
def test_with_more_servers_or_shorter_services_nobody_begins_later(place, came, servers, days):
    served, number, length = LAWS[place]
    before = starts_of(served, came, {number: servers[0], length: days[1]})
    after = starts_of(served, came, {number: sum(servers), length: days[0]})
    assert all(now <= then for then, now in zip(before, after, strict=True))


@pytest.mark.parametrize("place", LAWS)
def test_one_more_server_and_shorter_services_let_the_last_begin_sooner(place):
    served, number, length = LAWS[place]
    came = [(0.0, 0.5)] * 3
    usual = starts_of(served, came, {number: 1, length: 0.1})
    assert starts_of(served, came, {number: 2, length: 0.1})[-1] < usual[-1]
    assert starts_of(served, came, {number: 1, length: 0.05})[-1] < usual[-1]


def test_whoever_lies_in_a_bed_until_after_a_visit_misses_it(found):
    patient = someone(found, is_in_bed=True, home_at=7.0)
    assert misses_visit(patient, 7.0)
    assert not misses_visit(patient, 7.1)
    patient.is_in_bed = False
    assert not misses_visit(patient, 6.0)


def test_a_visit_that_is_booked_ahead_is_asked_for_its_lead_before_and_another_on_the_day():
    given = parameters()
    people = replace(given.people, planned_booked_share=0.4)
    demand = replace(given.demand, lead_days=12.0, lead_sigma=0.5)
    assert days_ahead(people, demand, 0.39, 0.5) == pytest.approx(12.0, rel=1e-12)
    assert days_ahead(people, demand, 0.40, 0.5) == 0.0
