"""What a run says while it lasts, on standard error: replications done and time left.

Shown on a terminal only, but for what somebody may have to do; never on standard
output, which belongs to results.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


def say(text: str, *, show: bool = True) -> None:
    """Say a sentence where a progress bar would be shown."""
    if _is_shown(show):
        Console(stderr=True).print(text, highlight=False, markup=False)


def note(text: str, *, show: bool = True) -> None:
    """Say, in a log too, what a run waits for that somebody else may have to do."""
    if show:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


@contextmanager
def progress_bar(done: int, total: int, *, show: bool = True) -> Iterator[Callable[[], None]]:
    """Show how many of `total` replications are done; the function given adds one."""
    with Progress(
        TextColumn("replications"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not _is_shown(show),
    ) as bar:
        task = bar.add_task("", total=total, completed=done)
        yield lambda: bar.advance(task)


class Bench:
    """Progress of work whose length nobody knows beforehand: where it stands, and the bar of now.

    A context manager. What stands above the bar stays in the terminal.
    """

    def __init__(self, *, show: bool = True) -> None:
        """Show nothing yet."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not _is_shown(show),
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        """Begin to show."""
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self._progress.stop()

    def stands_at(self, where: str) -> None:
        """Say where the work stands."""
        self._progress.update(self._task, description=where)

    def says(self, text: str) -> None:
        """Say a sentence that stays."""
        if not self._progress.disable:
            self._progress.console.print(text, highlight=False, markup=False)

    def begins(self, done: int, total: int) -> None:
        """Begin a bar of so many replications, some of which are done."""
        self._progress.reset(self._task, total=total, completed=done)

    def advance(self) -> None:
        """One more is done."""
        self._progress.advance(self._task)


def _is_shown(show: bool) -> bool:
    return show and sys.stderr.isatty()
