"""The real command line on the real model: a comparison in a tiny territory, to be troubled."""

import os
import subprocess
import sys
from pathlib import Path

from tests.test_cli_processes import COMMAND, TINY

COMPARE = ("compare", "isole", "msp", *TINY, "--replications", "6", "--out", "study")
TABLES = ("outcomes.csv", "differences.csv")
BEGINS = """
import os, sys
from parcours_sim.cli import main

def tell(event, about):
    if event == "import" and about[0] == "parcours_sim.cli.commands" and "BEGUN" in os.environ:
        os.close(int(os.environ.pop("BEGUN")))

sys.addaudithook(tell)
main()
"""
"""Runs the command line, and says by closing a file that it listens to Ctrl-C.

Before, while Python itself begins, Ctrl-C is Python's own affair: some hundredths of a second, in
which nothing is read or written.
"""


def start(folder: Path, *how: str, **environment: str) -> subprocess.Popen[str]:
    """Start the comparison in a process group of its own, as a terminal does."""
    return _started([*COMMAND, *COMPARE, *how], folder, environment)


def begun(folder: Path, *how: str) -> subprocess.Popen[str]:
    """Start the comparison and return when the program listens to Ctrl-C."""
    ours, theirs = os.pipe()
    command = [sys.executable, "-c", BEGINS, *COMPARE, *how]
    run = _started(command, folder, {"BEGUN": str(theirs)}, pass_fds=(theirs,))
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        pipe.read()
    return run


def _started(command: list[str], folder: Path, environment: dict[str, str], **other):
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **other,
    )


def completed(folder: Path, *how: str) -> str:
    """Run the comparison to its end, which must be a good one; return what it prints."""
    run = start(folder, *how)
    out, err = run.communicate(timeout=120)
    assert (run.returncode, err) == (0, "")
    return out


def tables(folder: Path) -> list[bytes]:
    """Return the tables in a folder in which the comparison was run."""
    return [(folder / "study" / name).read_bytes() for name in TABLES]
