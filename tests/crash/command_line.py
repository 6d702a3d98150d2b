"""The real command line on the real model: a study in a tiny territory, to be troubled."""

import os
import subprocess
import sys
from pathlib import Path

from tests.test_cli_processes import COMMAND, TINY

SIZE = (*TINY, "--replications", "6", "--out", "study")
RUN = ("run", "isole", *SIZE)
COMPARE = ("compare", "isole", "msp", *SIZE)
"""Draws figures too."""
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


def start(folder: Path, *study: str, **environment: str) -> subprocess.Popen[str]:
    """Start a study in a process group of its own, as a terminal does."""
    return _started([*COMMAND, *study], folder, environment)


def begun(folder: Path, *study: str) -> subprocess.Popen[str]:
    """Start a study and return when the program listens to Ctrl-C."""
    ours, theirs = os.pipe()
    command = [sys.executable, "-c", BEGINS, *study]
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


def completed(folder: Path, *study: str) -> str:
    """Run a study to its end, which must be a good one; return what it prints."""
    run = start(folder, *study)
    out, err = run.communicate(timeout=120)
    assert (run.returncode, err) == (0, "")
    return out


def tables(folder: Path) -> dict[str, bytes]:
    """Return the tables that a study has written into a folder."""
    return {path.name: path.read_bytes() for path in (folder / "study").glob("*.csv")}
