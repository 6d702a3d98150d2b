"""A comparison under several parameter sets in a terminal: a line for each set. English only."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from parcours_sim.analysis.summary import Summary
from parcours_sim.report.console import AVOIDED, PER_STAY, WIDTH, Column, cell, split, wide_enough
from parcours_sim.report.notes import PAIRING, notes
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import number

WITHOUT_RATE = [column for column in AVOIDED if not column.header.startswith("per ")]
"""The rate per 100,000 inhabitants is left to the tables of each set, for want of room."""
COLUMNS = (*WITHOUT_RATE[:3], PER_STAY, *WITHOUT_RATE[3:])


def print_both(
    summaries: Sequence[Summary], titles: Titles, console: Console | None = None
) -> None:
    """Print what each organisation avoids under each set, with the notes to read it by."""
    console = wide_enough(console or Console())
    console.print(both_table(summaries, titles, console.width))


def both_table(summaries: Sequence[Summary], titles: Titles, width: int = WIDTH) -> RenderableType:
    """Return the comparisons and their notes, in as few tables as a width allows."""
    parts: list[RenderableType] = [Text(_heading(summaries, titles), style="bold")]
    columns = 4 if width >= WIDTH else 2
    parts += [_table(summaries, some, titles) for some in split(COLUMNS, columns)]
    reading = Table.grid(padding=(0, 1))
    for note in notes_of_both(summaries, titles):
        reading.add_row("·", Text(note, style="dim"))
    return Group(*parts, reading)


def notes_of_both(summaries: Sequence[Summary], titles: Titles) -> Iterator[str]:
    """Yield what must be known to read the figures: once what holds for all, else by set."""
    by_set = {each.parameter_set: list(notes(each, titles)) for each in summaries}
    for note in dict.fromkeys(note for some in by_set.values() for note in some if note != PAIRING):
        sets = [name for name, some in by_set.items() if note in some]
        told = len(sets) == len(by_set) or note.startswith("Parameter set ")
        yield note if told else f"{', '.join(sets)}: {note}"


def _heading(summaries: Sequence[Summary], titles: Titles) -> str:
    baseline = summaries[0].baseline
    stays = ", ".join(
        f"{each.parameter_set} {number(each.organisations[0].hospitalisations.value, 'en')}"
        for each in summaries
    )
    title = titles.scenario(baseline, "en")
    return f"Compared with {title} ({baseline}), hospitalisations: {stays}"


def _table(summaries: Sequence[Summary], columns: tuple[Column, ...], titles: Titles) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Organisation", min_width=18, overflow="fold")
    table.add_column("Parameter\nset", min_width=10, no_wrap=True)
    for column in columns:
        table.add_column(column.header, justify="right", overflow="fold")
    for rows in zip(*(each.compared for each in summaries), strict=True):
        name = Text(titles.scenario(rows[0].scenario, "en"), style="bold")
        for summary, row in zip(summaries, rows, strict=True):
            cells = (cell(column, column.of(row)) for column in columns)
            table.add_row(name, summary.parameter_set, *cells)
            name = Text("")
    return table
