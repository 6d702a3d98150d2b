"""How commands end: exit status 0 done, 2 wrong input, 1 failure, and what is said then.

Wrong input (2) is what another command line, file or folder would mend: an --out that is no
folder, is another study's, may not be written, or holds a damaged store. A failure (1) is anything
else: a fault of the program or of a replication, a disk that is full or gives errors, a store that
another run is writing at the moment, Ctrl-C.

Every command is wrapped by `in_plain_words`. What is wrong with an input is said where it is found,
in `scenario` and `experiment`; nothing is checked here.
"""

from __future__ import annotations

import errno
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

import typer

from parcours_sim.experiment.errors import (
    BadStoreError,
    ExperimentError,
    FolderError,
    Interrupted,
    ReplicationError,
    StudyError,
)
from parcours_sim.scenario.errors import Finding, ScenarioError

FAILURE, WRONG_INPUT = 1, 2
RESUMES = "What is finished is stored; the same command resumes."
WRONG_PATHS = (
    *(FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError),
    PermissionError,
)
WRONG_PATH_NUMBERS = {errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP}

P = ParamSpec("P")


@dataclass(frozen=True)
class Invocation:
    """What all commands share: whether to show tracebacks, and the command line as typed."""

    debug: bool
    command: tuple[str, ...]


def refusal(place: str, found: str, allowed: str, nearest: str | None = None) -> ScenarioError:
    """Return the error for an option or argument that can't be used."""
    return ScenarioError([Finding(place, "", found, allowed, nearest)])


def in_plain_words(
    command: Callable[Concatenate[typer.Context, P], None], resumes: str = ""
) -> Callable[..., None]:
    """Let a command end in a sentence on standard error and an exit status, never a traceback.

    `resumes` is said after failures of a command that can go on where it stopped.
    """

    @wraps(command)
    def wrapped(ctx: typer.Context, *args: P.args, **options: P.kwargs) -> None:
        try:
            command(ctx, *args, **options)
            sys.stdout.flush()
        except (typer.Exit, typer.BadParameter, BrokenPipeError):
            raise  # Typer ends quietly when nobody reads what is printed
        except (Exception, KeyboardInterrupt) as error:
            _ignore_further_interrupts(error)
            status, words = ending(error, resumes)
            if status == FAILURE and ctx.obj.debug:
                traceback.print_exc()
            typer.echo(words, err=True)
            raise typer.Exit(status) from None

    return wrapped


def resumable(command: Callable[Concatenate[typer.Context, P], None]) -> Callable[..., None]:
    """As `in_plain_words`, for a command that simulates and stores."""
    return in_plain_words(command, RESUMES)


def ending(error: BaseException, resumes: str = RESUMES) -> tuple[int, str]:
    """Return the exit status and the sentence with which an error ends a command."""
    if isinstance(error, ScenarioError | StudyError | BadStoreError):
        return WRONG_INPUT, str(error)
    if isinstance(error, FolderError):
        cause = error.__cause__
        failed = isinstance(cause, OSError) and not _of_a_path(cause)
        return FAILURE if failed else WRONG_INPUT, str(error)
    if isinstance(error, ReplicationError):
        return FAILURE, f"{error}\n{resumes}".strip()
    if isinstance(error, ExperimentError):
        return FAILURE, str(error)
    if isinstance(error, KeyboardInterrupt):
        return FAILURE, f"interrupted. {resumes}".strip()
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        status = WRONG_INPUT if error.filename and _of_a_path(error) else FAILURE
        return status, f"{place}{error.strerror}. {resumes}".strip()
    return FAILURE, (
        f"parcours-sim failed: {type(error).__name__}: {error}\n"
        "This is a fault of the program, not of your input; `parcours-sim --debug …` shows where. "
        f"{resumes}"
    ).strip()


def _of_a_path(error: OSError) -> bool:
    """Tell whether another path would do; a full disk, say, is a failure of the machine."""
    return isinstance(error, WRONG_PATHS) or error.errno in WRONG_PATH_NUMBERS


def _ignore_further_interrupts(error: BaseException) -> None:
    """After Ctrl-C, keep an impatient second one from spoiling the last sentence."""
    if isinstance(error, Interrupted | KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Python remembers of the last text that it executed whether Ctrl-C came amid it, and then
        # ends by that signal whatever the exit status. Libraries do so while they are imported.
        exec("")
