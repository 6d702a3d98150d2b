"""For whom: what an organisation does to each group of people, by the four criteria of quality.

Which outcomes speak for which criterion, and which way is good, stands in `criteria.toml`. A change
is judged better or worse only where its interval leaves zero out. Each group of people is judged
apart, so that a harm to some is seen where most are helped.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.tidy import ALL, KIND, LINK, PRACTICE

Verdict = Literal["better", "worse", "same", "untold"]
"""Told from zero the good way or the other; exactly as in the baseline; not told from chance."""
VERDICTS: tuple[Verdict, ...] = ("better", "worse", "untold", "same")
FAMILIES = (ALL, "age:", "gp:", "condition:", PRACTICE, KIND)
"""What the names of groups begin with, in the order in which groups are shown."""
Row = tuple[str, str]
"""The name of a criterion, and an outcome that speaks for it."""


@dataclass(frozen=True)
class Criterion:
    """A criterion of quality: its name in the registry of outcomes, and what speaks for it."""

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
        ['accessibility', 'coordination', 'orientation', 'attention to the person']
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
    other practices; both are left out. So is what neither has any of.
    """
    return tuple(
        judged
        for scenario in comparison.organisations
        for criterion in criteria()
        for outcome in criterion.outcomes
        for group in comparison.groups(outcome, "")
        if is_same_people(comparison, scenario, group)
        and is_known(judged := _judged(comparison, scenario, criterion, outcome, group))
    )


def is_same_people(comparison: Comparison, scenario: str, group: str) -> bool:
    """Return whether a group holds the same people under an organisation as in the baseline.

    The world fixes ages, conditions and what befalls people; who is a patient of a practice model,
    the organisation does. They are the same people where person-years differ in no replication.
    """
    if group.startswith(LINK):
        return False
    change = comparison.difference(scenario, "person_years", group)
    if math.isnan(change.value):
        return not group.startswith(PRACTICE)
    return change.value == 0.0 and not change.high > change.low


def is_known(judged: Judged) -> bool:
    """Return whether there is something to judge: a difference, and any of it in either."""
    difference, percent = judged.difference.value, judged.percent.value
    return not math.isnan(difference) and not (difference == 0.0 and math.isnan(percent))


def groups_judged(judged: Iterable[Judged]) -> tuple[str, ...]:
    """Return the groups of people in a fixed order: everyone, ages, families, names."""
    return tuple(sorted({each.group for each in judged}, key=_place))


def _place(group: str) -> tuple[int, int, str]:
    places = (place for place, name in enumerate(FAMILIES) if group.startswith(name))
    # The younger come first, which is no order of the alphabet.
    return next(places, len(FAMILIES)), group == "age:75+", group


def rows_judged(judged: Iterable[Judged]) -> tuple[Row, ...]:
    """Return the outcomes of which something is known, with their criteria, in the fixed order."""
    known = {each.outcome for each in judged}
    return tuple(
        (criterion.name, outcome)
        for criterion in criteria()
        for outcome in criterion.outcomes
        if outcome in known
    )


def counts(judged: Iterable[Judged]) -> dict[Verdict, int]:
    """Return how many changes have each verdict."""
    found = Counter(each.verdict for each in judged)
    return {verdict: found[verdict] for verdict in VERDICTS}


def harms(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Yield what is made worse, for anyone."""
    return (each for each in judged if each.verdict == "worse")


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
