"""Intervals against hand-computed numbers, theory and repeated sampling."""

import math

import numpy as np
import pytest

from parcours_sim.analysis.intervals import (
    Estimate,
    ratio_interval,
    t_interval,
    t_quantile,
    variance_ratio,
)

STUDIES = 400
FEW_REPLICATIONS = 5  # few, so that a normal quantile in place of Student's would be seen


# Student's quantile for 0.975 with 2 degrees of freedom, which has a closed form: about 4.3027.
STUDENT_2 = 0.95 * math.sqrt(2 / (4 * 0.975 * 0.025))


def array(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float64)


def test_the_t_interval_of_three_values_is_the_one_computed_by_hand():
    # mean 4, variance 4, standard error 2 / sqrt(3), Student's quantile as given above
    found = t_interval(array(2, 4, 6))
    half = STUDENT_2 * 2 / math.sqrt(3)
    assert found.value == 4
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half), rel=1e-12)
    assert found.replications == 3


def test_one_replication_has_a_mean_and_no_interval():
    found = t_interval(array(5))
    assert found.value == 5
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert not found.has_interval
    assert not found.excludes_zero


def test_no_replication_gives_nothing():
    assert math.isnan(t_interval(array()).value)
    assert math.isnan(ratio_interval(array(), array()).value)


def test_scaling_by_a_negative_factor_swaps_the_bounds():
    assert Estimate(-3, -5, -1, 8).scaled(-2) == Estimate(6, 2, 10, 8)


def test_the_opposite_of_zero_is_written_without_a_sign():
    found = Estimate(0.0, 0.0, 0.0, 4).scaled(-1)
    assert [repr(number) for number in (found.value, found.low, found.high)] == ["0.0"] * 3


def test_the_ratio_interval_is_the_t_interval_where_the_baseline_never_varies():
    difference = array(-10, -20, -30, -20)
    found = ratio_interval(difference, array(400, 400, 400, 400))
    alone = t_interval(difference / 400)
    assert (found.value, found.low, found.high) == pytest.approx(
        (alone.value, alone.low, alone.high), rel=1e-12
    )


def test_the_bounds_of_the_ratio_solve_fiellers_equation():
    difference, baseline = array(-12, -30, -21, -9, -40), array(310, 420, 380, 290, 450)
    found = ratio_interval(difference, baseline)
    for bound in (found.low, found.high):
        residual = difference - bound * baseline
        student = residual.mean() / (residual.std(ddof=1) / math.sqrt(5))
        assert abs(student) == pytest.approx(t_quantile(4), rel=1e-9)
    assert found.low < found.value < found.high


def test_a_baseline_of_zero_has_no_percentage():
    assert math.isnan(ratio_interval(array(1, 2), array(0, 0)).value)


def test_a_baseline_not_told_from_zero_has_a_percentage_without_bounds():
    found = ratio_interval(array(1, 0, 0), array(0, 0, 1))
    assert found.value == 1
    assert not found.has_interval


def test_equal_results_give_a_percentage_of_exactly_zero_even_for_rare_outcomes():
    assert ratio_interval(array(0, 0, 0), array(0, 0, 1)) == Estimate(0.0, 0.0, 0.0, 3)


def test_the_variance_ratio_of_three_pairs_is_the_one_computed_by_hand():
    # variances: 7/3 and 1, and 1/3 of the difference
    assert variance_ratio(array(1, 2, 4), array(1, 2, 3)) == pytest.approx(10, rel=1e-12)


@pytest.mark.parametrize("shift", [0.0, -7.0, 0.1])
def test_a_difference_that_never_varies_has_no_variance_ratio(shift: float):
    baseline = array(3.3, 8.7, 5.1)
    assert math.isnan(variance_ratio(baseline + shift, baseline))


def test_the_variance_ratio_finds_the_one_that_pairs_were_made_with():
    # shared variance 19, own variance 1 each: (20 + 20) / 2 = 20
    world = np.random.default_rng(1)
    shared = math.sqrt(19) * world.normal(size=20_000)
    left, right = (shared + world.normal(size=20_000) for _ in range(2))
    assert variance_ratio(left, right) == pytest.approx(20, rel=0.05)


def pairs(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Correlated normal pairs: baseline mean 100, scenario mean 92."""
    world = np.random.default_rng([31, seed])
    shared = 9 * world.normal(size=FEW_REPLICATIONS)
    own = 4 * world.normal(size=(2, FEW_REPLICATIONS))
    return 92 + shared + own[0], 100 + shared + own[1]


def test_the_t_interval_covers_the_true_difference_in_95_per_cent_of_studies():
    covered = 0
    for seed in range(STUDIES):
        scenario, baseline = pairs(seed)
        found = t_interval(scenario - baseline)
        covered += found.low <= -8 <= found.high
    assert 0.93 <= covered / STUDIES <= 0.97


def test_the_ratio_interval_covers_the_true_percentage_in_95_per_cent_of_studies():
    covered = 0
    for seed in range(STUDIES):
        scenario, baseline = pairs(seed)
        found = ratio_interval(scenario - baseline, baseline)
        covered += found.low <= -0.08 <= found.high
    assert 0.93 <= covered / STUDIES <= 0.97
