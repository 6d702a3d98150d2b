"""What must be said beside the comparison, in English, for its figures to be read rightly."""

from collections.abc import Iterator

from parcours_sim.analysis.summary import Summary
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import number

SMALL_TERRITORY_INHABITANTS = 5_000
NAMES_ONLY = Titles()


def notes(summary: Summary, titles: Titles = NAMES_ONLY) -> Iterator[str]:
    """Yield what a reader must know to read the figures rightly, one sentence each."""
    compared = summary.compared
    least, most = summary.replications
    count = str(most) if least == most else f"{least} to {most}"
    yield (
        f"Parameter set {summary.parameter_set}; replications: {count}. Figures are means per "
        f"replication: {number(summary.exposure.inhabitants, 'en')} inhabitants, "
        f"{summary.exposure.years:g} measured year(s)."
    )
    if most < 2:
        yield "One replication only: no interval can be given, and no effect told from chance."
    else:
        yield (
            "In parentheses: 95 % Student intervals over replications, of differences paired by "
            "replication (Fieller's for per cent)."
        )
    yield from _told_from_zero(summary, titles)
    if any(row.avoided.has_interval and row.avoided.low == row.avoided.high for row in compared):
        yield (
            "An interval without width means that every replication gave the same difference: "
            "with few replications of a rare outcome it is too sure."
        )
    yield (
        "Net avoided = baseline − organisation = gross avoided − gross induced. Hours and cost "
        "are differences from the baseline."
    )
    yield (
        "Pairing: how many times fewer replications common random numbers need than "
        "independent runs."
    )
    if summary.exposure.inhabitants < SMALL_TERRITORY_INHABITANTS:
        yield "Under 5,000 inhabitants rare outcomes are noisy: read them with care."


def _told_from_zero(summary: Summary, titles: Titles) -> Iterator[str]:
    unclear = [
        titles.scenario(row.scenario, "en")
        for row in summary.compared
        if row.avoided.has_interval and row.avoided.low <= 0 <= row.avoided.high
    ]
    if unclear:
        yield f"Net effect not distinguishable from zero: {', '.join(unclear)}."
