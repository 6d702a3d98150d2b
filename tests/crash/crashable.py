"""A study of fakes in a process of its own, which tests kill and interrupt."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.crash.study_to_crash import REPLICATIONS, study
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.store import Store

ROOT = Path(__file__).parents[2]
TASKS = 2 * REPLICATIONS


class Crashable:
    """A study in a process of its own, and the journal of what it simulates."""

    def __init__(
        self, folder: Path, *, workers: int, seconds: str, engine: str = "reference"
    ) -> None:
        self.folder = folder
        self.journal = folder.with_suffix(".journal")
        self.journal.touch()
        self.seconds = seconds
        self.workers = workers
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
        """Return what is stored, once the store has been made."""
        if not (self.folder / "store.sqlite").exists():
            return set()
        names = {fakes.identify(one): one.name for one in study(self.seconds).scenarios}
        with Store(self.folder / "store.sqlite") as store:
            return {(names[key.scenario_hash], key.replication) for key in store}

    def outcomes(self) -> bytes:
        return (self.folder / "outcomes.csv").read_bytes()


def expected(tmp_path: Path) -> bytes:
    """Return outcomes.csv of the same study, run without any trouble."""
    folder = tmp_path / "untroubled"
    run_study(study("0"), folder, How(1, progress=False), fakes.model())
    return (folder / "outcomes.csv").read_bytes()


def alive(process: int) -> bool:
    return _stat(process)[:1] not in ([], ["Z"])


def workers_of(run: subprocess.Popen[str]) -> list[int]:
    """Return the worker processes that a run has at the moment, as Linux lists them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _stat(int(entry.name))[:2] in (
            [state, str(run.pid)] for state in "RSD"
        ):
            with suppress(OSError):
                if b"spawn_main" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def _stat(process: int) -> list[str]:
    """Return the state of a process, then its parent and what else Linux tells; nothing if none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []
