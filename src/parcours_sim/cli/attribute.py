"""The command `attribute`: what a scenario avoids, shared over the channels that it moves.

Here live the command and what it writes; what is printed is in `attribute_tables.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcours_sim.scenario.errors import described, listed, nearest

from . import options
from .asked import Asked
from .errors import refusal, resumable
from .study import interrupts_as_exceptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parcours_sim.analysis.attribution import Attribution, Played
    from parcours_sim.report.titles import Titles
    from parcours_sim.scenario.coalitions import Mixable
    from parcours_sim.scenario.scenario import Scenario

FILE = "attribution.json"
USUAL = ("hospitalisations", "all")
"""Outcome and group that the names of figures leave out."""
REPLICATIONS = 20
"""Enough for intervals of about a tenth of a large effect; there are up to 256 coalitions."""


@resumable
def attribute(
    ctx: typer.Context,
    name: options.Name,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="The scenario that it is compared with.",
            show_default="the organisation before the start",
        ),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            metavar="OUTCOME", help="What is printed and drawn; all are in attribution.csv."
        ),
    ] = "hospitalisations",
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Of one kind of episode only, such as heart_failure.",
            show_default="all kinds",
        ),
    ] = None,
    replications: options.Replications = REPLICATIONS,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Share the stays that a scenario avoids over the channels it moves (Shapley values).

    Every coalition of those channels is simulated in the same random worlds: switched on as the
    scenario has them, off as its baseline does. Two coalitions for one channel, 256 for all eight.
    """
    from parcours_sim.analysis.attribution import attribution, check_players, check_worlds
    from parcours_sim.report.titles import titles_of
    from parcours_sim.scenario.coalitions import as_before, mixable

    from .attribute_tables import print_attribution

    asked = Asked.of(ctx)
    options.check_parameter_set(parameter_set)
    names = [name] if baseline is None else [name, baseline]
    scenario, *others = options.load(names, parameter_set, changes)
    _check(scenario, outcome, kind)
    against = others[0] if others else as_before(scenario)
    check_worlds(scenario, against)
    mixed = mixable(scenario, against)
    check_players(mixed)
    folder = asked.folder(["attribute", name, *([] if baseline is None else ["from", baseline])])
    played, simulated = _played(mixed, asked, folder, ctx.obj.command)
    group = "all" if kind is None else f"kind:{kind}"
    found = attribution(played, outcome, group)
    titles = titles_of((mixed.scenario, mixed.baseline))
    files = _files(played, found, titles, folder)
    print_attribution(found, titles, folder, files, seed, simulated, as_json=as_json)


def _check(scenario: Scenario, outcome: str, kind: str | None) -> None:
    """Raise ScenarioError where there is no such outcome to share, or no such kind of episode."""
    from parcours_sim.analysis.attribution import MAY_BE_SHARED

    options.check_outcome(outcome)
    if outcome not in MAY_BE_SHARED:
        allowed = "a count of what happens to people, such as hospitalisations or ed_visits"
        close = nearest(outcome, MAY_BE_SHARED, closeness=0.8)
        raise refusal("--outcome", described(outcome), allowed, close)
    if kind is not None and kind not in scenario.episodes:
        close = nearest(kind, scenario.episodes)
        raise refusal("--kind", described(kind), listed(sorted(scenario.episodes)), close)


def _played(
    mixed: Mixable, asked: Asked, folder: Path, command: Sequence[str]
) -> tuple[Played, int]:
    """Simulate what is missing of all coalitions; return how many replications that were."""
    from parcours_sim.analysis.attribution import play
    from parcours_sim.experiment.asked_file import answered, claim
    from parcours_sim.experiment.laboratory import open_laboratory
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.provenance import machine, now, versions

    model, how = installed_model(), asked.how(asked.replications, command)
    question = {
        "scenario": mixed.scenario.name,
        "baseline": mixed.baseline.name,
        "parameter_set": mixed.scenario.parameter_set,
        "seed": asked.seed,
        "scenario_hash": model.identify(mixed.scenario),
        "baseline_hash": model.identify(mixed.baseline),
    }
    with (
        interrupts_as_exceptions(),
        open_laboratory(folder, "attribution", model, how, asked.seed) as laboratory,
    ):
        claim(folder / FILE, question)
        played = play(mixed, asked.replications, laboratory, laboratory.bench)
        made = {
            "command": list(command),
            "replications": asked.replications,
            "channels": list(mixed.players),
            "model_version": model.version,
            "finished": now(),
            "versions": versions(),
            "machine": machine(),
        }
        answered(folder / FILE, question, made)
    return played, laboratory.simulated


def _files(played: Played, found: Attribution, titles: Titles, folder: Path) -> list[Path]:
    """Write the tables and draw the figure in both languages; return their paths."""
    from parcours_sim.analysis.attribution import attribution
    from parcours_sim.report.attribution_figure import draw_attribution
    from parcours_sim.report.attribution_table import write_attributions, write_coalitions

    tables = [folder / "attribution.csv", folder / "coalitions.csv"]
    every = [attribution(played, *key) for key in played.keys]
    write_attributions(every, tables[0])
    write_coalitions(played, every, tables[1])
    of = [found.outcome, found.group.removeprefix("kind:")]
    figure = "-".join(["attribution", *(each for each in of if each not in USUAL)])
    return [*tables, *draw_attribution(found, titles, folder / "figures", figure)]
