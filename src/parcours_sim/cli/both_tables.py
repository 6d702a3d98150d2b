"""What is printed of a run or a comparison under both parameter sets, each beside its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from .both import UnderBoth
from .tables import (
    MAIN_OUTCOMES,
    comparison_document,
    levels_document,
    levels_heading,
    mean_and_interval,
    notes_of_levels,
    plain_table,
    print_files,
    print_heading,
    print_json,
    print_table,
    print_whereabouts,
)


def print_comparisons(
    both: UnderBoth,
    files: Mapping[str, Sequence[Path]],
    figures: Sequence[Path],
    *,
    as_json: bool,
) -> None:
    """Print what each organisation avoids under either set, or the same as JSON."""
    from parcours_sim.analysis.summary import summarise
    from parcours_sim.report.both_console import print_both

    if as_json:
        documents = {
            name: comparison_document(one, files[name]) for name, one in both.by_set.items()
        }
        print_json(_document(both, documents, figures))
        return
    titles = next(iter(both.by_set.values())).titles
    print_both([summarise(one.comparison, one.prices) for one in both.by_set.values()], titles)
    _print_whereabouts(both, files)
    print_files(both.folder, figures)


def print_levels_of_both(
    both: UnderBoth, files: Mapping[str, Sequence[Path]], *, as_json: bool
) -> None:
    """Print the main outcomes of a run under either set; as JSON, all outcomes of all groups."""
    if as_json:
        documents = {name: levels_document(one, files[name]) for name, one in both.by_set.items()}
        print_json(_document(both, documents, ()))
        return
    for name, one in both.by_set.items():
        print_heading(f"{name}: {levels_heading(one)}")
    _print_levels(both)
    for name, one in both.by_set.items():
        for note in notes_of_levels(one):
            typer.echo(f"· {name}: {note}")
    _print_whereabouts(both, files)


def _print_levels(both: UnderBoth) -> None:
    from parcours_sim.care.outcomes import OUTCOMES

    heads = [f"{name}: {what}" for name in both.by_set for what in ("mean", "95 % interval")]
    table = plain_table("Outcome", "Unit", *heads, right=tuple(heads))
    for outcome in MAIN_OUTCOMES:
        cells: list[str] = []
        for one in both.by_set.values():
            (scenario,) = one.scenarios
            cells += mean_and_interval(one.comparison.level(scenario.name, outcome), outcome)
        table.add_row(OUTCOMES[outcome].title_en, OUTCOMES[outcome].unit, *cells)
    print_table(table)


def _print_whereabouts(both: UnderBoth, files: Mapping[str, Sequence[Path]]) -> None:
    for name, one in both.by_set.items():
        typer.echo(f"\nParameter set {name}")
        print_whereabouts(one, files[name])
    typer.echo("")


def _document(
    both: UnderBoth, documents: Mapping[str, Any], figures: Sequence[Path]
) -> dict[str, Any]:
    return {
        "parameter_sets": documents,
        "folder": str(both.folder),
        "files": [str(path) for path in figures],
    }
