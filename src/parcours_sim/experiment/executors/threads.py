"""Work on several threads of this process, for an engine that lets others run beside it."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from parcours_sim.experiment.executors.crew import Crew
from parcours_sim.experiment.executors.job import TASKS_PER_WORKER, Job, Keep, Parcel, R


class Threads:
    """So many threads."""

    def __init__(self, workers: int) -> None:
        """No thread is started yet."""
        self.workers = workers

    def run(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Simulate parcels; see `Executor`.

        KeyboardInterrupt passes through as soon as running replications have noticed that they are
        given up.
        """
        _Crew(job, parcels, keep, self.workers).run()


class _Crew(Crew[R]):
    def __init__(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R], workers: int) -> None:
        super().__init__(job, parcels, keep)
        self.workers = workers
        self._given_up = Event()
        self._pool = ThreadPoolExecutor(workers)

    def most_in_hand(self) -> int:
        return TASKS_PER_WORKER * self.workers

    def submit(self, parcel: Parcel) -> Future[R]:
        return self._pool.submit(self.job.run, parcel, self._given_up.is_set)

    def give_up(self) -> None:
        self.dismiss()

    def dismiss(self) -> None:
        """Tell running replications to stop, and wait until they have."""
        self._given_up.set()
        self._pool.shutdown(cancel_futures=True)
