"""A hazard rises after a discharge, falls once somebody informed has come, and never passes."""

import doctest
import math
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import parameters, someone, territory

from parcours_sim.care import hazard
from parcours_sim.care.hazard import (
    can_happen_to,
    death_ceiling,
    death_hazard,
    excess_after_discharge,
    hazard_of_death,
    hazard_of_onset,
    is_kept,
    is_spared,
    onset_hazard,
    severity_of,
)
from parcours_sim.care.parameters import ONLY_AFTER_DISCHARGE, RAISED_AFTER_DISCHARGE, UNCHANGED
from parcours_sim.care.person import Person

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


@pytest.fixture
def found():
    return territory(parameters(), now=100.0)


def with_condition(found, kind):
    """Give somebody who has the condition of this kind of episode, and what they hold of it."""
    held = next(held for held in found.held if held.condition == kind.condition)
    place = found.held.index(held)
    patient = next(p for p in found.patients if p.first_held <= place < p.end_held)
    return patient, held


def a_kind(found, **numbers):
    """Give a kind of episode that a condition makes likely, with these numbers."""
    return replace(next(kind for kind in found.kinds if kind.condition >= 0), **numbers)


def test_a_discharge_raises_the_hazard_of_a_kind_until_somebody_informed_has_come(found):
    kind = a_kind(found, after_discharge=ONLY_AFTER_DISCHARGE, winter_amplitude=0.0)
    patient, _ = with_condition(found, kind)
    assert hazard_of_onset(found, patient, kind, 2.0, 1.5) == 0.0
    patient.discharged_at = found.clock.now
    usual = 2.0 * 1.5 * kind.rate_per_day
    raised = hazard_of_onset(found, patient, kind, 2.0, 1.5)
    assert raised == pytest.approx(usual * found.after.excess_ratio, rel=1e-12)
    patient.is_relieved = True
    left = 1.0 - found.after.informed_relief_share
    assert hazard_of_onset(found, patient, kind, 2.0, 1.5) == pytest.approx(left * raised)


@pytest.fixture
def relieved(found):
    """Somebody whom an informed professional has seen on the day of discharge, and the kind."""
    found.after = replace(found.after, excess_ratio=3.0, informed_relief_share=1.0)
    kind = a_kind(found, after_discharge=RAISED_AFTER_DISCHARGE, winter_amplitude=0.0)
    patient, _ = with_condition(found, kind)
    patient.discharged_at, patient.is_relieved = found.clock.now, True
    return patient, kind


def is_spared_at(found, patient, kind, mark):
    """Tell whether a candidate is spared whose ceiling is four times the usual hazard."""
    return is_spared(found, patient, kind, 1.0, 1.0, mark, 4.0 * kind.rate_per_day)


def test_a_candidate_is_spared_where_the_hazard_would_have_kept_it_without_relief(found, relieved):
    patient, kind = relieved
    for mark in (0.25, 0.26, 0.99):  # a quarter is what would begin in spite of relief
        assert not is_kept(mark, kind.rate_per_day, 4.0 * kind.rate_per_day)
        assert is_spared_at(found, patient, kind, mark)
    found.clock.now += found.after.excess_decay_days
    assert is_spared_at(found, patient, kind, 0.25 * (1.0 + 3.0 / math.e) - 0.001)
    assert not is_spared_at(found, patient, kind, 0.25 * (1.0 + 3.0 / math.e) + 0.001)


def test_nothing_is_spared_where_nobody_informed_has_come_or_a_discharge_raises_nothing(
    found, relieved
):
    patient, kind = relieved
    assert not is_spared_at(found, patient, replace(kind, after_discharge=UNCHANGED), 0.26)
    patient.is_relieved = False
    assert not is_spared_at(found, patient, kind, 0.26)


def traits(patient):
    """Give all that is known of somebody."""
    return {field.name: getattr(patient, field.name) for field in fields(Person)}


def test_asking_whether_a_candidate_is_spared_changes_nobody(found, relieved):
    patient, kind = relieved
    for mark in (0.26, 0.999999):
        before = traits(patient)
        is_spared_at(found, patient, kind, mark)
        assert traits(patient) == before


def test_a_kind_that_a_discharge_leaves_alone_has_the_hazard_of_its_season(found):
    kind = a_kind(found, after_discharge=UNCHANGED, winter_amplitude=0.5)
    patient, _ = with_condition(found, kind)
    patient.discharged_at = found.clock.now
    peak = found.demand.winter_peak_day - found.start_day
    for day, factor in ((peak, 1.5), (peak + 365.25 / 2.0, 0.5)):
        found.clock.now = day
        hazard_now = hazard_of_onset(found, patient, kind, 1.0, 1.0)
        assert hazard_now == pytest.approx(factor * kind.rate_per_day, rel=1e-9)


def test_the_last_stay_raises_the_hazard_of_death_by_the_ratio_of_its_kind(found):
    patient = someone(found, death_rate_per_day=0.001)
    assert hazard_of_death(found, patient) == 0.001
    patient.discharged_at, patient.last_kind = found.clock.now - 1.0, 2
    ratio = found.kinds[2].death_ratio_after_stay
    assert hazard_of_death(found, patient) == pytest.approx(0.001 * ratio, rel=1e-12)
    patient.discharged_at = found.clock.now - found.after.death_ratio_days
    assert hazard_of_death(found, patient) == 0.001


def test_no_stay_that_somebody_can_have_takes_the_hazard_of_death_above_its_ceiling(found):
    for patient in found.patients[:200]:
        ceiling = death_ceiling(found, patient)
        patient.discharged_at = found.clock.now
        possible = [
            place for place, kind in enumerate(found.kinds) if can_happen_to(found, patient, kind)
        ]
        for patient.last_kind in possible:
            assert hazard_of_death(found, patient) <= ceiling * (1.0 + 1e-12)
        ratios = [found.kinds[place].death_ratio_ceiling for place in possible]
        assert ceiling == patient.death_rate_per_day * max(ratios, default=1.0)


def test_a_kind_that_cannot_happen_to_somebody_moves_no_ceiling(found):
    kind = a_kind(found)
    patient = next(p for p in found.patients if not can_happen_to(found, p, kind))
    former = death_ceiling(found, patient)
    found.kinds = tuple(
        replace(each, death_ratio_ceiling=99.0) if each.name == kind.name else each
        for each in found.kinds
    )
    assert death_ceiling(found, patient) == former


def test_severity_is_that_of_the_patients_own_condition_and_1_where_a_kind_has_none(found):
    kind = a_kind(found)
    patient, held = with_condition(found, kind)
    held.severity, held.severity_ceiling = 3.5, 7.5
    assert severity_of(found, patient, kind) == (3.5, 7.5)
    assert severity_of(found, patient, replace(kind, condition=-1)) == (1.0, 1.0)
