"""What a worker is given, once, to run any task of a study; and running tasks right here.

What is kept of a finished replication, and under which key, is decided in `run.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from parcours_sim.engine import Stopped
from parcours_sim.experiment.errors import ProgramChangedError, ReplicationError
from parcours_sim.experiment.study import Task

TASKS_PER_WORKER = 2  # one running and one waiting, so that no worker is ever idle

R = TypeVar("R")  # what a task gives
R_co = TypeVar("R_co", covariant=True)
Keep = Callable[[Task, R], None]


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
    """All that a worker needs to run any task of a study; it travels once to each."""

    work: Work[R]
    load: Callable[[str], Any]
    names: tuple[str, ...]
    dumps: tuple[str, ...]
    seed: int
    version: str
    own_version: Callable[[], str]
    _loaded: dict[int, Any] = field(default_factory=dict, repr=False, compare=False)

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

    def run(self, task: Task, stopped: Callable[[], bool] | None = None) -> R:
        """Do the work on one replication, reading its scenario the first time it is met.

        Raises Stopped where that was asked for, and ReplicationError, naming the task, whatever
        went wrong inside.
        """
        try:
            if task.scenario not in self._loaded:
                self._loaded[task.scenario] = self.load(self.dumps[task.scenario])
            scenario = self._loaded[task.scenario]
            return self.work(scenario, self.seed, task.replication, stopped=stopped)
        except Stopped:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            name = self.names[task.scenario]
            raise ReplicationError(name, task.replication, reason) from error


def run_here(job: Job[R], tasks: Iterable[Task], keep: Keep[R]) -> None:
    """Run tasks one after the other in this process.

    Raises ReplicationError when one fails; KeyboardInterrupt passes through.
    """
    for task in tasks:
        keep(task, job.run(task))
