"""Studies as commands ask for them: what is run, in which folder, and the files that come of it.

Running and storing is for `experiment`, comparing for `analysis`, drawing for `report`.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from parcours_sim.experiment.engines import chosen_engine, inhabitant_years, make_ready
from parcours_sim.experiment.errors import FolderError
from parcours_sim.scenario.errors import described, listed, nearest
from parcours_sim.scenario.files import named_scenarios

from . import leave_at_once
from .asked import Asked
from .errors import refusal

if TYPE_CHECKING:
    from parcours_sim.analysis.comparison import Comparison
    from parcours_sim.analysis.precision import Reach
    from parcours_sim.analysis.price import Price
    from parcours_sim.engine import Engine
    from parcours_sim.experiment.result import StudyResult
    from parcours_sim.experiment.study import Study
    from parcours_sim.report.eventlog import EventLog
    from parcours_sim.report.titles import Titles
    from parcours_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Finished:
    """A study whose replications are all stored."""

    result: StudyResult
    scenarios: tuple[Scenario, ...]
    events: Path | None = None
    reach: tuple[Reach, ...] = ()
    """How far a precision that was asked for is reached."""

    @property
    def folder(self) -> Path:
        """Where its results are."""
        return self.result.folder

    @cached_property
    def comparison(self) -> Comparison:
        """Its levels and its differences from the baseline (the first scenario without one)."""
        from parcours_sim.analysis.of_study import compare_study

        from .equal import equalised_in

        found = compare_study(self.result, sorted(self.scenarios[0].episodes))
        return replace(found, equal_resources=equalised_in(self.result, self.scenarios))

    @cached_property
    def prices(self) -> dict[str, Price]:
        """What each organisation takes beside what it avoids; empty where nothing is compared."""
        from parcours_sim.analysis.price import price_study
        from parcours_sim.scenario.price_file import read_prices

        return price_study(self.result, self.scenarios, read_prices())

    @cached_property
    def titles(self) -> Titles:
        """What its scenarios and groups are called."""
        from parcours_sim.report.titles import titles_of

        return titles_of(self.scenarios)

    def tables(self) -> list[Path]:
        """Write the tables of a comparison where there is one; return the paths of all tables."""
        from parcours_sim.report.price_table import write_price_tables
        from parcours_sim.report.tables import write_differences

        paths = [self.folder / "outcomes.csv"]
        if self.comparison.organisations:
            paths.append(self.folder / "differences.csv")
            write_differences(self.comparison.differences, paths[-1])
            paths += write_price_tables(self.prices, self.comparison, self.folder)
        return paths

    def figures(self, language: Literal["en", "fr"] = "en") -> list[Path]:
        """Draw the figures into the folder; return their paths."""
        from parcours_sim.report.figures import draw_figures
        from parcours_sim.report.price_figure import draw_prices

        folder = self.folder / "figures"
        return [
            *draw_figures(self.comparison, self.titles, folder, language),
            *draw_prices(self.prices, self.comparison, self.titles, folder, language),
        ]


def with_baseline(names: Sequence[str], baseline: str) -> list[str]:
    """Return the scenarios of a comparison, the baseline first, whether it was named or not.

    Raises ScenarioError where no scenario is called like the baseline, or there is no other.
    """
    stems = [Path(name).stem if name.endswith(".toml") else name for name in names]
    if baseline in names or baseline in stems:
        if len(names) < 2:
            allowed = "at least one scenario to compare with it"
            raise refusal("scenario", "only the baseline", allowed)
        place = names.index(baseline) if baseline in names else stems.index(baseline)
        return [names[place], *names[:place], *names[place + 1 :]]
    known = list(dict.fromkeys([*stems, *named_scenarios()]))
    if not baseline.endswith(".toml") and baseline not in known:
        allowed = f"{listed(known)}, or a path that ends in .toml"
        raise refusal("--baseline", described(baseline), allowed, nearest(baseline, known))
    return [baseline, *names]


def simulate(
    asked: Asked, scenarios: Sequence[Scenario], command: Sequence[str], baseline: str | None = None
) -> Finished:
    """Simulate what is missing of a study, and write its event log if one is asked for.

    As many replications as were asked for, or as a precision takes. Raises ScenarioError or
    StudyError before anything runs; else see `run_study`.
    """
    from parcours_sim.report.eventlog import write_event_log

    if asked.precision:
        finished = _simulate_to_precision(asked, scenarios, command, baseline)
    else:
        finished = Finished(_run(asked, scenarios, command, baseline), tuple(scenarios))
    if asked.events is not None:
        write_event_log(asked.events, _logs(scenarios, asked))
    return replace(finished, events=asked.events)


def _run(
    asked: Asked, scenarios: Sequence[Scenario], command: Sequence[str], baseline: str | None
) -> StudyResult:
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.run import run_study

    study = study_of(asked, scenarios, baseline)
    how = asked.how(asked.replications * len(scenarios), command)
    with interrupts_as_exceptions():
        return run_study(study, asked.folder(study.names), how, installed_model())


def _simulate_to_precision(
    asked: Asked, scenarios: Sequence[Scenario], command: Sequence[str], baseline: str | None
) -> Finished:
    """Simulate as many replications as it takes, in batches; what the folder holds stays in it."""
    from parcours_sim.analysis.of_study import samples_of
    from parcours_sim.analysis.precision import Sample, reached, read_targets, until_reached

    targets = read_targets(asked.precision or ())
    outcomes = [target.outcome for target in targets]
    folder = asked.folder([scenario.name for scenario in scenarios])
    results: list[StudyResult] = []

    def samples(count: int) -> list[Sample]:
        more = replace(asked, out=folder, replications=max(count, replications_in(folder)))
        results.append(_run(more, scenarios, command, baseline))
        return samples_of(results[-1], outcomes, count)

    needed = until_reached(samples, targets, asked.max_replications)
    last = results[-1]
    result = replace(last, simulated=sum(result.simulated for result in results))
    reach = reached(samples_of(last, outcomes, needed), targets)
    return Finished(result, tuple(scenarios), reach=reach)


def replications_in(folder: Path) -> int:
    """Count the replications whose results a folder holds; 0 where there is no study yet."""
    from parcours_sim.experiment.folder import ResultsFolder

    results = ResultsFolder(folder)
    if not results.manifest.exists():
        return 0
    outcomes = results.read_manifest().outcomes
    return outcomes.replications if outcomes else 0


def study_of(asked: Asked, scenarios: Sequence[Scenario], baseline: str | None) -> Study:
    """Return the study of scenarios; raises StudyError where there can't be one."""
    from parcours_sim.experiment.study import Study

    return Study(tuple(scenarios), baseline, asked.replications, asked.seed)


@contextmanager
def interrupts_as_exceptions() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt where `main` has it end the process at once."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is not leave_at_once:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield  # an exception leaves it so: then only the last words remain to be said
    signal.signal(signal.SIGINT, usual)


def finished_study(folder: Path) -> Finished:
    """Read a finished comparison; raises FolderError where there is none in the folder."""
    from parcours_sim.experiment.run import read_study

    result = read_study(folder)
    if len(result.study.scenarios) < 2:
        raise FolderError(f"{folder}: holds one scenario; figures need a comparison of several")
    return Finished(result, cast("tuple[Scenario, ...]", result.study.scenarios))


def figures_within(folder: Path) -> Path:
    """Make a folder and that of its figures, before either is written to; return the latter.

    Raises FolderError where one can't be made.
    """
    from parcours_sim.experiment.files import make_folder

    figures = folder / "figures"
    for each in (folder, figures):
        make_folder(each)
    return figures


def _logs(scenarios: Sequence[Scenario], asked: Asked) -> Iterator[EventLog]:
    """Simulate the first replication of each scenario again, with its event log."""
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.progress import say
    from parcours_sim.report.eventlog import EventLog

    model, sizes = installed_model(), [inhabitant_years(scenario) for scenario in scenarios]
    engine = chosen_engine(asked.engine, model, sizes, workers=1)
    make_ready(engine, model, say)
    one: Engine = "reference" if engine == "reference" else "compiled"
    for scenario in scenarios:
        entries = model.simulate(scenario, asked.seed, 0, log=True, engine=one).log or ()
        yield EventLog(scenario.name, 0, scenario.horizon.start_date, entries)
