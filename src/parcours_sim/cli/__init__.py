"""The way into the command line `parcours-sim`: `main`.

Light by intention, so that Ctrl-C is answered from the first moment; the commands are in
`commands.py`.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .commands import app

__all__ = ["PROGRAM", "app", "main"]

PROGRAM = "parcours-sim"
RESUMABLE = {"run", "compare", "sweep", "merge", "warm-up", "calibrate", "validate", "attribute"}
"""Commands that go on where they were interrupted."""


def main() -> None:
    """Run the command line with the arguments of this process, and end with its exit status."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave_at_once)
        # When all is said, Python takes a moment to end, and would end otherwise if interrupted.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows another one instead of failing.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    from .commands import app

    app(prog_name=PROGRAM)


def leave_at_once(_signal: int, _frame: FrameType | None) -> None:
    """End at once, as no exception can: raised amid an import it may be lost or change its kind.

    While replications run, `study.py` lets Ctrl-C be an exception again.
    """
    resumes = " The same command resumes." if RESUMABLE & set(sys.argv) else ""
    os.write(2, f"interrupted.{resumes}\n".encode())
    os._exit(1)


def __getattr__(name: str) -> object:
    """Import the commands when they are first asked for."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .commands import app

    return app
