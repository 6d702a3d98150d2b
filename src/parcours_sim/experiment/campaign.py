"""One run of a plan in an open results folder: what is missing, simulated, kept and told.

Nothing that the store holds is simulated again; or, where both engines are asked for, nothing that
the manifest calls compared. What the results are then made into is in `run.py` and `sweep.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from time import perf_counter

from parcours_sim.experiment.agreement import Compared, OnBothEngines, Verdicts
from parcours_sim.experiment.engines import CHOICES, Choice, Used, chosen_engine, make_ready
from parcours_sim.experiment.errors import Interrupted, StudyError
from parcours_sim.experiment.executors.cluster import Cluster, check_address
from parcours_sim.experiment.executors.here import Here
from parcours_sim.experiment.executors.job import Executor, Job, Keep, Parcel, R, Work
from parcours_sim.experiment.executors.processes import Processes
from parcours_sim.experiment.executors.threads import Threads
from parcours_sim.experiment.folder import ResultsFolder
from parcours_sim.experiment.interrupts import first_interrupt_only
from parcours_sim.experiment.manifest import Manifest, RunEntry
from parcours_sim.experiment.model import Measured, Model
from parcours_sim.experiment.plan import WHOLE, Arm, Plan, Shard, parcels_of
from parcours_sim.experiment.progress import progress_bar, say
from parcours_sim.experiment.provenance import machine, now, versions
from parcours_sim.experiment.store import ReplicationKey, Store


@dataclass(frozen=True)
class How:
    """How a plan is run, which changes none of its results.

    `engine` says on which engine (see `engines.py`); with `both`, every replication is run on each,
    stored ones too, and stored only where both give the same. So many `workers` simulate: threads
    on the compiled engine, else processes; this thread alone when 1. Or the workers of a `cluster`
    do, whose scheduler has that address. A `shard` other than the whole simulates its share only.
    `command` goes into the manifest. Raises StudyError for what can't be.
    """

    workers: int
    engine: Choice = "auto"
    progress: bool = True
    command: Sequence[str] = ()
    cluster: str | None = None
    shard: Shard = WHOLE

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        if self.workers < 1:
            raise StudyError(f"workers: found {self.workers}, allowed 1 or more")
        if self.engine not in CHOICES:
            raise StudyError(f"engine: found {self.engine!r}, allowed {', '.join(CHOICES)}")
        if self.cluster is not None:
            check_address(self.cluster)

    def executor(self, engine: Used) -> Executor:
        """Return where work on an engine runs. SimPy would keep threads waiting for one another."""
        if self.cluster is not None:
            return Cluster(self.cluster, self.progress)
        if self.workers == 1:
            return Here()
        return Threads(self.workers) if engine == "compiled" else Processes(self.workers)


@contextmanager
def campaign_in(
    folder: Path, plan: Plan, asked: Manifest, dumps: Sequence[str], model: Model, how: How
) -> Iterator[Campaign]:
    """Open a results folder for a plan; while it is open, an interrupt is told as `Interrupted`.

    `dumps` are the resolved scenarios that the folder keeps. The manifest is written first: it
    makes the other files ours. Raises FolderError or StudyError where the folder can't take this
    plan, StoreError when its store can't be used, ClusterError where a new folder would be made
    for a cluster that doesn't answer.
    """
    results = ResultsFolder(folder)
    if how.cluster is not None and not results.manifest.exists():
        Cluster(how.cluster).check()
    results.make()
    with first_interrupt_only(), Store(results.store) as store:
        manifest = results.claim(asked)
        results.write_manifest(manifest)
        results.write_scenarios(dumps)
        campaign = Campaign(plan, results, store, model, manifest, how)
        try:
            yield campaign
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted: {campaign.stored} of {campaign.total} replications are stored in "
                f"{folder}; the same command resumes"
            ) from None


class Campaign:
    """A plan, the open and hence locked store of its folder, and what is known of the run."""

    def __init__(
        self,
        plan: Plan,
        folder: ResultsFolder,
        store: Store,
        model: Model,
        manifest: Manifest,
        how: How,
    ) -> None:
        """Check and count what is stored already; nothing is written or run."""
        self.plan = plan
        self.folder = folder
        self.store = store
        self.model = model
        self.manifest = manifest
        self.how = how
        self.numbers = how.shard.numbers(plan.replications)
        # Of arms alike but for their names, one stands for all: they share their keys.
        self._sizes = dict(plan.sizes())
        for one in self._sizes:  # before hours of work would be added to a damaged store
            store.check(one, manifest.model_version, plan.seed)
        self._stored_before = {one: len(self._numbers_of(one)) for one in self._sizes}
        self._verdicts = Verdicts()

    @property
    def total(self) -> int:
        """How many replications there are to have, stored or not."""
        return len(self._sizes) * len(self.numbers)

    @property
    def simulated(self) -> int:
        """How many replications this run has added to the store so far."""
        return self.stored - sum(self._stored_before.values())

    @property
    def stored(self) -> int:
        """How many of the replications the store holds now."""
        return sum(len(self._numbers_of(one)) for one in self._sizes)

    def run(self) -> int:
        """Do what is missing; return how many replications an earlier run had done.

        Raises what `run_study` says.
        """
        sizes = [size for size, count in self._todo() for _ in range(count)]
        if sizes:
            engine = chosen_engine(self.how.engine, self.model, sizes, self.how.workers)
            self._work_through(len(sizes), engine)
        self._verdicts.raise_disagreement()
        return self.total - len(sizes)

    def _todo(self) -> list[tuple[float, int]]:
        """Say of each arm how large one replication is and how many are to be done."""
        if self.how.engine != "both":
            done = self._stored_before
        else:
            arms: dict[str, Arm] = {}
            for group in self.plan.groups():  # one stands for all, the one that is simulated
                arms = {arm.scenario_hash: arm for arm in group} | arms
            done = {one: len(self._compared(arm)) for one, arm in arms.items()}
        return [(self._sizes[one], len(self.numbers) - count) for one, count in done.items()]

    def _work_through(self, todo: int, engine: Used) -> None:
        """Do what is to be done, having said in the manifest that and how it is done."""
        record = RunEntry(
            command=tuple(self.how.command),
            started=now(),
            engine=engine,
            workers=self.how.workers,
            cluster=self.how.cluster is not None,
            shard=None if self.how.shard == WHOLE else str(self.how.shard),
            versions=versions(),
            machine=machine(),
        )
        self.manifest.runs.append(record)
        self.folder.write_manifest(self.manifest)
        started = perf_counter()
        try:
            make_ready(engine, self.model, partial(say, show=self.how.progress))
            self._simulate(todo, engine)
            record.finished = now()
        finally:
            record.simulated = self.simulated
            record.agreed = self._verdicts.agreed
            record.seconds = perf_counter() - started
            self.folder.write_manifest(self.manifest)

    def _simulate(self, todo: int, engine: Used) -> None:
        simulate, executor = self.model.simulate, self.how.executor(engine)
        with progress_bar(self.total - todo, self.total, show=self.how.progress) as advance:
            if engine == "both":
                parcels = parcels_of(self.plan, self.numbers, self._compared)
                keep = self._keep_if_equal(advance)
                executor.run(self._job(OnBothEngines(simulate)), parcels, keep)
            else:
                parcels = parcels_of(self.plan, self.numbers, self._stored)
                measure = self._job(partial(simulate, engine=engine))
                executor.run(measure, parcels, self._keep(advance))

    def _stored(self, arm: Arm) -> set[int]:
        """Return which replications of an arm the store holds."""
        return self._numbers_of(arm.scenario_hash)

    def _compared(self, arm: Arm) -> set[int]:
        """Return which of them some run of this study has found the same on both engines."""
        compared = (run.agreed.get(arm.name, ()) for run in self.manifest.runs)
        return self._stored(arm).intersection(chain.from_iterable(compared))

    def _numbers_of(self, scenario_hash: str) -> set[int]:
        version, seed = self.manifest.model_version, self.plan.seed
        return self.store.numbers(scenario_hash, version, seed).intersection(self.numbers)

    def _job(self, work: Work[R]) -> Job[R]:
        return Job(
            work=work,
            load=self.model.load,
            seed=self.plan.seed,
            version=self.manifest.model_version,
            own_version=self.model.own_version,
        )

    def _keep(self, advance: Callable[[], None]) -> Keep[Measured]:
        def keep(parcel: Parcel, measured: Measured) -> None:
            key = self._key(parcel)
            if key not in self.store:  # it is, when an interrupt came just after it was put
                self.store.put(key, measured)
                advance()

        return keep

    def _keep_if_equal(self, advance: Callable[[], None]) -> Keep[Compared]:
        def keep(parcel: Parcel, compared: Compared) -> None:
            key = self._key(parcel)
            stored = self.store.get(key) if key in self.store else None
            place = (parcel.name, parcel.replication)
            if self._verdicts.is_same(place, compared, stored) and stored is None:
                self.store.put(key, compared.reference)
            advance()

        return keep

    def _key(self, parcel: Parcel) -> ReplicationKey:
        version, seed = self.manifest.model_version, self.plan.seed
        return ReplicationKey(parcel.scenario_hash, version, seed, parcel.replication)
