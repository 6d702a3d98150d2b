"""A hazard rises after a discharge, falls once somebody informed has come, and never passes."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours_sim.care import hazard
from parcours_sim.care.hazard import (
    death_hazard,
    excess_after_discharge,
    is_kept,
    onset_hazard,
)

ratios = st.floats(0.0, 10.0)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(hazard).failed == 0


def test_the_excess_after_a_discharge_falls_by_a_factor_e_in_its_decay_time():
    at_once = excess_after_discharge(0.0, 4.0, 40.0, 0.5, False)
    later = excess_after_discharge(40.0, 4.0, 40.0, 0.5, False)
    assert at_once == 4.0
    assert later == pytest.approx(4.0 / math.e, rel=1e-12)


@given(st.floats(0.0, 400.0), ratios, st.floats(1.0, 100.0), st.floats(0.0, 1.0))
def test_an_informed_visit_never_raises_the_excess(days, ratio, decay, relief):
    informed = excess_after_discharge(days, ratio, decay, relief, True)
    alone = excess_after_discharge(days, ratio, decay, relief, False)
    assert informed == pytest.approx((1.0 - relief) * alone, rel=1e-12)


def test_a_discharge_leaves_alone_raises_or_alone_makes_the_hazard_of_a_kind():
    hazards = [onset_hazard(0.01, 2.0, 1.5, 1.1, how, 3.0) for how in (0, 1, 2)]
    assert hazards == pytest.approx([0.033, 0.033 * 4.0, 0.033 * 3.0], rel=1e-12)


def test_a_kind_that_only_follows_a_discharge_never_begins_without_one():
    assert onset_hazard(0.01, 2.0, 1.5, 1.1, 2, 0.0) == 0.0


@given(st.floats(0.0, 1.0, exclude_max=True), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_candidate_kept_under_a_hazard_is_kept_under_a_higher_one(mark, one, other):
    lower, higher = sorted((one, other))
    assert is_kept(mark, higher, 1.0) or not is_kept(mark, lower, 1.0)


def test_candidates_are_kept_in_the_proportion_of_the_hazard_to_its_ceiling():
    kept = [is_kept((i + 0.5) / 1000, 0.003, 0.012) for i in range(1000)]
    assert sum(kept) == 250


def test_a_hazard_above_its_ceiling_is_an_error_and_rounding_is_none():
    assert is_kept(0.5, 0.1 * (1.0 + 1e-12), 0.1)
    with pytest.raises(ValueError, match="above its ceiling"):
        is_kept(0.5, 0.1001, 0.1)


def test_a_stay_raises_the_hazard_of_death_for_its_time_only():
    assert death_hazard(0.001, 2.0, 364.9, 365.0) == 0.002
    assert death_hazard(0.001, 2.0, 365.0, 365.0) == 0.001
    assert death_hazard(0.001, 2.0, math.inf, 365.0) == 0.001
