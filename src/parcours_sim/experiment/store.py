"""The store: finished replications in one SQLite file, each written once and never changed.

One process writes (the one coordinating a run) and others may read meanwhile. The store
knows no studies: a replication is found by scenario hash, model version, seed and number. What is
read is what was written, or an error: every replication has a checksum.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import isfinite
from pathlib import Path
from sys import intern
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from parcours_sim.experiment.checksum import replication_checksum
from parcours_sim.experiment.errors import BadStoreError, StoreError
from parcours_sim.experiment.model import Measured
from parcours_sim.experiment.store_file import DAMAGED, in_plain_words, lock, prepare

STAYS_TYPE = np.dtype("<i8")  # little-endian whatever the machine
SHOWN = 12  # characters of a hash in messages; as good as all of them to tell two apart
OF_ARM = "scenario_hash = ? AND model_version = ? AND seed = ?"
OF_KEY = f"{OF_ARM} AND replication = ?"


class ReplicationKey(NamedTuple):
    """What makes two replications the same one."""

    scenario_hash: str
    model_version: str
    seed: int
    replication: int

    def __str__(self) -> str:
        """Say it in a message."""
        return (
            f"replication {self.replication} of seed {self.seed}, scenario "
            f"{self.scenario_hash[:SHOWN]}, model version {self.model_version[:SHOWN]},"
        )


@dataclass(frozen=True)
class StoredReplication:
    """What one replication measured (see `Measured`), read back."""

    rows: tuple[tuple[str, str, float], ...]
    stays: NDArray[np.int64]
    contacts: int
    events: int
    seconds: float


class Store:
    """A store opened for writing, or only for reading; a context manager.

    Raises BadStoreError when the file is damaged, isn't a store or has another layout, and
    StoreBusyError when another process writes it. The lock ends with the process, however
    it ends.
    """

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        """Open the store, making it where there is none yet if it is to be written."""
        self.path = path
        with ExitStack() as undo, in_plain_words(path):
            if writable:
                undo.enter_context(closing(lock(path)))
            # A reader opens "rw" all the same, or SQLite's side files would stay behind.
            uri = f"{path.absolute().as_uri()}?mode={'rwc' if writable else 'rw'}"
            self._connection = undo.enter_context(closing(sqlite3.connect(uri, uri=True)))
            self._connection.execute(f"PRAGMA query_only = {not writable}")
            prepare(self._connection, path, writable)
            self._undo = undo.pop_all()

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def __contains__(self, key: ReplicationKey) -> bool:
        """Tell whether a replication is stored."""
        with in_plain_words(self.path):
            found = self._connection.execute(f"SELECT 1 FROM replications WHERE {OF_KEY}", key)
            return found.fetchone() is not None

    def __len__(self) -> int:
        """Count the stored replications."""
        with in_plain_words(self.path):
            (count,) = self._connection.execute("SELECT count(*) FROM replications").fetchone()
            return int(count)

    def __iter__(self) -> Iterator[ReplicationKey]:
        """Yield the keys of all that is stored, in the order in which it came."""
        with in_plain_words(self.path):
            found = self._connection.execute(
                "SELECT scenario_hash, model_version, seed, replication FROM replications "
                "ORDER BY id"
            )
            yield from map(ReplicationKey._make, found)

    def numbers(self, scenario_hash: str, model_version: str, seed: int) -> set[int]:
        """Return which replications of a scenario are stored."""
        with in_plain_words(self.path):
            found = self._connection.execute(
                f"SELECT replication FROM replications WHERE {OF_ARM}",
                (scenario_hash, model_version, seed),
            )
            return {number for (number,) in found}

    def check(self, scenario_hash: str, model_version: str, seed: int) -> None:
        """Read all that is stored of a scenario, unless this opening of the store has done so.

        Raises BadStoreError where something isn't as it was written.
        """
        arm = (scenario_hash, model_version, seed)
        if arm not in self._checked:
            for number in self.numbers(*arm):
                self.get(ReplicationKey(*arm, number))
            self._checked.add(arm)

    @cached_property
    def _checked(self) -> set[tuple[str, str, int]]:
        return set()

    def values(
        self,
        scenario_hash: str,
        model_version: str,
        seed: int,
        replications: int,
        outcome: str,
        group: str,
    ) -> dict[int, float]:
        """Return the values of one outcome of one group, by replication, of the first so many.

        Replications in which the group has no such outcome are left out. Raises BadStoreError
        where any of these replications isn't as it was written.
        """
        self.check(scenario_hash, model_version, seed)
        with in_plain_words(self.path):
            found = self._connection.execute(
                "SELECT replication, value FROM replications "
                "JOIN outcomes ON outcomes.replication_id = replications.id "
                f"WHERE {OF_ARM} AND replication < ? AND outcome = ? AND grp = ? "
                "ORDER BY replication",
                (scenario_hash, model_version, seed, replications, outcome, group),
            )
            return dict(found)

    def put(self, key: ReplicationKey, measured: Measured) -> None:
        """Write a replication, whole or not at all.

        Raises StoreError when it is stored already, when a value isn't finite, or when the
        disk is full.
        """
        if key in self:
            raise StoreError(f"{self.path}: {key} is stored already and never changes")
        for outcome, group, value in measured.rows:
            if not isfinite(value):
                raise StoreError(f"{self.path}: {outcome} of {group} is {value}, not a number")
        about = (int(measured.contacts), int(measured.events), float(measured.seconds))
        stays = np.asarray(measured.stays, dtype=STAYS_TYPE).tobytes()
        written = replication_checksum((*key, *about), measured.rows, stays)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with in_plain_words(self.path), self._connection:
            row = self._connection.execute(
                "INSERT INTO replications VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, *about, stays, written, now),
            ).lastrowid
            self._connection.executemany(
                "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?)",
                [
                    (row, position, outcome, group, float(value))
                    for position, (outcome, group, value) in enumerate(measured.rows)
                ],
            )

    def get(self, key: ReplicationKey) -> StoredReplication:
        """Read a replication.

        Raises StoreError when it isn't there, BadStoreError when it isn't as it was written.
        """
        with in_plain_words(self.path):
            found = self._connection.execute(
                "SELECT id, checksum, stays, contacts, events, seconds FROM replications "
                f"WHERE {OF_KEY}",
                key,
            ).fetchone()
            if found is None:
                raise StoreError(f"{self.path}: {key} is not stored")
            rows = self._connection.execute(
                "SELECT outcome, grp, value FROM outcomes WHERE replication_id = ? "
                "ORDER BY position",
                found[:1],
            ).fetchall()
        _, written, stays, *about = found
        if not _is_as_written(written, (*key, *about), rows, stays):
            raise BadStoreError(f"{self.path}: {DAMAGED}\n  {key} isn't as it was written")
        return StoredReplication(
            tuple((intern(outcome), intern(group), value) for outcome, group, value in rows),
            np.frombuffer(stays, dtype=STAYS_TYPE).astype(np.int64),
            *about,
        )

    def close(self) -> None:
        """Close the file and let others write it."""
        self._undo.close()


def _is_as_written(written: bytes, about: Sequence[Any], rows: Sequence[Any], stays: bytes) -> bool:
    try:
        return replication_checksum(about, rows, stays) == written
    except (TypeError, ValueError):  # damage has made something else of a number, or of text
        return False
