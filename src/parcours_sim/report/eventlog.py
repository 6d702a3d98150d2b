"""The event log of replications as a file: CSV or Parquet, by its ending.

One row per event. Which events there are, and when they are noted, is the engine's affair.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from parcours_sim.engine.record import Entry

ROWS_AT_ONCE = 50_000
"""Rows held in memory while a Parquet file is written."""


@dataclass(frozen=True)
class EventLog:
    """The event log of one replication of one scenario.

    `start_date` is the day (YYYY-MM-DD) at whose midnight time 0 is.
    """

    scenario: str
    replication: int
    start_date: str
    entries: Iterable[Entry]


class Row(NamedTuple):
    """One line of the file; the fields are its columns.

    `timestamp` is `time_days` as a local date and time, to the second, and comes for reading and
    for process mining; `time_days` is exact. `person` and `occurrence` are empty where the event
    has none: people who aren't simulated one by one have no number. A `person` is a place in the
    population, and `generation` tells apart those who have had it one after the other.
    """

    scenario: str
    replication: int
    timestamp: datetime
    time_days: float
    person: int | None
    generation: int
    event: str
    detail: str
    occurrence: int | None


def write_event_log(path: Path, logs: Iterable[EventLog]) -> int:
    """Write event logs one after the other into a file; return the number of events.

    The file appears under its name only when it is complete, and takes the place of a former one.
    Logs are taken one at a time, so that they needn't fit into memory together.
    Raises ValueError where the file ends neither in .csv nor in .parquet, OSError where it can't be
    written.
    """
    if path.suffix.lower() not in FORMATS:
        raise ValueError(f"{path}: an event log ends in {' or '.join(FORMATS)}")
    with _replacing(path) as part:
        return FORMATS[path.suffix.lower()](part, (row for log in logs for row in _rows(log)))


def _rows(log: EventLog) -> Iterator[Row]:
    start = datetime.fromisoformat(log.start_date)
    for entry in log.entries:
        yield Row(
            scenario=log.scenario,
            replication=log.replication,
            timestamp=start + timedelta(seconds=round(entry.time_days * 86_400)),
            time_days=entry.time_days,
            person=None if entry.person < 0 else entry.person,
            generation=entry.generation,
            event=entry.event,
            detail=entry.detail,
            occurrence=None if entry.occurrence < 0 else entry.occurrence,
        )


def _write_csv(path: Path, rows: Iterator[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - counts the rows
            cells = row._asdict() | {"timestamp": row.timestamp.isoformat()}
            writer.writerow(cells.values())
    return count


def _write_parquet(path: Path, rows: Iterator[Row]) -> int:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    types = {
        "replication": pa.int64(),
        "timestamp": pa.timestamp("s"),
        "time_days": pa.float64(),
        "person": pa.int64(),
        "generation": pa.int64(),
        "occurrence": pa.int64(),
    }
    schema = pa.schema([(name, types.get(name, pa.string())) for name in Row._fields])
    count = 0
    with ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            columns = [
                pa.array(column, type=kind)
                for column, kind in zip(zip(*batch, strict=True), schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            count += len(batch)
    return count


FORMATS: dict[str, Callable[[Path, Iterator[Row]], int]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
}
"""What writes a file, by how its name ends."""


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give the path of a file that takes the place of another once it is complete."""
    part = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
