"""Tasks here, on threads and on processes: one contract for all three."""

import time
from functools import partial

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.errors import ReplicationError
from parcours_sim.experiment.job import run_here
from parcours_sim.experiment.processes import run_on_processes
from parcours_sim.experiment.study import Task
from parcours_sim.experiment.threads import run_on_threads

ON_WORKERS = {
    "on two threads": partial(run_on_threads, workers=2),
    "on two processes": partial(run_on_processes, workers=2),
}
WAYS = {"here": run_here, "on one thread": partial(run_on_threads, workers=1)} | ON_WORKERS


@pytest.mark.parametrize("run", WAYS.values(), ids=WAYS)
class TestEveryWayOfRunning:
    def test_each_task_is_run_once_and_kept(self, run, journal):
        kept = {}
        job = fakes.job(fakes.scenario("isole"), fakes.scenario("msp", share=0.1))
        run(job, fakes.tasks(5, scenarios=2), lambda task, found: kept.setdefault(task, found))
        assert sorted(kept) == sorted(fakes.tasks(5, scenarios=2))
        assert len(journal()) == 10
        for task, measured in kept.items():
            alone = fakes.simulate(fakes.load(job.dumps[task.scenario]), 7, task.replication)
            assert measured.rows == alone.rows
            assert measured.stays.tolist() == alone.stays.tolist()

    @pytest.mark.parametrize("engine", ["reference", "compiled"])
    def test_tasks_run_on_the_engine_of_their_job(self, run, journal, engine):
        run(fakes.job(fakes.scenario("isole"), engine=engine), fakes.tasks(3), lambda *_: None)
        assert [begun.engine for begun in journal()] == [engine] * 3

    def test_a_failure_names_its_scenario_and_replication_and_earlier_ones_are_kept(self, run):
        kept = []
        job = fakes.job(fakes.scenario("fine"), fakes.scenario("crooked", mischief="fail"))
        with pytest.raises(ReplicationError) as failed:
            run(job, fakes.tasks(9, scenarios=2), lambda task, _: kept.append(task))
        assert (failed.value.scenario, failed.value.replication) == ("crooked", 2)
        assert "CrookedError: no such patient at 7" in str(failed.value)
        assert set(fakes.tasks(2, scenarios=2)) <= set(kept)
        assert Task(1, 2) not in kept

    def test_a_scenario_that_cannot_be_read_is_a_failure_too(self, run):
        job = fakes.job_with(("torn",), ("{",))
        with pytest.raises(ReplicationError, match="'torn', replication 0: JSONDecodeError"):
            run(job, fakes.tasks(1), lambda *_: None)

    def test_an_error_in_keeping_passes_through(self, run):
        def refuse(*_):
            raise OSError("full")

        with pytest.raises(OSError, match="full"):
            run(fakes.job(fakes.scenario("isole")), fakes.tasks(3), refuse)

    def test_an_interrupt_passes_through_and_no_more_is_begun(self, run, journal):
        kept = []

        def keep(task, _):
            kept.append(task)
            if len(kept) == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(fakes.job(fakes.scenario("isole")), fakes.tasks(40), keep)
        assert 3 <= len(journal()) < 20

    def test_nothing_to_do_is_done_at_once(self, run, journal):
        run(fakes.job(fakes.scenario("isole")), [], lambda *_: None)
        assert journal() == []


@pytest.mark.parametrize("run", ON_WORKERS.values(), ids=ON_WORKERS)
class TestEveryWayOfSharing:
    def test_an_interrupt_keeps_what_is_finished_but_not_yet_kept(self, run, journal):
        kept = []

        def keep(task, _):
            if not kept:
                time.sleep(0.7)  # meanwhile the workers finish all that they have in hand
            kept.append(task)
            if len(kept) == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(fakes.job(fakes.scenario("isole")), fakes.tasks(20), keep)
        assert set(kept) == set(fakes.tasks(4))
        assert len(journal()) == 4

    def test_few_tasks_are_handed_out_ahead(self, run, journal):
        begun_when_kept = []
        job = fakes.job(fakes.scenario("isole"))
        run(job, fakes.tasks(40), lambda *_: begun_when_kept.append(len(journal())))
        ahead = [begun - kept for kept, begun in enumerate(begun_when_kept)]
        assert max(ahead) <= 4

    def test_a_failure_does_not_wait_for_what_runs_beside_it(self, run):
        job = fakes.job(fakes.scenario("crooked", mischief="fail_beside_a_sleeper 60"))
        began = time.monotonic()
        with pytest.raises(ReplicationError, match="replication 0: CrookedError"):
            run(job, fakes.tasks(2), lambda *_: None)
        assert time.monotonic() - began < 20
