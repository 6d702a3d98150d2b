"""The race of an episode: its window, and what a contact or a response makes of it."""

import doctest
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import parameters

from parcours_sim.care import episodes
from parcours_sim.care.episodes import (
    asks_after,
    is_effective,
    is_in_time,
    is_noticed,
    is_overtaken,
    needs_precaution,
    share_noticed,
    turns_to_emergency,
    window,
)
from parcours_sim.care.parameters import GP, NURSE, PHARMACIST

marks = st.floats(1e-6, 1.0 - 1e-6)
LAWS = (0.3, 0.25, 0.7, 8.0, 0.8)
"""Share of sudden windows, their median (days) and sigma, and those of gradual ones."""


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(episodes).failed == 0


def test_a_sudden_window_has_the_median_of_sudden_ones_and_a_gradual_one_its_own():
    assert window(0.29, 0.5, *LAWS) == 0.25
    assert window(0.30, 0.5, *LAWS) == 8.0


@given(marks, marks, marks)
def test_a_larger_mark_means_a_longer_window(sudden, one, other):
    shorter, longer = sorted((one, other))
    assert window(sudden, shorter, *LAWS) <= window(sudden, longer, *LAWS)


def test_no_window_is_sudden_where_none_is_said_to_be():
    assert window(1e-16, 0.5, 0.0, *LAWS[1:]) == 8.0


def test_somebody_who_does_not_know_the_patient_notices_in_proportion_less():
    noticed = [is_noticed((i + 0.5) / 1000, 0.5, 0.8) for i in range(1000)]
    assert sum(noticed) == 400


def test_shares_of_nobody_and_of_everybody_are_exact():
    for rule in (is_effective, needs_precaution):
        assert not rule(1e-16, 0.0)
        assert rule(1.0 - 1e-16, 1.0)
    assert not is_noticed(1e-16, 1.0, 0.0)
    assert is_noticed(1.0 - 1e-16, 1.0, 1.0)


def test_each_professional_notices_in_a_share_of_their_own():
    for kind in parameters().kinds:
        shares = [share_noticed(kind, role) for role in (GP, NURSE, PHARMACIST)]
        assert shares == [kind.gp_share, kind.nurse_share, kind.pharmacist_share]


@pytest.mark.parametrize(("days", "in_time"), [(0.9, True), (1.0, False), (1.1, False)])
def test_treatment_is_in_time_if_it_acts_before_the_window_closes(days, in_time):
    assert is_in_time(2.0, days, 3.0) is in_time


def test_whoever_has_no_gp_turns_to_the_emergency_department_and_others_in_their_share():
    assert turns_to_emergency(0.9, 0.5, False)
    assert [turns_to_emergency(mark, 0.5, True) for mark in (0.49, 0.5)] == [True, False]


def test_a_visit_is_overtaken_by_a_window_that_closes_before_its_end_or_with_it():
    assert [is_overtaken(False, crisis, 2.0) for crisis in (1.0, 2.0, 2.1)] == [True, True, False]
    assert not is_overtaken(True, 1.0, 2.0)


def test_a_patient_asks_after_the_drawn_delay_within_the_window_or_never():
    kind = replace(
        parameters().kinds[0],
        patient_share=0.5,
        patient_delay_days=3.0,
        patient_delay_sigma=0.8,
    )
    assert asks_after(kind, 0.49, 0.5, 1.0, 3.01) == pytest.approx(3.0, rel=1e-12)
    assert asks_after(kind, 0.49, 0.5, 1.0, 2.99) == math.inf  # the window has closed by then
    assert asks_after(kind, 0.50, 0.5, 1.0, 3.01) == math.inf  # never notices
    assert asks_after(kind, 0.49, 0.5, 0.5, 3.01) == pytest.approx(1.5, rel=1e-12)  # taught to
