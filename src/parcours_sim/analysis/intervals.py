"""Intervals over replications: Student's t, Fieller's ratio, and what pairing saved.

Arithmetic on small arrays only; which outcome is meant, and of whom, is said elsewhere.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

FloatArray = NDArray[np.float64]

CONFIDENCE = 0.95
EMPTY = math.nan

# Differences that agree this closely, relative to what was subtracted, differ by rounding alone.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A value with its interval; low and high are NaN where no interval can be given."""

    value: float
    low: float
    high: float
    replications: int

    @property
    def has_interval(self) -> bool:
        """Whether both bounds are known (two replications at least)."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval leaves zero out; False without an interval."""
        return self.low > 0 or self.high < 0

    def scaled(self, factor: float) -> "Estimate":
        """Return the same estimate in another unit, or of the opposite difference."""
        bounds = (self.low * factor + 0.0, self.high * factor + 0.0)  # + 0.0 turns -0.0 into 0.0
        low, high = bounds if factor >= 0 else bounds[::-1]
        return Estimate(self.value * factor + 0.0, low, high, self.replications)


UNKNOWN = Estimate(EMPTY, EMPTY, EMPTY, 0)


def t_interval(values: FloatArray) -> Estimate:
    """Return the mean of one value per replication with its Student interval.

    One replication gives a mean without an interval, none gives nothing. Where the values are
    all the same the interval has no width: right for a quantity fixed by the organisation,
    too sure for a rare count over few replications.
    """
    count = len(values)
    if count == 0:
        return UNKNOWN
    mean = _mean(values)
    if count == 1:
        return Estimate(mean, EMPTY, EMPTY, 1)
    half = t_quantile(count - 1) * math.sqrt(_covariance(values, values) / count)
    return Estimate(mean, mean - half, mean + half, count)


def ratio_interval(difference: FloatArray, baseline: FloatArray) -> Estimate:
    """Return mean(difference) / mean(baseline) with Fieller's interval, as a fraction.

    Both arrays have one value per replication, in the same order. Fieller rather than the delta
    method: it is exact for normal pairs however they correlate and however few replications there
    are, and it gives no bounds where the baseline's own mean can't be told from zero, instead of
    bounds that look fine. It is solved around the estimate, where nothing cancels.
    Nothing is returned for a baseline mean of zero.

    Source: E. C. Fieller, "Some problems in interval estimation", J. R. Stat. Soc. B 16 (1954).
    """
    count = len(baseline)
    if count == 0 or not (baseline_mean := _mean(baseline)) > 0:
        return UNKNOWN
    ratio = _mean(difference) / baseline_mean
    if count == 1:
        return Estimate(ratio, EMPTY, EMPTY, 1)
    if not difference.any():
        return Estimate(0.0, 0.0, 0.0, count)
    residual = difference - ratio * baseline
    weight = t_quantile(count - 1) ** 2 / count
    curvature = baseline_mean**2 - weight * _covariance(baseline, baseline)
    if curvature <= 0:
        return Estimate(ratio, EMPTY, EMPTY, count)
    tilt = weight * _covariance(residual, baseline)
    reach = math.sqrt(tilt**2 + curvature * weight * _covariance(residual, residual))
    return Estimate(
        ratio, ratio - (tilt + reach) / curvature, ratio + (reach - tilt) / curvature, count
    )


def variance_ratio(scenario: FloatArray, baseline: FloatArray) -> float:
    """Return (var(a) + var(b)) / var(a - b): how many times fewer replications pairing needs.

    NaN with fewer than two replications, and where the difference never varies: there the ratio
    has no finite value, and a renamed baseline would otherwise seem infinitely well paired.
    """
    if len(baseline) < 2:
        return EMPTY
    difference = scenario - baseline
    scale = max(float(np.abs(scenario).max()), float(np.abs(baseline).max()))
    if float(np.ptp(difference)) <= ROUNDING * scale:
        return EMPTY
    apart = _covariance(scenario, scenario) + _covariance(baseline, baseline)
    return apart / _covariance(difference, difference)


@lru_cache
def t_quantile(degrees_of_freedom: int) -> float:
    """Return how many standard errors a two-sided 95 % Student interval reaches."""
    return float(stdtrit(degrees_of_freedom, 0.5 + CONFIDENCE / 2))


def _mean(values: FloatArray) -> float:
    return math.fsum(values) / len(values)


def _covariance(left: FloatArray, right: FloatArray) -> float:
    products = (left - _mean(left)) * (right - _mean(right))
    return math.fsum(products) / (len(left) - 1)
