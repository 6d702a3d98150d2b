"""What a run says while it lasts, on standard error: replications done and time left.

Shown on a terminal only, but for what somebody may have to do; never on standard
output, which belongs to results.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


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


def _is_shown(show: bool) -> bool:
    return show and sys.stderr.isatty()
