"""Whether a warm-up suffices: Welch's procedure on weekly series, and outcomes after a longer one.

What later years are is taken for each week of the year apart, so that a season is not mistaken for
a transient. Series come from event logs (`log_series.py`).

Source: P. D. Welch, "The statistical analysis of simulation results", in S. Lavenberg (ed.), The
Computer Performance Modeling Handbook (1983); A. M. Law, Simulation Modeling and Analysis.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from parcours_sim.analysis.comparison import Comparison, compare
from parcours_sim.analysis.intervals import (
    EMPTY,
    Estimate,
    FloatArray,
    ratio_interval,
    t_interval,
    t_quantile,
)
from parcours_sim.analysis.of_study import ADDITIVE
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.tidy import OUTCOME_COLUMNS
from parcours_sim.experiment.result import StudyResult

WEEKS_PER_YEAR = 52
"""Years of whole weeks: 364 days, so that after ten of them the season is out by twelve days."""
HALF_WINDOW_WEEKS = 6
"""Welch's w: the moving average spans 13 weeks, a quarter, and so keeps the season."""
BAND_PERCENT = 5.0
"""How far from its later level a moving average may be and still count as settled."""


def cut_week(years: float) -> int:
    """The week at which a warm-up ends, given in years.

    >>> cut_week(1.0), cut_week(0.25)
    (52, 13)
    """
    return math.floor(years * WEEKS_PER_YEAR)


def moving_average(values: FloatArray, half_window: int = HALF_WINDOW_WEEKS) -> FloatArray:
    """Welch's moving average along the last axis; `half_window` places shorter at the end.

    It spans `half_window` values to either side, and near the start as many as there are before.
    Values that are missing (NaN) are left out.

    >>> moving_average(np.array([1.0, 2.0, 6.0, 4.0, 5.0]), half_window=1)
    array([1., 3., 4., 5.])
    """
    places = range(values.shape[-1] - half_window)
    reach = [min(place, half_window) for place in places]
    means = [
        _mean_known(values[..., place - side : place + side + 1])
        for place, side in zip(places, reach, strict=True)
    ]
    return np.stack(means, axis=-1)


@dataclass(frozen=True)
class Settling:
    """How one series settles, over replications.

    Arrays have one number for each week from the start: `weekly` for all of them, `moving` and
    `expected` as far as the moving average reaches. Estimates in per cent have Fieller's intervals
    over replications.
    """

    weekly: FloatArray
    """Mean of the replications."""
    moving: FloatArray
    """Its moving average (Welch)."""
    expected: FloatArray
    """The moving average of what the same week of the year has after the cut, on average."""
    long_run: Estimate
    """Mean over the whole years after the cut."""
    before: Estimate
    """The weeks before the cut, in per cent above what the same weeks have after it."""
    year_after: Estimate
    """The first year after the cut, in per cent above the last one."""
    chance_percent: float
    """Half the width of the moving average's 95 % interval, in per cent: typical after the cut."""
    settled_week: int | None
    """Weeks after which the moving average stays in the band to the end; None if it never does."""
    band_percent: float

    @property
    def is_told(self) -> bool:
        """Whether chance is small beside the band; else the settled week says nothing.

        Half of it, since in the weeks of some years chance goes beyond a 95 % interval several
        times, and hardly ever beyond twice that.
        """
        return self.chance_percent <= self.band_percent / 2

    def is_settled_by(self, week: int) -> bool:
        """Whether the moving average stays in the band from this week on, if not before."""
        return self.settled_week is not None and self.settled_week <= week


def settling(values: FloatArray, cut: int, band_percent: float = BAND_PERCENT) -> Settling:
    """Return how a series settles: `values` by replication and week, `cut` in weeks.

    The level to settle at is the mean of the whole years after the cut, for each week of the year
    apart. It is no better settled than those years are, and `year_after` tells whether they agree.
    Raises ValueError where there are fewer than two of them.
    """
    weeks = values.shape[1]
    years = (weeks - cut) // WEEKS_PER_YEAR
    if years < 2:
        raise ValueError(f"{weeks} weeks are less than two years after a cut at week {cut}")
    later = values[:, cut : cut + years * WEEKS_PER_YEAR].reshape(len(values), years, -1)
    of_year = (np.arange(weeks) - cut) % WEEKS_PER_YEAR
    same_weeks = _mean_known(later, axis=1)[:, of_year]
    weekly = _mean_known(values, axis=0)
    moving = moving_average(weekly)
    expected = moving_average(_mean_known(same_weeks, axis=0))
    by_year = _mean_known(later)
    return Settling(
        weekly=weekly,
        moving=moving,
        expected=expected,
        long_run=t_interval(_known(_mean_known(by_year))),
        before=_percent(_mean_known(values[:, :cut]), _mean_known(same_weeks[:, :cut])),
        year_after=_percent(by_year[:, 0], by_year[:, -1]),
        chance_percent=_chance_percent(moving_average(values)[:, cut:], expected[cut:]),
        settled_week=_settled_week(moving, expected, band_percent),
        band_percent=band_percent,
    )


def settlings(replications: Sequence[Mapping[str, FloatArray]], cut: int) -> dict[str, Settling]:
    """Return how each series settles, from the weekly series of some replications.

    Raises ValueError where there is no replication, or as `settling` does.
    """
    if not replications:
        raise ValueError("no replication to look at")
    return {
        name: settling(np.array([replication[name] for replication in replications]), cut)
        for name in replications[0]
    }


@dataclass(frozen=True)
class WarmUpEffect:
    """An outcome after a scenario's own warm-up and after a longer one; a total is that of a year.

    Differences are longer minus own, paired by replication.
    """

    outcome: str
    own: Estimate
    longer: Estimate
    difference: Estimate
    percent: Estimate
    variance_ratio: float


def warm_up_effects(result: StudyResult, outcomes: Iterable[str]) -> list[WarmUpEffect]:
    """Return what a longer warm-up changes in some outcomes.

    The study holds a scenario with its own warm-up, then with the longer one. Stays are not laid
    side by side: a stay's key counts from the start of the warm-up.
    """
    own, longer = result.study.scenarios
    exposure = Exposure(own.territory.inhabitants.value, own.horizon.years.value)
    table = pd.DataFrame(result.outcomes(), columns=list(OUTCOME_COLUMNS))
    found = compare(table, {}, own.name, exposure, ADDITIVE)
    return [_effect(found, longer.name, outcome) for outcome in outcomes]


def _effect(found: Comparison, longer: str, outcome: str) -> WarmUpEffect:
    a_year = 1 / found.exposure.years if outcome in ADDITIVE else 1.0
    return WarmUpEffect(
        outcome=outcome,
        own=found.level(found.baseline, outcome).scaled(a_year),
        longer=found.level(longer, outcome).scaled(a_year),
        difference=found.difference(longer, outcome).scaled(a_year),
        percent=found.percent(longer, outcome),
        variance_ratio=found.variance_ratio(longer, outcome),
    )


def _settled_week(moving: FloatArray, expected: FloatArray, band_percent: float) -> int | None:
    inside = np.abs(moving - expected) <= band_percent / 100 * np.abs(expected)
    outside = np.flatnonzero(~inside)
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < len(moving) else None


def _chance_percent(moving: FloatArray, expected: FloatArray) -> float:
    """Half a 95 % interval of some replications' moving averages, the quadratic mean of weeks."""
    count = len(moving)
    if count < 2 or not np.isfinite(moving).all() or not expected.all():
        return EMPTY
    half = t_quantile(count - 1) * moving.std(axis=0, ddof=1) / math.sqrt(count)
    return 100 * float(np.sqrt(np.mean((half / expected) ** 2)))


def _percent(found: FloatArray, expected: FloatArray) -> Estimate:
    both = ~(np.isnan(found) | np.isnan(expected))
    return ratio_interval((found - expected)[both], expected[both]).scaled(100)


def _mean_known(values: FloatArray, axis: int = -1) -> FloatArray:
    """The mean of what is not NaN, NaN where nothing is."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=axis)
    count = known.sum(axis=axis)
    mean: FloatArray = np.divide(total, count, out=np.full(total.shape, EMPTY), where=count > 0)
    return mean


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]
