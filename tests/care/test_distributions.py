"""Every law has the mean, the spread and the shape it claims."""

import doctest
import itertools
import math
from functools import partial

import numpy as np
import pytest
from scipy import stats

from parcours_sim.care import distributions
from parcours_sim.care.distributions import (
    EXPONENTIAL,
    FIXED,
    LOGNORMAL,
    duration,
    erlang4,
    exponential,
    lognormal,
    standard_normal,
)

SMALLEST, LARGEST = 2.0**-53, 1.0 - 2.0**-53

# law: (function of one uniform, its theoretical mean, its theoretical variance)
LAWS = {
    "exponential": (partial(exponential, mean=18.5), 18.5, 18.5**2),
    "standard_normal": (standard_normal, 0.0, 1.0),
    "lognormal": (
        partial(lognormal, median=8.7, sigma=0.8),
        8.7 * math.exp(0.32),
        8.7**2 * math.exp(0.64) * (math.exp(0.64) - 1.0),
    ),
    "fixed duration": (partial(duration, law=FIXED, mean=15.0, sd=4.0), 15.0, 0.0),
    "exponential duration": (
        partial(duration, law=EXPONENTIAL, mean=15.0, sd=4.0),
        15.0,
        225.0,
    ),
    "lognormal duration": (partial(duration, law=LOGNORMAL, mean=15.0, sd=9.0), 15.0, 81.0),
    "lognormal duration without spread": (
        partial(duration, law=LOGNORMAL, mean=15.0, sd=0.0),
        15.0,
        0.0,
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_a_law_has_its_theoretical_mean_and_variance(law):
    function, mean, variance = LAWS[law]
    # The integral over u, with more points where u is close to 0 or 1.
    z = np.linspace(-7.5, 7.5, 6001)
    weights = stats.norm.pdf(z) * (z[1] - z[0])
    values = np.array([function(u) for u in stats.norm.cdf(z).tolist()])
    computed_mean = float(weights @ values)
    assert computed_mean == pytest.approx(mean, rel=1e-6, abs=1e-9)
    spread = float(weights @ (values - computed_mean) ** 2)
    assert spread == pytest.approx(variance, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("law", LAWS)
def test_a_larger_uniform_never_gives_a_smaller_value(law):
    function = LAWS[law][0]
    values = [function(u) for u in np.linspace(SMALLEST, LARGEST, 2001).tolist()]
    assert all(math.isfinite(value) for value in values)
    # Rounding may disturb the last digits of a constant.
    assert all(b >= a - 1e-12 * abs(a) for a, b in itertools.pairwise(values))


def test_standard_normal_is_the_normal_quantile():
    middle = np.linspace(0.001, 0.999, 20_000)
    tails = np.exp(np.linspace(math.log(SMALLEST), math.log(0.5), 20_000))
    for u in (middle, tails, 1.0 - tails):
        ours = np.array([standard_normal(v) for v in u.tolist()])
        np.testing.assert_allclose(ours, stats.norm.ppf(u), rtol=4e-15, atol=1e-16)


def test_standard_normal_is_symmetric():
    for u in (SMALLEST, 1e-12, 0.01, 0.074, 0.076, 0.3):
        kept = 1.0 - (1.0 - u)  # u as far as 1 - u can hold it
        assert standard_normal(kept) == pytest.approx(-standard_normal(1.0 - u), rel=1e-14)
    assert standard_normal(0.5) == 0.0


@pytest.mark.parametrize(
    ("function", "law"),
    [
        (partial(exponential, mean=18.5), stats.expon(scale=18.5)),
        (partial(lognormal, median=8.7, sigma=0.8), stats.lognorm(0.8, scale=8.7)),
    ],
    ids=["exponential", "lognormal"],
)
def test_a_law_is_the_quantile_function_it_says(function, law):
    u = np.linspace(1e-6, 1.0 - 1e-6, 5000)
    np.testing.assert_allclose([function(v) for v in u.tolist()], law.ppf(u), rtol=1e-12)


def test_erlang4_has_its_theoretical_mean_and_variance():
    z, weights = np.polynomial.hermite_e.hermegauss(14)
    u = stats.norm.cdf(z).tolist()
    values = np.array([erlang4(*four, mean=1000.0) for four in itertools.product(u, repeat=4)])
    joint = np.prod(np.array(list(itertools.product(weights, repeat=4))), axis=1)
    joint /= joint.sum()
    mean = float(joint @ values)
    assert mean == pytest.approx(1000.0, rel=1e-4)
    assert float(joint @ (values - mean) ** 2) == pytest.approx(1000.0**2 / 4, rel=2e-3)


def test_erlang4_is_a_gamma_law_of_shape_4():
    u = np.random.default_rng(20260101).random((20_000, 4)).tolist()
    values = [erlang4(*four, mean=1000.0) for four in u]
    assert stats.kstest(values, stats.gamma(4, scale=250.0).cdf).pvalue > 1e-3


def test_an_unknown_law_is_refused():
    with pytest.raises(ValueError, match="law of a duration"):
        duration(0.5, 3, 15.0, 4.0)


def test_the_examples_of_the_documentation_hold():
    result = doctest.testmod(distributions)
    assert result.attempted > 0
    assert result.failed == 0
