"""Simulating a finished results folder again: does the same come out, to the bit?

It takes the manifest and the resolved scenarios, no other file, and compares all replications, or a
sample of them, with what is stored. Nothing is written, in this folder or any other. What is known
to have changed before anything runs is in `since.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from random import Random
from sys import intern
from typing import Any, NamedTuple

from parcours_sim.engine import Engine
from parcours_sim.experiment.agreement import first_difference
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.engines import chosen_engine, inhabitant_years, make_ready
from parcours_sim.experiment.errors import BadStoreError, FolderError, Interrupted, StudyError
from parcours_sim.experiment.executors.job import Job, Parcel
from parcours_sim.experiment.folder import ResultsFolder, not_finished, not_of_this_version
from parcours_sim.experiment.interrupts import first_interrupt_only
from parcours_sim.experiment.manifest import Manifest
from parcours_sim.experiment.model import Measured, Model, installed_model
from parcours_sim.experiment.plan import Arm, OneGroup, Plan, parcels_of
from parcours_sim.experiment.progress import progress_bar, say
from parcours_sim.experiment.result import Rows
from parcours_sim.experiment.since import (
    changes_of_program,
    changes_of_scenarios,
    changes_of_store,
    changes_of_table,
    key_of,
    table_digest,
)
from parcours_sim.experiment.store import ReplicationKey, Store
from parcours_sim.experiment.store_at_rest import StoreAtRest
from parcours_sim.experiment.study import Study
from parcours_sim.experiment.sweep import Axis, Sweep
from parcours_sim.scenario.errors import ScenarioError


class Sample(NamedTuple):
    """Replications drawn at random from all of a folder: how many, by which seed, and which."""

    size: int
    seed: int
    drawn: frozenset[int]


class Difference(NamedTuple):
    """A replication that didn't come out the same: the first thing that differs, on either side."""

    scenario: str
    replication: int
    stored: str
    now: str

    def __str__(self) -> str:
        """Say it in a line."""
        place = f"scenario {self.scenario!r}, replication {self.replication}"
        return f"{place}: stored {self.stored}; now {self.now}"


@dataclass(frozen=True)
class Record:
    """A finished results folder, open for reading, and what has changed since it was finished.

    `changes` are those of the program and the machine; `faults` say where the folder isn't as its
    manifest says. The arms of a study's `plan` bear the manifest's hashes, by which their results
    are stored.
    """

    results: ResultsFolder
    manifest: Manifest
    plan: Plan
    store: Store
    model: Model
    changes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @cached_property
    def sizes(self) -> dict[str, float]:
        """The inhabitant-years of a replication of each scenario, by its hash."""
        return dict(self.plan.sizes())

    @property
    def total(self) -> int:
        """How many replications the folder's results are made of."""
        return len(self.sizes) * self.plan.replications

    @property
    def table(self) -> Path:
        """The file whose sha256 was recorded."""
        return self.results.sweep if self.manifest.axes else self.results.outcomes

    @property
    def digest(self) -> str:
        """The sha256 that was recorded of the table."""
        assert self.manifest.outcomes is not None
        return self.manifest.outcomes.sha256

    def sample(self, size: int, seed: int) -> Sample:
        """Draw replications; with the same seed, a larger sample holds a smaller one.

        Raises StudyError when there aren't as many.
        """
        if not 1 <= size <= self.total:
            raise StudyError(f"--sample: found {size}, allowed 1 to {self.total}")
        chance = Random(seed)
        marks = [chance.random() for _ in range(self.total)]
        drawn = sorted(range(self.total), key=marks.__getitem__)[:size]
        return Sample(size, seed, frozenset(drawn))

    def todo(self, sample: Sample | None) -> tuple[list[float], Iterable[Parcel]]:
        """Return the sizes of all replications to simulate, and a parcel of each."""
        if sample is None:
            return [*self.sizes.values()] * self.plan.replications, self._parcels()
        drawn = [one for place, one in enumerate(self._parcels()) if place in sample.drawn]
        return [self.sizes[parcel.scenario_hash] for parcel in drawn], drawn

    def key(self, parcel: Parcel) -> ReplicationKey:
        """Return the key under which a replication is stored."""
        return key_of(self.manifest, parcel.scenario_hash, parcel.replication)

    def _parcels(self) -> Iterator[Parcel]:
        return parcels_of(self.plan, range(self.plan.replications))


@dataclass(frozen=True)
class Reproduced:
    """What came out: of so many replications, those that differ; and the digest of the table now.

    The digest is known where all of a study was simulated; that of a sweep is made elsewhere.
    """

    record: Record
    sample: Sample | None
    engine: Engine
    compared: int
    differences: tuple[Difference, ...]
    digest: str | None

    @property
    def differs(self) -> bool:
        """Whether anything that was simulated came out otherwise."""
        return bool(self.differences) or self.digest not in (None, self.record.digest)

    @property
    def is_same(self) -> bool:
        """Whether the folder is as recorded and all that was simulated came out the same."""
        return not self.differs and not self.record.faults

    @property
    def is_of_another_version(self) -> bool:
        """Whether another version of the model made what is stored."""
        return self.record.manifest.model_version != self.record.model.version


@contextmanager
def recorded(folder: Path, model: Model | None = None) -> Iterator[Record]:
    """Open a finished results folder to simulate it again; it isn't written, and no run may.

    Raises FolderError where there is none, it isn't finished or its scenarios can't be read,
    BadStoreError when its store can't be, StoreBusyError when a run is writing it.
    """
    model = model or installed_model()
    results = ResultsFolder(folder)
    manifest = results.read_manifest()
    if manifest.outcomes is None:
        raise not_finished(folder, manifest)
    scenarios, plan = _what_was_simulated(results, manifest, model)
    if not results.store.exists():
        raise FolderError(f"{results.store}: missing, so there is nothing to compare with")
    with StoreAtRest(results.store) as store:
        record = Record(results, manifest, plan, store, model)
        yield replace(
            record,
            changes=tuple(changes_of_program(manifest, model)),
            faults=(
                *changes_of_scenarios(manifest, results.scenarios.name, scenarios, model),
                *changes_of_table(record.table, record.digest),
                *changes_of_store(manifest, plan, store, model),
            ),
        )


def reproduce(record: Record, how: How, sample: Sample | None = None) -> Reproduced:
    """Simulate a folder's replications again, all or a sample, and compare them with the stored.

    Raises StudyError for both engines at once, ReplicationError when a replication fails,
    ProgramChangedError when a worker runs another program, Interrupted on Ctrl-C.
    """
    model = record.model
    sizes, parcels = record.todo(sample)
    engine = chosen_engine(how.engine, model, sizes, how.workers)
    if engine == "both":
        raise StudyError("engine: found 'both', allowed auto, reference, compiled")
    job = Job(
        work=partial(model.simulate, engine=engine),
        load=model.load,
        seed=record.manifest.seed,
        version=model.version,
        own_version=model.own_version,
    )
    comparing = _Comparing(record, keeps_rows=sample is None and not record.manifest.axes)
    with first_interrupt_only(), comparing.interrupts_told(len(sizes)):
        make_ready(engine, model, partial(say, show=how.progress))
        with progress_bar(0, len(sizes), show=how.progress) as advance:
            keep = partial(comparing.compare, advance=advance)
            how.executor(engine).run(job, parcels, keep)
        return comparing.result(sample, engine)


class _Comparing:
    """What is found while replications come in, in whatever order."""

    def __init__(self, record: Record, *, keeps_rows: bool) -> None:
        self._record = record
        self._keeps_rows = keeps_rows
        self._rows: dict[ReplicationKey, Rows] = {}
        self._compared: set[ReplicationKey] = set()
        self._differing: dict[ReplicationKey, Difference] = {}

    def compare(self, parcel: Parcel, now: Measured, advance: Callable[[], None]) -> None:
        """Compare a replication with the one that is stored."""
        key = self._record.key(parcel)
        differs = self._difference(key, now)
        if differs:
            self._differing[key] = Difference(parcel.name, parcel.replication, *differs)
        if self._keeps_rows:
            self._rows[key] = _as_stored(now.rows)
        self._compared.add(key)
        advance()

    def result(self, sample: Sample | None, engine: Engine) -> Reproduced:
        """Return what was found, once all has come in."""
        record, rows = self._record, self._rows
        return Reproduced(
            record,
            sample,
            engine,
            compared=len(self._compared),
            differences=tuple(sorted(self._differing.values())),
            digest=table_digest(record.manifest, rows.__getitem__, record.model) if rows else None,
        )

    @contextmanager
    def interrupts_told(self, total: int) -> Iterator[None]:
        """While it is open, an interrupt is told as `Interrupted`."""
        try:
            yield
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted: {len(self._compared)} of {total} replications were compared, "
                f"{len(self._differing)} of them differ; nothing was written"
            ) from None

    def _difference(self, key: ReplicationKey, now: Measured) -> tuple[str, str] | None:
        """Return the first thing that differs, as it is stored and as it is now.

        The number of events tells of the run: a better program may need fewer for the same
        results.
        """
        if key not in self._record.store:
            return "nothing", "there are results"
        try:
            stored = self._record.store.get(key)
        except BadStoreError:
            return "something damaged", "there are results"
        return first_difference(replace(stored, events=now.events), now)


def _as_stored(rows: Rows) -> Rows:
    """Return rows as the store would give them back: floats, and no sign of a zero."""
    return tuple(
        (intern(outcome), intern(group), float(value) + 0.0) for outcome, group, value in rows
    )


def _what_was_simulated(
    results: ResultsFolder, manifest: Manifest, model: Model
) -> tuple[tuple[Any, ...], Plan]:
    """Read the resolved scenarios of a folder; return them and the plan that they make."""
    dumps = results.read_scenarios()
    if len(dumps) != len(manifest.scenarios):
        raise not_of_this_version(results.scenarios)
    try:
        scenarios = tuple(map(model.load, dumps))
        return scenarios, _plan(manifest, dumps, scenarios, model)
    except (ScenarioError, StudyError) as error:
        raise not_of_this_version(results.scenarios) from error


def _plan(manifest: Manifest, dumps: Sequence[str], scenarios: Sequence[Any], model: Model) -> Plan:
    """Return what a folder's results were made of.

    Raises StudyError or ScenarioError where a sweep's scenarios no longer make its points.
    """
    assert manifest.outcomes is not None
    count, seed = manifest.outcomes.replications, manifest.seed
    if manifest.axes:
        axes = tuple(Axis(axis.key, axis.values, axis.moves) for axis in manifest.axes)
        return Sweep(Study(tuple(scenarios), manifest.baseline, count, seed), axes, model)
    arms = zip(manifest.scenarios, dumps, strict=True)
    return OneGroup(
        arms=tuple(Arm(entry.name, entry.hash, dump) for entry, dump in arms),
        inhabitant_years=tuple(map(inhabitant_years, scenarios)),
        replications=count,
        seed=seed,
    )
