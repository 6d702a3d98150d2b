"""The command line as a process of its own: streams, signals, exit status, another folder."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from parcours_sim.engine import compile_engine

COMMAND = (sys.executable, "-m", "parcours_sim")
TINY = (
    *("--set", "territory.inhabitants=1000", "--set", "horizon.years=0.1"),
    *("--set", "horizon.warm_up_years=0.05"),
)
INTERRUPTED_RUN = ("run", "isole", *TINY, "--out", "study")

INTERRUPTED_PROGRAM = """
import signal
from parcours_sim.cli import main
from parcours_sim.experiment import model

class Lossy:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def compile_engine():
    {}

class Model(model.Model):
    def __init__(self, **functions):
        usual = {{"is_compiled": lambda: True, "compile_engine": compile_engine}}
        super().__init__(**functions | usual)

model.Model = Model
main()
"""
"""The command line, interrupted in some way while the engine is made ready."""


def ended(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def stored(folder: Path) -> int:
    """Count the stored replications of a run that may not have begun yet."""
    store = folder / "study" / "store.sqlite"
    if not store.exists():
        return 0
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT count(*) FROM replications").fetchone()[0]
        except sqlite3.OperationalError:
            return 0


def test_two_processes_print_one_json_document_and_nothing_else(tmp_path):
    done = ended(tmp_path, "run", "isole", *TINY, "--replications", "2", "--workers", "2", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["outcomes"][0]["replications"] == 2
    assert done.stderr == ""
    assert (tmp_path / document["folder"] / "outcomes.csv").exists()


def test_wrong_input_ends_with_status_2_and_writes_nothing(tmp_path):
    done = ended(tmp_path, "compare", "msp", "--baseline", "isol")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('--baseline: found "isol"')
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("engine", "workers"), [("reference", "1"), ("compiled", "2")])
def test_ctrl_c_ends_with_status_1_says_how_to_resume_and_loses_nothing(tmp_path, engine, workers):
    how = ("--engine", engine, "--workers", workers)
    command = [*COMMAND, *INTERRUPTED_RUN, *how, "--replications", "50000"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 150  # the engine may have to be compiled first
        while stored(tmp_path) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)  # the impatient second one
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert "the same command resumes" in err
    assert "Traceback" not in err
    kept = stored(tmp_path)
    assert kept >= 2
    resumed = ended(tmp_path, *INTERRUPTED_RUN, *how, "--replications", str(kept))
    assert resumed.returncode == 0, resumed.stderr
    # Two threads may have finished one replication before the one that comes before it.
    most = int(workers) - 1
    assert re.search(rf"[0-{most}] of {kept} replications were simulated now", resumed.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_is_heard_amid_a_long_replication_of_the_compiled_engine(tmp_path, workers):
    compile_engine()
    size = ("--set", "territory.inhabitants=60000", "--set", "horizon.years=40")
    how = ("--engine", "compiled", "--workers", workers, "--replications", "2", "--out", "study")
    command = [*COMMAND, "run", "isole", *size, *how]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "study" / "manifest.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(5)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert time.monotonic() - pressed < 3
    assert process.returncode == 1
    assert err.startswith("interrupted: 0 of 2 replications are stored in study")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    "interrupted",
    [
        *("signal.raise_signal(signal.SIGINT)", "exec('signal.raise_signal(signal.SIGINT)')"),
        "Lossy()\n    while True: pass",
    ],
)
def test_ctrl_c_is_heard_wherever_it_comes_while_the_engine_is_made_ready(tmp_path, interrupted):
    (tmp_path / "program.py").write_text(INTERRUPTED_PROGRAM.format(interrupted))
    done = subprocess.run(
        [sys.executable, "-m", "program", *INTERRUPTED_RUN, "--engine", "compiled"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = "interrupted: 0 of 10 replications are stored in study; the same command resumes\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
@pytest.mark.parametrize("command", ["outcomes", "show"])
def test_a_reader_who_leaves_is_no_error_to_complain_of(tmp_path, command):
    args = {"outcomes": ["outcomes"], "show": ["show", "isole", "--evidence"]}[command]
    with subprocess.Popen(
        [*COMMAND, *args], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert err == b""


def test_a_terminal_without_accents_still_gets_its_table(tmp_path):
    done = subprocess.run(
        [*COMMAND, "list"],
        cwd=tmp_path,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert b"Isolated practice" in done.stdout
