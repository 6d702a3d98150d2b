"""The progress bar of a run: replications done and time left, on standard error.

Only shown on a terminal, and never on standard output, which belongs to results.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(done: int, total: int, *, show: bool = True) -> Iterator[Callable[[], None]]:
    """Show how many of `total` replications are done; the function given adds one."""
    with Progress(
        TextColumn("replications"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not (show and sys.stderr.isatty()),
    ) as bar:
        task = bar.add_task("", total=total, completed=done)
        yield lambda: bar.advance(task)
