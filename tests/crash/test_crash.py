"""Studies killed or interrupted anywhere lose only what was in flight, and resume the same."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.crash.study_to_crash import REPLICATIONS, study
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.store import Store

ROOT = Path(__file__).parents[2]
TASKS = 2 * REPLICATIONS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills process groups")


class Crashable:
    """A study in a process of its own, and the journal of what it simulates."""

    def __init__(
        self, folder: Path, *, workers: int, seconds: str, engine: str = "reference"
    ) -> None:
        self.folder = folder
        self.journal = folder.with_suffix(".journal")
        self.journal.touch()
        self.seconds = seconds
        self.arguments = [str(folder), engine, str(workers), seconds]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.crash.study_to_crash", *self.arguments],
            cwd=ROOT,
            env={**os.environ, fakes.JOURNAL: str(self.journal)},
            start_new_session=True,  # a group of its own, as a terminal gives it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begun(self) -> list[tuple[str, int]]:
        """Return (scenario, replication) of every simulation that began."""
        return [(begun.scenario, begun.replication) for begun in fakes.read_journal(self.journal)]

    def processes(self) -> set[int]:
        return {begun.process for begun in fakes.read_journal(self.journal)}

    def wait_until_begun(self, count: int) -> None:
        deadline = time.monotonic() + 30
        while len(self.begun()) < count:
            assert time.monotonic() < deadline, "the study doesn't get going"
            time.sleep(0.005)

    def stored(self) -> set[tuple[str, int]]:
        with Store(self.folder / "store.sqlite") as store:
            rows = store._connection.execute("SELECT scenario_hash, replication FROM replications")
            names = {fakes.identify(one): one.name for one in study(self.seconds).scenarios}
            return {(names[scenario_hash], replication) for scenario_hash, replication in rows}


def expected(tmp_path: Path) -> bytes:
    """Return outcomes.csv of the same study, run without any trouble."""
    folder = tmp_path / "untroubled"
    run_study(study("0"), folder, How(1, progress=False), fakes.model())
    return (folder / "outcomes.csv").read_bytes()


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("engine", "workers", "kills"),
    [("reference", 1, 12), ("reference", 2, 8), ("compiled", 2, 8)],
)
def test_a_study_killed_at_random_instants_ends_as_if_it_never_was(
    tmp_path, engine, workers, kills
):
    instants = random.Random(workers)
    crashable = Crashable(tmp_path / "study", engine=engine, workers=workers, seconds="0.02")
    stored_before: set[tuple[str, int]] = set()
    for _ in range(kills):
        before = len(crashable.begun())
        run = crashable.start()
        # From before the store is opened to the middle of the fourth replication or so.
        time.sleep(instants.uniform(0, 0.25))
        if instants.random() < 0.75 and len(stored_before) < TASKS - 5:
            crashable.wait_until_begun(before + 1)
            time.sleep(instants.uniform(0, 0.08))
        run.kill()
        run.communicate()
        begun_now = crashable.begun()[before:]
        assert stored_before.isdisjoint(begun_now), "what was stored was run again"
        if (tmp_path / "study" / "store.sqlite").exists():
            stored_before = crashable.stored()
    last = crashable.start()
    _, complaint = last.communicate(timeout=60)
    assert (last.returncode, complaint) == (0, "")
    assert len(crashable.stored()) == TASKS
    assert (tmp_path / "study" / "outcomes.csv").read_bytes() == expected(tmp_path)
    times = Counter(crashable.begun())
    in_flight = 2 * workers * kills
    assert TASKS < sum(times.values()) <= TASKS + in_flight


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_workers_never_outlive_a_killed_coordinator(tmp_path):
    crashable = Crashable(tmp_path / "study", workers=2, seconds="30")
    run = crashable.start()
    crashable.wait_until_begun(2)
    workers = crashable.processes()
    assert all(map(alive, workers))
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 5
    while any(map(alive, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("engine", "workers", "presses"),
    [
        *(("reference", 1, 2), ("reference", 2, 1), ("reference", 2, 2)),
        *(("compiled", 1, 2), ("compiled", 2, 1), ("compiled", 2, 2)),
    ],
)
def test_an_interrupt_ends_within_seconds_with_a_sentence_and_resumes(
    tmp_path, engine, workers, presses
):
    crashable = Crashable(tmp_path / "study", engine=engine, workers=workers, seconds="0.03")
    run = crashable.start()
    crashable.wait_until_begun(5)
    for _ in range(presses):
        os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C does: to the workers too
        time.sleep(0.001)
    _, complaint = run.communicate(timeout=5)
    assert run.returncode == 1
    stored = crashable.stored()
    assert complaint == (
        f"interrupted: {len(stored)} of {TASKS} replications are stored in "
        f"{crashable.folder}; the same command resumes\n"
    )
    assert len(stored) >= 5 - 2 * workers
    again = crashable.start()
    _, complaint = again.communicate(timeout=30)
    assert (again.returncode, complaint) == (0, "")
    assert (tmp_path / "study" / "outcomes.csv").read_bytes() == expected(tmp_path)


@pytest.mark.parametrize(
    ("engine", "workers"), [("reference", 1), ("reference", 2), ("compiled", 2), ("both", 2)]
)
def test_long_replications_do_not_hold_up_an_interrupt(tmp_path, engine, workers):
    crashable = Crashable(tmp_path / "study", engine=engine, workers=workers, seconds="60")
    run = crashable.start()
    crashable.wait_until_begun(workers)
    os.killpg(run.pid, signal.SIGINT)
    _, complaint = run.communicate(timeout=5)
    assert run.returncode == 1
    assert complaint.startswith(f"interrupted: 0 of {TASKS} replications")
