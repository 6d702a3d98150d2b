"""A cluster of processes on this machine, and every place where work runs, by name."""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.executors.cluster import Cluster, connected
from parcours_sim.experiment.executors.here import Here
from parcours_sim.experiment.executors.processes import Processes
from parcours_sim.experiment.executors.threads import Threads

ROOT = Path(__file__).parents[3]
QUICK = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s",
    "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "1h",  # no advice about slow machines
}


def running(dask_worker) -> int:
    """Count what occupies a thread of a worker; there is no way to stop it there."""
    return len(dask_worker.state.all_running_tasks)


class ClusterOfProcesses:
    """A scheduler and workers as processes of their own, which talk on loopback only."""

    def __init__(self, folder: Path) -> None:
        """Start the scheduler and two workers, each of one thread."""
        self.journal = folder / "journal"
        self.journal.touch()
        self.workers: list[subprocess.Popen[bytes]] = []
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
        )
        self.executor = Cluster(self.address)
        for _ in range(2):
            self.add_worker()
        self.wait_for(2)

    def add_worker(self, **environment: str) -> None:
        """Start one more worker; the environment can change what it finds."""
        one_thread = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        local = ("--host", "127.0.0.1", "--local-directory", str(self.journal.parent))
        worker = self._start("dask_worker", self.address, *one_thread, *local, **environment)
        self.workers.append(worker)

    def wait_for(self, count: int) -> None:
        """Wait until so many workers are there."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with connected(self.address) as client:
                    client.wait_for_workers(count, timeout=30)
                    while len(client.nthreads()) > count and time.monotonic() < deadline:
                        time.sleep(0.05)
                    return
            except Exception:  # the scheduler isn't up yet
                time.sleep(0.1)
        raise AssertionError("the cluster doesn't get going")

    def wait_until_idle(self) -> None:
        """Wait until no worker runs anything; what was asked for before may still be under way."""
        deadline = time.monotonic() + 30
        with connected(self.address) as client:
            while any(client.run(running).values()) and time.monotonic() < deadline:
                time.sleep(0.05)

    def kill_worker(self) -> None:
        """Kill the worker that came last, as a machine that is lost does."""
        worker = self.workers.pop()
        worker.kill()
        worker.wait()

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, program: str, *arguments: str, **environment: str):
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                **QUICK,
                "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "src"))),
                fakes.JOURNAL: str(self.journal),
                **environment,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.fixture(scope="session")
def cluster_for_all(tmp_path_factory):
    """Give one cluster of two workers to all tests that leave it as it was."""
    with ExitStack() as stack:
        cluster = ClusterOfProcesses(tmp_path_factory.mktemp("cluster"))
        stack.callback(cluster.end)
        yield cluster


@pytest.fixture
def own_cluster(tmp_path, monkeypatch):
    """Give a cluster of two workers to one test that does things to it."""
    cluster = ClusterOfProcesses(tmp_path)
    monkeypatch.setenv(fakes.JOURNAL, str(cluster.journal))
    yield cluster
    cluster.end()


PLACES = {
    "here": Here,
    "on one thread": lambda: Threads(1),
    "on two threads": lambda: Threads(2),
    "on three threads": lambda: Threads(3),
    "on two processes": lambda: Processes(2),
    "on a cluster": None,
}
WITH_WORKERS = ("on two threads", "on two processes", "on a cluster")


class Place:
    """Somewhere work runs, and the journal of what began there."""

    def __init__(self, executor, journal: Path) -> None:
        self.run = executor.run
        self.path = journal

    def journal(self) -> list[fakes.Begun]:
        return fakes.read_journal(self.path)


@pytest.fixture
def place(request, tmp_path, monkeypatch):
    """Give the place that a test is for, by its name in `PLACES`."""
    if request.param == "on a cluster":
        cluster = request.getfixturevalue("cluster_for_all")
        cluster.wait_until_idle()
        cluster.journal.write_text("")
        monkeypatch.setenv(fakes.JOURNAL, str(cluster.journal))
        return Place(cluster.executor, cluster.journal)
    path = tmp_path / "journal"
    path.touch()
    monkeypatch.setenv(fakes.JOURNAL, str(path))
    return Place(PLACES[request.param](), path)
