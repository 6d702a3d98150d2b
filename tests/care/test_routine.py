"""Routine care: planned contacts keep to their calendar, and a round holds what it holds."""

import doctest
import math

from hypothesis import given
from hypothesis import strategies as st

from parcours_sim.care import routine
from parcours_sim.care.routine import (
    PROTOCOL_CALENDAR_DAYS,
    contact_number,
    is_planned,
    planned_time,
    round_capacity,
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
