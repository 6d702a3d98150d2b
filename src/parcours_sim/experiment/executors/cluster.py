"""Work on a Dask cluster: its scheduler hands parcels on to workers on any machine.

Workers may join late, and one that is lost costs only what it had in hand: the scheduler gives that
to another. Needs the extra `cluster`; Dask itself is imported only here.
"""

from __future__ import annotations

from asyncio import wait_for
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from parcours_sim.experiment.errors import (
    ClusterError,
    ProgramChangedError,
    StudyError,
    WorkerDiedError,
)
from parcours_sim.experiment.executors.crew import Crew
from parcours_sim.experiment.executors.job import TASKS_PER_WORKER, Job, Keep, Parcel, R
from parcours_sim.experiment.progress import note
from parcours_sim.experiment.provenance import versions

if TYPE_CHECKING:
    from distributed import Client, Future

SCHEMES = ("tcp", "tls")
LONGEST_CONNECTING_SECONDS = 10.0
LOOK_FOR_WORKERS_SECONDS = 1.0
"""How often the cluster is asked how many threads it has now."""
PATIENT_SECONDS = 5.0
"""How long a cluster may be without workers before that is said."""
INSTALL = "install parcours_sim with the extra `cluster` (pip install 'parcours_sim[cluster]')"
WAITING = "Waiting for workers: the cluster at {0} has none (dask worker {0} starts one)."

_matches: dict[str, str] = {}
"""By coordinator's versions: in what this process differs; asked once in each worker process."""


@dataclass(frozen=True)
class Cluster:
    """The cluster whose scheduler answers at an address such as tcp://10.0.0.7:8786.

    Where `progress` is shown, it is also said that workers are waited for.
    """

    address: str
    progress: bool = True

    def check(self) -> None:
        """Raise ClusterError where Dask isn't installed or nothing answers."""
        with connected(self.address):
            pass

    def run(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Simulate parcels; see `Executor`.

        Raises what `check` does, and ProgramChangedError, naming the worker, where one has other
        versions of packages. An interrupt passes through at once; what workers are doing then
        comes to nothing.
        """
        with connected(self.address) as client:
            _Crew(job, parcels, keep, client, self).run()


def check_address(address: str) -> None:
    """Raise StudyError for what can't be the address of a scheduler."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in SCHEMES and parts.hostname and parts.port
    except ValueError:  # a port that is no number, or too large a one
        is_one = False
    if not is_one or address != f"{parts.scheme}://{parts.netloc}":
        allowed = "tcp://HOST:PORT or tls://HOST:PORT, such as tcp://10.0.0.7:8786"
        raise StudyError(f"--cluster: found {address!r}, allowed {allowed}")


def connected(address: str) -> Client:
    """Connect to a scheduler; raises ClusterError where Dask is missing or nothing answers."""
    try:
        from distributed import Client
        from distributed.utils import LoopRunner
    except ImportError as error:
        raise ClusterError(f"--cluster needs Dask: {INSTALL}") from error
    runner = LoopRunner(asynchronous=False)
    runner.start()
    try:
        # Apart from the client, which would wait for ever where something else listens, and
        # complain of itself when it was made by half.
        runner.run_sync(_shake_hands, address)
        return Client(address, timeout=LONGEST_CONNECTING_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"--cluster: no scheduler answers at {address}; start one with `dask scheduler` and "
            "give the address that it prints"
        ) from error
    finally:
        runner.stop()


async def _shake_hands(address: str) -> None:
    """Raise OSError where no scheduler answers, whatever else does."""
    from distributed.comm import connect
    from distributed.security import Security

    how = Security().get_connection_args("client")
    opened = connect(address, timeout=LONGEST_CONNECTING_SECONDS, **how)
    try:
        await (await wait_for(opened, LONGEST_CONNECTING_SECONDS)).close()
    except Exception as error:
        raise OSError(f"no handshake: {error}") from error


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
        self,
        job: Job[R],
        parcels: Iterable[Parcel],
        keep: Keep[R],
        client: Client,
        cluster: Cluster,
    ) -> None:
        super().__init__(job, parcels, keep)
        self.client = client
        self.cluster = cluster
        self.versions = versions()
        self._threads, self._looked_at = 0, -LOOK_FOR_WORKERS_SECONDS
        self._say_at = monotonic() + PATIENT_SECONDS

    def most_in_hand(self) -> int:
        if monotonic() - self._looked_at >= LOOK_FOR_WORKERS_SECONDS:
            self._threads, self._looked_at = _threads(self.client), monotonic()
            self._say_if_alone()
        return TASKS_PER_WORKER * max(1, self._threads)

    def _say_if_alone(self) -> None:
        """Say, once each time, that a cluster has had no workers for a while."""
        if self._threads:
            self._say_at = monotonic() + PATIENT_SECONDS
        elif monotonic() >= self._say_at:
            note(WAITING.format(self.cluster.address), show=self.cluster.progress)
            self._say_at = inf

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
