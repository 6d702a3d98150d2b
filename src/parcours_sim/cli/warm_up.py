"""The command `warm-up`: how a simulation settles, and what a longer warm-up would change.

Two answers to one question. The event logs of a long warm-up show when series settle; outcomes
measured after the scenario's own warm-up and after the longer one show whether it matters. What is
printed of either is in `warm_up_tables.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcours_sim.experiment.errors import FolderError

from . import options
from .asked import Asked
from .errors import refusal, resumable
from .studies import Language
from .study import Finished, simulate
from .warm_up_tables import Found, print_found

if TYPE_CHECKING:
    from parcours_sim.analysis.intervals import FloatArray
    from parcours_sim.engine import Engine
    from parcours_sim.report.warm_up_figure import WarmUp
    from parcours_sim.scenario.scenario import Scenario

YEARS_AFTER = 2
"""The longer warm-up exceeds the scenario's own by so much at least: two years to lay together."""
OPEN_YEARS = 0.5
"""Simulated beyond the weeks that are looked at, so that what is booked in them comes to pass."""

LONGEST_STEM = 35
"""Characters of a scenario's name in that of its twin with the longer warm-up."""


@resumable
def warm_up(
    ctx: typer.Context,
    name: options.Name,
    warm_up_years: Annotated[
        float,
        typer.Option(
            metavar="YEARS",
            help="The longer warm-up: two years more than the scenario's own "
            "(horizon.warm_up_years) at least, 10 at most.",
        ),
    ] = 3.0,
    replications: options.Replications = 20,
    seed: options.Seed = 1,
    changes: options.Changes = None,
    workers: options.Workers = None,
    engine: options.Engine = "auto",
    parameter_set: options.ParameterSet = "documents",
    out: options.Out = None,
    language: Annotated[Language, typer.Option(help="The language of the figure.")] = Language.EN,
    as_json: options.Json = False,
) -> None:
    """Show whether a scenario's warm-up suffices.

    Draws Welch's figure of a longer warm-up, all of it under the organisation before the start,
    and compares the outcomes after the scenario's own warm-up with those after the longer one.
    """
    asked = Asked.of(ctx)
    (own,) = options.load([name], parameter_set, changes)
    _check(own, warm_up_years)
    folder = asked.folder(["warm-up", own.name], f"{warm_up_years:g}-years")
    _check_folder(folder)
    question = Question(name, own, asked, warm_up_years, folder)
    studies = question.studies(ctx.obj.command)
    found = Found(own, warm_up_years, question.welch(), studies)
    figures = found.figure(folder / "figures", language.value)
    print_found(found, folder, figures, as_json=as_json)


def _check(own: Scenario, longer: float) -> None:
    """Raise ScenarioError where the longer warm-up leaves nothing to compare with."""
    from parcours_sim.scenario.kinds import WarmUpYears

    years, most = own.horizon.warm_up_years.value, WarmUpYears.maximum
    least = years + YEARS_AFTER
    if least > most:
        allowed = f"{most - YEARS_AFTER:g} or less where a longer warm-up is asked for"
        raise refusal("horizon.warm_up_years", f"{years:g}", allowed)
    if not least <= longer <= most:
        allowed = f"{least:g} (horizon.warm_up_years and {YEARS_AFTER} years) to {most:g}"
        raise refusal("--warm-up-years", f"{longer:g}", allowed)


def _check_folder(folder: Path) -> None:
    """Raise FolderError where a folder itself holds results; here they are in folders within."""
    from parcours_sim.experiment.folder import ResultsFolder

    if ResultsFolder(folder).manifest.exists():
        raise FolderError(f"{folder}: holds results of another command; choose another --out")


@dataclass(frozen=True)
class Question:
    """A scenario as it was asked for, and the longer warm-up to give it, in years."""

    name: str
    own: Scenario
    asked: Asked
    longer: float
    folder: Path

    def studies(self, command: Sequence[str]) -> dict[str, Finished]:
        """Outcomes after either warm-up, side by side: of the first measured year, and of all."""
        years = self.own.horizon.years.value
        spans = {"first_year": 1.0} if years > 1.0 else {}
        return {
            span: self._study(span, measured, command)
            for span, measured in {**spans, "all_years": years}.items()
        }

    def welch(self) -> WarmUp:
        """How series settle, seen in logs that are read one after the other."""
        from parcours_sim.analysis.warm_up import cut_week, settlings
        from parcours_sim.report.warm_up_figure import WarmUp

        cut = cut_week(self.own.horizon.warm_up_years.value)
        return WarmUp(
            settlings=settlings(list(self._series()), cut),
            cut=cut,
            parameter_set=self.own.parameter_set,
            replications=self.asked.replications,
            inhabitants=self.own.territory.inhabitants.value,
        )

    def _study(self, span: str, years: float, command: Sequence[str]) -> Finished:
        longer = self._scenario(years=years, warm_up_years=self.longer)
        name = f"{self.own.name[:LONGEST_STEM]}_longer_warm_up"
        longer = longer.model_copy(update={"name": name})
        asked = replace(self.asked, out=self.folder / span)
        return simulate(asked, (self._scenario(years=years), longer), command)

    def _series(self) -> Iterator[dict[str, FloatArray]]:
        from parcours_sim.analysis.log_series import weekly_series, weeks_before_start
        from parcours_sim.care.flatten import flatten
        from parcours_sim.engine import simulate as simulate_one
        from parcours_sim.experiment.progress import progress_bar

        scenario = self._scenario(years=OPEN_YEARS, warm_up_years=self.longer)
        weeks = weeks_before_start(flatten(scenario).begins)
        count, engine = self.asked.replications, self._engine(scenario)
        with progress_bar(0, count) as advance:
            for number in range(count):
                found = simulate_one(scenario, self.asked.seed, number, log=True, engine=engine)
                assert found.log is not None
                yield weekly_series(found.log.lines, weeks)
                advance()

    def _scenario(self, **horizon: float) -> Scenario:
        """The scenario with something else in its horizon."""
        from parcours_sim.scenario.resolve import load_scenario

        changes = options.read_changes(self.asked.changes)
        changes |= {f"horizon.{key}": repr(value) for key, value in horizon.items()}
        return load_scenario(self.name, parameter_set=self.asked.parameter_set, changes=changes)

    def _engine(self, scenario: Scenario) -> Engine:
        """What simulates the logs, made ready; where both were asked for, the compiled engine."""
        from parcours_sim.experiment.engines import chosen_engine, inhabitant_years, make_ready
        from parcours_sim.experiment.model import installed_model
        from parcours_sim.experiment.progress import say

        model, sizes = installed_model(), [inhabitant_years(scenario)] * self.asked.replications
        engine = chosen_engine(self.asked.engine, model, sizes, workers=1)
        make_ready(engine, model, say)
        return "reference" if engine == "reference" else "compiled"
