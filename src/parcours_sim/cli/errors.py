"""How commands end: exit status 0 done, 2 wrong input, 1 failure, and what is said then.

Every command is wrapped by `in_plain_words`. What is wrong with an input is said where it is found,
in `scenario` and `experiment`; nothing is checked here.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

import typer

from parcours_sim.experiment.errors import (
    ExperimentError,
    FolderError,
    Interrupted,
    ReplicationError,
    StudyError,
)
from parcours_sim.scenario.errors import Finding, ScenarioError

FAILURE, WRONG_INPUT = 1, 2
RESUMES = "What is finished is stored; the same command resumes."
WRONG_PATHS = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError)

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
    command: Callable[Concatenate[typer.Context, P], None],
) -> Callable[..., None]:
    """Let a command end in a sentence on standard error and an exit status, never a traceback."""

    @wraps(command)
    def wrapped(ctx: typer.Context, *args: P.args, **options: P.kwargs) -> None:
        try:
            command(ctx, *args, **options)
            sys.stdout.flush()
        except (typer.Exit, typer.BadParameter, BrokenPipeError):
            raise  # Typer ends quietly when nobody reads what is printed
        except (Exception, KeyboardInterrupt) as error:
            _ignore_further_interrupts(error)
            status, words = ending(error)
            if status == FAILURE and ctx.obj.debug:
                traceback.print_exc()
            typer.echo(words, err=True)
            raise typer.Exit(status) from None

    return wrapped


def ending(error: BaseException) -> tuple[int, str]:
    """Return the exit status and the sentence with which an error ends a command."""
    if isinstance(error, ScenarioError | StudyError):
        return WRONG_INPUT, str(error)
    if isinstance(error, FolderError):
        # A folder that is another's is wrong input; a disk that refuses to write is a failure.
        cause = error.__cause__
        failed = isinstance(cause, OSError) and not isinstance(cause, WRONG_PATHS)
        return FAILURE if failed else WRONG_INPUT, str(error)
    if isinstance(error, ReplicationError):
        return FAILURE, f"{error}\n{RESUMES}"
    if isinstance(error, ExperimentError):
        return FAILURE, str(error)
    if isinstance(error, KeyboardInterrupt):
        return FAILURE, f"interrupted. {RESUMES}"
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return FAILURE, f"{place}{error.strerror}. {RESUMES}"
    return FAILURE, (
        f"parcours-sim failed: {type(error).__name__}: {error}\n"
        "This is a fault of the program, not of your input; `parcours-sim --debug …` shows where. "
        f"{RESUMES}"
    )


def _ignore_further_interrupts(error: BaseException) -> None:
    """After Ctrl-C, keep an impatient second one from spoiling the last sentence."""
    if isinstance(error, Interrupted | KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
