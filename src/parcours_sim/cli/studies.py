"""The commands `run`, `compare` and `plot`: simulate scenarios, compare them, draw figures.

How a study is put together and what it writes is in `study.py`, what is printed in `tables.py`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from . import options
from .errors import in_plain_words, refusal, resumable
from .study import Asked, finished_study, simulate, with_baseline
from .tables import print_comparison, print_files, print_levels


class Language(StrEnum):
    """The languages of figures."""

    EN = "en"
    FR = "fr"


@resumable
def run(
    ctx: typer.Context,
    name: options.Name,
    replications: options.Replications = 10,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    engine: options.Engine = "auto",
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    events: options.Events = None,
    as_json: options.Json = False,
) -> None:
    """Simulate one scenario and print its main outcomes with 95 % intervals."""
    asked = Asked(replications, seed, changes, workers, engine, parameter_set, out, events)
    asked.check()
    finished = simulate(asked, options.load([name], parameter_set, changes), ctx.obj.command)
    print_levels(finished, finished.tables(), as_json=as_json)


@resumable
def compare(
    ctx: typer.Context,
    names: options.Names,
    baseline: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="The scenario that the others are compared with; simulated too if not named.",
        ),
    ] = "isole",
    replications: options.Replications = 10,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    engine: options.Engine = "auto",
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    events: options.Events = None,
    as_json: options.Json = False,
) -> None:
    """Compare scenarios with a baseline: what each avoids, and what it takes.

    All are simulated in the same random worlds, so that differences are those of organisation.
    Tables go to the results folder, figures to its folder figures/.
    """
    asked = Asked(replications, seed, changes, workers, engine, parameter_set, out, events)
    asked.check()
    chosen = with_baseline(names, baseline)
    if len(chosen) < 2:
        raise refusal("scenario", "only the baseline", "at least one scenario to compare with it")
    scenarios = options.load(chosen, parameter_set, changes)
    finished = simulate(asked, scenarios, ctx.obj.command, baseline=scenarios[0].name)
    files = [*finished.tables(), *finished.figures()]
    print_comparison(finished, files, as_json=as_json)


@in_plain_words
def plot(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="The results folder of a comparison that is finished.",
        ),
    ],
    language: Annotated[
        Language, typer.Option(help="The language of titles and labels.")
    ] = Language.EN,
) -> None:
    """Draw the figures of a results folder again; nothing is simulated."""
    finished = finished_study(folder)
    print_files(folder, finished.figures(language.value))
