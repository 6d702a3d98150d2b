"""What is handed to whoever simulates: one job for all, and a parcel for each replication.

Here stands also the contract that every place where work runs keeps, `Executor`. What is kept of a
finished replication, and under which key, is decided in `campaign.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from parcours_sim.engine import Stopped
from parcours_sim.experiment.errors import ProgramChangedError, ReplicationError

TASKS_PER_WORKER = 2  # one running and one waiting, so that no worker is ever idle
SCENARIOS_AT_HAND = 32
"""Scenarios that a worker keeps read, so that it doesn't read one again for each replication."""

R = TypeVar("R")  # what a task gives
R_co = TypeVar("R_co", covariant=True)


class Parcel(NamedTuple):
    """One replication of one scenario, with all that is needed to simulate it anywhere."""

    name: str
    """Of the scenario, for messages."""
    scenario_hash: str
    replication: int
    dump: str
    """The resolved scenario, as JSON."""


Keep = Callable[[Parcel, R], None]
"""What is done with a result; always called in the thread that started the work."""


class Work(Protocol[R_co]):
    """What is done with one replication of a scenario, until `stopped` says yes."""

    def __call__(
        self,
        scenario: Any,
        seed: int,
        replication: int,
        *,
        stopped: Callable[[], bool] | None = None,
    ) -> R_co:
        """Return what came of it, or raise Stopped."""


@dataclass(frozen=True)
class Job(Generic[R]):
    """All that a worker needs to simulate any parcel; it travels once to each."""

    work: Work[R]
    load: Callable[[str], Any]
    seed: int
    version: str
    own_version: Callable[[], str]
    _at_hand: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def check_version(self, own: str) -> None:
        """Raise ProgramChangedError unless this process runs the coordinator's model version.

        Else results of the new program would be stored as those of the old one.
        """
        if own != self.version:
            raise ProgramChangedError(
                "the program changed while it ran: the run began with model version "
                f"{self.version[:12]}, a worker found {own[:12]}. What is stored is of the former; "
                "the same command with another --out begins anew"
            )

    def run(self, parcel: Parcel, stopped: Callable[[], bool] | None = None) -> R:
        """Do the work on one replication.

        Raises Stopped where that was asked for, and ReplicationError, naming the task, whatever
        went wrong inside.
        """
        try:
            scenario = self._scenario(parcel)
            return self.work(scenario, self.seed, parcel.replication, stopped=stopped)
        except Stopped:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise ReplicationError(parcel.name, parcel.replication, reason) from error

    def _scenario(self, parcel: Parcel) -> Any:
        """Read the scenario of a parcel, unless this worker has it at hand."""
        found = self._at_hand.get(parcel.scenario_hash)
        if found is None:
            found = self.load(parcel.dump)
            while len(self._at_hand) >= SCENARIOS_AT_HAND:
                self._at_hand.pop(next(iter(self._at_hand)), None)  # the one read longest ago
            self._at_hand[parcel.scenario_hash] = found
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Travel with empty hands: what one worker has read, another reads itself."""
        return self.__dict__ | {"_at_hand": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Arrive at a worker."""
        self.__dict__.update(state)


class Executor(Protocol):
    """A place where work runs: this thread, several threads or processes, a cluster.

    Whatever the place and however many work there, the same parcels give the same results.
    """

    def run(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Simulate parcels, in any order, and keep each result as it comes.

        Parcels are taken only a few at a time. Whatever happens, results that have come are kept.
        Raises ReplicationError when a replication fails, WorkerDiedError when its worker died
        each time it was tried, ProgramChangedError when a worker is of another version.
        KeyboardInterrupt and errors of `keep` pass through; running replications are given up.
        """
