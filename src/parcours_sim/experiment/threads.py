"""Tasks on several threads of this process, for an engine that lets others run beside it.

Each finished replication is handed to `keep` as it comes, in any order and always in the thread
that called; only simulating is done elsewhere.
"""

from collections import deque
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import Generic

from parcours_sim.experiment.errors import ExperimentError
from parcours_sim.experiment.job import TASKS_PER_WORKER, Job, Keep, R
from parcours_sim.experiment.study import Task


def run_on_threads(job: Job[R], tasks: Iterable[Task], keep: Keep[R], *, workers: int) -> None:
    """Run tasks on several threads and keep all that is finished, whatever happens.

    Raises ReplicationError when a task fails. KeyboardInterrupt passes through as soon as running
    replications have noticed that they are given up.
    """
    crew = _Crew(job, deque(tasks), keep, workers)
    try:
        crew.run()
    except (KeyboardInterrupt, ExperimentError):
        crew.dismiss()
        crew.keep_finished()
        raise
    finally:
        crew.dismiss()


class _Crew(Generic[R]):
    """Threads, the tasks waiting for them and the tasks in their hands."""

    def __init__(self, job: Job[R], waiting: deque[Task], keep: Keep[R], workers: int) -> None:
        self.job = job
        self.waiting = waiting
        self.keep = keep
        self.most_in_hand = TASKS_PER_WORKER * workers
        self.in_hand: dict[Future[R], Task] = {}
        self._given_up = Event()
        self._pool = ThreadPoolExecutor(workers)

    def run(self) -> None:
        while self.waiting or self.in_hand:
            while self.waiting and len(self.in_hand) < self.most_in_hand:
                task = self.waiting.popleft()
                self.in_hand[self._pool.submit(self.job.run, task, self._given_up.is_set)] = task
            # A time limit, because some systems deliver an interrupt only between waits.
            wait(self.in_hand, timeout=1.0, return_when=FIRST_COMPLETED)
            self.keep_finished()
            for future in self.in_hand:
                if future.done():
                    future.result()  # raises what went wrong

    def keep_finished(self) -> None:
        """Keep what is done, and take it off the list only afterwards."""
        for future, task in list(self.in_hand.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                self.keep(task, future.result())
                del self.in_hand[future]

    def dismiss(self) -> None:
        """Tell running replications to stop, and wait until they have."""
        self._given_up.set()
        self._pool.shutdown(cancel_futures=True)
