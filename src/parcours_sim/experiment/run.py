"""Running a study: find what is missing, simulate it, keep it, write the results folder.

The same command resumes an interrupted study and extends a finished one, because only what
the store doesn't hold is ever run; or, where both engines are asked for, only what the manifest
doesn't call compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from parcours_sim.experiment.agreement import Compared, OnBothEngines, Verdicts
from parcours_sim.experiment.engines import CHOICES, Choice, Used, chosen_engine, make_ready
from parcours_sim.experiment.errors import FolderError, Interrupted, StudyError
from parcours_sim.experiment.folder import ResultsFolder, not_of_this_version
from parcours_sim.experiment.interrupts import first_interrupt_only
from parcours_sim.experiment.job import Job, Keep, R, Work, run_here
from parcours_sim.experiment.manifest import Manifest, OutcomesEntry, RunEntry
from parcours_sim.experiment.model import Measured, Model, installed_model
from parcours_sim.experiment.processes import run_on_processes
from parcours_sim.experiment.progress import progress_bar, say
from parcours_sim.experiment.provenance import machine, now, versions
from parcours_sim.experiment.result import (
    Agreement,
    StudyResult,
    read_replications,
    write_outcomes,
)
from parcours_sim.experiment.store import Store
from parcours_sim.experiment.study import Study, Task
from parcours_sim.experiment.threads import run_on_threads
from parcours_sim.scenario.errors import ScenarioError


def run_study(
    study: Study,
    folder: Path,
    *,
    workers: int,
    engine: Choice = "auto",
    progress: bool = True,
    command: Sequence[str] = (),
    model: Model | None = None,
) -> StudyResult:
    """Run what is missing of a study, write its folder and return all its results.

    `engine` says on which engine (see `engines.py`); with `both`, every replication is run on each,
    stored ones too, and stored only where both give the same. So many `workers` simulate: threads
    on the compiled engine, else processes; this one alone when 1. `command` goes into the manifest.

    Raises StudyError or FolderError before anything runs, StoreError when the store can't be
    used, ReplicationError when a replication fails, ProgramChangedError when the program is
    changed meanwhile, EnginesDisagreeError after all is compared, Interrupted on Ctrl-C. Whatever
    happens, finished replications are stored.
    """
    model = model or installed_model()
    if workers < 1:
        raise StudyError(f"workers: found {workers}, allowed 1 or more")
    if engine not in CHOICES:
        raise StudyError(f"engine: found {engine!r}, allowed {', '.join(CHOICES)}")
    results = ResultsFolder(folder)
    results.make()
    with first_interrupt_only(), Store(results.store) as store:
        return _Run(study, results, store, model).run(engine, workers, progress, command)


def read_study(folder: Path, model: Model | None = None) -> StudyResult:
    """Read the results of a finished study; nothing is run and nothing written.

    Raises FolderError when the folder isn't one of results, its study isn't finished, or another
    version of the program wrote it; StoreError when the store can't be used.
    """
    model = model or installed_model()
    results = ResultsFolder(folder)
    manifest = results.read_manifest()
    if manifest.outcomes is None:
        raise FolderError(f"{folder}: the study isn't finished; the command that began it resumes")
    study = _study_of(results, manifest, manifest.outcomes.replications, model)
    with Store(results.store, writable=False) as store:
        replications = read_replications(store, study, manifest.key)
    return StudyResult(study, replications, model.unit, folder, manifest.outcomes.sha256)


def _study_of(results: ResultsFolder, manifest: Manifest, count: int, model: Model) -> Study:
    """Return the study of a folder, whose scenarios must be the ones that the manifest names."""
    try:
        scenarios = tuple(map(model.load, results.read_scenarios()))
        study = Study(scenarios, manifest.baseline, count, manifest.seed)
    except (ScenarioError, StudyError) as error:
        raise not_of_this_version(results.scenarios) from error
    if Manifest.of(study, model).scenarios != manifest.scenarios:
        raise not_of_this_version(results.scenarios)
    return study


class _Run:
    """One run of a study on an open, hence locked, results folder."""

    def __init__(self, study: Study, folder: ResultsFolder, store: Store, model: Model) -> None:
        self.study = study
        self.folder = folder
        self.store = store
        self.model = model
        self.manifest = folder.claim(Manifest.of(study, model))
        # Of scenarios alike but for their names, one stands for all: they share their keys.
        self.tasks = {self.manifest.key(task): task for task in study.tasks()}
        self.missing = [self.tasks[key] for key in store.missing(self.tasks)]
        self.verdicts = Verdicts(study.names)

    def run(
        self, asked: Choice, workers: int, progress: bool, command: Sequence[str]
    ) -> StudyResult:
        try:
            self.folder.write_manifest(self.manifest)  # first: it makes the other files ours
            self.folder.write_scenarios(self._dumps())
            todo = self._uncompared() if asked == "both" else self.missing
            if todo:
                scenarios = [self.study.scenarios[task.scenario] for task in todo]
                engine = chosen_engine(asked, self.model, scenarios, workers)
                self._work_through(todo, engine, workers, progress, command)
            self.verdicts.raise_disagreement()
            result = self._finish()
        except KeyboardInterrupt:
            stored = len(self.tasks) - len(self.missing) + self._simulated()
            raise Interrupted(
                f"interrupted: {stored} of {len(self.tasks)} replications are stored in "
                f"{self.folder.path}; the same command resumes"
            ) from None
        if asked != "both":
            return result
        agreement = Agreement(len(self.tasks), len(self.tasks) - len(todo))
        return replace(result, agreement=agreement)

    def _uncompared(self) -> list[Task]:
        """Return the tasks that no run of this study has found the same on both engines."""
        compared = {
            (name, number)
            for run in self.manifest.runs
            for name, numbers in run.agreed.items()
            for number in numbers
        }
        return [
            task
            for key, task in self.tasks.items()
            if (self.study.names[task.scenario], task.replication) not in compared
            or key not in self.store
        ]

    def _work_through(
        self, todo: list[Task], engine: Used, workers: int, progress: bool, command: Sequence[str]
    ) -> None:
        """Do what is to be done, having said in the manifest that and how it is done."""
        record = RunEntry(
            command=tuple(command),
            started=now(),
            engine=engine,
            workers=workers,
            versions=versions(),
            machine=machine(),
        )
        self.manifest.runs.append(record)
        self.folder.write_manifest(self.manifest)
        started = perf_counter()
        try:
            make_ready(engine, self.model, partial(say, show=progress))
            self._simulate(todo, engine, workers, progress)
            record.finished = now()
        finally:
            record.simulated = self._simulated()
            record.agreed = self.verdicts.agreed_by_name()
            record.seconds = perf_counter() - started
            self.folder.write_manifest(self.manifest)

    def _simulate(self, todo: list[Task], engine: Used, workers: int, progress: bool) -> None:
        simulate, done = self.model.simulate, len(self.tasks) - len(todo)
        with progress_bar(done, len(self.tasks), show=progress) as advance:
            if engine == "both":
                compare = self._job(OnBothEngines(simulate))
                _run(compare, todo, self._keep_if_equal(advance), engine, workers)
            else:
                measure = self._job(partial(simulate, engine=engine))
                _run(measure, todo, self._keep(advance), engine, workers)

    def _job(self, work: Work[R]) -> Job[R]:
        return Job(
            work=work,
            load=self.model.load,
            names=self.study.names,
            dumps=self._dumps(),
            seed=self.study.seed,
            version=self.manifest.model_version,
            own_version=self.model.own_version,
        )

    def _keep(self, advance: Callable[[], None]) -> Keep[Measured]:
        def keep(task: Task, measured: Measured) -> None:
            key = self.manifest.key(task)
            if key not in self.store:  # it is, when an interrupt came just after it was put
                self.store.put(key, measured)
                advance()

        return keep

    def _keep_if_equal(self, advance: Callable[[], None]) -> Keep[Compared]:
        def keep(task: Task, compared: Compared) -> None:
            key = self.manifest.key(task)
            stored = self.store.get(key) if key in self.store else None
            if self.verdicts.is_same(task, compared, stored) and stored is None:
                self.store.put(key, compared.reference)
            advance()

        return keep

    def _finish(self) -> StudyResult:
        """Write what the store now holds of the study."""
        replications = read_replications(self.store, self.study, self.manifest.key)
        result = StudyResult(self.study, replications, self.model.unit, self.folder.path)
        digest = write_outcomes(self.folder.outcomes, result)
        self.manifest.outcomes = OutcomesEntry(replications=self.study.replications, sha256=digest)
        self.folder.write_manifest(self.manifest)
        return replace(result, digest=digest, simulated=self._simulated())

    def _dumps(self) -> tuple[str, ...]:
        return tuple(self.model.dump(scenario) for scenario in self.study.scenarios)

    def _simulated(self) -> int:
        """Count what this run has added to the store so far."""
        return len(self.missing) - len(self.store.missing(map(self.manifest.key, self.missing)))


def _run(job: Job[R], tasks: list[Task], keep: Keep[R], engine: Used, workers: int) -> None:
    """Run tasks in the way that suits the engine: SimPy would keep threads waiting."""
    if workers == 1:
        run_here(job, tasks, keep)
    elif engine == "compiled":
        run_on_threads(job, tasks, keep, workers=workers)
    else:
        run_on_processes(job, tasks, keep, workers=workers)
