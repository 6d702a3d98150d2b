"""The command `evidence`: what scenarios rest on, and which data would be better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from . import options
from .errors import in_plain_words
from .tables import plain_table, print_files, print_json, print_table

if TYPE_CHECKING:
    from rich.table import Table

    from parcours_sim.scenario.better_data import BetterData, Data
    from parcours_sim.scenario.coverage import Coverage
    from parcours_sim.scenario.territory import Text

Language = Literal["en", "fr"]
Coverages = Mapping[str, "Coverage"]


@in_plain_words
def evidence(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME|FILE]...",
            help="Scenarios by name, or paths of .toml files; all named ones without any.",
            show_default=False,
        ),
    ] = None,
    parameter_set: options.ParameterSet = "documents",
    out: Annotated[
        Path | None,
        typer.Option(
            parser=options.folder,
            metavar="DIR",
            help="Where to draw the figure.",
            show_default="it is not drawn",
        ),
    ] = None,
    language: Annotated[
        Literal["en", "fr"], typer.Option(help="Language of the tables and the figure.")
    ] = "en",
    as_json: options.Json = False,
) -> None:
    """Tell what scenarios' numbers rest on: documents, literature, unverified rows, assumptions.

    Every unverified row in use is listed, and the French data that would replace it and each
    assumption (scenarios/better_data.toml). Grades: A read in the primary page or abstract, B in a
    secondary report, D derived by arithmetic, M unverified, X assumption.
    """
    from parcours_sim.scenario.better_data import read_better_data
    from parcours_sim.scenario.coverage import coverage_of
    from parcours_sim.scenario.files import named_scenarios

    better = read_better_data()
    scenarios = options.load(names or named_scenarios(), parameter_set, None)
    coverages = {scenario.name: coverage_of(scenario) for scenario in scenarios}
    drawn: list[Path] = []
    if out is not None:
        from parcours_sim.report.evidence_figure import draw_evidence
        from parcours_sim.report.titles import titles_of

        drawn = draw_evidence(coverages, titles_of(scenarios), parameter_set, out, language)
    if as_json:
        print_json(_document(coverages, better, parameter_set, drawn))
        return
    _print(coverages, better, language)
    if out is not None:
        print_files(out, drawn)


def _print(coverages: Coverages, better: BetterData, language: Language) -> None:
    from parcours_sim.report.words import say

    print_table(_origins_table(coverages, language))
    typer.echo(say("of_which_unverified", language))
    print_table(_unverified_table(coverages, better, language))
    typer.echo(say("of_which_assumed", language))
    print_table(_assumed_table(coverages, better, language))


def _origins_table(coverages: Coverages, language: Language) -> Table:
    from parcours_sim.report.words import number, say
    from parcours_sim.scenario.coverage import ORIGINS

    origins = [say(f"origin_{origin}", language) for origin in ORIGINS]
    counts, fitted = say("column_numbers", language), say("column_fitted", language)
    headers = (say("column_scenario", language), counts, *origins, fitted)
    table = plain_table(*headers, say("column_grades", language), right=headers[1:])
    for name, coverage in coverages.items():
        shares = [f"{number(100.0 * coverage.share(origin), language)} %" for origin in ORIGINS]
        grades = " ".join(f"{grade}:{n}" for grade, n in sorted(coverage.grades.items()))
        table.add_row(name, str(coverage.numbers), *shares, str(coverage.fitted), grades)
    return table


def _unverified_table(coverages: Coverages, better: BetterData, language: Language) -> Table:
    from parcours_sim.report.words import say
    from parcours_sim.scenario.coverage import unverified_rows
    from parcours_sim.scenario.evidence import load_ledger

    right = (say("column_keys", language), say("column_scenarios", language))
    words = (say(f"column_{name}", language) for name in ("evidence", "what"))
    table = plain_table(*words, *right, say("column_better", language), right=right)
    for row, keys in unverified_rows(coverages).items():
        distinct = {key for each in keys.values() for key in each}
        data = better.for_row(row)
        title = _in(data.title, language) if data else ""
        table.add_row(row, load_ledger()[row].statement, str(len(distinct)), str(len(keys)), title)
    return table


def _assumed_table(coverages: Coverages, better: BetterData, language: Language) -> Table:
    from parcours_sim.report.words import say
    from parcours_sim.scenario.coverage import assumed_keys

    found = assumed_keys(coverages, better)
    right = (say("column_keys", language),)
    words = (say(f"column_{name}", language) for name in ("better", "holder", "tells"))
    table = plain_table(*right, *words, right=right)
    for data in better.data:
        keys = {key for each in found.get(data.name, {}).values() for key in each}
        if keys:
            told = (_in(each, language) for each in (data.title, data.holder, data.tells))
            table.add_row(str(len(keys)), *told)
    return table


def _in(text: Text, language: Language) -> str:
    from parcours_sim.report.words import typeset

    return typeset(text.fr if language == "fr" else text.en, language)


def _document(
    coverages: Coverages, better: BetterData, parameter_set: str, drawn: Sequence[Path]
) -> dict[str, Any]:
    from parcours_sim.scenario.coverage import assumed_keys, unverified_rows
    from parcours_sim.scenario.evidence import load_ledger

    ledger, assumed = load_ledger(), assumed_keys(coverages, better)
    return {
        "parameter_set": parameter_set,
        "scenarios": [
            {
                "scenario": name,
                "numbers": coverage.numbers,
                "origins": dict(sorted(coverage.origins.items())),
                "grades": dict(sorted(coverage.grades.items())),
                "fitted": coverage.fitted,
            }
            for name, coverage in coverages.items()
        ],
        "unverified": [
            {
                "evidence": row,
                "statement": ledger[row].statement,
                "source": ledger[row].source,
                "keys": keys,
                "better": _better(better.for_row(row)),
            }
            for row, keys in unverified_rows(coverages).items()
        ],
        "assumed": [
            {"better": _better(data), "keys": {n: sorted(keys) for n, keys in by_name.items()}}
            for data in better.data
            if (by_name := assumed.get(data.name))
        ],
        "files": [str(path) for path in drawn],
    }


def _better(data: Data | None) -> dict[str, Any] | None:
    return data.model_dump(include={"name", "title", "holder", "tells"}) if data else None
