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
LEANS_ON = {
    "gp_wait_median_days": "gp_wait_mean_days",
    "response_median_days": "response_days",
    "hospitalisations_emergency": "hospitalisations",
}
"""Outcomes whose definition begins where that of another ends ("Median of the same")."""


def criterion_title(criterion: Criterion, language: Language) -> str:
    """Return what a criterion is called."""
    return typeset(criterion.title_fr if language == "fr" else criterion.title_en, language)


def outcome_title(outcome: str, language: Language) -> str:
    """Return what an outcome is called, and which way is good."""
    row = OUTCOMES[outcome]
    title = typeset(row.title_fr if language == "fr" else row.title_en, language)
    lower = (name for criterion in criteria() for name in criterion.lower)
    return f"{title}{FIXED}{LESS if outcome in lower else MORE}"


def definition(outcome: str) -> str:
    """Return what exactly an outcome counts, with the definition that its own leans on."""
    own = OUTCOMES[outcome].definition
    return f"{definition(LEANS_ON[outcome])} {own}" if outcome in LEANS_ON else own


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
    places = _places(estimate.value) if abs(estimate.value) >= 1.0 else 2
    value = number(estimate.value, language, places, signed=True)
    if not estimate.has_interval:
        return value
    return f"{value} ({between(estimate.low, estimate.high, language, places)})"


def _places(value: float) -> int:
    return 0 if abs(value) >= 10.0 else 1
