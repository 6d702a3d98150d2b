"""What is said where organisations are compared at equal resources: the note, and it in short."""

from __future__ import annotations

from collections.abc import Sequence

from parcours_sim.analysis.equalised import PILOT, TOLERANCE, Equalised
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, number, plain, say

DECIMALS = 3
"""Of a factor."""


def factors_text(found: Sequence[Equalised], titles: Titles, language: Language) -> list[str]:
    """Return the factor of each organisation, and the GP time that it moves."""
    return [
        say(
            "equal_factor",
            language,
            who=titles.scenario(each.scenario, language),
            factor=number(each.factor, language, DECIMALS),
            hours=number(each.gp_hours, language, signed=True),
        )
        for each in found
    ]


def equal_note(found: Sequence[Equalised], titles: Titles, language: Language) -> str:
    """Return what was held equal, how nearly, and by which factor of each organisation.

    `left` of what was found is that of the worlds that are shown.
    """
    between = " ; " if language == "fr" else "; "
    return say(
        "equal_note",
        language,
        tolerance=plain(100.0 * TOLERANCE, language),
        worlds=str(PILOT),
        left=number(100.0 * max(abs(each.left) for each in found), language, 2),
        factors=between.join(factors_text(found, titles, language)),
    )


def equal_footer(found: Sequence[Equalised], language: Language) -> str:
    """Return the same in a few words, for what stands below a figure."""
    low, high = (
        number(bound(each.factor for each in found), language, DECIMALS) for bound in (min, max)
    )
    key = "equal_footer_one" if low == high else "equal_footer"
    return say(key, language, low=low, high=high)
