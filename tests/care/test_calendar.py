"""The calendar knows French holidays, and what is open stays consistent to the instant."""

import doctest
import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours_sim.care import calendar
from parcours_sim.care.calendar import (
    CLOSED,
    SATURDAY,
    WEEKDAY,
    clock_hour,
    day_codes,
    easter_sunday,
    french_public_holidays,
    is_open,
    next_opening,
    season_factor,
)

HOURS = (8.0, 19.0, 12.0)  # opens, closes, closes on Saturday
# From Wednesday 31 December 2025 (day -1) to Monday 5 January 2026 (day 4).
NEW_YEAR = np.array(day_codes(date(2026, 1, 1), -1, 6, always_open=False), dtype=np.int8)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1818, 3, 22),  # the earliest possible
        (1943, 4, 25),  # the latest possible
        (1954, 4, 18),  # the two exceptions of the lunar table
        (1981, 4, 19),
        (2000, 4, 23),
        (2019, 4, 21),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2038, 4, 25),
        (2049, 4, 18),
        (2100, 3, 28),
    ],
)
def test_easter_falls_where_the_church_says(year, month, day):
    assert easter_sunday(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("easter_monday", "ascension", "whit_monday"),
    [
        (date(2023, 4, 10), date(2023, 5, 18), date(2023, 5, 29)),
        (date(2024, 4, 1), date(2024, 5, 9), date(2024, 5, 20)),
        (date(2025, 4, 21), date(2025, 5, 29), date(2025, 6, 9)),
        (date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)),
    ],
)
def test_a_year_has_its_11_public_holidays(easter_monday, ascension, whit_monday):
    year = easter_monday.year
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    movable = {easter_monday, ascension, whit_monday}
    expected = {date(year, month, day) for month, day in fixed} | movable
    assert french_public_holidays(year) == expected
    assert len(expected) == 11


def test_days_before_the_start_and_over_new_year_have_their_kind():
    assert NEW_YEAR.tolist() == [WEEKDAY, CLOSED, WEEKDAY, SATURDAY, CLOSED, WEEKDAY]


def test_a_holiday_closes_even_a_saturday():
    assert day_codes(date(2026, 8, 15), 0, 1, always_open=False) == [CLOSED]


def test_a_year_has_its_working_days():
    codes = day_codes(date(2026, 1, 1), 0, 365, always_open=False)
    weekdays = sum((date(2026, 1, 1) + timedelta(n)).weekday() < 5 for n in range(365))
    assert codes.count(WEEKDAY) == weekdays - 9  # 15 August is a Saturday, 1 November a Sunday
    assert codes.count(SATURDAY) == 52 - 1


def test_what_is_always_open_has_only_weekdays():
    assert day_codes(date(2026, 1, 1), -3, 10, always_open=True) == [WEEKDAY] * 10


@pytest.mark.parametrize(
    ("time", "hour"),
    [(0.0, 0.0), (0.5, 12.0), (-0.25, 18.0), (-3.0, 0.0), (1826 + 8.5 / 24, 8.5)],
)
def test_the_clock_also_runs_before_the_start(time, hour):
    assert clock_hour(time) == hour


@given(st.integers(-2000, 20_000), st.integers(0, 24 * 60 - 1))
def test_the_clock_shows_whole_minutes_exactly(day, minute):
    assert clock_hour(day + minute / 1440) == pytest.approx(minute / 60, abs=1e-9)
    assert clock_hour(day + (minute // 60) / 24) == minute // 60


@pytest.mark.parametrize(
    ("day_code", "hour", "expected"),
    [
        (WEEKDAY, 7.999, False),
        (WEEKDAY, 8.0, True),
        (WEEKDAY, 18.999, True),
        (WEEKDAY, 19.0, False),
        (SATURDAY, 7.999, False),
        (SATURDAY, 8.0, True),
        (SATURDAY, 11.999, True),
        (SATURDAY, 12.0, False),
        (CLOSED, 10.0, False),
    ],
)
def test_it_is_open_from_the_opening_hour_until_just_before_the_closing_hour(
    day_code, hour, expected
):
    assert is_open(day_code, hour, *HOURS) is expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (-0.5, -0.5),  # open: now
        (-1 + 7.5 / 24, -1 + 8 / 24),  # before opening: the same morning
        (-1 + 8 / 24, -1 + 8 / 24),  # at opening: now
        (-1 + 19 / 24, 1 + 8 / 24),  # at closing, with New Year's Day in between
        (0.5, 1 + 8 / 24),  # on the holiday
        (2 + 11.9 / 24, 2 + 11.9 / 24),  # Saturday before noon
        (2 + 12 / 24, 4 + 8 / 24),  # Saturday noon: Monday
        (3.0, 4 + 8 / 24),
        (4.75, 4.75),
        (4 + 19 / 24, math.inf),  # after the last closing
        (5.0, math.inf),
        (math.inf, math.inf),
        (-40.0, -1 + 8 / 24),  # before the table: its first opening
    ],
)
def test_the_next_opening_is_the_first_instant_at_which_it_is_open(time, expected):
    assert next_opening(NEW_YEAR, -1, time, *HOURS) == expected


def test_without_saturday_hours_saturday_is_skipped():
    assert next_opening(NEW_YEAR, -1, 2.4, 8.0, 19.0, 0.0) == 4 + 8 / 24


def test_what_never_closes_is_open_at_once():
    always = np.array(day_codes(date(2026, 1, 1), 0, 10, always_open=True), dtype=np.int8)
    for time in (0.0, 3.999, 7.25):
        assert next_opening(always, 0, time, 0.0, 24.0, 24.0) == time


@given(
    time=st.floats(-30.0, 3000.0),
    quarters=st.lists(st.integers(0, 96), min_size=2, max_size=2, unique=True),
    saturday=st.integers(0, 96),
)
@settings(max_examples=300, deadline=None)
def test_it_is_open_at_its_next_opening_and_closed_until_then(time, quarters, saturday):
    opens, closes = sorted(quarter / 4 for quarter in quarters)
    hours = (opens, closes, saturday / 4)
    codes = np.array(day_codes(date(2026, 1, 1), -30, 3100, always_open=False), dtype=np.int8)
    opening = next_opening(codes, -30, time, *hours)
    assert opening >= time
    assert next_opening(codes, -30, opening, *hours) == opening
    assert is_open(codes[math.floor(opening) + 30], clock_hour(opening), *hours)
    for instant in np.linspace(time, opening, 50, endpoint=False).tolist():
        if opening - instant > 1e-9:
            assert not is_open(codes[math.floor(instant) + 30], clock_hour(instant), *hours)


def test_the_season_peaks_on_its_day_and_averages_1():
    year = np.arange(0.0, 1461.0, 0.125).tolist()  # four years, one of them leap
    factors = [season_factor(time, 0.12, 20.0, 100.0) for time in year]
    assert sum(factors) / len(factors) == pytest.approx(1.0, rel=1e-12)
    # Started on day 100 of the year, day 20 of the next comes 285.25 days later.
    assert max(factors) == pytest.approx(1.12, rel=1e-9)
    assert year[int(np.argmax(factors))] % 365.25 == pytest.approx(285.25, abs=0.13)
    assert min(factors) == pytest.approx(0.88, rel=1e-5)


def test_without_amplitude_there_is_no_season():
    assert {season_factor(day, 0.0, 20.0, 1.0) for day in range(365)} == {1.0}


def test_the_examples_of_the_documentation_hold():
    result = doctest.testmod(calendar)
    assert result.attempted > 0
    assert result.failed == 0
