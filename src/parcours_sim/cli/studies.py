"""The commands `run`, `compare` and `plot`: simulate scenarios, compare them, draw figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from . import options
from .errors import in_plain_words, refusal
from .options import load
from .study import Asked, simulate, with_baseline


class Language(StrEnum):
    """The languages of figures."""

    EN = "en"
    FR = "fr"


@in_plain_words
def run(
    ctx: typer.Context,
    /,
    name: options.Name,
    replications: options.Replications = 10,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    events: options.Events = None,
    as_json: options.Json = False,
) -> None:
    """Simulate one scenario and print its main outcomes with 95 % intervals."""
    asked = Asked(replications, seed, changes, workers, parameter_set, out, events)
    asked.check()
    finished = simulate(asked, load([name], parameter_set, changes), None, ctx.obj.command)
    files = finished.write_tables()
    _print_levels_json(finished, files) if as_json else _print_levels(finished, files)


@in_plain_words
def compare(
    ctx: typer.Context,
    /,
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
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    events: options.Events = None,
    as_json: options.Json = False,
) -> None:
    """Compare scenarios with a baseline: what each avoids, and what it takes.

    All are simulated in the same random worlds, so that differences are those of organisation.
    Tables go to the results folder, figures to its folder figures/.
    """
    asked = Asked(replications, seed, changes, workers, parameter_set, out, events)
    asked.check()
    chosen = with_baseline(names, baseline)
    if len(chosen) < 2:
        raise refusal("scenario", "only the baseline", "at least one scenario to compare with it")
    finished = simulate(asked, load(chosen, parameter_set, changes), chosen[0], ctx.obj.command)
    files = [*finished.write_tables(), *finished.draw("en")]
    _print_comparison_json(finished, files) if as_json else _print_comparison(finished, files)
