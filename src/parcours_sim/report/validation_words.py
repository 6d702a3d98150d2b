"""A row of validation in words: its figures, what agrees, its role and its verdict, and why.

Words are in `words.toml`; which of them are said of a row is decided here, for the table on screen,
the page and the figure alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.validation import Compared, Role, Verdict
from parcours_sim.scenario.territory import Text

from .words import UNKNOWN, Language, plain, say, typeset

EXPLAINED: tuple[Verdict, ...] = ("outside", "out of reach", "not comparable")
"""Verdicts that a reader is told the reason of."""


def text_of(text: Text, language: Language) -> str:
    """Return a text of the files in a language, with its typography."""
    return typeset(text.fr if language == "fr" else text.en, language)


def figure_text(value: float, language: Language = "en") -> str:
    """Return a figure with three digits, and a dash for none.

    >>> figure_text(0.012345), figure_text(1234.5, "fr")
    ('0.0123', '1\u202f230')
    """
    return UNKNOWN if math.isnan(value) else plain(float(f"{value:.3g}"), language)


def interval_text(found: Estimate, language: Language = "en") -> str:
    """Return an interval in words, and a dash for one that one replication leaves unknown.

    >>> interval_text(Estimate(2.0, 1.0, 3.0, 4))
    '1 to 3'
    """
    if math.isnan(found.low):
        return UNKNOWN
    return range_text(found.low, found.high, language)


def range_text(low: float | None, high: float | None, language: Language = "en") -> str:
    """Return what lies between two ends, of which either may be open, in words.

    >>> range_text(None, 3.0), range_text(1.0, 2.0)
    ('3 or less', '1 to 2')
    """
    ends = {
        name: figure_text(end, language)
        for name, end in (("low", low), ("high", high))
        if end is not None
    }
    if not ends:
        return ""
    key = "from_to" if len(ends) == 2 else "or_more" if "low" in ends else "or_less"
    return say(key, language, **ends)


def stated_text(row: Compared, language: Language = "en") -> str:
    """Return what evidence states: a figure with its unit, or a direction, or nothing."""
    if row.sign:
        return say(f"stated_{row.sign}", language)
    if row.stated is None:
        return ""
    return f"{plain(row.stated, language)} {text_of(row.unit, language)}".strip()


def role_text(row: Compared, language: Language = "en") -> str:
    """Return whether a row was fitted, and in which step."""
    role = role_word(row.role, language)
    return role if row.step is None else say("in_step", language, role=role, step=str(row.step))


def role_word(role: Role, language: Language) -> str:
    """Return the word for a role."""
    return say(f"role_{role.replace(' ', '_')}", language)


def verdict_word(verdict: Verdict, language: Language) -> str:
    """Return the words for a verdict."""
    return say(f"verdict_{verdict.replace(' ', '_')}", language)


def verdict_text(row: Compared, language: Language = "en") -> str:
    """Return a verdict, with the best figure that plausible parameters reach, if it is beyond."""
    said = verdict_word(row.verdict, language)
    if row.best is None:
        return said
    return say("at_best", language, said=said, best=figure_text(row.best, language))


def why_not(rows: Sequence[Compared], language: Language) -> list[str]:
    """Return a sentence about each row that doesn't agree: its verdict, what binds, its notes."""
    return [
        say(
            "why_not",
            language,
            evidence=row.evidence,
            what=text_of(row.what, language),
            said=_reasons(row, language),
        )
        for row in rows
        if row.verdict in EXPLAINED
    ]


def _reasons(row: Compared, language: Language) -> str:
    binding = f" ({', '.join(row.binding)})" if row.binding else ""
    notes = [text_of(note, language) for note in row.notes]
    return ". ".join([verdict_text(row, language) + binding, *notes])


def counted(rows: Sequence[Compared], language: Language) -> str:
    """Return how many rows there are, and of each verdict."""
    verdicts = [row.verdict for row in rows]
    each = ", ".join(
        f"{verdicts.count(verdict)} {verdict_word(verdict, language)}"
        for verdict in dict.fromkeys(verdicts)
    )
    return say("rows_counted", language, count=str(len(rows)), verdicts=each)
