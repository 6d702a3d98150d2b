"""For whom: what an organisation does to each group of people, by the four criteria of quality.

Which outcomes speak for which criterion, and which way is good, stands in `criteria.toml`. A change is
judged better or worse only where its interval leaves zero out; an organisation that helps some and
harms others is thus seen to.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.tidy import ALL, LINK

Verdict = Literal["better", "worse", "same", "untold"]
"""Told from zero the good way or the other; exactly as in the baseline; not told from chance."""


@dataclass(frozen=True)
class Criterion:
    """A criterion of quality: what it is called, what it means here, and what speaks for it."""

    name: str
    title_en: str
    title_fr: str
    meaning_en: str
    meaning_fr: str
    lower: tuple[str, ...]
    """Outcomes of which less is better."""
    higher: tuple[str, ...]
    """Outcomes of which more is better."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """All outcomes that speak for it."""
        return (*self.lower, *self.higher)


@dataclass(frozen=True)
class Judged:
    """One outcome of one group under an organisation against the baseline.

    Attributes:
        difference: organisation minus baseline, per replication, in the outcome's unit.
        percent: the same in per cent of the baseline's mean.
    """

    scenario: str
    criterion: str
    outcome: str
    group: str
    difference: Estimate
    percent: Estimate
    verdict: Verdict


@lru_cache(maxsize=1)
def criteria() -> tuple[Criterion, ...]:
    """Return the four criteria, in the order of their file.

    Example:
        >>> [each.name for each in criteria()]
        ['accessibility', 'coordination', 'orientation', 'person']
    """
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        table = tomllib.load(file)
    return tuple(
        Criterion(
            name=name,
            title_en=row["title"]["en"],
            title_fr=row["title"]["fr"],
            meaning_en=row["meaning"]["en"],
            meaning_fr=row["meaning"]["fr"],
            lower=tuple(row["lower"]),
            higher=tuple(row["higher"]),
        )
        for name, row in table.items()
    )


def judge(comparison: Comparison) -> tuple[Judged, ...]:
    """Judge every outcome of the criteria in every group that is the same people in both.

    Groups of links are no people, and a practice model's patients are others where the baseline has
    other practices; both are left out.
    """
    return tuple(
        _judged(comparison, scenario, criterion, outcome, group)
        for scenario in comparison.organisations
        for criterion in criteria()
        for outcome in criterion.outcomes
        for group in comparison.groups(outcome, "")
        if is_same_people(comparison, scenario, group)
        and not math.isnan(comparison.difference(scenario, outcome, group).value)
    )


def is_same_people(comparison: Comparison, scenario: str, group: str) -> bool:
    """Return whether a group holds the same people under an organisation as in the baseline."""
    if group.startswith(LINK):
        return False
    change = comparison.difference(scenario, "person_years", group).value
    return math.isnan(change) or change == 0.0


def groups_judged(judged: tuple[Judged, ...]) -> tuple[str, ...]:
    """Return the groups of people in a fixed order: everyone, ages, then others as they come."""
    found = dict.fromkeys(each.group for each in judged)
    return tuple(sorted(found, key=lambda group: (group != ALL, not group.startswith("age:"))))


def harms(judged: tuple[Judged, ...], scenario: str) -> Iterator[Judged]:
    """Yield what an organisation makes worse, for anyone."""
    return (each for each in judged if each.scenario == scenario and each.verdict == "worse")


def _judged(
    comparison: Comparison, scenario: str, criterion: Criterion, outcome: str, group: str
) -> Judged:
    difference = comparison.difference(scenario, outcome, group)
    percent = comparison.percent(scenario, outcome, group)
    verdict = verdict_of(difference, lower_is_better=outcome in criterion.lower)
    return Judged(scenario, criterion.name, outcome, group, difference, percent, verdict)


def verdict_of(difference: Estimate, *, lower_is_better: bool) -> Verdict:
    """Return whether a difference is for the better, as far as that can be told from chance."""
    if difference.value == difference.low == difference.high == 0.0:
        return "same"
    if not difference.excludes_zero:
        return "untold"
    return "better" if (difference.value < 0.0) == lower_is_better else "worse"
