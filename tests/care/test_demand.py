"""The demand of everyone else: how many come in a day, at which hour, and for what."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import parameters, settled, territory

from parcours_sim.care import demand
from parcours_sim.care.calendar import CLOSED, season_factor
from parcours_sim.care.demand import (
    AS_SOON_AS_POSSIBLE,
    BOOKED_AHEAD,
    SYMPTOMATIC,
    emergencies_on,
    hour_of_emergency,
    hour_of_request,
    is_received,
    kind_of_request,
    next_arrival,
    request_time,
    requests_on,
    seasons,
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


def test_every_day_of_the_calendar_has_the_factor_of_its_season():
    of = parameters()
    found, demand_of = settled(of), of.demand
    assert len(found.seasons) == len(found.day_table)
    for offset in range(0, len(found.seasons), 50):
        expected = season_factor(
            of.begins + offset,
            demand_of.winter_amplitude,
            demand_of.winter_peak_day,
            of.start.timetuple().tm_yday,
        )
        assert found.seasons[offset] == expected


def test_without_a_winter_every_day_is_alike():
    factors = np.zeros(400)
    seasons(factors, -30, 0.0, 15.0, 1.0)
    assert set(factors.tolist()) == {1.0}


def test_requests_of_a_day_follow_the_gps_list_the_kind_of_day_and_the_season():
    found = territory(parameters())
    offsets = range(len(found.day_table))
    for gp in range(found.work.gps):
        means = [requests_on(found, gp, offset) for offset in offsets]
        for offset, mean in zip(offsets, means, strict=True):
            assert (mean == 0.0) == (found.day_table[offset] == CLOSED)
        weekday = found.day_table.tolist().index(1)
        expected = found.requests_per_weight[gp] * found.seasons[weekday]
        assert means[weekday] == pytest.approx(expected, rel=1e-12)


def test_emergencies_come_every_day_and_a_years_number_in_a_year():
    found = territory(parameters())
    year = range(-found.first_day, 365 - found.first_day)
    expected = found.hospital.ed_visits_per_inhabitant_per_year * found.inhabitants
    assert sum(emergencies_on(found, offset) for offset in year) == pytest.approx(
        expected, rel=0.002
    )


def test_requests_come_in_the_opening_hours_of_their_day():
    found = territory(parameters())
    saturday = found.day_table.tolist().index(2)
    day, work = found.first_day + saturday, found.work
    times = [request_time(found, saturday, position) for position in (0.0, 1.0)]
    expected = [day + work.opens_hour / 24.0, day + work.saturday_closes_hour / 24.0]
    assert times == pytest.approx(expected, rel=1e-12)


def test_a_practice_answers_its_own_patients_always_and_a_share_of_the_others():
    assert is_received(True, 0.99, 0.0)
    assert is_received(False, 0.29, 0.3)
    assert not is_received(False, 0.30, 0.3)
