"""The demand of everyone else: how many come in a day, at which hour, and for what."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours_sim.care import demand
from parcours_sim.care.demand import (
    AS_SOON_AS_POSSIBLE,
    BOOKED_AHEAD,
    SYMPTOMATIC,
    hour_of_emergency,
    hour_of_request,
    kind_of_request,
    next_arrival,
)

shares = st.floats(0.0, 1.0)
positions = st.floats(0.0, 1.0, exclude_max=True)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(demand).failed == 0


def test_the_median_gap_is_the_mean_gap_times_the_logarithm_of_two():
    assert next_arrival(0.2, 0.5, 10.0) == pytest.approx(0.2 + math.log(2) / 10.0, rel=1e-12)


def test_a_day_without_demand_brings_nobody():
    assert next_arrival(0.0, 1e-16, 0.0) == math.inf


@given(positions, positions, shares)
def test_later_in_the_day_of_demand_is_later_by_the_clock(one, other, day_share):
    earlier, later = sorted((one, other))
    hours = [hour_of_emergency(position, day_share) for position in (earlier, later)]
    assert 0.0 <= hours[0] <= hours[1] + 1e-9
    assert hours[1] <= 24.0 + 1e-9


def test_seven_emergencies_in_ten_come_between_8_and_20_where_that_is_the_share():
    hours = [hour_of_emergency((i + 0.5) / 10_000, 0.7) for i in range(10_000)]
    assert sum(8.0 <= hour < 20.0 for hour in hours) == pytest.approx(7000, abs=1)
    assert sum(hour < 8.0 for hour in hours) == pytest.approx(2000, abs=1)


def test_requests_spread_evenly_from_opening_to_closing():
    hours = [hour_of_request(i / 4, 8.5, 18.5) for i in range(4)]
    assert hours == pytest.approx([8.5, 11.0, 13.5, 16.0])


def test_requests_are_of_each_kind_in_its_share():
    kinds = [kind_of_request((i + 0.5) / 100, 0.58, 0.32) for i in range(100)]
    counts = [kinds.count(kind) for kind in (SYMPTOMATIC, BOOKED_AHEAD, AS_SOON_AS_POSSIBLE)]
    assert counts == [58, 32, 10]
