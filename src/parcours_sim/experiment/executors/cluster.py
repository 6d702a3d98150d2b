"""Work on a Dask cluster: its scheduler hands parcels on to workers on any machine.

Workers may join late, and one that is lost costs only what it had in hand: the scheduler gives that
to another. Needs the extra `cluster`; Dask itself is imported only here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from parcours_sim.experiment.errors import ClusterError, ProgramChangedError, WorkerDiedError
from parcours_sim.experiment.executors.crew import Crew
from parcours_sim.experiment.executors.job import TASKS_PER_WORKER, Job, Keep, Parcel, R
from parcours_sim.experiment.provenance import versions

if TYPE_CHECKING:
    from distributed import Client, Future

LONGEST_CONNECTING_SECONDS = 10.0
LOOK_FOR_WORKERS_SECONDS = 1.0
"""How often the cluster is asked how many threads it has now."""
INSTALL = "install parcours_sim with the extra `cluster` (pip install 'parcours_sim[cluster]')"

_matches: dict[str, str] = {}
"""By coordinator's versions: in what this process differs; asked once in each worker process."""


@dataclass(frozen=True)
class Cluster:
    """The cluster whose scheduler answers at an address such as tcp://10.0.0.7:8786.

    Raises ClusterError where Dask isn't installed or nothing answers.
    """

    address: str

    def run(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Simulate parcels; see `Executor`.

        Raises ProgramChangedError, naming the worker, where one has other versions of packages.
        An interrupt passes through at once; what workers are doing then comes to nothing.
        """
        with connected(self.address) as client:
            _Crew(job, parcels, keep, client).run()


def connected(address: str) -> Client:
    """Connect to a scheduler; raises ClusterError where Dask is missing or nothing answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(f"--cluster needs Dask: {INSTALL}") from error
    try:
        return Client(address, timeout=LONGEST_CONNECTING_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"--cluster: no scheduler answers at {address}; start one with `dask scheduler` and "
            "give the address that it prints"
        ) from error


def work_there(job: Job[R], parcel: Parcel, asked: dict[str, str | None]) -> R:
    """Simulate one parcel in a worker process of a cluster.

    Raises ProgramChangedError when its packages or its model aren't the coordinator's.
    """
    differs = _matches.setdefault(repr(asked), _difference(asked))
    if differs:
        raise ProgramChangedError(differs)
    job.check_version(job.own_version())
    return job.run(parcel, _given_up())


def _given_up() -> Callable[[], bool]:
    """Return what tells whether the result of the running task is still wanted by anybody.

    Dask itself lets a task that was cancelled go on to its end, in a worker's only thread perhaps.
    """
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def given_up() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state == "cancelled"

    return given_up


def _difference(asked: dict[str, str | None]) -> str:
    from distributed import get_worker

    own = versions()
    differing = [
        f"{name} {own.get(name) or 'missing'} instead of {version or 'missing'}"
        for name, version in asked.items()
        if own.get(name) != version
    ]
    if not differing:
        return ""
    return (
        f"worker {get_worker().address} has {', '.join(differing)}; results would not be the same. "
        "Install there what requirements.lock names"
    )


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


class _Crew(Crew[R]):
    def __init__(
        self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R], client: Client
    ) -> None:
        super().__init__(job, parcels, keep)
        self.client = client
        self.versions = versions()
        self._threads, self._looked_at = 0, -LOOK_FOR_WORKERS_SECONDS

    def most_in_hand(self) -> int:
        if monotonic() - self._looked_at >= LOOK_FOR_WORKERS_SECONDS:
            self._threads, self._looked_at = _threads(self.client), monotonic()
        return TASKS_PER_WORKER * max(1, self._threads)

    def submit(self, parcel: Parcel) -> Future:
        return self.client.submit(work_there, self.job, parcel, self.versions, pure=False)

    def look_after_failures(self) -> None:
        """Raise what went wrong with a replication, in words of ours."""
        from distributed import KilledWorker

        for future, parcel in self.in_hand.items():
            if not future.done():
                continue
            error: Any = None if future.cancelled() else future.exception()
            if isinstance(error, KilledWorker):
                raise WorkerDiedError(
                    parcel.name, parcel.replication, "its worker died each time it was tried"
                ) from error
            if isinstance(error, ImportError):
                raise ClusterError(f"a worker can't simulate: {error}; {INSTALL} there") from error
            if future.cancelled():
                raise ClusterError("the scheduler has given up the work: was it restarted?")
            future.result()

    def dismiss(self) -> None:
        """Take back what workers haven't begun."""
        with suppress(OSError, TimeoutError):
            self.client.cancel(list(self.in_hand), force=True)
