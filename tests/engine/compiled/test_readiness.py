"""The compiled engine is made ready once, wherever its code can be kept."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from parcours_sim.engine import simulate
from parcours_sim.engine.compiled import entries, readiness
from parcours_sim.scenario.resolve import load_scenario

HAMLET = {"territory.inhabitants": 100, "horizon.years": 0.2, "horizon.warm_up_years": 0.1}
CHILD = f"""
from parcours_sim.engine import is_compiled, kernels, simulate
from parcours_sim.scenario.resolve import load_scenario
before = is_compiled()
rows = simulate(load_scenario("msp", changes={HAMLET!r}), 1, 0, engine="compiled").rows
import json
print(json.dumps([before, str(kernels.cache_folder()), rows]))
"""


@pytest.fixture
def not_ready(monkeypatch):
    """Make an engine that is not compiled, and a list of those who have compiled it."""
    by = []

    def run_a_day():
        time.sleep(0.05)
        by.append(threading.get_ident())

    monkeypatch.setattr(readiness, "_ready", [])
    monkeypatch.setattr(readiness, "_run_a_day", run_a_day)
    monkeypatch.setattr(readiness.kernels, "is_kept", lambda _entry: False)
    return by


def test_an_engine_is_ready_once_it_is_compiled_here(not_ready):
    assert not readiness.is_compiled()
    readiness.compile_engine()
    readiness.compile_engine()
    assert readiness.is_compiled()
    assert len(not_ready) == 1


def test_or_once_every_entry_is_kept_on_disk(not_ready, monkeypatch):
    kept = []
    monkeypatch.setattr(readiness.kernels, "is_kept", kept.__contains__)
    for each in (entries.begin, entries.run, entries.finish):
        assert not readiness.is_compiled()
        kept.append(each)
    assert readiness.is_compiled()


def test_where_many_threads_ask_one_compiles_and_all_of_them_wait(not_ready):
    seen = []

    def ask():
        readiness.compile_engine()
        seen.append(len(not_ready))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert seen == [1] * 8


def test_an_engine_that_fails_to_compile_is_not_ready_and_may_be_tried_again(
    not_ready, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(readiness, "_run_a_day", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            readiness.compile_engine()
    assert not readiness.is_compiled()
    readiness.compile_engine()
    assert readiness.is_compiled()


def child(cache, temporary=None):
    """Start a process that simulates a hamlet on the compiled engine, with a cache of its own."""
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    if temporary is not None:
        environment["TMPDIR"] = str(temporary)
    return subprocess.Popen(
        [sys.executable, "-c", CHILD], env=environment, stdout=subprocess.PIPE, text=True
    )


def told_by(process):
    """Give whether it found the engine compiled, the folder of its code, and what came out."""
    out, _ = process.communicate(timeout=900)
    assert process.returncode == 0
    before, folder, rows = json.loads(out)
    return before, Path(folder), [tuple(row) for row in rows]


def expected():
    return list(simulate(load_scenario("msp", changes=HAMLET), 1, 0).rows)


@pytest.mark.verify
@pytest.mark.timeout(1800)
def test_two_processes_that_compile_at_the_same_time_both_simulate_right(tmp_path):
    both = [child(tmp_path), child(tmp_path)]
    for before, folder, rows in map(told_by, both):
        assert not before
        assert tmp_path in folder.parents
        assert rows == expected()
    assert told_by(child(tmp_path))[2] == expected()  # from what the two have left


@pytest.mark.verify
@pytest.mark.timeout(1800)
def test_where_the_cache_cannot_be_written_the_engine_works_from_a_temporary_folder(tmp_path):
    (tmp_path / "cache").write_text("in the way")
    (tmp_path / "temporary").mkdir()
    before, folder, rows = told_by(child(tmp_path / "cache", tmp_path / "temporary"))
    assert not before
    assert folder.parent == tmp_path / "temporary"
    assert rows == expected()
