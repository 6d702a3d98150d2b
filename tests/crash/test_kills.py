"""Studies whose coordinator or workers are killed lose only what was in flight.

Killed are the coordinator at random instants, amid each of its writes and at any of its lines; and
workers, on processes of this machine and on a cluster. Afterwards nothing that was stored is
missing, nothing is there twice or was run again, and the results are those of an untroubled run.
"""

import os
import random
import re
import shutil
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from tests.crash import command_line
from tests.crash.crashable import TASKS, Crashable, alive, expected, workers_of
from tests.crash.study_to_crash import REPLICATIONS, study
from tests.crash.test_disk import assert_lost_nothing, attempts
from tests.crash.troubled import STUDY
from tests.experiment import fakes
from tests.experiment.executors.conftest import ClusterOfProcesses

from parcours_sim.engine import compile_engine
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import WorkerDiedError
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.store import Store

WAYS = [("reference", 1), ("reference", 2), ("compiled", 2)]
"""Here, on processes, on threads."""
DIED = r"scenario '\w+', replication \d+: its process died 3 times \(.*: try fewer workers\)\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes")


def kill_at_random_instants(crashable: Crashable, kills: int, instants: random.Random) -> int:
    """Kill a study so often, then see that it ends as if it never was; return the kills."""
    killed = 0
    stored_before: set[tuple[str, int]] = set()
    for _ in range(kills):
        before = len(crashable.begun())
        run = crashable.start()
        # From before the store is opened to the middle of the fourth replication or so.
        time.sleep(instants.uniform(0, 0.25))
        if instants.random() < 0.75 and len(stored_before) < TASKS - 5:
            crashable.wait_until_begun(before + 1)
            time.sleep(instants.uniform(0, 0.08))
        killed += run.poll() is None
        run.kill()
        run.communicate()
        begun_now = crashable.begun()[before:]
        assert stored_before.isdisjoint(begun_now), "what was stored was run again"
        assert stored_before <= crashable.stored(), "what was stored is lost"
        stored_before = crashable.stored()
    last = crashable.start()
    _, complaint = last.communicate(timeout=60)
    assert (last.returncode, complaint) == (0, "")
    assert len(crashable.stored()) == TASKS
    in_flight = 2 * crashable.workers * kills
    assert TASKS <= sum(Counter(crashable.begun()).values()) <= TASKS + in_flight
    return killed


@pytest.mark.parametrize(("engine", "workers"), WAYS)
def test_a_study_killed_at_random_instants_ends_as_if_it_never_was(tmp_path, engine, workers):
    crashable = Crashable(tmp_path / "study", engine=engine, workers=workers, seconds="0.02")
    killed = kill_at_random_instants(crashable, 4, random.Random(workers))
    assert killed
    assert len(crashable.begun()) > TASKS, "no kill came amid a replication"
    assert crashable.outcomes() == expected(tmp_path)


@pytest.mark.verify
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("engine", "workers", "kills"),
    [("reference", 1, 80), ("reference", 2, 40), ("compiled", 2, 80)],
)
def test_studies_killed_two_hundred_times_end_as_if_they_never_were(
    tmp_path, engine, workers, kills
):
    instants, killed = random.Random(workers), 0
    while killed < kills:
        folder = tmp_path / f"study {killed}"
        crashable = Crashable(folder, engine=engine, workers=workers, seconds="0.02")
        killed += kill_at_random_instants(crashable, 10, instants)
        assert crashable.outcomes() == expected(tmp_path)
    print(f"{engine} on {workers}: the coordinator was killed {killed} times")


@pytest.fixture(scope="module")
def digest(tmp_path_factory) -> str:
    """Return the digest of the study that is troubled again and again, run without trouble."""
    folder = tmp_path_factory.mktemp("untroubled")
    return run_study(STUDY, folder, How(1, progress=False), fakes.model()).digest


def assert_killed_and_complete(made, digest: str, run: str) -> None:
    assert_lost_nothing(made, digest)
    assert all(one.told == "killed" for one in made[:-1])
    if run != "merged":  # there merging has added what was missing
        assert {one.stored + one.simulated_again for one in made} == {4}
    print(f"{run}: the coordinator was killed {len(made) - 1} times")


def test_a_run_killed_amid_a_write_is_resumed(tmp_path, failing_disk, digest):
    made = attempts(tmp_path, "new", "killed amid a write", step=6, **failing_disk)
    assert len(made) > 10
    assert_killed_and_complete(made, digest, "new")


@pytest.mark.verify
@pytest.mark.parametrize("run", ["new", "new on threads", "extended", "merged"])
def test_a_run_killed_amid_any_write_is_resumed(tmp_path, failing_disk, digest, run):
    made = attempts(tmp_path, run, "killed amid a write", step=1, **failing_disk)
    assert_killed_and_complete(made, digest, run)


@pytest.mark.verify
@pytest.mark.parametrize("run", ["new", "new on threads", "extended", "merged"])
def test_a_run_killed_at_a_line_is_resumed(tmp_path, digest, run):
    made = attempts(tmp_path, run, "killed at a line", step=29)
    assert_killed_and_complete(made, digest, run)


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_workers_never_outlive_a_killed_coordinator(tmp_path):
    crashable = Crashable(tmp_path / "study", workers=2, seconds="30")
    run = crashable.start()
    crashable.wait_until_begun(2)
    workers = crashable.processes()
    assert all(map(alive, workers))
    run.kill()
    run.wait()  # for nobody else who may still hold its standard error
    deadline = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    outlived = list(filter(alive, workers))
    for worker in outlived:
        os.kill(worker, signal.SIGKILL)
    run.communicate()
    assert not outlived


def kill_workers(crashable: Crashable, most: int, instants: random.Random) -> int:
    """Kill workers of a study at random instants until it is done; return how many died.

    A replication whose worker has died three times ends the run; then it is started again.
    """
    killed, returncode = 0, 1
    while returncode:
        stored_before, before = crashable.stored(), len(crashable.begun())
        run = crashable.start()
        while run.poll() is None:
            time.sleep(instants.uniform(0, 0.4))
            workers = workers_of(run) if killed < most else []
            for worker in instants.sample(workers, min(len(workers), instants.choice((1, 1, 2)))):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
        _, complaint = run.communicate()
        returncode = run.returncode
        assert complaint == "" if returncode == 0 else re.fullmatch(DIED, complaint), complaint
        assert stored_before <= crashable.stored(), "what was stored is lost"
        assert stored_before.isdisjoint(crashable.begun()[before:]), "what was stored was run again"
    assert len(crashable.stored()) == TASKS
    return killed


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_workers_killed_at_random_instants_cost_nothing_but_time(tmp_path):
    crashable = Crashable(tmp_path / "study", workers=2, seconds="0.03")
    assert kill_workers(crashable, 3, random.Random(3)) >= 3
    assert crashable.outcomes() == expected(tmp_path)


@pytest.mark.verify
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_two_hundred_workers_killed_cost_nothing_but_time(tmp_path):
    instants, killed = random.Random(200), 0
    while killed < 200:
        crashable = Crashable(tmp_path / f"study {killed}", workers=3, seconds="0.05")
        killed += kill_workers(crashable, 200 - killed, instants)
        assert crashable.outcomes() == expected(tmp_path)
    print(f"{killed} workers were killed")


@pytest.mark.verify
@pytest.mark.timeout(600)
def test_workers_of_a_cluster_killed_at_random_instants_cost_nothing_but_time(
    tmp_path, monkeypatch
):
    (tmp_path / "cluster").mkdir()
    cluster = ClusterOfProcesses(tmp_path / "cluster")
    monkeypatch.setenv(fakes.JOURNAL, str(cluster.journal))
    over, killed = threading.Event(), []

    def kill_and_replace() -> None:
        instants = random.Random(10)
        while not over.wait(instants.uniform(0.5, 2)) and len(killed) < 10:
            instants.shuffle(cluster.workers)
            cluster.kill_worker()
            cluster.add_worker()
            killed.append(time.monotonic())

    killer = threading.Thread(target=kill_and_replace)
    killer.start()
    try:
        while True:
            how = How(2, "reference", progress=False, cluster=cluster.address)
            with suppress(WorkerDiedError):
                result = run_study(study("0.5"), tmp_path / "study", how, fakes.model())
                break
    finally:
        over.set()
        killer.join()
        cluster.end()
    assert len(killed) > 5
    assert (tmp_path / "study" / "outcomes.csv").read_bytes() == expected(tmp_path)
    assert sum(map(len, result.replications)) == TASKS == 2 * REPLICATIONS


@pytest.mark.verify
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("engine", "workers", "kills"), [("compiled", 2, 4), ("compiled", 1, 3), ("reference", 2, 3)]
)
def test_the_command_line_killed_at_random_instants_ends_as_if_it_never_was(
    tmp_path, engine, workers, kills
):
    study = (*command_line.COMPARE, "--engine", engine, "--workers", str(workers))
    for folder in ("untroubled", "killed"):
        (tmp_path / folder).mkdir()
    compile_engine()
    began = time.monotonic()
    command_line.completed(tmp_path / "untroubled", *study)
    life = time.monotonic() - began
    instants, stored = random.Random(workers), {}
    for _ in range(kills):
        run = command_line.start(tmp_path / "killed", *study)
        time.sleep(instants.uniform(0.2, 1) * life)
        run.kill()
        run.communicate()
        now = finished_at(tmp_path / "killed" / "study" / "store.sqlite")
        assert stored.items() <= now.items()
        stored = now
    printed = command_line.completed(tmp_path / "killed", *study)
    assert f"{12 - len(stored)} of 12 replications were simulated now" in printed
    assert command_line.tables(tmp_path / "killed") == command_line.tables(tmp_path / "untroubled")


def finished_at(path: Path) -> dict:
    """Return when each stored replication was finished, in a copy of what a kill has left."""
    if not path.exists():
        return {}
    copy = shutil.copytree(path.parent, path.parent.with_name("copy"), dirs_exist_ok=True)
    with Store(copy / path.name) as store:
        found = store._connection.execute(
            "SELECT scenario_hash, replication, finished_at, seconds FROM replications"
        )
        kept = {(one, number): when for one, number, *when in found}
    shutil.rmtree(copy)
    return kept
