"""What commands print of results: a run's main outcomes, a comparison, and where files are.

The table of a comparison itself is in `report/console.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from parcours_sim.analysis.comparison import Comparison
    from parcours_sim.analysis.intervals import Estimate
    from parcours_sim.analysis.precision import Reach
    from parcours_sim.experiment.result import Agreement

    from .study import Finished

MAIN_OUTCOMES = (
    *("hospitalisations", "hospitalisations_emergency", "hospitalisations_direct"),
    *("hospitalisations_avoidable", "readmissions_30_days", "bed_days"),
    *("ed_visits", "ed_visits_unscheduled", "ed_wait_minutes"),
    *("episodes", "episodes_avoided", "crises", "deaths"),
    *("gp_wait_median_days", "gp_wait_mean_days", "gp_unserved_share", "information_delay_days"),
    *("gp_hours", "nurse_hours", "coordination_hours", "cost_eur"),
)
"""What `run` prints; everything else is in outcomes.csv."""

DRAWN = (".png", ".svg")
WITHOUT_FOLDING = 400
"""Characters of a line where no terminal sets a width: nothing is folded in a pipe or a file."""


def console() -> Console:
    """Return where tables are printed: standard output, as wide as its terminal."""
    terminal = Console(markup=False)
    return terminal if terminal.is_terminal else Console(width=WITHOUT_FOLDING, markup=False)


def print_table(table: Table) -> None:
    """Print a table; where no terminal shows it, without blanks at the ends of lines."""
    where = console()
    if where.is_terminal:
        where.print(table)
        return
    with where.capture() as printed:
        where.print(table)
    typer.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


def plain_table(*headers: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; columns named in `right` hold numbers."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left", overflow="fold")
    return table


def levels_table(comparison: Comparison, scenario: str) -> Table:
    """Return a scenario's main outcomes with their means and intervals."""
    from parcours_sim.care.outcomes import OUTCOMES
    from parcours_sim.report.words import decimals_for, number

    numbers = ("Mean", "95 % interval", "per 100,000 inh. and year")
    table = plain_table("Outcome", "Unit", *numbers, right=numbers)
    for name in MAIN_OUTCOMES:
        outcome, level = OUTCOMES[name], comparison.level(scenario, name)
        rate = level.scaled(comparison.exposure.per_100k).value
        shown = number(rate, "en", decimals_for(rate)) if outcome.additive else ""
        table.add_row(outcome.title_en, outcome.unit, *mean_and_interval(level, name), shown)
    return table


def mean_and_interval(level: Estimate, name: str) -> tuple[str, str]:
    """Return the mean of an outcome and its interval as a table of levels shows them."""
    from parcours_sim.care.outcomes import OUTCOMES
    from parcours_sim.report.words import between, number

    of_share = OUTCOMES[name].unit == "share"
    places = 3 if of_share else 0 if abs(level.value) >= 100 else 2
    interval = between(level.low, level.high, "en", places) if level.has_interval else "–"
    return number(level.value, "en", places), interval


def print_levels(finished: Finished, files: Sequence[Path], *, as_json: bool) -> None:
    """Print the main outcomes of a run; as JSON, all outcomes of all groups."""
    if as_json:
        print_json(levels_document(finished, files))
        return
    (scenario,) = finished.scenarios
    print_heading(f"{levels_heading(finished)}; parameter set {scenario.parameter_set}")
    print_table(levels_table(finished.comparison, scenario.name))
    for note in notes_of_levels(finished):
        typer.echo(f"· {note}")
    print_whereabouts(finished, files)


def levels_document(finished: Finished, files: Sequence[Path]) -> dict[str, Any]:
    """Return all outcomes of all groups of a run as data."""
    (scenario,) = finished.scenarios
    about = {
        "scenario": scenario.name,
        "parameter_set": scenario.parameter_set,
        "inhabitants": scenario.territory.inhabitants.value,
        "years": scenario.horizon.years.value,
        "outcomes": _records(finished.comparison),
        "notes": list(notes_of_levels(finished)),
    }
    return about | _whereabouts(finished, files)


def levels_heading(finished: Finished) -> str:
    """Say of what a table of levels holds the means."""
    (scenario,) = finished.scenarios
    return (
        f"{scenario.title.en} ({scenario.name}): means per replication, over "
        f"{scenario.horizon.years.value:g} measured year(s) of "
        f"{scenario.territory.inhabitants.value:,g} inhabitants; "
        f"replications: {finished.result.study.replications}"
    )


def print_heading(text: str) -> None:
    """Print a line above a table."""
    console().print(text, style="bold", highlight=False, markup=False)


def print_comparison(finished: Finished, files: Sequence[Path], *, as_json: bool) -> None:
    """Print a comparison, in tables or as JSON."""
    from parcours_sim.analysis.summary import summarise
    from parcours_sim.report.console import print_comparison

    if as_json:
        print_json(comparison_document(finished, files))
        return
    print_comparison(summarise(finished.comparison, finished.prices), finished.titles)
    typer.echo("")
    print_whereabouts(finished, files)


def comparison_document(finished: Finished, files: Sequence[Path]) -> dict[str, Any]:
    """Return a comparison as data."""
    from parcours_sim.analysis.summary import summarise
    from parcours_sim.report.console import comparison_json

    found: dict[str, Any] = json.loads(
        comparison_json(summarise(finished.comparison, finished.prices))
    )
    return found | _whereabouts(finished, files)


def print_files(folder: Path, files: Iterable[Path]) -> None:
    """Print a folder, and on a line each kind of file in it by what the names end in."""
    typer.echo(f"Results: {folder}")
    by_folder: dict[Path, list[str]] = {}
    for path in files:
        by_folder.setdefault(path.parent.relative_to(folder), []).append(path.name)
    for inside, names in by_folder.items():
        place = "Figures:" if all(name.endswith(DRAWN) for name in names) else "Tables:"
        typer.echo(f"{place:8} {folder / inside}: {', '.join(names)}")


def notes_of_levels(finished: Finished) -> Iterator[str]:
    """Yield what must be known to read the outcomes of a run rightly."""
    from parcours_sim.report.notes import run_notes

    (scenario,), comparison = finished.scenarios, finished.comparison
    shown = (comparison.level(scenario.name, outcome) for outcome in MAIN_OUTCOMES)
    replications = finished.result.study.replications
    return run_notes(shown, replications, scenario.territory.inhabitants.value)


def _said_of_reach(reach: Sequence[Reach], shown: int) -> Iterator[str]:
    """Yield what came of a precision that was asked for: how many replications, and how close.

    `shown` replications are in the tables: more, where the folder had more already.
    """
    if not reach:
        return
    count = max(one.replications for one in reach)
    if all(one.is_reached for one in reach):
        yield f"Precision: reached with {count} replications."
        if shown > count:
            yield f"The folder holds {shown} replications; tables and figures show them all."
    else:
        yield (
            f"Precision: not reached with {count} replications; the same command goes on with a "
            "larger --max-replications."
        )
    for one in reach:
        found, wanted = (f"±{width:.3g}" for width in (one.half_width, one.wanted))
        share = "" if math.isnan(one.relative_half_width) else f" ({one.relative_half_width:.2%})"
        if one.never_varied:
            verdict = "it never varied"
        elif one.is_reached:
            verdict = "reached"
        else:
            verdict = f"about {one.needed:,} needed" if one.needed else "out of reach"
        yield f"  {one.scenario}: {one.outcome} {found}{share}, asked for {wanted}: {verdict}"


def print_whereabouts(finished: Finished, files: Sequence[Path]) -> None:
    """Print what a study took to simulate, and where its files are."""
    for line in _said_of_reach(finished.reach, finished.result.study.replications):
        typer.echo(line)
    total = sum(len(replications) for replications in finished.result.replications)
    print_work_done(finished.result.simulated, total, finished.result.agreement)
    print_files(finished.folder, files)
    if finished.events is not None:
        typer.echo(f"Events:  {finished.events}")


def print_work_done(simulated: int, total: int, agreement: Agreement | None) -> None:
    """Print how many replications both engines agree on, or were simulated where not all were."""
    if agreement:
        before = f"; {agreement.before} of them were compared before" if agreement.before else ""
        typer.echo(f"Both engines agree on {agreement.replications} replications{before}.")
    elif simulated < total:
        typer.echo(f"{simulated} of {total} replications were simulated now; the rest was stored.")


def _whereabouts(finished: Finished, files: Sequence[Path]) -> dict[str, Any]:
    agreement = finished.result.agreement
    return {
        "seed": finished.result.study.seed,
        "simulated": finished.result.simulated,
        "precision": [
            {
                "scenario": one.scenario,
                "outcome": one.outcome,
                "half_width": known(one.half_width),
                "wanted": known(one.wanted),
                "replications": one.replications,
                "needed": one.needed,
                "is_reached": one.is_reached,
            }
            for one in finished.reach
        ],
        "engines_agree_on": agreement.replications if agreement else None,
        "folder": str(finished.folder),
        "files": [str(path) for path in files],
        "events": None if finished.events is None else str(finished.events),
    }


def _records(comparison: Comparison) -> list[dict[str, Any]]:
    from parcours_sim.care.outcomes import OUTCOMES

    return [
        {"unit": OUTCOMES[str(record["outcome"])].unit}
        | {str(key): known(value) for key, value in record.items() if key != "scenario"}
        for record in comparison.levels.to_dict("records")
    ]


def known(value: Any) -> Any:
    """Return a value as JSON has it: None for what is unknown (NaN) or has no bound."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_json(document: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
