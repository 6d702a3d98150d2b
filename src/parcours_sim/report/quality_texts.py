"""What is said of the criteria of quality: names of groups and outcomes, changes, the finding."""

from __future__ import annotations

import math
from collections.abc import Sequence

from parcours_sim.analysis.criteria import Criterion, Judged, counts, criteria
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import FIXED, WORDS, Language, between, number, say, typeset, unit

LESS, MORE = "↓", "↑"
"""Which way is good."""


def criterion_title(criterion: Criterion, language: Language) -> str:
    """Return what a criterion is called."""
    return typeset(criterion.title_fr if language == "fr" else criterion.title_en, language)


def outcome_title(outcome: str, language: Language) -> str:
    """Return what an outcome is called, and which way is good."""
    row = OUTCOMES[outcome]
    title = typeset(row.title_fr if language == "fr" else row.title_en, language)
    lower = (name for criterion in criteria() for name in criterion.lower)
    return f"{title}{FIXED}{LESS if outcome in lower else MORE}"


def group_title(group: str, titles: Titles, language: Language) -> str:
    """Return what a group of people is called."""
    key = f"group_{group}"
    return say(key, language) if key in WORDS else titles.group(group, language)


def change_text(judged: Judged, language: Language) -> str:
    """Return a change in per cent; in the outcome's own unit where the baseline has none of it."""
    value = judged.percent.value
    if math.isnan(value):
        return number(judged.difference.value, language, 1, signed=True)
    return say("percent", language, value=number(value, language, _places(value), signed=True))


def change_with_interval(judged: Judged, language: Language) -> str:
    """Return a change with its interval: in per cent where both bounds are known."""
    if judged.percent.has_interval:
        return say("percent", language, value=_with_interval(judged.percent, language))
    shown = _with_interval(judged.difference, language)
    return f"{shown} {unit(OUTCOMES[judged.outcome].unit, language)}".strip()


def finding_quality(judged: Sequence[Judged], who: str, language: Language) -> str:
    """Return how many changes of an organisation are for the better and for the worse."""
    found = counts(judged)
    key = "quality_harms" if found["worse"] else "quality_no_harm"
    numbers = {verdict: str(count) for verdict, count in found.items()}
    changes = len(judged) - found["same"]
    return say(key, language, who=who, count=str(changes), **numbers)


def _with_interval(estimate: Estimate, language: Language) -> str:
    # A bound near zero must not be rounded to it: the interval leaves zero out.
    sizes = [abs(each) for each in (estimate.value, estimate.low, estimate.high) if each]
    least = min((each for each in sizes if math.isfinite(each)), default=1.0)
    places = _places(estimate.value) if least >= 1.0 else min(6, -math.floor(math.log10(least)))
    value = number(estimate.value, language, places, signed=True)
    if not estimate.has_interval:
        return value
    return f"{value} ({between(estimate.low, estimate.high, language, places)})"


def _places(value: float) -> int:
    return 0 if abs(value) >= 10.0 else 1
