"""Tasks here and on processes: one contract for both, and workers that die."""

import os
import time
from dataclasses import replace
from functools import partial

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.errors import ProgramChangedError, ReplicationError, WorkerDiedError
from parcours_sim.experiment.job import Job, run_here
from parcours_sim.experiment.processes import run_on_processes
from parcours_sim.experiment.study import Task


def job_of(*scenarios) -> Job:
    names = tuple(scenario.name for scenario in scenarios)
    return job_with(names, tuple(map(fakes.dump, scenarios)))


def job_with(names: tuple[str, ...], dumps: tuple[str, ...]) -> Job:
    return Job(fakes.simulate, fakes.load, names, dumps, 7, "model-1", partial(str, "model-1"))


def tasks(replications: int, scenarios: int = 1) -> list[Task]:
    return [Task(one, number) for number in range(replications) for one in range(scenarios)]


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """Return what was simulated: (scenario, replication, process) for each that began."""
    path = tmp_path / "journal"
    path.touch()
    monkeypatch.setenv(fakes.JOURNAL, str(path))
    return lambda: [tuple(line.split()) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    "run", [run_here, partial(run_on_processes, workers=2)], ids=["here", "on two processes"]
)
class TestEveryWayOfRunning:
    def test_each_task_is_run_once_and_kept(self, run, journal):
        kept = {}
        job = job_of(fakes.scenario("isole"), fakes.scenario("msp", share=0.1))
        run(job, tasks(5, scenarios=2), lambda task, measured: kept.setdefault(task, measured))
        assert sorted(kept) == sorted(tasks(5, scenarios=2))
        assert len(journal()) == 10
        for task, measured in kept.items():
            alone = fakes.simulate(fakes.load(job.dumps[task.scenario]), 7, task.replication)
            assert measured.rows == alone.rows
            assert measured.stays.tolist() == alone.stays.tolist()

    def test_a_failure_names_its_scenario_and_replication_and_earlier_ones_are_kept(self, run):
        kept = []
        job = job_of(fakes.scenario("fine"), fakes.scenario("crooked", mischief="fail"))
        with pytest.raises(ReplicationError) as failed:
            run(job, tasks(9, scenarios=2), lambda task, _: kept.append(task))
        assert (failed.value.scenario, failed.value.replication) == ("crooked", 2)
        assert "CrookedError: no such patient at 7" in str(failed.value)
        assert set(tasks(2, scenarios=2)) <= set(kept)
        assert Task(1, 2) not in kept

    def test_a_scenario_that_cannot_be_read_is_a_failure_too(self, run):
        job = job_with(("torn",), ("{",))
        with pytest.raises(ReplicationError, match="'torn', replication 0: JSONDecodeError"):
            run(job, tasks(1), lambda *_: None)

    def test_an_error_in_keeping_passes_through(self, run):
        def refuse(*_):
            raise OSError("full")

        with pytest.raises(OSError, match="full"):
            run(job_of(fakes.scenario("isole")), tasks(3), refuse)

    def test_nothing_to_do_is_done_at_once(self, run, journal):
        run(job_of(fakes.scenario("isole")), [], lambda *_: None)
        assert journal() == []


def test_work_is_shared_among_other_processes_that_stay(journal):
    job = job_of(fakes.scenario("isole", mischief="dawdle"))
    run_on_processes(job, tasks(12), lambda *_: None, workers=2)
    workers = {process for _, _, process in journal()}
    assert len(workers) == 2
    assert str(os.getpid()) not in workers


def test_an_interrupt_keeps_what_is_finished_but_not_yet_kept(journal):
    kept = []

    def keep(task, _):
        if not kept:
            time.sleep(0.7)  # meanwhile the workers finish all that they have in hand
        kept.append(task)
        if len(kept) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_on_processes(job_of(fakes.scenario("isole")), tasks(20), keep, workers=2)
    assert set(kept) == set(tasks(4))
    assert len(journal()) == 4


def test_few_tasks_are_handed_out_ahead(journal):
    begun_when_kept = []
    job = job_of(fakes.scenario("isole"))
    run_on_processes(job, tasks(40), lambda *_: begun_when_kept.append(len(journal())), workers=2)
    ahead = [begun - kept for kept, begun in enumerate(begun_when_kept)]
    assert max(ahead) <= 4


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_that_dies_costs_nothing_but_time(tmp_path, deaths):
    lives = tmp_path / "lives"
    lives.write_text("x" * deaths)
    kept = []
    job = job_of(fakes.scenario("isole", mischief=f"die {lives}"))
    run_on_processes(job, tasks(8), lambda task, _: kept.append(task), workers=2)
    assert sorted(kept) == tasks(8)
    assert lives.read_text() == ""


def test_a_task_whose_worker_dies_three_times_is_named_and_no_innocent_one(tmp_path):
    lives = tmp_path / "lives"
    lives.write_text("xxxxxx")
    kept = []
    job = job_of(fakes.scenario("fine"), fakes.scenario("deadly", mischief=f"die {lives}"))
    with pytest.raises(WorkerDiedError) as died:
        run_on_processes(job, tasks(3, scenarios=2), lambda task, _: kept.append(task), workers=2)
    assert (died.value.scenario, died.value.replication) == ("deadly", 1)
    assert lives.read_text() == "xxx"
    assert {Task(0, 0), Task(1, 0), Task(0, 1)} <= set(kept)
    assert Task(1, 1) not in kept


def test_workers_of_another_version_refuse_and_simulate_nothing(journal):
    kept = []
    job = replace(job_of(fakes.scenario("isole")), own_version=partial(str, "model-2"))
    with pytest.raises(ProgramChangedError, match=r"changed while it ran.*model-1.*model-2"):
        run_on_processes(job, tasks(4), lambda task, _: kept.append(task), workers=2)
    assert kept == journal() == []
