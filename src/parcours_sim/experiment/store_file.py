"""The file under the store: its tables, who may write it, and errors in plain words.

What is written and read is in `store.py`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from parcours_sim.experiment.errors import BadStoreError, StoreBusyError, StoreError

APPLICATION_ID = 0x50415253  # "PARS", in the file's header: tells our stores from others
LAYOUT_VERSION = 2
LOCKING_SECONDS = 0.2
"""Of two that ask at the same instant each hinders the other; asking again, one of them gets it."""

LAYOUT = f"""
BEGIN;
CREATE TABLE replications (
    id INTEGER PRIMARY KEY,
    scenario_hash TEXT NOT NULL, model_version TEXT NOT NULL,
    seed INTEGER NOT NULL, replication INTEGER NOT NULL,
    contacts INTEGER NOT NULL, events INTEGER NOT NULL, seconds REAL NOT NULL,
    stays BLOB NOT NULL, checksum BLOB NOT NULL, finished_at TEXT NOT NULL,
    UNIQUE (scenario_hash, model_version, seed, replication)
);
CREATE TABLE outcomes (
    replication_id INTEGER NOT NULL REFERENCES replications (id),
    position INTEGER NOT NULL,
    outcome TEXT NOT NULL, grp TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (replication_id, outcome, grp)
) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {LAYOUT_VERSION};
COMMIT;
"""

# What a user can do about each of SQLite's result codes; any other means damage.
PLAIN_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full; make room, and the same command resumes",
    sqlite3.SQLITE_READONLY: "it can't be written; check the rights on the folder",
    sqlite3.SQLITE_CANTOPEN: (
        "it can't be opened; check the path, the rights on the folder and the room on the disk"
    ),
    sqlite3.SQLITE_BUSY: "another program is using it; wait until it ends",
    sqlite3.SQLITE_IOERR: "the disk gave an error; once it works, the same command resumes",
    sqlite3.SQLITE_CONSTRAINT: "the replication holds one outcome of one group twice",
    sqlite3.SQLITE_NOTADB: "it isn't a parcours_sim store, or is damaged; move it away",
}
# Those that aren't the fault of the folder that was chosen.
FAILURES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CONSTRAINT,
}
MOVE_IT = "move it away, or choose another --out"
DAMAGED = f"it is damaged; {MOVE_IT}"


def prepare(connection: sqlite3.Connection, path: Path, writable: bool) -> None:
    """Make the tables in a new file; check an old one.

    Raises BadStoreError when the file is damaged, isn't a store or has another layout.
    """
    execute = connection.execute
    (application,) = execute("PRAGMA application_id").fetchone()
    (layout,) = execute("PRAGMA user_version").fetchone()
    (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
    if writable and (application, layout, tables) == (0, 0, 0):
        execute("PRAGMA journal_mode = WAL")
        connection.executescript(LAYOUT)
    elif application != APPLICATION_ID:
        raise BadStoreError(f"{path}: it is an SQLite file but not a parcours_sim store; {MOVE_IT}")
    elif layout != LAYOUT_VERSION:
        raise BadStoreError(
            f"{path}: written by another version of parcours_sim (layout {layout}; "
            f"this one reads layout {LAYOUT_VERSION}); choose another --out"
        )
    elif execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise BadStoreError(f"{path}: {DAMAGED}")


def lock(path: Path) -> sqlite3.Connection:
    """Lock the store for one writer, in an empty file beside it.

    SQLite's own lock works alike on every system and is gone when the process is, so there
    is never a stale one; and readers of the store itself aren't shut out.
    """
    beside = path.with_suffix(".lock")
    with ExitStack() as undo, in_plain_words(beside):
        connection = sqlite3.connect(beside, timeout=LOCKING_SECONDS, isolation_level=None)
        undo.callback(connection.close)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise StoreBusyError(
                f"{path}: another run is writing it; wait until it ends, or choose another --out"
            ) from None
        undo.pop_all()
    return connection


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a StoreError that names the file and says what to do."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # damage may spoil its own message
        primary_code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        kind = StoreError if primary_code in FAILURES else BadStoreError
        raise kind(f"{path}: {PLAIN_WORDS.get(primary_code, DAMAGED)}") from error
