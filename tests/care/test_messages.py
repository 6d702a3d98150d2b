"""Messages: an organisation makes a link faster and surer by ratios, and never the other way."""

import doctest
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import STACKED, parameters, someone, territory

from parcours_sim.care import messages
from parcours_sim.care.messages import days_on_the_way, delay, is_lost, link_ratios, loss
from parcours_sim.care.parameters import GP, NURSE

marks = st.floats(1e-6, 1.0 - 1e-6)
ratios = st.floats(0.0, 5.0)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(messages).failed == 0


def test_the_loss_is_the_share_times_the_ratio_and_at_most_certain():
    assert loss(0.25, 0.2) == 0.05
    assert loss(0.45, 4.0) == 1.0


def test_the_median_message_that_is_not_for_the_same_day_takes_the_median_delay():
    assert delay(0.4, 0.5, 0.4, 8.0, 0.8, 1.0) == 8.0


def test_one_standard_deviation_above_the_median_is_a_factor_of_the_exponential_of_sigma():
    upper = 0.8413447460685429  # the standard normal distribution at 1
    assert delay(0.0, upper, 0.0, 3.0, 0.8, 1.0) == pytest.approx(3.0 * math.exp(0.8), rel=1e-9)


@pytest.mark.parametrize("ratio", [0.1, 1.0, 4.0])
def test_the_share_that_arrives_the_same_day_is_what_it_is_under_every_organisation(ratio):
    late = [delay((i + 0.5) / 1000, 0.5, 0.4, 8.0, 0.8, ratio) > 0.0 for i in range(1000)]
    assert sum(late) == 600


def test_an_organisation_moves_the_delay_of_the_others_by_its_ratio():
    assert delay(0.5, 0.5, 0.4, 8.0, 0.8, 0.25) == 2.0


@given(marks, marks, st.floats(0.0, 1.0), ratios, ratios)
def test_a_smaller_ratio_never_delays_a_message(same_day, mark, share, one, other):
    faster, slower = sorted((one, other))
    taken = [delay(same_day, mark, share, 3.0, 0.8, ratio) for ratio in (faster, slower)]
    assert taken[0] <= taken[1]


@given(marks, marks)
def test_a_link_without_delay_is_without_delay_for_everyone(same_day, mark):
    assert delay(same_day, mark, 0.0, 3.0, 0.8, 0.0) == 0.0


@pytest.fixture
def found():
    """A practice with nurses in its team under two layers, each with ratios of its own."""
    made = territory(parameters(STACKED, organisation__ramp_months=0.0))
    made.practices = (replace(made.practices[0], nurse_in_team_share=0.5),)
    made.practice_links = np.broadcast_to((0.5, 0.6), made.practice_links.shape)
    made.layer_links = np.array(made.layer_links)
    made.layer_links[0], made.layer_links[1] = (0.2, 0.3), (0.7, 0.9)
    return made


def nurse_link(found):
    return next(
        place
        for place, link in enumerate(found.links)
        if (link.sender, link.receiver) == (NURSE, GP)
    )


@pytest.mark.parametrize(
    ("nurse_mark", "reached", "expected"),
    [
        (0.6, (), (1.0, 1.0)),
        (0.4, (), (0.5, 0.6)),
        (0.6, (0,), (0.2, 0.3)),
        (0.4, (0, 1), (0.5 * 0.2 * 0.7, 0.6 * 0.3 * 0.9)),
    ],
)
def test_what_practice_and_layers_make_of_a_link_is_multiplied(
    found, nurse_mark, reached, expected
):
    patient = someone(found, is_accepted=True, older=True, nurse_mark=nurse_mark)
    for layer in (0, 1):
        found.layer_marks[patient.number, layer] = 0.0 if layer in reached else 1.0
    ratios = link_ratios(found, patient, nurse_link(found))
    assert ratios == pytest.approx(expected, rel=1e-12)


def test_a_message_is_lost_in_the_share_of_its_link_times_what_organisation_makes_of_it(found):
    patient = someone(found, is_accepted=True, nurse_mark=0.4)
    found.layer_marks[patient.number] = 1.0
    link = nurse_link(found)
    share = 0.6 * found.links[link].loss_share
    assert is_lost(found, patient, link, share - 1e-9)
    assert not is_lost(found, patient, link, share + 1e-9)


def test_urgency_and_organisation_both_shorten_the_way(found):
    patient = someone(found, is_accepted=True, nurse_mark=0.4)
    found.layer_marks[patient.number] = 1.0
    link = nurse_link(found)
    row = found.links[link]
    usual = days_on_the_way(found, patient, link, False, 1.0, 0.5)
    assert usual == pytest.approx(0.5 * row.delay_days, rel=1e-12)
    urgent = days_on_the_way(found, patient, link, True, 1.0, 0.5)
    assert urgent == pytest.approx(0.5 * row.urgent_ratio * row.delay_days, rel=1e-12)
