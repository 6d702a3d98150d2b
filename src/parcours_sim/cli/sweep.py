"""The command `sweep`: scenarios at every point of one or two axes, or in many territories.

Which sweep is asked for is worked out in `sweep_asked.py`; what is shown of it once it is simulated
stands in `sweep_finished.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .asked import Asked, is_typed, study_named
from .errors import resumable
from .shard import simulate_shard
from .study import interrupts_as_exceptions
from .study_check import told_by_its_file
from .sweep_asked import axes_of, sweep_of
from .sweep_finished import finish_sweep

if TYPE_CHECKING:
    from parcours_sim.experiment.sweep import Axis, Sweep, SweepResult

FEW_VALUES = 3
"""So many values of an axis are all in a folder's name."""

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=low:high:points",
        help="A key and the values it takes, evenly spaced, or several with commas; once or twice. "
        "Keys are those of: parcours-sim show NAME --resolved. "
        "Example: --vary territory.links.nurse_to_gp.delay_days=0.5:7:4",
        show_default="as the study says",
    ),
]


@resumable
@told_by_its_file
def sweep(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME|FILE",
            help="Scenarios by name, or paths of .toml files; or one study, by name or path.",
        ),
    ],
    vary: Vary = None,
    territories: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Simulate in many territories, a line each, with the columns: "
            "name,inhabitants,share_75_and_over,gps,nurses,pharmacies,ed_rooms,beds.",
            show_default="the territory of the scenarios",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="The scenario that the others are compared with at each point.",
            show_default="none: levels are shown",
        ),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            metavar="OUTCOME", help="What is printed and drawn; all main ones are in sweep.csv."
        ),
    ] = "hospitalisations",
    replications: options.Replications = 10,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    engine: options.Engine = "auto",
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    cluster: options.Cluster = None,
    shard: options.Shard = None,
    as_json: options.Json = False,
) -> None:
    """Move one or two parameters, and see what each scenario avoids at every point.

    A key of the territory or of episodes moves in the baseline too, a key of the organisation in
    the other scenarios alone. All points share their random worlds.
    """
    study = study_named(names, "sweep")
    asked = Asked.of(ctx, study)
    asked.check()
    if study is not None:
        names = study.scenarios
        baseline = baseline if is_typed(ctx, "baseline") else study.baseline
    made = sweep_of(asked, names, baseline, axes_of(asked, study))
    against = [] if made.study.baseline is None else ["from", made.study.baseline]
    folder = asked.folder(["sweep", *names, *against], *map(_short, made.axes))
    command = ctx.obj.command
    if asked.shard is not None:
        from parcours_sim.experiment.sweep import open_sweep

        opened = partial(open_sweep, made)
        simulate_shard(asked, folder, opened, command, as_json=as_json)
        return
    finish_sweep(_simulated(made, asked, folder, command), asked.outcome, as_json=as_json)


def _simulated(made: Sweep, asked: Asked, folder: Path, command: Sequence[str]) -> SweepResult:
    from parcours_sim.experiment.sweep import run_sweep

    with interrupts_as_exceptions():
        return run_sweep(made, folder, asked.how(asked.replications, command))


def _short(axis: Axis) -> str:
    """Say in the name of a folder along which values an axis goes: all of them, or a digest too."""
    if len(axis.values) <= FEW_VALUES:
        return f"{axis.key}={'-'.join(map(str, axis.values))}"
    digest = sha256(repr(axis).encode()).hexdigest()[:8]
    return f"{axis.key}={axis.values[0]}-{axis.values[-1]}-{len(axis.values)}-{digest}"
