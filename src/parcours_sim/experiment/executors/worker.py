"""The life of a worker process: how it begins, what it does, when it ends.

A worker never outlives its coordinator and never answers Ctrl-C itself. Who gives it which
task is in `processes.py`.
"""

import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from parcours_sim.experiment.executors.job import Job, Parcel

_job_of_this_worker: list[Job[Any]] = []
_version_of_this_worker: list[str] = []


def become_worker(job: Job[Any], lifeline: Connection) -> None:
    """Prepare this process for the tasks of one job, for as long as the lifeline holds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to handle
    threading.Thread(target=_die_when_cut, args=(lifeline,), daemon=True).start()
    _job_of_this_worker[:] = [job]
    # Now, as close as can be to the import of what will run; told with the first task, since an
    # error raised here would only look like the death of a process.
    _version_of_this_worker[:] = [job.own_version()]


def _die_when_cut(lifeline: Connection) -> None:
    """End this worker once the coordinator hangs up: on purpose, or because it was killed."""
    with suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)


def work(parcel: Parcel) -> Any:
    """Simulate one parcel of this worker's job.

    Raises ProgramChangedError when this worker isn't of the coordinator's version.
    """
    (job,), (version,) = _job_of_this_worker, _version_of_this_worker
    job.check_version(version)
    return job.run(parcel)
