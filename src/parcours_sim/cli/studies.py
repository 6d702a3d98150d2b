"""The commands `run`, `compare` and `plot`: simulate scenarios, compare them, draw figures.

How a study is put together and what it writes is in `study.py`, what is printed in `tables.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .asked import Asked, is_typed, study_named
from .both import finished_both, holds_both, simulate_both
from .both_tables import print_comparisons, print_levels_of_both
from .equal import at_equal_resources
from .errors import in_plain_words, resumable
from .shard import simulate_shard
from .study import finished_study, simulate, study_of, with_baseline
from .study_check import told_by_its_file
from .tables import print_comparison, print_files, print_levels

if TYPE_CHECKING:
    from parcours_sim.scenario.scenario import Scenario


class Language(StrEnum):
    """The languages of figures."""

    EN = "en"
    FR = "fr"


@resumable
def run(
    ctx: typer.Context,
    name: options.Name,
    replications: options.Replications = 10,
    precision: options.Precision = None,
    max_replications: options.MaxReplications = 1_000,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    engine: options.Engine = "auto",
    parameter_set: options.EitherSet = "documents",
    out: options.Out = None,
    cluster: options.Cluster = None,
    shard: options.Shard = None,
    events: options.Events = None,
    as_json: options.Json = False,
) -> None:
    """Simulate one scenario and print its main outcomes with 95 % intervals."""
    asked = Asked.of(ctx)
    asked.check()
    if asked.parameter_set == options.BOTH:
        both = simulate_both(asked, [name], ctx.obj.command, compares=False)
        print_levels_of_both(both, both.files(), as_json=as_json)
        return
    (scenarios,) = options.load_sets([name], asked.parameter_set, asked.changes).values()
    if asked.shard is not None:
        _simulate_shard(asked, scenarios, None, ctx.obj.command, as_json=as_json)
        return
    finished = simulate(asked, scenarios, ctx.obj.command)
    print_levels(finished, finished.tables(), as_json=as_json)


@resumable
@told_by_its_file
def compare(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME|FILE",
            help="Scenarios by name (see parcours-sim list), or paths of .toml files; or one "
            "study, by name or path.",
        ),
    ],
    baseline: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="The scenario that the others are compared with; simulated too if not named.",
        ),
    ] = "isole",
    replications: options.Replications = 10,
    precision: options.Precision = None,
    max_replications: options.MaxReplications = 1_000,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    engine: options.Engine = "auto",
    parameter_set: options.EitherSet = "documents",
    equal_resources: options.EqualResources = False,
    out: options.Out = None,
    cluster: options.Cluster = None,
    shard: options.Shard = None,
    events: options.Events = None,
    as_json: options.Json = False,
) -> None:
    """Compare scenarios with a baseline: what each avoids, and what it takes.

    All are simulated in the same random worlds, so that differences are those of organisation.
    Tables go to the results folder, figures to its folder figures/.
    """
    study = study_named(names, "comparison")
    asked = Asked.of(ctx, study)
    asked.check()
    if study is not None:
        names = study.scenarios
        baseline = baseline if is_typed(ctx, "baseline") else study.baseline or baseline
    chosen = with_baseline(names, baseline)
    if asked.parameter_set == options.BOTH:
        both = simulate_both(asked, chosen, ctx.obj.command, compares=True)
        print_comparisons(both, both.files(), both.figures("en", "fr"), as_json=as_json)
        return
    loaded = options.load_sets(chosen, asked.parameter_set, asked.changes)
    parts = dict.fromkeys(loaded, asked)
    (scenarios,) = at_equal_resources(parts, loaded, ctx.obj.command).values()
    if asked.shard is not None:
        baseline = scenarios[0].name
        _simulate_shard(asked, scenarios, baseline, ctx.obj.command, as_json=as_json)
        return
    finished = simulate(asked, scenarios, ctx.obj.command, baseline=scenarios[0].name)
    files = [*finished.tables(), *finished.figures()]
    print_comparison(finished, files, as_json=as_json)


def _simulate_shard(
    asked: Asked,
    scenarios: Sequence[Scenario],
    baseline: str | None,
    command: Sequence[str],
    *,
    as_json: bool,
) -> None:
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.run import open_study

    study = study_of(asked, scenarios, baseline)
    opened = partial(open_study, study, model=installed_model())
    folder = asked.folder(study.names)
    simulate_shard(asked, folder, opened, command, as_json=as_json)


@in_plain_words
def plot(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="The results folder of a comparison that is finished; of one under both parameter "
            "sets, the folder that holds them.",
        ),
    ],
    language: Annotated[
        Language, typer.Option(help="The language of titles and labels.")
    ] = Language.EN,
) -> None:
    """Draw the figures of a results folder again; nothing is simulated."""
    if holds_both(folder):
        print_files(folder, finished_both(folder).figures(language.value))
        return
    finished = finished_study(folder)
    print_files(folder, finished.figures(language.value))
