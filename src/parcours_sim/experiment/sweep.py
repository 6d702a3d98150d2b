"""A sweep: scenarios beside a baseline at every point of one or two axes, and its results.

An axis is a key path with the values it takes. A key of the world (territory, episodes, horizon,
the organisation before) is moved in the baseline too, since only scenarios of one world can be
compared; a key of the organisation is moved in the others alone. All points share their random
worlds. Points are made when their turn comes and read back one by one, so that a sweep of any
number of points takes no more memory than a short one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from parcours_sim.experiment.campaign import Campaign, How, campaign_in
from parcours_sim.experiment.engines import inhabitant_years
from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.folder import ResultsFolder
from parcours_sim.experiment.manifest import Manifest, OutcomesEntry
from parcours_sim.experiment.model import Model
from parcours_sim.experiment.pairing import WORLD
from parcours_sim.experiment.plan import Arm
from parcours_sim.experiment.result import Agreement
from parcours_sim.experiment.run import study_of
from parcours_sim.experiment.store import Store
from parcours_sim.experiment.study import Study, StudyScenario
from parcours_sim.scenario.changes import bare

Value = float | str
MOST_AXES = 2
MOST_POINTS = 20_000
"""Each is checked before anything runs, which takes some hundredths of a second."""
ALL = "all"


class Axis(NamedTuple):
    """A key path, and the values that it takes one after another.

    Or a name for several keys that move together, such as all that tells one territory from
    another: then `moves` says for each value what it puts at which keys.
    """

    key: str
    values: tuple[Value, ...]
    moves: tuple[dict[str, Value], ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Return the key paths that it moves."""
        return frozenset().union(*self.moves) if self.moves else frozenset({self.key})

    def at(self, value: Value) -> dict[str, Value]:
        """Return what a value of this axis puts at which keys."""
        return self.moves[self.values.index(value)] if self.moves else {self.key: value}


@dataclass(frozen=True)
class Sweep:
    """Scenarios, the baseline among them if there is one, and the axes along which they are moved.

    Raises StudyError where it makes no sense, and ScenarioError for what can't be at a point.
    """

    study: Study
    axes: tuple[Axis, ...]
    model: Model = field(repr=False, compare=False)
    _sizes: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make every point once, so that a wrong one is refused before anything runs."""
        if not 1 <= len(self.axes) <= MOST_AXES:
            raise StudyError(f"--vary: found {len(self.axes)} keys, allowed one or two")
        if math.prod(len(axis.values) for axis in self.axes) > MOST_POINTS:
            raise StudyError(f"--vary: found more points than allowed, {MOST_POINTS:,} in all")
        moved = Counter(bare(key) for axis in self.axes for key in axis.keys)
        for key, count in moved.items():
            if count > 1:
                raise StudyError(f"--vary: found {key} twice, allowed: each key is moved once")
        for point in self.points():
            scenarios = self.scenarios_at(point)
            self._sizes.update(
                (self.model.identify(scenario), inhabitant_years(scenario))
                for scenario in scenarios
            )

    @property
    def replications(self) -> int:
        """In how many random worlds each point is simulated."""
        return self.study.replications

    @property
    def seed(self) -> int:
        """What chooses the random worlds."""
        return self.study.seed

    def points(self) -> Iterator[tuple[Value, ...]]:
        """Yield the values of each point, by axis; the last axis moves fastest."""
        return product(*(axis.values for axis in self.axes))

    def scenarios_at(self, point: tuple[Value, ...]) -> tuple[StudyScenario, ...]:
        """Make the scenarios of a point, in the study's order."""
        return tuple(self._at(point, scenario) for scenario in self.study.scenarios)

    def groups(self) -> Iterator[tuple[Arm, ...]]:
        """Make the arms of each point."""
        for point in self.points():
            yield tuple(
                Arm(
                    self.label(scenario.name, point),
                    self.model.identify(scenario),
                    self.model.dump(scenario),
                )
                for scenario in self.scenarios_at(point)
            )

    def sizes(self) -> Iterator[tuple[str, float]]:
        """Give the hash and the inhabitant-years of every different scenario."""
        return iter(self._sizes.items())

    def label(self, name: str, point: tuple[Value, ...]) -> str:
        """Say which scenario, and at which point, in a message."""
        values = (f"{axis.key}={value}" for axis, value in zip(self.axes, point, strict=True))
        return f"{name} at {', '.join(values)}"

    def _at(self, point: tuple[Value, ...], scenario: StudyScenario) -> Any:
        is_baseline = scenario.name == self.study.baseline
        moved = {
            key: new
            for axis, value in zip(self.axes, point, strict=True)
            for key, new in axis.at(value).items()
            if is_of_the_world(key) or not is_baseline
        }
        reach = {axis.key: axis.values for axis in self.axes if not axis.moves}
        return self.model.varied(scenario, moved, reach) if moved else scenario


def is_of_the_world(key: str) -> bool:
    """Tell whether a key belongs to the world that scenarios share, not to an organisation."""
    return key.split(".")[0] in WORLD


class Measured(NamedTuple):
    """One outcome of one scenario at one point: a value for each replication that has it."""

    point: tuple[Value, ...]
    scenario: str
    outcome: str
    values: dict[int, float]


@dataclass(frozen=True)
class SweepResult:
    """A sweep whose replications are all stored."""

    sweep: Sweep
    folder: Path
    manifest: Manifest
    simulated: int
    """Replications that this run added to the store."""
    total: int
    agreement: Agreement | None = None
    """Known where both engines were asked for."""
    store: Store | None = None
    """Where the folder's store is open already."""

    def measured(self, outcomes: Sequence[str]) -> Iterator[Measured]:
        """Read outcomes of everyone, point after point, from the store."""
        seed, version = self.sweep.seed, self.manifest.model_version
        with self._open_store() as store:
            for point in self.sweep.points():
                for scenario in self.sweep.scenarios_at(point):
                    one = self.sweep.model.identify(scenario)
                    read = partial(store.values, one, version, seed, self.sweep.replications)
                    for outcome in outcomes:
                        yield Measured(point, scenario.name, outcome, read(outcome, ALL))

    def _open_store(self) -> AbstractContextManager[Store]:
        if self.store is not None:
            return nullcontext(self.store)
        return Store(ResultsFolder(self.folder).store, writable=False)

    def note_table(self, digest: str) -> None:
        """Write into the manifest that the table of all results is there, and its sha256."""
        results = ResultsFolder(self.folder)
        done = OutcomesEntry(replications=self.sweep.replications, sha256=digest)
        if self.manifest.outcomes != done:
            self.manifest.outcomes = done
            results.write_manifest(self.manifest)


def run_sweep(sweep: Sweep, folder: Path, how: How) -> SweepResult:
    """Simulate what is missing of a sweep into its folder; the same command resumes.

    Raises what `run_study` does.
    """
    with open_sweep(sweep, folder, how) as campaign:
        before = campaign.run()
        agreement = Agreement(campaign.total, before) if how.engine == "both" else None
        return SweepResult(
            sweep, folder, campaign.manifest, campaign.simulated, campaign.total, agreement
        )


def open_sweep(sweep: Sweep, folder: Path, how: How) -> AbstractContextManager[Campaign]:
    """Open a folder to simulate a sweep in it, or the share of it that `how` names."""
    asked = Manifest.of(sweep.study, sweep.model, sweep.axes)
    dumps = [sweep.model.dump(scenario) for scenario in sweep.study.scenarios]
    return campaign_in(folder, sweep, asked, dumps, sweep.model, how)


def sweep_of(results: ResultsFolder, manifest: Manifest, model: Model) -> Sweep:
    """Return the sweep whose results a folder holds."""
    study = study_of(results, manifest, manifest.replications, model)
    axes = tuple(Axis(axis.key, axis.values, axis.moves) for axis in manifest.axes)
    return Sweep(study, axes, model)
