"""The command `sweep`: scenarios at every point of one or two axes, or in many territories.

What a sweep is stands in `experiment/sweep.py`, its table in `analysis/sweep.py`, what is drawn and
written in `report`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from parcours_sim.scenario.changes import bare
from parcours_sim.scenario.errors import described

from . import options
from .asked import Asked, is_typed, study_named
from .errors import refusal, resumable
from .study import interrupts_as_exceptions, simulate_shard, study_of, with_baseline
from .study_check import told_by_its_file
from .tables import MAIN_OUTCOMES, known, print_files, print_json, print_work_done

if TYPE_CHECKING:
    from parcours_sim.analysis.sweep import SweptRow
    from parcours_sim.experiment.sweep import Axis, Sweep, SweepResult
    from parcours_sim.report.sweep_view import SweepAbout
    from parcours_sim.scenario.scenario import Scenario
    from parcours_sim.scenario.study_file import StudyFile


FEW_VALUES = 3
MANY_POINTS = 200
"""More than these take some seconds to be checked."""

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
        typer.echo(simulate_shard(asked, folder, opened, command, as_json=as_json))
        return
    finish_sweep(_simulated(made, asked, folder, command), asked.outcome, as_json=as_json)


def axes_of(asked: Asked, study: StudyFile | None) -> dict[str, str | list[str | int | float]]:
    """Return the axes that were typed or else are the study's, still to be read, by key path.

    Raises ScenarioError for a text that is no KEY=VALUES, and for too many or no axes.
    """
    from parcours_sim.scenario.changes import bare

    axes: dict[str, str | list[str | int | float]] = {}
    for text in asked.vary or ():
        key, equals, values = (part.strip() for part in text.partition("="))
        if not (key and equals and values) or bare(key) in map(bare, axes):
            found = f"{described(key)} twice" if bare(key) in map(bare, axes) else described(text)
            raise refusal("--vary", found, "KEY=low:high:points or KEY=a,b,c, each key once")
        axes[key] = values
    if not axes and asked.territories is None and study is not None:
        axes = dict(study.vary or {})
    asked.check_axes(axes)
    return axes


def sweep_of(
    asked: Asked, names: Sequence[str], baseline: str | None, axes: Mapping[str, Any]
) -> Sweep:
    """Return the sweep that is asked for; raises ScenarioError or StudyError if there is none."""
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.progress import say
    from parcours_sim.experiment.sweep import MOST_POINTS, Axis, Sweep
    from parcours_sim.scenario.territories import read_territories
    from parcours_sim.scenario.vary import listed_values, read_values

    chosen = list(names) if baseline is None else with_baseline(names, baseline)
    scenarios = options.load(chosen, asked.parameter_set, asked.changes)
    study = study_of(asked, scenarios, None if baseline is None else scenarios[0].name)
    along = [
        Axis(
            key, read_values(key, values) if isinstance(values, str) else listed_values(key, values)
        )
        for key, values in axes.items()
    ]
    if asked.territories is not None:
        found = read_territories(asked.territories, scenarios[0])
        along.insert(0, Axis("territory", tuple(found), tuple(found.values())))
        _refuse_changes_of_territories(asked, along[0].keys)
    points = math.prod(len(axis.values) for axis in along)
    if MANY_POINTS < points <= MOST_POINTS:
        say(f"Checking {points:,} points before anything is simulated.", show=True)
    return Sweep(study, tuple(along), installed_model())


def _refuse_changes_of_territories(asked: Asked, keys: Collection[str]) -> None:
    """Refuse `--set` of what each line of a file of territories says again."""
    for key in options.read_changes(asked.changes):
        if bare(key) in keys:
            allowed = "a key that --territories doesn't give"
            raise refusal("--set", f"{key}, which --territories gives too", allowed)


def _simulated(made: Sweep, asked: Asked, folder: Path, command: Sequence[str]) -> SweepResult:
    from parcours_sim.experiment.sweep import run_sweep

    with interrupts_as_exceptions():
        return run_sweep(made, folder, asked.how(asked.replications, command))


def finish_sweep(result: SweepResult, outcome: str, *, as_json: bool) -> None:
    """Write the table and the figures of a sweep whose replications are stored, and print it."""
    from parcours_sim.report.sweep_console import print_sweep
    from parcours_sim.report.sweep_figure import draw_sweep

    finished = FinishedSweep(result, outcome)
    kept = finished.write_table()
    files = [finished.path]
    if not finished.is_of_territories:
        figures = result.folder / "figures"
        for language in ("en", "fr"):
            files += draw_sweep(kept, result.sweep.axes, finished.about, figures, language)
    if as_json:
        print_json(finished.document(kept, files))
        return
    print_sweep(kept, result.sweep.axes, finished.about)
    print_work_done(result.simulated, result.total, result.agreement)
    print_files(result.folder, files)


@dataclass(frozen=True)
class FinishedSweep:
    """A sweep whose replications are all stored, and the outcome that is shown of it."""

    result: SweepResult
    outcome: str

    @property
    def path(self) -> Path:
        """Where its table is."""
        return self.result.folder / "sweep.csv"

    @property
    def is_of_territories(self) -> bool:
        """Whether an axis goes through territories, too many for a figure."""
        return any(axis.moves for axis in self.result.sweep.axes)

    @cached_property
    def about(self) -> SweepAbout:
        """What its rows don't say of themselves."""
        from parcours_sim.analysis.paired import Exposure
        from parcours_sim.report.sweep_view import SweepAbout, exposure_along
        from parcours_sim.report.titles import titles_of

        study = self.result.sweep.study
        scenarios = cast("tuple[Scenario, ...]", study.scenarios)
        titles = titles_of(scenarios)
        horizon, territory = scenarios[0].horizon, scenarios[0].territory
        unmoved = Exposure(territory.inhabitants.value, horizon.years.value)
        return SweepAbout(
            scenarios[0].parameter_set,
            study.baseline,
            exposure_along(self.result.sweep.axes, unmoved),
            titles,
        )

    def write_table(self) -> list[SweptRow]:
        """Write sweep.csv and note it in the manifest; return the rows of the outcome shown."""
        outcomes = list(dict.fromkeys((*MAIN_OUTCOMES, self.outcome)))
        kept, digest = self.write_rows(outcomes, self.path)
        self.result.note_table(digest)
        return kept

    def write_rows(self, outcomes: Sequence[str], path: Path) -> tuple[list[SweptRow], str]:
        """Write a table, a row at a time; return the rows of the outcome shown, and its sha256."""
        from parcours_sim.analysis.sweep import swept
        from parcours_sim.report.sweep_table import write_sweep

        kept: list[SweptRow] = []

        def rows() -> Iterator[SweptRow]:
            for row in swept(self.result, outcomes):
                if row.outcome == self.outcome:
                    kept.append(row)
                yield row

        return kept, write_sweep(rows(), self.result.sweep.axes, self.about, path)

    def document(self, rows: Sequence[SweptRow], files: Sequence[Path]) -> dict[str, Any]:
        """Return the rows of the outcome that is shown, as JSON has them."""
        study, agreement = self.result.sweep.study, self.result.agreement
        keys = [axis.key for axis in self.result.sweep.axes]
        return {
            "outcome": self.outcome,
            "baseline": study.baseline,
            "parameter_set": self.about.parameter_set,
            "seed": study.seed,
            "simulated": self.result.simulated,
            "engines_agree_on": agreement.replications if agreement else None,
            "rows": [
                dict(zip(keys, row.point, strict=True))
                | {"scenario": row.scenario, "baseline_mean": known(row.baseline_mean)}
                | {
                    name: {
                        part: known(getattr(estimate, part)) for part in ("value", "low", "high")
                    }
                    for name, estimate in (
                        ("level", row.level),
                        ("difference", row.difference),
                        ("percent", row.percent),
                    )
                }
                | {"replications": row.level.replications}
                for row in rows
            ],
            "folder": str(self.result.folder),
            "files": [str(path) for path in files],
        }


def _short(axis: Axis) -> str:
    """Say in the name of a folder along which values an axis goes: all of them, or a digest too."""
    if len(axis.values) <= FEW_VALUES:
        return f"{axis.key}={'-'.join(map(str, axis.values))}"
    digest = sha256(repr(axis).encode()).hexdigest()[:8]
    return f"{axis.key}={axis.values[0]}-{axis.values[-1]}-{len(axis.values)}-{digest}"
