"""Everything a report shows of one study: levels, paired differences and gross stays.

A comparison is made once from the tidy outcomes and the stays' keys, then only looked up.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from parcours_sim.analysis.equalised import Equalised
from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.levels import levels
from parcours_sim.analysis.paired import Exposure, paired_differences
from parcours_sim.analysis.stays import (
    GroupOfKeys,
    Stays,
    check_stays,
    gross_stays,
)
from parcours_sim.analysis.tidy import ALL, parameter_set_of, scenario_names

Key = tuple[str, str, str]
ROW: Key = ("scenario", "outcome", "group")


@dataclass(frozen=True)
class Comparison:
    """One parameter set's scenarios against one baseline; see compare()."""

    baseline: str
    parameter_set: str
    scenarios: tuple[str, ...]
    exposure: Exposure
    levels: pd.DataFrame
    differences: pd.DataFrame
    gross: pd.DataFrame
    equal_resources: tuple[Equalised, ...] = ()
    """What made the organisations' professional time that of the baseline, if anything did."""

    @property
    def organisations(self) -> tuple[str, ...]:
        """The scenarios other than the baseline, in the study's order."""
        return tuple(name for name in self.scenarios if name != self.baseline)

    def level(self, scenario: str, outcome: str, group: str = ALL) -> Estimate:
        """Return a scenario's own mean of an outcome; unknown where it has none."""
        return self._levels.get((scenario, outcome, group), UNKNOWN)

    def difference(self, scenario: str, outcome: str, group: str = ALL) -> Estimate:
        """Return scenario minus baseline, in the outcome's unit, per replication."""
        return self._differences.get((scenario, outcome, group), UNKNOWN)

    def percent(self, scenario: str, outcome: str, group: str = ALL) -> Estimate:
        """Return scenario minus baseline in per cent of the baseline's mean."""
        return self._percents.get((scenario, outcome, group), UNKNOWN)

    def variance_ratio(self, scenario: str, outcome: str, group: str = ALL) -> float:
        """Return how many times fewer replications common random numbers need; NaN if none."""
        return self._variance_ratios.get((scenario, outcome, group), UNKNOWN.value)

    def gross_stays(self, scenario: str, measure: str, group: str = ALL) -> Estimate:
        """Return stays "avoided", "induced" or "net" per replication; unknown without keys."""
        return self.gross_by_measure.get((scenario, group, measure), UNKNOWN)

    def groups(self, outcome: str, prefix: str) -> tuple[str, ...]:
        """Return the groups of an outcome that start with a prefix, in the study's order."""
        names = self.levels.loc[self.levels["outcome"] == outcome, "group"].unique()
        return tuple(str(name) for name in names if str(name).startswith(prefix))

    @cached_property
    def _levels(self) -> dict[Key, Estimate]:
        return _estimates(self.levels, ("mean", "low", "high"))

    @cached_property
    def _differences(self) -> dict[Key, Estimate]:
        return _estimates(self.differences, ("mean_difference", "low", "high"))

    @cached_property
    def _percents(self) -> dict[Key, Estimate]:
        return _estimates(self.differences, ("percent", "percent_low", "percent_high"))

    @cached_property
    def _variance_ratios(self) -> dict[Key, float]:
        ratios = self.differences["variance_ratio"].astype(float)
        return dict(zip(_keys(self.differences), ratios, strict=True))

    @cached_property
    def gross_by_measure(self) -> dict[Key, Estimate]:
        """Gross and net stays by scenario, group and measure."""
        return _estimates(self.gross, ("mean", "low", "high"), ("scenario", "group", "measure"))


def compare(
    outcomes: pd.DataFrame,
    stays: Stays,
    baseline: str,
    exposure: Exposure,
    additive: Collection[str],
    group_of: GroupOfKeys | None = None,
) -> Comparison:
    """Compare every scenario of a tidy outcomes table with one of them.

    stays may be empty (then no gross figure is known); otherwise it must agree with the
    outcomes. additive names the outcomes that may be shown per 100,000 inhabitants.
    Raises ValueError where the table has no such baseline, mixes parameter sets or gives a
    value twice, or where stays and hospitalisations disagree.
    """
    check_stays(outcomes, stays)
    comparison = Comparison(
        baseline=baseline,
        parameter_set=parameter_set_of(outcomes),
        scenarios=tuple(scenario_names(outcomes)),
        exposure=exposure,
        levels=levels(outcomes, additive),
        differences=paired_differences(outcomes, baseline, exposure, additive),
        gross=gross_stays(stays, baseline, group_of),
    )
    _check_net(comparison)
    return comparison


def _check_net(comparison: Comparison) -> None:
    for (name, group, measure), net in comparison.gross_by_measure.items():
        paired = comparison.difference(name, "hospitalisations", group)
        # A kind that never occurs under one of two organisations has no difference to be found.
        if measure != "net" or math.isnan(paired.value):
            continue
        if not math.isclose(net.value, -paired.value, abs_tol=1e-6):
            raise ValueError(
                f"{name}, {group}: gross avoided − induced stays are {net.value}, but "
                f"hospitalisations differ by {paired.value}"
            )


def _keys(table: pd.DataFrame, columns: Key = ROW) -> list[Key]:
    return list(zip(*(table[column].astype(str) for column in columns), strict=True))


def _estimates(table: pd.DataFrame, columns: Key, key: Key = ROW) -> dict[Key, Estimate]:
    parts = [table[column].astype(float) for column in columns]
    counts = table["replications"].astype(int)
    return {
        row: Estimate(value, low, high, count)
        for row, value, low, high, count in zip(_keys(table, key), *parts, counts, strict=True)
    }
