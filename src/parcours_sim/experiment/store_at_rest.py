"""A store read without a trace: no file is made, changed or left beside it, not even meanwhile.

SQLite's usual reader keeps side files next to a store for as long as it reads, and may tidy up what
a killed run has left in them. Here the file is taken as one that doesn't change; runs are kept out
as long as it is open, so that it really doesn't.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from parcours_sim.experiment.errors import StoreBusyError
from parcours_sim.experiment.store import Store
from parcours_sim.experiment.store_file import LOCKING_SECONDS, in_plain_words, prepare

UNCHANGING = "mode=ro&immutable=1"
"""How SQLite opens a file that has no side files, and makes none."""
WITH_SIDE_FILES = "mode=ro&readonly_shm=1"
"""How it reads what a killed run has left in side files, and leaves it there."""


class StoreAtRest(Store):
    """A store that nobody writes, opened only for reading; a context manager.

    Raises StoreBusyError when a run is writing it, BadStoreError when the file is damaged, isn't a
    store, has another layout or isn't there.
    """

    def __init__(self, path: Path) -> None:
        """Open the store."""
        self.path = path
        with ExitStack() as undo, in_plain_words(path):
            undo.enter_context(_runs_kept_out(path))
            how = WITH_SIDE_FILES if _has_unsettled_writing(path) else UNCHANGING
            uri = f"{path.absolute().as_uri()}?{how}"
            self._connection = undo.enter_context(closing(sqlite3.connect(uri, uri=True)))
            prepare(self._connection, path, writable=False)
            self._undo = undo.pop_all()


@contextmanager
def _runs_kept_out(path: Path) -> Iterator[None]:
    """Share the file beside the store that a run locks; a copy without that file has no runs."""
    lock = path.with_suffix(".lock")
    if not lock.exists():
        yield
        return
    uri = f"{lock.absolute().as_uri()}?mode=ro"
    with closing(
        sqlite3.connect(uri, uri=True, timeout=LOCKING_SECONDS, isolation_level=None)
    ) as connection:
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise StoreBusyError(f"{path}: a run is writing it; wait until it ends") from None
        yield


def _has_unsettled_writing(path: Path) -> bool:
    """Tell whether a killed run has left something that isn't in the store's own file yet."""
    written_ahead = path.with_name(f"{path.name}-wal")
    return written_ahead.exists() and written_ahead.stat().st_size > 0
