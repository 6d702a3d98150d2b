"""Tasks on threads of this process: shared, kept in one thread, and given up when asked."""

import os
import threading
import time

import pytest
from tests.experiment import fakes

from parcours_sim.engine import Stopped
from parcours_sim.experiment.study import Task
from parcours_sim.experiment.threads import run_on_threads


def test_work_is_shared_among_threads_and_kept_in_the_one_that_called(journal):
    keepers = set()
    job = fakes.job(fakes.scenario("isole", mischief="dawdle"))
    run_on_threads(job, fakes.tasks(12), lambda *_: keepers.add(threading.get_ident()), workers=2)
    assert len({begun.thread for begun in journal()}) == 2
    assert {begun.process for begun in journal()} == {os.getpid()}
    assert keepers == {threading.get_ident()}


def test_no_thread_is_left_behind_whatever_happens():
    before = set(threading.enumerate())

    def interrupt(*_):
        raise KeyboardInterrupt

    job = fakes.job(fakes.scenario("short"), fakes.scenario("long", mischief="sleep 60"))
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_on_threads(job, fakes.tasks(4, scenarios=2), interrupt, workers=2)
    assert time.monotonic() - began < 5
    assert set(threading.enumerate()) <= before


def test_a_replication_that_is_given_up_is_no_failure():
    job = fakes.job(fakes.scenario("long", mischief="sleep 60"))
    with pytest.raises(Stopped):
        job.run(Task(0, 0), lambda: True)


def test_what_was_given_up_is_not_kept():
    kept = []

    def keep(task, _):
        kept.append(task.scenario)
        if len(kept) == 2:
            raise KeyboardInterrupt

    job = fakes.job(fakes.scenario("short"), fakes.scenario("long", mischief="sleep 60"))
    with pytest.raises(KeyboardInterrupt):
        run_on_threads(job, fakes.tasks(4, scenarios=2), keep, workers=3)
    assert 1 not in kept
