"""The command `validate`: every figure that the model can be held against, with a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import options
from .errors import resumable
from .study import interrupts_as_exceptions
from .tables import plain_table, print_files, print_json, print_table

if TYPE_CHECKING:
    from parcours_sim.analysis.validation import Compared

RESULTS = Path("results/validation")
NUMBERS = ("simulated", "interval", "stated", "agrees")
COLUMNS = ("evidence", "what", *NUMBERS, "origin", "role", "verdict")


@resumable
def validate(
    ctx: typer.Context,
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    language: Annotated[
        Literal["en", "fr"],
        typer.Option(help="Language of the table on screen and of the figure."),
    ] = "en",
    workers: options.Workers = None,
    seed: options.Seed = 2,
    as_json: options.Json = False,
) -> None:
    """Compare the model with all evidence that it can be held against, row by row.

    by construction: parameters were fitted to it, and it came out. inside, outside: in the range of
    the evidence or not. out of reach: no plausible parameters were found to reproduce it; the ends
    of their ranges or other targets of its step stand against it, or none of them moves it. not
    comparable: no outcome of the model counts it.
    Without --out the folder is results/validation; it serves both parameter sets.
    """
    from parcours_sim.analysis.figures_of import FiguresOf, check_scenarios
    from parcours_sim.analysis.fit_checks import checked_account, in_doubt
    from parcours_sim.analysis.validation import validate as compare
    from parcours_sim.experiment.campaign import How
    from parcours_sim.experiment.engines import processors
    from parcours_sim.experiment.laboratory import open_laboratory
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.report.validation_figure import draw_validation
    from parcours_sim.report.validation_table import (
        Source,
        as_data,
        write_page,
        write_validation,
    )
    from parcours_sim.scenario.targets import load_rows, load_steps

    options.check_parameter_set(parameter_set)
    steps, rows, folder = load_steps(), load_rows(), out or RESULTS
    measures = [*(each for step in steps for each in step.target), *rows.row]
    check_scenarios(measures, parameter_set, True)
    account = checked_account(parameter_set, steps)
    model, how = (
        installed_model(),
        How(workers or processors(), engine="compiled", command=ctx.obj.command),
    )
    doubts = in_doubt(account, parameter_set, model.version)
    for doubt in doubts:
        typer.echo(doubt, err=True)
    with (
        interrupts_as_exceptions(),
        open_laboratory(folder, "validation", model, how, seed) as laboratory,
    ):
        figures = FiguresOf(laboratory, parameter_set)
        found: list[Compared] = []
        for row in compare(steps, rows, account, figures):
            laboratory.bench.stands_at(f"{len(found) + 1}: {row.evidence}")
            found.append(row)
    table, page = (folder / f"{parameter_set}.{end}" for end in ("csv", "md"))
    source = Source(parameter_set, seed, model.version, doubts)
    write_validation(found, source, table)
    write_page(found, page)
    drawn = draw_validation(found, parameter_set, folder / "figures" / parameter_set, language)
    if as_json:
        print_json([as_data(row, source) for row in found])
        return
    _print(found, language)
    print_files(folder, [table, page, *drawn])


def _print(rows: Sequence[Compared], language: Literal["en", "fr"]) -> None:
    from parcours_sim.report.validation_words import counted, why_not
    from parcours_sim.report.words import say

    headers = {name: say(f"column_{name}", language) for name in COLUMNS}
    table = plain_table(*headers.values(), right=tuple(headers[name] for name in NUMBERS))
    for row in rows:
        for cells in _cells(row, language):
            table.add_row(*cells)
    print_table(table)
    for sentence in why_not(rows, language):
        typer.echo(f"· {sentence}")
    typer.echo(counted(rows, language))


def _cells(row: Compared, language: Literal["en", "fr"]) -> Iterator[tuple[str, ...]]:
    """Yield a row's line of the table, and one for each figure beside it."""
    from parcours_sim.report import validation_words as words
    from parcours_sim.report.words import say

    yield (
        row.evidence,
        words.text_of(row.what, language),
        words.figure_text(row.simulated.value, language),
        words.interval_text(row.simulated, language),
        words.stated_text(row, language),
        words.range_text(row.low, row.high, language),
        say(f"origin_{row.origin}", language),
        words.role_text(row, language),
        words.verdict_word(row.verdict, language),
    )
    for told in row.beside:
        figure = words.figure_text(told.simulated.value, language)
        interval = words.interval_text(told.simulated, language)
        what, predicted = words.text_of(told.what, language), say("role_predicted", language)
        yield ("", f"  {what}", figure, interval, "", "", "", predicted, "")
