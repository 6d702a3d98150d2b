"""Work on several processes of this machine, surviving those that die.

What a worker process does is in `worker.py`.
"""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from parcours_sim.experiment.errors import WorkerDiedError
from parcours_sim.experiment.executors.crew import Crew
from parcours_sim.experiment.executors.job import TASKS_PER_WORKER, Job, Keep, Parcel, R
from parcours_sim.experiment.executors.worker import become_worker, work
from parcours_sim.experiment.interrupts import interrupts_kept_from_children

TRIES = 3  # of a task whose worker died, the last of them with nothing else running


class Processes:
    """So many processes."""

    def __init__(self, workers: int) -> None:
        """No process is started yet."""
        self.workers = workers

    def run(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Simulate parcels; see `Executor`. An interrupt passes through at once."""
        _Crew(job, parcels, keep, self.workers).run()


class _Crew(Crew[R]):
    def __init__(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R], workers: int) -> None:
        super().__init__(job, parcels, keep)
        self.workers = workers
        self.deaths: Counter[Parcel] = Counter()
        self._last_try: Parcel | None = None
        self._their_end, self._lifeline = get_context("spawn").Pipe(duplex=False)
        self._pool = self._new_pool()

    def most_in_hand(self) -> int:
        if not self.in_hand:
            self._last_try = None
        return 1 if self._last_try else TASKS_PER_WORKER * self.workers

    def next_parcel(self) -> Parcel | None:
        """Return the next parcel; one that is tried for the last time waits till it is alone.

        So that if a worker dies again, that task is to blame.
        """
        if self.again and self.deaths[self.again[0]] == TRIES - 1:
            if self.in_hand:
                return None
            self._last_try = self.again[0]
        return super().next_parcel()

    def submit(self, parcel: Parcel) -> Future[R]:
        try:
            with interrupts_kept_from_children():
                return self._pool.submit(work, parcel)
        except BrokenProcessPool as error:
            future: Future[R] = Future()
            future.set_exception(error)
            return future

    def look_after_failures(self) -> None:
        """Raise what went wrong with a replication; replace workers where one died."""
        self._raise_failure()
        if any(_lost(future) for future in self.in_hand):
            self._replace_workers()

    def dismiss(self) -> None:
        """End the workers, in the middle of their work if need be."""
        if not self.in_hand:  # all is done: let them go their way
            self._pool.shutdown()
        self._lifeline.close()
        self._their_end.close()
        self._pool.shutdown(cancel_futures=True)

    def _raise_failure(self) -> None:
        for future in self.in_hand:
            if future.done() and not _lost(future):
                future.result()

    def _replace_workers(self) -> None:
        """Put back the parcels whose workers are gone, and begin again with new workers."""
        wait(self.in_hand)
        self.keep_finished()
        self._raise_failure()
        for parcel in reversed(self.in_hand.values()):
            self.deaths[parcel] += 1
            if self.deaths[parcel] == TRIES:
                raise WorkerDiedError(
                    parcel.name,
                    parcel.replication,
                    f"its process died {TRIES} times (out of memory, perhaps: try fewer workers)",
                )
            self.again.appendleft(parcel)
        self.in_hand.clear()
        self._pool.shutdown()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return _WholePool(
            self.workers,
            mp_context=get_context("spawn"),
            initializer=become_worker,
            initargs=(self.job, self._their_end),
        )


class _WholePool(ProcessPoolExecutor):
    """A pool that starts all its processes before it begins to watch them.

    Usually it starts them one by one while it watches those that are there. When one of them dies
    at such a moment, Python 3.11 fails to end the others and prints a traceback: later versions
    hold a lock meanwhile.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Start nothing yet: the first task does. Arguments are those of any such pool."""
        super().__init__(*arguments, **options)
        self._safe_to_dynamically_spawn_children = False


def _lost(future: Future[R]) -> bool:
    return future.done() and isinstance(future.exception(), BrokenProcessPool)
