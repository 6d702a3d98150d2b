"""One outcome of a sweep in a terminal: points as rows, scenarios as columns. English only."""

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.sweep import SweptRow
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.console import WIDTH
from parcours_sim.report.notes import run_notes
from parcours_sim.report.sweep_axes import wrap_key
from parcours_sim.report.sweep_texts import (
    decimals_of,
    finding_sweep,
    measure_title,
    short_keys,
    sweep_basis,
    value_text,
)
from parcours_sim.report.sweep_view import Point, SweepAbout, SweepView, sweep_view
from parcours_sim.report.words import between, number

MOST_POINTS = 40
HEADER_CHARACTERS = 16
"""Longer key paths are broken behind a point."""
BETWEEN, EDGES = 2, 2
"""Characters beside each column, and at the edges of a table."""
TOLD = "*"


def print_sweep(
    rows: Iterable[SweptRow],
    axes: Sequence[Axis],
    about: SweepAbout,
    console: Console | None = None,
) -> None:
    """Print the rows of one outcome at up to 40 points, with what is needed to read them.

    Raises ValueError where there is nothing to show (see `sweep_view`).
    """
    console = console or Console()
    if not console.is_terminal:
        # A file or a pipe has no width of its own, and Rich would fold the columns.
        console = Console(file=console.file, width=max(console.width, WIDTH))
    console.print(sweep_table(sweep_view(rows, axes, about), console.width))


def sweep_table(view: SweepView, width: int = WIDTH) -> RenderableType:
    """Return the finding, the values in as many tables as a width takes, and the notes."""
    parts: list[RenderableType] = [Text(finding_sweep(view, "en"), style="bold")]
    cells = _cells(view)
    for names in _side_by_side(view, cells, width):
        parts.append(_table(view, cells, names))
    reading = Table.grid(padding=(0, 1))
    for note in _notes(view):
        reading.add_row("·", Text(note, style="dim"))
    return Group(*parts, reading)


def _rows(view: SweepView) -> tuple[Point, ...]:
    """The points that have a row: the first ones, and the first of all territories together."""
    return (*view.points[:MOST_POINTS], *view.everywhere[:MOST_POINTS])


def _cells(view: SweepView) -> dict[str, list[str]]:
    """The cells of each scenario's column, with the same decimals in all of them."""
    points = _rows(view)
    found = {name: [view.at(name, point) for point in points] for name in view.scenarios}
    decimals = _decimals([each for column in found.values() for each in column])
    return {
        name: [_cell(view, each, decimals) for each in column] for name, column in found.items()
    }


def _decimals(estimates: Sequence[Estimate]) -> int:
    """Enough decimals for the values, and up to two more to show that a bound isn't zero."""
    least = decimals_of(estimate.value for estimate in estimates)
    bounds = [bound for each in estimates if each.excludes_zero for bound in (each.low, each.high)]
    enough = (places for places in range(least, least + 2) if all(round(b, places) for b in bounds))
    return next(enough, least + 2)


def _cell(view: SweepView, estimate: Estimate, decimals: int) -> str:
    text = number(estimate.value, "en", decimals)
    if not estimate.has_interval:
        return text
    mark = TOLD if view.is_compared and estimate.excludes_zero else ""
    return f"{text}{mark} ({between(estimate.low, estimate.high, 'en', decimals)})"


def _side_by_side(view: SweepView, cells: dict[str, list[str]], width: int) -> Iterator[list[str]]:
    """Yield the scenarios of each table, as many as fit beside the columns of the point."""
    left = EDGES + sum(_width(header, column) for header, column in _points(view).items())
    titles = view.about.titles
    names: list[str] = []
    for name in view.scenarios:
        used = sum(_width(titles.scenario(each, "en"), cells[each]) for each in (*names, name))
        if names and left + used > width:
            yield names
            names = []
        names.append(name)
    yield names


def _width(header: str, cells: Sequence[str]) -> int:
    """How many characters a column takes at least: headers are folded, words and cells aren't."""
    return BETWEEN + max(map(len, [*header.split(), *cells]))


def _points(view: SweepView) -> dict[str, list[str]]:
    """The columns that say which point a row is of, by their header."""
    return {
        wrap_key(key, HEADER_CHARACTERS): [value_text(point[place], "en") for point in _rows(view)]
        for place, key in enumerate(short_keys(view.axes))
    }


def _table(view: SweepView, cells: dict[str, list[str]], names: Sequence[str]) -> Table:
    points = _points(view)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for header in points:
        table.add_column(Text(header), no_wrap=True)
    for name in names:
        header = view.about.titles.scenario(name, "en")
        least = _width(header, cells[name]) - BETWEEN
        table.add_column(Text(header), justify="right", overflow="fold", min_width=least)
    for row in zip(*points.values(), *(cells[name] for name in names), strict=True):
        table.add_row(*map(Text, row))
    return table


def _notes(view: SweepView) -> Iterator[str]:
    """Yield what a reader must know to read the values rightly, one sentence each."""
    more = len(view.points) + len(view.everywhere) - len(_rows(view))
    if more > 0:
        yield f"More points, in sweep.csv only: {number(more, 'en')}."
    intervals = "; in parentheses: 95 % intervals" if view.has_intervals else ""
    told = f"; {TOLD} leaves zero out" if view.has_intervals and view.is_compared else ""
    yield f"Values: {measure_title(view, 'en')}{intervals}{told}."
    for line in map("; ".join, sweep_basis(view, "en")):
        yield f"{line[0].upper()}{line[1:]}."
    yield from run_notes(view.shown.values(), view.replications[1], view.inhabitants[0])
