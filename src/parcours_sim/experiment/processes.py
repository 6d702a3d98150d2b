"""Tasks on several processes of this machine: handing them out, surviving workers that die.

Each finished replication is handed to `keep` as it comes, in any order. What a worker does is
in `worker.py`.
"""

from collections import Counter, deque
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Generic

from parcours_sim.experiment.errors import ExperimentError, WorkerDiedError
from parcours_sim.experiment.interrupts import interrupts_kept_from_children
from parcours_sim.experiment.job import TASKS_PER_WORKER, Job, Keep, R
from parcours_sim.experiment.study import Task
from parcours_sim.experiment.worker import become_worker, work

TRIES = 3  # of a task whose worker died, the last of them with nothing else running


def run_on_processes(job: Job[R], tasks: Iterable[Task], keep: Keep[R], *, workers: int) -> None:
    """Run tasks on several processes and keep all that is finished, whatever happens.

    Raises ReplicationError when a task fails, WorkerDiedError when its process died three
    times, ProgramChangedError when a worker is of another version. KeyboardInterrupt passes
    through, at once: running replications are given up.
    """
    crew = _Crew(job, deque(tasks), keep, workers)
    try:
        crew.run()
    except (KeyboardInterrupt, ExperimentError):
        crew.keep_finished()
        raise
    finally:
        crew.dismiss()


class _Crew(Generic[R]):
    """Worker processes, the tasks waiting for them and the tasks in their hands."""

    def __init__(self, job: Job[R], waiting: deque[Task], keep: Keep[R], workers: int) -> None:
        self.job = job
        self.waiting = waiting
        self.keep = keep
        self.workers = workers
        self.in_hand: dict[Future[R], Task] = {}
        self.deaths: Counter[Task] = Counter()
        self._their_end, self._lifeline = get_context("spawn").Pipe(duplex=False)
        self._pool = self._new_pool()

    def run(self) -> None:
        while self.waiting or self.in_hand:
            self._hand_out()
            # A time limit, because some systems deliver an interrupt only between waits.
            wait(self.in_hand, timeout=1.0, return_when=FIRST_COMPLETED)
            self.keep_finished()
            self._raise_failure()
            if any(_lost(future) for future in self.in_hand):
                self._replace_workers()
        self._pool.shutdown()

    def keep_finished(self) -> None:
        """Keep what is done, and take it off the list only afterwards."""
        for future, task in list(self.in_hand.items()):
            if future.done() and future.exception() is None:
                self.keep(task, future.result())
                del self.in_hand[future]

    def dismiss(self) -> None:
        """End the workers, in the middle of their work if need be."""
        self._lifeline.close()
        self._their_end.close()
        self._pool.shutdown(cancel_futures=True)

    def _hand_out(self) -> None:
        while self.waiting and len(self.in_hand) < TASKS_PER_WORKER * self.workers:
            alone = self.deaths[self.waiting[0]] == TRIES - 1
            if alone and self.in_hand:
                return
            self._submit(self.waiting.popleft())
            if alone:  # so that if a worker dies again, this task is to blame
                return

    def _submit(self, task: Task) -> None:
        try:
            with interrupts_kept_from_children():
                future = self._pool.submit(work, task)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        self.in_hand[future] = task

    def _raise_failure(self) -> None:
        for future in self.in_hand:
            if future.done() and not _lost(future):
                future.result()

    def _replace_workers(self) -> None:
        """Put back the tasks whose workers are gone, and begin again with new workers."""
        wait(self.in_hand)
        self.keep_finished()
        self._raise_failure()
        for task in reversed(self.in_hand.values()):
            self.deaths[task] += 1
            if self.deaths[task] == TRIES:
                raise WorkerDiedError(
                    self.job.names[task.scenario],
                    task.replication,
                    f"its process died {TRIES} times (out of memory, perhaps: try fewer workers)",
                )
            self.waiting.appendleft(task)
        self.in_hand.clear()
        self._pool.shutdown()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers,
            mp_context=get_context("spawn"),
            initializer=become_worker,
            initargs=(self.job, self._their_end),
        )


def _lost(future: Future[R]) -> bool:
    return future.done() and isinstance(future.exception(), BrokenProcessPool)
