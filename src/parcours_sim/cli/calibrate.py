"""The command `calibrate`: parameters fitted to evidence, and written as a file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from . import options
from .errors import resumable
from .study import interrupts_as_exceptions
from .tables import known, plain_table, print_json, print_table

if TYPE_CHECKING:
    from parcours_sim.analysis.fits import Calibrated, Fit

RESULTS = Path("results/calibration")


@resumable
def calibrate(
    ctx: typer.Context,
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    workers: options.Workers = None,
    seed: options.Seed = 1,
    as_json: options.Json = False,
) -> None:
    """Fit parameters to evidence, step by step, and write the values as DIR/SET.toml.

    The steps are those of scenarios/calibration/. Scenarios use what stands in scenarios/fitted/.
    Without --out the folder is results/calibration; it serves both parameter sets.
    """
    from parcours_sim.analysis.calibration import calibrate as fit
    from parcours_sim.analysis.figures_of import FiguresOf, check_scenarios
    from parcours_sim.analysis.fitted_file import fitted_text
    from parcours_sim.experiment.campaign import How
    from parcours_sim.experiment.engines import processors
    from parcours_sim.experiment.files import replacing
    from parcours_sim.experiment.laboratory import open_laboratory
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.scenario.fit_account import leans_on
    from parcours_sim.scenario.fitted import Fitted
    from parcours_sim.scenario.targets import load_steps

    options.check_parameter_set(parameter_set)
    steps, model, folder = load_steps(), installed_model(), out or RESULTS
    # A former fit of this set may be a wrong one: this command is what makes it anew.
    check_scenarios((each for step in steps for each in step.target), parameter_set, Fitted())
    how = How(workers or processors(), engine="compiled", command=ctx.obj.command)
    with (
        interrupts_as_exceptions(),
        open_laboratory(folder, "calibration", model, how, seed) as laboratory,
    ):
        figures = FiguresOf(laboratory, parameter_set)
        found = fit(steps, parameter_set, figures, laboratory.bench)
    path = folder / f"{parameter_set}.toml"
    with replacing(path) as file:
        file.write(fitted_text(found, parameter_set, model.version, seed, leans_on(parameter_set)))
    if as_json:
        print_json({"parameter_set": parameter_set, "file": str(path), **_as_data(found)})
        return
    _print(found)
    typer.echo(f"Fitted values: {path}")


def _print(found: Calibrated) -> None:
    from parcours_sim.report.validation_words import figure_text, interval_text

    numbers = ("stated", "within", "simulated", "95 % interval")
    table = plain_table("step", "evidence", "what", *numbers, "", right=numbers)
    for fit in found.fits:
        table.add_row(
            str(fit.step),
            fit.target.evidence,
            fit.target.what.en,
            f"{fit.stated:g} {fit.target.unit.en}",
            f"± {fit.tolerance:.3g}",
            figure_text(fit.simulated.value),
            interval_text(fit.simulated),
            _verdict(fit),
        )
    print_table(table)
    for ridge in found.ridges:
        moves = zip(ridge.parameters, ridge.moves, strict=True)
        parts = ", ".join(f"{name} ({move:+.2f})" for name, move in moves)
        typer.echo(f"Step {ridge.step}: told only together: {parts}")
    for step, solved in found.solved:
        if solved.untold:
            typer.echo(f"Step {step}: known by their ranges mostly: {', '.join(solved.untold)}")
    settled = "the last moved hardly anything" if found.settled else "the last still moved some"
    typer.echo(f"Steps that lean on one another: {found.rounds} rounds; {settled}.")


def _verdict(fit: Fit) -> str:
    from parcours_sim.report.validation_words import figure_text

    if fit.best is None:
        return fit.verdict
    against = ", ".join(fit.binding) or fit.against
    binding = f" ({against})" if against else ""
    return f"{fit.verdict}: {figure_text(fit.best)} at best{binding}"


def _as_data(found: Calibrated) -> dict[str, object]:
    from parcours_sim.analysis.fits import names_of

    return {
        "rounds": found.rounds,
        "settled": found.settled,
        "values": [
            {"part": f"{folder}/{part}", "key": key, **each.model_dump()}
            for (folder, part), keys in sorted(found.values.values.items())
            for key, each in sorted(keys.items())
        ],
        "fits": [_fit_as_data(fit) for fit in found.fits],
        "ridges": [
            {
                "step": ridge.step,
                "parameters": list(ridge.parameters),
                "moves": list(ridge.moves),
                "standard_error": ridge.reach if math.isfinite(ridge.reach) else None,
            }
            for ridge in found.ridges
        ],
        "untold": _by_step({step: solved.untold for step, solved in found.solved}),
        "kept": _by_step(
            {step: names_of(solved.knobs) for step, solved in found.solved if solved.kept}
        ),
    }


def _by_step(names: Mapping[int, Sequence[str]]) -> list[dict[str, object]]:
    return [{"step": step, "parameters": list(each)} for step, each in names.items() if each]


def _fit_as_data(fit: Fit) -> dict[str, object]:
    return {
        "step": fit.step,
        "evidence": fit.target.evidence,
        "what": fit.target.what.en,
        "stated": fit.stated,
        "tolerance": fit.tolerance,
        "simulated": known(fit.simulated.value),
        "low": known(fit.simulated.low),
        "high": known(fit.simulated.high),
        "holds": fit.holds,
        "verdict": fit.verdict,
        "best": fit.best,
        "against": fit.against,
        "binding": list(fit.binding),
    }
