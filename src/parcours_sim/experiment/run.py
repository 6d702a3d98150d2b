"""Running a study: find what is missing, simulate it, keep it, write the results folder.

The same command resumes an interrupted study and extends a finished one, because only what
the store doesn't hold is ever run.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from parcours_sim.experiment.errors import FolderError, Interrupted, StudyError
from parcours_sim.experiment.folder import ResultsFolder, not_of_this_version
from parcours_sim.experiment.interrupts import first_interrupt_only
from parcours_sim.experiment.job import Job, run_here
from parcours_sim.experiment.manifest import Manifest, OutcomesEntry, RunEntry
from parcours_sim.experiment.model import Measured, Model, installed_model
from parcours_sim.experiment.processes import run_on_processes
from parcours_sim.experiment.progress import progress_bar
from parcours_sim.experiment.provenance import machine, now, versions
from parcours_sim.experiment.result import StudyResult, read_replications, write_outcomes
from parcours_sim.experiment.store import Store
from parcours_sim.experiment.study import Study, Task
from parcours_sim.scenario.errors import ScenarioError


def run_study(
    study: Study,
    folder: Path,
    *,
    workers: int,
    progress: bool = True,
    command: Sequence[str] = (),
    model: Model | None = None,
) -> StudyResult:
    """Run what is missing of a study, write its folder and return all its results.

    `workers` processes simulate (this one alone when 1). `command` goes into the manifest.

    Raises StudyError or FolderError before anything runs, StoreError when the store can't be
    used, ReplicationError when a replication fails, ProgramChangedError when the program is
    changed meanwhile, Interrupted on Ctrl-C. Whatever happens, finished replications are stored.
    """
    model = model or installed_model()
    if workers < 1:
        raise StudyError(f"workers: found {workers}, allowed 1 or more")
    results = ResultsFolder(folder)
    results.make()
    with first_interrupt_only(), Store(results.store) as store:
        return _Run(study, results, store, model).run(workers, progress, command)


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

    def run(self, workers: int, progress: bool, command: Sequence[str]) -> StudyResult:
        try:
            self.folder.write_manifest(self.manifest)  # first: it makes the other files ours
            self.folder.write_scenarios(self._dumps())
            if self.missing:
                self._add_missing(workers, progress, command)
            return self._finish()
        except KeyboardInterrupt:
            stored = len(self.tasks) - len(self.missing) + self._simulated()
            raise Interrupted(
                f"interrupted: {stored} of {len(self.tasks)} replications are stored in "
                f"{self.folder.path}; the same command resumes"
            ) from None

    def _add_missing(self, workers: int, progress: bool, command: Sequence[str]) -> None:
        """Simulate what is missing, having said in the manifest that and how it is done."""
        record = RunEntry(
            command=tuple(command),
            started=now(),
            workers=workers,
            versions=versions(),
            machine=machine(),
        )
        self.manifest.runs.append(record)
        self.folder.write_manifest(self.manifest)
        started = perf_counter()
        try:
            self._simulate(workers, progress)
            record.finished = now()
        finally:
            record.simulated = self._simulated()
            record.seconds = perf_counter() - started
            self.folder.write_manifest(self.manifest)

    def _simulate(self, workers: int, progress: bool) -> None:
        model, study = self.model, self.study
        job = Job(
            simulate=model.simulate,
            load=model.load,
            names=study.names,
            dumps=self._dumps(),
            seed=study.seed,
            version=self.manifest.model_version,
            own_version=model.own_version,
        )
        stored = len(self.tasks) - len(self.missing)
        with progress_bar(stored, len(self.tasks), show=progress) as advance:

            def keep(task: Task, measured: Measured) -> None:
                key = self.manifest.key(task)
                if key not in self.store:  # it is, when an interrupt came just after it was put
                    self.store.put(key, measured)
                    advance()

            if workers == 1:
                run_here(job, self.missing, keep)
            else:
                run_on_processes(job, self.missing, keep, workers=workers)

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
