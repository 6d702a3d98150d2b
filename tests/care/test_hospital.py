"""The way into hospital and out of it: route, time in care, length of stay, readmission."""

import doctest
import math

import numpy as np
import pytest

from parcours_sim.care import hospital
from parcours_sim.care.distributions import EXPONENTIAL, FIXED, LOGNORMAL
from parcours_sim.care.hospital import goes_direct, is_readmission, stay, time_in_care

BY_DAY = (10.0, True, 8.0, 18.5)
"""Hour, whether it is a working day, and the hours in which beds are asked for."""


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(hospital).failed == 0


def test_direct_admission_takes_a_doctor_before_and_an_arrangement():
    assert goes_direct(0.1, 0.2, 0.3, 0.6, *BY_DAY)
    assert not goes_direct(0.2, 0.2, 0.3, 0.6, *BY_DAY)
    assert not goes_direct(0.1, 0.2, 0.6, 0.6, *BY_DAY)


def test_beds_are_asked_for_by_day_on_working_days_only():
    surely = (0.0, 1.0, 0.0, 1.0)
    hours = [
        (7.99, True, False),
        (8.0, True, True),
        (18.49, True, True),
        (18.5, True, False),
        (10.0, False, False),
    ]
    for hour, is_weekday, expected in hours:
        assert goes_direct(*surely, hour, is_weekday, 8.0, 18.5) is expected


def test_lengths_of_stay_have_the_mean_and_the_spread_they_are_given():
    marks = (np.arange(200_000) + 0.5) / 200_000
    lengths = np.array([stay(mark, 11.3, 10.1) for mark in marks.tolist()])
    assert lengths.mean() == pytest.approx(11.3, rel=0.002)
    assert lengths.std() == pytest.approx(10.1, rel=0.02)


def test_the_median_time_in_care_follows_from_its_law():
    assert time_in_care(0.5, FIXED, 0.1, 0.6) == 0.1
    assert time_in_care(0.5, EXPONENTIAL, 0.1, 0.6) == pytest.approx(0.1 * math.log(2), rel=1e-12)
    median = 0.1 / math.sqrt(1.0 + 0.6**2)
    assert time_in_care(0.5, LOGNORMAL, 0.1, 0.6) == pytest.approx(median, rel=1e-12)


def test_a_stay_is_a_return_up_to_the_last_day_and_never_without_a_discharge():
    assert is_readmission(30.0, 0.0, 30.0)
    assert not is_readmission(30.1, 0.0, 30.0)
    assert not is_readmission(30.0, -math.inf, 365.0)
