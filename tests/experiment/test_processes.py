"""Tasks on processes: shared among them, and workers that die."""

import os
from dataclasses import replace
from functools import partial

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.errors import ProgramChangedError, WorkerDiedError
from parcours_sim.experiment.processes import run_on_processes
from parcours_sim.experiment.study import Task


def test_work_is_shared_among_other_processes_that_stay(journal):
    job = fakes.job(fakes.scenario("isole", mischief="dawdle"))
    run_on_processes(job, fakes.tasks(12), lambda *_: None, workers=2)
    workers = {begun.process for begun in journal()}
    assert len(workers) == 2
    assert os.getpid() not in workers


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_that_dies_costs_nothing_but_time(tmp_path, deaths):
    lives = tmp_path / "lives"
    lives.write_text("x" * deaths)
    kept = []
    job = fakes.job(fakes.scenario("isole", mischief=f"die {lives}"))
    run_on_processes(job, fakes.tasks(8), lambda task, _: kept.append(task), workers=2)
    assert sorted(kept) == fakes.tasks(8)
    assert lives.read_text() == ""


def test_a_task_whose_worker_dies_three_times_is_named_and_no_innocent_one(tmp_path):
    lives = tmp_path / "lives"
    lives.write_text("xxxxxx")
    kept = []
    job = fakes.job(fakes.scenario("fine"), fakes.scenario("deadly", mischief=f"die {lives}"))
    with pytest.raises(WorkerDiedError) as died:
        run_on_processes(
            job, fakes.tasks(3, scenarios=2), lambda task, _: kept.append(task), workers=2
        )
    assert (died.value.scenario, died.value.replication) == ("deadly", 1)
    assert lives.read_text() == "xxx"
    assert {Task(0, 0), Task(1, 0), Task(0, 1)} <= set(kept)
    assert Task(1, 1) not in kept


def test_workers_of_another_version_refuse_and_simulate_nothing(journal):
    kept = []
    job = replace(fakes.job(fakes.scenario("isole")), own_version=partial(str, "model-2"))
    with pytest.raises(ProgramChangedError, match=r"changed while it ran.*model-1.*model-2"):
        run_on_processes(job, fakes.tasks(4), lambda task, _: kept.append(task), workers=2)
    assert kept == journal() == []
