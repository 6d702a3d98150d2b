"""The command `merge`: the shards of a study or a sweep brought together, and finished if whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from . import options
from .asked import Asked
from .errors import refusal, resumable
from .study import Finished, interrupts_as_exceptions
from .tables import print_comparison, print_json, print_levels

if TYPE_CHECKING:
    from parcours_sim.experiment.campaign import How
    from parcours_sim.experiment.folder import ResultsFolder
    from parcours_sim.experiment.manifest import Manifest
    from parcours_sim.scenario.scenario import Scenario


@resumable
def merge(
    ctx: typer.Context,
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="The results folders of shards."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where they are brought together; may hold some already."),
    ],
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME",
            help="What is printed and drawn of a sweep. The folders don't say what their own "
            "commands, or a study, asked for.",
            show_default=Asked.outcome,
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Bring the shards of a study or a sweep together; where none is missing, finish it."""
    from parcours_sim.experiment.campaign import How
    from parcours_sim.experiment.folder import ResultsFolder
    from parcours_sim.experiment.merge import merge_folders

    _check_outcome(outcome, folders)
    with interrupts_as_exceptions():
        copied = merge_folders(folders, out)
    results, how = ResultsFolder(out), How(workers=1, command=ctx.obj.command)
    manifest = results.read_manifest()
    missing = _finish(results, manifest, how, outcome or Asked.outcome, as_json=as_json)
    if missing and as_json:
        print_json({"copied": copied, "missing": missing, "folder": str(out)})
    elif missing:
        typer.echo(
            f"{copied} replications were copied to {out}; {missing} are still missing. Merge their "
            "shards too, or let the command of the whole, with this --out, simulate them."
        )


def _check_outcome(outcome: str | None, folders: Sequence[Path]) -> None:
    """Raise ScenarioError for an outcome that there isn't, or of a comparison, which shows all."""
    from parcours_sim.experiment.folder import ResultsFolder

    if outcome is None:
        return
    options.check_outcome(outcome)
    for folder in folders:
        if not ResultsFolder(folder).read_manifest().axes:
            raise refusal("--outcome", f"it with {folder}, which is of no sweep", "it for sweeps")


def _finish(
    results: ResultsFolder, manifest: Manifest, how: How, outcome: str, *, as_json: bool
) -> int:
    """Write and print what a folder's results make, if it holds all; return how many it lacks."""
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.run import open_study, run_study, study_of
    from parcours_sim.experiment.sweep import open_sweep, run_sweep, sweep_of

    from .sweep_finished import finish_sweep

    model = installed_model()
    if manifest.axes:
        sweep = sweep_of(results, manifest, model)
        with open_sweep(sweep, results.path, how) as campaign:
            missing = campaign.total - campaign.stored
        if not missing:
            finish_sweep(run_sweep(sweep, results.path, how), outcome, as_json=as_json)
        return missing
    study = study_of(results, manifest, manifest.replications, model)
    with open_study(study, results.path, how, model) as campaign:
        missing = campaign.total - campaign.stored
    if not missing:
        result = run_study(study, results.path, how, model)
        finished = Finished(result, cast("tuple[Scenario, ...]", study.scenarios))
        show = print_comparison if manifest.baseline is not None else print_levels
        figures = finished.figures() if manifest.baseline is not None else []
        show(finished, [*finished.tables(), *figures], as_json=as_json)
    return missing
