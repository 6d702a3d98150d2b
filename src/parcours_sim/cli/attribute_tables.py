"""What the command `attribute` prints: the table of channels with its notes, or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .tables import plain_table, print_files, print_heading, print_json, print_table

if TYPE_CHECKING:
    from parcours_sim.analysis.attribution import Attribution, Credit
    from parcours_sim.analysis.intervals import Estimate
    from parcours_sim.report.titles import Titles

NUMBERS = ("Part", "95 % interval", "% of baseline", "% of total", "On alone", "Off alone")


def print_attribution(
    found: Attribution,
    titles: Titles,
    folder: Path,
    files: Sequence[Path],
    seed: int,
    simulated: int,
    *,
    as_json: bool,
) -> None:
    """Print an attribution and where its files are, in a table or as JSON."""
    if as_json:
        print_json(document(found, folder, files, seed, simulated))
        return
    from parcours_sim.report.attribution_texts import finding_attribution

    print_heading(finding_attribution(found, titles, "en"))
    _print_table(found)
    for note in notes(found, titles):
        typer.echo(f"· {note}")
    coalitions = 1 << len(found.moving)
    typer.echo(
        f"{coalitions} coalitions of {len(found.moving)} channels; {simulated} replications were "
        "simulated now."
    )
    print_files(folder, files)


def document(
    found: Attribution, folder: Path, files: Sequence[Path], seed: int, simulated: int
) -> dict[str, Any]:
    """Return an attribution as data: a row for each channel and one for the total."""
    from parcours_sim.report.attribution_table import TOTAL, rows_of

    rows = list(rows_of(found))
    about = ("scenario", "baseline", "parameter_set", "outcome", "group", "replications")
    *channels, total = ({k: v for k, v in row.items() if k not in about} for row in rows)
    assert total.pop("channel") == TOTAL
    total.pop("moves")
    return {
        **{key: rows[0][key] for key in about},
        "seed": seed,
        "inhabitants": found.exposure.inhabitants,
        "years": found.exposure.years,
        "channels": channels,
        "total": total,
        "simulated": simulated,
        "folder": str(folder),
        "files": [str(path) for path in files],
    }


def notes(found: Attribution, titles: Titles) -> Iterator[str]:
    """Yield what must be known to read the table rightly, one sentence each."""
    from parcours_sim.report.attribution_texts import channel_title
    from parcours_sim.report.notes import run_notes

    yield (
        f"Parameter set {found.parameter_set}; replications: {found.total.replications}; compared "
        f"with: {titles.scenario(found.baseline, 'en')} ({found.baseline}). Figures are means per "
        f"replication: {found.exposure.inhabitants:,g} inhabitants, {found.exposure.years:g} "
        "measured year(s)."
    )
    yield (
        "Part: the Shapley value, what a channel adds on average over all orders of switching "
        "channels on; parts sum to the total. Intervals: Student's, paired by replication."
    )
    yield (
        "On alone: what the channel avoids where it alone is switched on. Off alone: what is lost "
        "where it alone is switched off. They differ where channels do one another's work, or need "
        "one another."
    )
    still = [channel_title(each.channel, "en") for each in found.credits if not each.moves]
    if still:
        yield f"Doesn’t move: {', '.join(still)}."
    estimates = [each.value for each in found.moving]
    yield from run_notes(estimates, found.total.replications, found.exposure.inhabitants)


def _print_table(found: Attribution) -> None:
    from parcours_sim.report.attribution_texts import channel_title

    table = plain_table("Channel", *NUMBERS, right=NUMBERS)
    for each in found.credits:
        table.add_row(channel_title(each.channel, "en"), *_cells(found, each))
    total, percent = found.total, found.total_percent
    share = "100" if total.excludes_zero else "–"
    numbers = (_number(total.value), _interval(total), _number(percent.value, 2), share)
    table.add_row("All channels", *numbers, "", "", style="bold")
    print_table(table)


def _cells(found: Attribution, credit: Credit) -> tuple[str, ...]:
    from parcours_sim.report.attribution_texts import share_of
    from parcours_sim.report.words import say

    if not credit.moves:
        return "0", say("attribution_still", "en"), "0", "0", "0", "0"
    return (
        _number(credit.value.value),
        _interval(credit.value),
        _number(credit.percent.value, 2),
        share_of(found, credit, "en") or "–",
        _number(credit.alone.value),
        _number(credit.last.value),
    )


def _number(value: float, decimals: int = 1) -> str:
    from parcours_sim.report.words import number

    return number(value, "en", decimals)


def _interval(estimate: Estimate) -> str:
    from parcours_sim.report.words import between

    return between(estimate.low, estimate.high, "en", 1) if estimate.has_interval else "–"
