"""Two runs started on one folder: exactly one works, the other says so and ends."""

import random
import sqlite3
import threading
import time
from contextlib import closing

import pytest
from tests.crash.crashable import TASKS, Crashable, expected

from parcours_sim.experiment.store import Store

REFUSAL = "another run is writing it; wait until it ends, or choose another --out"


def start_two(tmp_path, name: str, engine: str, workers: int, instants: random.Random) -> bool:
    """Start a study twice at nearly the same instant; tell whether one was refused."""
    crashable = Crashable(tmp_path / name, engine=engine, workers=workers, seconds="0.03")
    first = crashable.start()
    time.sleep(instants.uniform(0, 0.2))
    second = crashable.start()
    endings = []
    for run in (first, second):
        _, complaint = run.communicate(timeout=60)
        endings.append((run.returncode, complaint))
    done, refused = (0, ""), (1, f"{crashable.folder}/store.sqlite: {REFUSAL}\n")
    assert sorted(endings) in ([done, refused], [done, done])
    assert len(crashable.begun()) == len(set(crashable.begun())) == TASKS
    assert len(crashable.stored()) == TASKS
    assert crashable.outcomes() == expected(tmp_path)
    return refused in endings


def test_of_two_runs_on_one_folder_exactly_one_works(tmp_path):
    instants = random.Random(2)
    assert any(start_two(tmp_path, f"study {n}", "reference", 1, instants) for n in range(2))


@pytest.mark.verify
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("engine", "workers"), [("reference", 1), ("compiled", 2)])
def test_of_two_runs_on_one_folder_exactly_one_works_forty_times(tmp_path, engine, workers):
    instants = random.Random(workers)
    refused = sum(start_two(tmp_path, f"study {n}", engine, workers, instants) for n in range(20))
    assert refused >= 15
    print(f"{engine} on {workers}: one of two was refused {refused} times of 20")


def test_who_asks_at_the_same_instant_hinders_nobody_for_longer(tmp_path):
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path.with_suffix(".lock"), isolation_level=None)) as asking:
        asking.execute("BEGIN")  # the first half of asking for the lock
        asking.execute("SELECT count(*) FROM sqlite_master").fetchone()
        opened = []
        other = threading.Thread(target=lambda: opened.append(Store(path).close()))
        other.start()
        time.sleep(0.05)
        assert not opened
        asking.execute("ROLLBACK")
        other.join()
    assert opened
