"""Each scenario against the baseline, replication by replication: the table of differences.

The arithmetic of one pair of rows is in intervals; here are the pairing and the units.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from parcours_sim.analysis.intervals import (
    EMPTY,
    FloatArray,
    ratio_interval,
    t_interval,
    variance_ratio,
)
from parcours_sim.analysis.tidy import by_replication, replications_of, scenario_names

DIFFERENCE_COLUMNS = (
    "scenario",
    "baseline",
    "outcome",
    "group",
    "baseline_mean",
    "mean_difference",
    "low",
    "high",
    "percent",
    "percent_low",
    "percent_high",
    "per_100k",
    "replications",
    "variance_ratio",
)


@dataclass(frozen=True)
class Exposure:
    """What counts are divided by: inhabitants of the territory and measured years."""

    inhabitants: float
    years: float

    @property
    def per_100k(self) -> float:
        """The factor from a count of one replication to one per 100,000 inhabitants and year."""
        return 100_000 / (self.inhabitants * self.years)


def paired_differences(
    outcomes: pd.DataFrame, baseline: str, exposure: Exposure, additive: Collection[str]
) -> pd.DataFrame:
    """Return the differences table: every scenario minus the baseline, by outcome and group.

    Pairs are replications with the same number that have the outcome under both, an additive one
    that is missing being 0; where no replication has both (a practice model that the baseline
    lacks) there is no row.
    mean_difference is scenario minus baseline, so avoided hospitalisations are its opposite.
    low and high bound its 95 % t interval, empty (NaN) with one replication. percent is relative
    to the baseline's mean over the same pairs, with Fieller's interval; empty where that mean is
    zero, without bounds where it can't be told from zero. per_100k, for additive outcomes only,
    is per 100,000 inhabitants of the whole territory and year, whatever the group.
    variance_ratio is empty where the difference never varies. Equal results give exactly 0.

    Raises ValueError for a table that tidy refuses, or without the baseline.
    """
    names = scenario_names(outcomes)
    if baseline not in names:
        raise ValueError(f"the baseline {baseline!r} is not in the outcomes table: {names}")
    wide = by_replication(outcomes, additive)
    rows = []
    for scenario in names:
        if scenario == baseline:
            continue
        for outcome, group, pair in _pairs(
            replications_of(wide, scenario), replications_of(wide, baseline)
        ):
            factor = exposure.per_100k if outcome in additive else EMPTY
            rows.append((scenario, baseline, outcome, group, *_compared(*pair, factor)))
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS))


def _pairs(
    scenario: pd.DataFrame, baseline: pd.DataFrame
) -> Iterator[tuple[str, str, tuple[FloatArray, FloatArray]]]:
    shared = scenario.columns.intersection(baseline.columns)
    left = scenario[shared].to_numpy(dtype=np.float64)
    right = baseline[shared].to_numpy(dtype=np.float64)
    for (outcome, group), here, there in zip(scenario.index, left, right, strict=True):
        both = ~(np.isnan(here) | np.isnan(there))
        if both.any():
            yield outcome, group, (here[both], there[both])


def _compared(
    scenario: FloatArray, baseline: FloatArray, per_100k: float
) -> tuple[float, float, float, float, float, float, float, float, int, float]:
    difference = scenario - baseline
    net = t_interval(difference)
    share = ratio_interval(difference, baseline).scaled(100)
    return (
        t_interval(baseline).value,
        net.value,
        net.low,
        net.high,
        share.value,
        share.low,
        share.high,
        net.value * per_100k,
        net.replications,
        variance_ratio(scenario, baseline),
    )
