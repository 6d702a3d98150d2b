"""What a worker is given, once, to run any task of a study; and running tasks right here.

What is kept of a finished replication, and under which key, is decided in `run.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from parcours_sim.experiment.errors import ProgramChangedError, ReplicationError
from parcours_sim.experiment.model import Measured
from parcours_sim.experiment.study import Task

Keep = Callable[[Task, Measured], None]


@dataclass(frozen=True)
class Job:
    """All that a worker needs to run any task of a study; it travels once to each."""

    simulate: Callable[[Any, int, int], Measured]
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

    def run(self, task: Task) -> Measured:
        """Simulate one replication, reading its scenario the first time it is met.

        Raises ReplicationError, naming the task, whatever went wrong inside.
        """
        try:
            if task.scenario not in self._loaded:
                self._loaded[task.scenario] = self.load(self.dumps[task.scenario])
            return self.simulate(self._loaded[task.scenario], self.seed, task.replication)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            name = self.names[task.scenario]
            raise ReplicationError(name, task.replication, reason) from error


def run_here(job: Job, tasks: Iterable[Task], keep: Keep) -> None:
    """Run tasks one after the other in this process.

    Raises ReplicationError when one fails; KeyboardInterrupt passes through.
    """
    for task in tasks:
        keep(task, job.run(task))
