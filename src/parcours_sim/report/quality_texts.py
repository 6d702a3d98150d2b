"""What is said of the four criteria of quality: names of groups and outcomes, verdicts, the finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from parcours_sim.analysis.criteria import Criterion, Judged, Verdict
from parcours_sim.analysis.tidy import ALL
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, number, say, typeset

AGES = ("age:under_75", "age:75+")
VERDICTS: tuple[Verdict, ...] = ("better", "worse", "untold", "same")


def criterion_title(criterion: Criterion, language: Language) -> str:
    """Return what a criterion is called."""
    return typeset(criterion.title_fr if language == "fr" else criterion.title_en, language)


def outcome_title(outcome: str, language: Language) -> str:
    """Return what an outcome is called."""
    row = OUTCOMES[outcome]
    return typeset(row.title_fr if language == "fr" else row.title_en, language)


def group_title(group: str, titles: Titles, language: Language) -> str:
    """Return what a group of people is called."""
    if group == ALL or group in AGES:
        return say(f"group_{group}", language)
    return titles.group(group, language)


def change_text(judged: Judged, language: Language) -> str:
    """Return a change in per cent; in the outcome's own unit where the baseline has none of it."""
    if judged.verdict == "same":
        return number(0.0, language)
    value = judged.percent.value
    if value != value:
        return number(judged.difference.value, language, 1, signed=True)
    places = 0 if abs(value) >= 10.0 else 1
    return say("percent", language, value=number(value, language, places, signed=True))


def finding_quality(judged: Iterable[Judged], who: str, language: Language) -> str:
    """Return how many changes of an organisation are for the better and for the worse."""
    found = tuple(judged)
    counts = Counter(each.verdict for each in found)
    key = "quality_harms" if counts["worse"] else "quality_no_harm"
    numbers = {verdict: str(counts[verdict]) for verdict in VERDICTS}
    return say(key, language, who=who, count=str(len(found)), **numbers)
