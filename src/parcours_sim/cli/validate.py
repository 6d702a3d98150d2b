"""The command `validate`: every figure that the model can be held against, with a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import options
from .errors import resumable
from .study import interrupts_as_exceptions
from .tables import plain_table, print_files, print_json, print_table

if TYPE_CHECKING:
    from parcours_sim.analysis.intervals import Estimate
    from parcours_sim.analysis.validation import Compared

RESULTS = Path("results/validation")


@resumable
def validate(
    ctx: typer.Context,
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    language: Annotated[
        Literal["en", "fr"],
        typer.Option(help="Language of the figure, and of the rows."),
    ] = "en",
    workers: options.Workers = None,
    seed: options.Seed = 2,
    as_json: options.Json = False,
) -> None:
    """Compare the model with all evidence that it can be held against, row by row.

    by construction: parameters were fitted to it. inside, outside: never fitted, and in the range
    or not. out of reach: no plausible parameters reproduce it. not comparable: nothing counts it.
    Without --out the folder is results/validation; it serves both parameter sets.
    """
    from parcours_sim.analysis.figures_of import FiguresOf, check_scenarios
    from parcours_sim.analysis.validation import validate as compare
    from parcours_sim.experiment.campaign import How
    from parcours_sim.experiment.engines import processors
    from parcours_sim.experiment.laboratory import open_laboratory
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.report.validation_figure import draw_validation
    from parcours_sim.report.validation_table import as_data, write_page, write_validation
    from parcours_sim.scenario.fitted import read_fits
    from parcours_sim.scenario.targets import load_rows, load_steps

    options.check_parameter_set(parameter_set)
    steps, rows, folder = load_steps(), load_rows(), out or RESULTS
    measures = [*(each for step in steps for each in step.target), *rows.row]
    check_scenarios(measures, parameter_set, True)
    read_fits(parameter_set)  # a damaged account is told before a folder is made
    model, how = (
        installed_model(),
        How(workers or processors(), engine="compiled", command=ctx.obj.command),
    )
    with (
        interrupts_as_exceptions(),
        open_laboratory(folder, "validation", model, how, seed) as laboratory,
    ):
        figures = FiguresOf(laboratory, parameter_set)
        found: list[Compared] = []
        for row in compare(steps, rows, parameter_set, figures):
            laboratory.bench.stands_at(f"{len(found) + 1}: {row.evidence}")
            found.append(row)
    table, page = (folder / f"{parameter_set}.{end}" for end in ("csv", "md"))
    write_validation(found, table)
    write_page(found, page)
    drawn = draw_validation(found, parameter_set, folder / "figures" / parameter_set, language)
    if as_json:
        print_json([as_data(row) for row in found])
        return
    _print(found, language)
    print_files(folder, [table, page, *drawn])


def _print(rows: Sequence[Compared], language: Literal["en", "fr"]) -> None:
    from parcours_sim.report.validation_table import range_text

    numbers = ("simulated", "95 % interval", "stated", "agrees within")
    table = plain_table("evidence", "what", *numbers, "origin", "role", "verdict", right=numbers)
    for row in rows:
        what = row.what.fr if language == "fr" else row.what.en
        unit = row.unit.fr if language == "fr" else row.unit.en
        stated = "" if row.stated is None else f"{row.stated:g} {unit}"
        table.add_row(
            row.evidence,
            what,
            *_in_figures(row.simulated),
            stated,
            range_text(row.low, row.high),
            row.origin,
            row.role if row.step is None else f"{row.role}, step {row.step}",
            row.verdict,
        )
        for told in row.beside:
            beside = told.what.fr if language == "fr" else told.what.en
            table.add_row(
                "", f"  {beside}", *_in_figures(told.simulated), "", "", "", "predicted", ""
            )
    print_table(table)
    for row in rows:
        if row.verdict in ("outside", "out of reach", "not comparable"):
            what = row.what.fr if language == "fr" else row.what.en
            typer.echo(f"· {row.evidence}, {what}: {_said(row)}")
    verdicts = [row.verdict for row in rows]
    counted = ", ".join(f"{verdicts.count(each)} {each}" for each in dict.fromkeys(verdicts))
    typer.echo(f"{len(rows)} rows: {counted}.")


def _in_figures(found: Estimate) -> tuple[str, str]:
    from parcours_sim.report.validation_table import interval_text

    if math.isnan(found.value):
        return "–", "–"
    return f"{found.value:.3g}", interval_text(found)


def _said(row: Compared) -> str:
    said: str = row.verdict
    if row.best is not None:
        said += f", {row.best:.3g} at best"
        said += f" ({', '.join(row.binding)})" if row.binding else ""
    return f"{said}. {row.note}".rstrip(". ") + "."
