"""The comparison in a terminal, and the same as plain JSON. English only."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from parcours_sim.analysis.intervals import CONFIDENCE, UNKNOWN, Estimate
from parcours_sim.analysis.summary import OrganisationSummary, Summary
from parcours_sim.report.notes import notes
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import between, decimals_for, number
from parcours_sim.scenario.price_file import TODAY

WIDTH = 100


@dataclass(frozen=True)
class Column:
    """A column: its header, what of an organisation it shows, and how."""

    header: str
    of: Callable[[OrganisationSummary], Estimate]
    interval: bool = False
    signed: bool = False
    decimals: int | None = None


def _pairing(row: OrganisationSummary) -> Estimate:
    return replace(UNKNOWN, value=row.variance_ratio)


def _per_avoided(row: OrganisationSummary) -> Estimate:
    """Thousands of euros for a stay avoided, where they can be told."""
    if row.price is None or not row.price.per_avoided.has_interval:
        return UNKNOWN
    return row.price.per_avoided.scaled(1e-3)


def _posts(profession: str) -> Callable[[OrganisationSummary], Estimate]:
    return lambda row: row.price.posts[profession] if row.price else UNKNOWN


def _paid(payer: str) -> Callable[[OrganisationSummary], Estimate]:
    return lambda row: row.price.paid[TODAY][payer].scaled(1e-3) if row.price else UNKNOWN


# What is avoided beside what it costs: in a narrow terminal, too, cost stays in the first table.
AVOIDED = (
    Column("Net avoided", lambda row: row.avoided, interval=True),
    Column("in %", lambda row: row.avoided_percent, interval=True, decimals=1),
    Column(
        "Cost,\nk€", lambda row: row.cost_eur_difference.scaled(1e-3), interval=True, signed=True
    ),
    Column("per 100,000\ninh. and year", lambda row: row.avoided_per_100k),
    Column("Gross\navoided", lambda row: row.gross_avoided),
    Column("Gross\ninduced", lambda row: row.gross_induced),
)
ACCESS = (
    Column("ED visits,\ndifference", lambda row: row.ed_visits_difference, True, True),
    Column("Direct\nadmissions", lambda row: row.direct_admissions),
    Column("GP wait,\nmedian days", lambda row: row.gp_wait_median_days, decimals=2),
    Column("Coord.\nhours", lambda row: row.coordination_hours_difference, signed=True),
    Column("Pairing", _pairing, decimals=1),
)
PER_STAY = Column("k€ per stay\navoided", _per_avoided, interval=True, decimals=1)
EFFORT = (
    Column("GP\nposts", _posts("gp"), signed=True, decimals=2),
    Column("Nurse\nposts", _posts("nurse"), signed=True, decimals=2),
    Column("Pharm.\nposts", _posts("pharmacist"), signed=True, decimals=2),
    Column("Coord.\nposts", _posts("coordination"), signed=True, decimals=2),
    Column("Insurance,\nk€", _paid("insurer"), signed=True),
    Column("Households,\nk€", _paid("households"), signed=True),
    PER_STAY,
)


def print_comparison(summary: Summary, titles: Titles, console: Console | None = None) -> None:
    """Print what each organisation avoids beside what it takes, with the notes to read it by."""
    console = wide_enough(console or Console())
    console.print(comparison_table(summary, titles, console.width))


def wide_enough(console: Console) -> Console:
    """Return a console that has room for a whole table, unless a terminal sets its width."""
    if console.is_terminal:
        return console
    # A file or a pipe has no width of its own, and Rich would fold the columns.
    return Console(file=console.file, width=max(console.width, WIDTH))


def comparison_table(summary: Summary, titles: Titles, width: int = WIDTH) -> RenderableType:
    """Return the comparison and its notes, in as few tables as a width in characters allows."""
    parts: list[RenderableType] = [Text(_heading(summary, titles), style="bold")]
    priced = tuple(row for row in summary.compared if row.price is not None)
    shown = (
        (AVOIDED, summary.compared, 3),
        (EFFORT, priced, 4),
        (ACCESS, summary.organisations, 4),
    )
    for columns, rows, narrow in shown:
        for some in split(columns, len(columns) if width >= WIDTH else narrow):
            parts += [_table(rows, some, titles)] if rows else []
    reading = Table.grid(padding=(0, 1))
    for note in notes(summary, titles):
        reading.add_row("·", Text(note, style="dim"))
    parts.append(reading)
    return Group(*parts)


def comparison_json(summary: Summary) -> str:
    """Return the comparison as JSON text; what is unknown is null."""
    content = asdict(summary) | {
        "confidence": CONFIDENCE,
        "replications": {"least": summary.replications[0], "most": summary.replications[1]},
        "notes": list(notes(summary)),
    }
    return json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False)


def _heading(summary: Summary, titles: Titles) -> str:
    baseline = summary.organisations[0]
    if not summary.compared:
        name = titles.scenario(summary.baseline, "en")
        return f"{name}: {number(baseline.hospitalisations.value, 'en')} hospitalisations"
    return (
        f"Compared with {titles.scenario(summary.baseline, 'en')} ({summary.baseline}): "
        f"{number(baseline.hospitalisations.value, 'en')} hospitalisations"
    )


def _table(
    rows: tuple[OrganisationSummary, ...], columns: tuple[Column, ...], titles: Titles
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Organisation", min_width=18, overflow="fold")
    for column in columns:
        table.add_column(column.header, justify="right", overflow="fold")
    for row in rows:
        name = Text(titles.scenario(row.scenario, "en"), style="bold")
        table.add_row(name, *(cell(column, column.of(row)) for column in columns))
    return table


def split(columns: tuple[Column, ...], size: int) -> list[tuple[Column, ...]]:
    """Return columns in as many tables as it takes where one holds so many."""
    return [columns[start : start + size] for start in range(0, len(columns), size)]


def cell(column: Column, content: Estimate) -> Text:
    """Return an estimate as a column shows it."""
    known = (content.value, content.low, content.high)
    decimals = decimals_for(*known) if column.decimals is None else column.decimals
    text = Text(number(content.value, "en", decimals, signed=column.signed))
    if column.interval and content.has_interval:
        bounds = between(content.low, content.high, "en", decimals)
        text.append(f"\n({bounds})", style="dim")
    return text


def _plain(content: object) -> object:
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return None if isinstance(content, float) and math.isnan(content) else content
