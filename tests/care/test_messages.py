"""Messages: an organisation makes a link faster and surer by ratios, and never the other way."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours_sim.care import messages
from parcours_sim.care.messages import delay, loss

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
