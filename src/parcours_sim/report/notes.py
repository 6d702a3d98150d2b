"""What must be said beside a comparison or a run, in English, for figures to be read rightly."""

from collections.abc import Iterable, Iterator

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.summary import Summary
from parcours_sim.report.equal_texts import equal_note
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import number

SMALL_TERRITORY_INHABITANTS = 5_000
NAMES_ONLY = Titles()

ONE_REPLICATION = "One replication only: no interval can be given, and no effect told from chance."
NO_WIDTH = (
    "An interval without width means that every replication gave the same {}: "
    "with few replications of a rare outcome it is too sure."
)
PRICE = (
    "Posts: full-time posts over the measured years. Insurance and households (patients and "
    "complementary insurers) pay fees and lump sums as today; together they pay the cost. k€ per "
    "stay: – where it can't be told from chance that stays are avoided."
)
PAIRING = (
    "Pairing: how many times fewer replications common random numbers need than independent runs."
)
SMALL_TERRITORY = "Under 5,000 inhabitants rare outcomes are noisy: read them with care."


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
        yield ONE_REPLICATION
    else:
        yield (
            "In parentheses: 95 % Student intervals over replications, of differences paired by "
            "replication (Fieller's for per cent)."
        )
    if summary.equal_resources:
        yield equal_note(summary.equal_resources, titles, "en")
    yield from _told_from_zero(summary, titles)
    if any(_without_width(row.avoided) for row in compared):
        yield NO_WIDTH.format("difference")
    yield (
        "Net avoided = baseline − organisation = gross avoided − gross induced. Hours, posts and "
        "cost are differences from the baseline."
    )
    if any(row.price is not None for row in compared):
        yield PRICE
    yield PAIRING
    if summary.exposure.inhabitants < SMALL_TERRITORY_INHABITANTS:
        yield SMALL_TERRITORY


def run_notes(levels: Iterable[Estimate], replications: int, inhabitants: float) -> Iterator[str]:
    """Yield what a reader of a single run's outcomes must know, one sentence each."""
    if replications < 2:
        yield ONE_REPLICATION
    if any(map(_without_width, levels)):
        yield NO_WIDTH.format("value")
    if inhabitants < SMALL_TERRITORY_INHABITANTS:
        yield SMALL_TERRITORY


def _without_width(estimate: Estimate) -> bool:
    return estimate.has_interval and estimate.low == estimate.high


def _told_from_zero(summary: Summary, titles: Titles) -> Iterator[str]:
    unclear = [
        titles.scenario(row.scenario, "en")
        for row in summary.compared
        if row.avoided.has_interval and row.avoided.low <= 0 <= row.avoided.high
    ]
    if unclear:
        yield f"Net effect not distinguishable from zero: {', '.join(unclear)}."
