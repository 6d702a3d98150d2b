"""The results of a whole study, read from the store, and the table they make.

What they mean is for `analysis`; nothing is averaged here.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from parcours_sim.experiment.files import replacing, sha256
from parcours_sim.experiment.store import ReplicationKey, Store, StoredReplication
from parcours_sim.experiment.study import Study, Task

Rows = tuple[tuple[str, str, float], ...]
"""What one replication measured: (outcome, group, value), in the engine's order."""


class OutcomeRow(NamedTuple):
    """One line of outcomes.csv; its fields are the columns."""

    scenario: str
    parameter_set: str
    replication: int
    outcome: str
    group: str
    value: float
    unit: str


class Agreement(NamedTuple):
    """How many replications are the same on both engines; how many of them earlier runs found."""

    replications: int
    before: int


@dataclass(frozen=True)
class StudyResult:
    """Every replication of a study, by scenario in the study's order, then by number.

    `digest` is the sha256 of outcomes.csv; `simulated` how many replications this run added
    (the others were stored already); `agreement` is known where both engines were asked for.
    """

    study: Study
    replications: tuple[tuple[StoredReplication, ...], ...]
    unit: Callable[[str], str]
    folder: Path
    digest: str = ""
    simulated: int = 0
    agreement: Agreement | None = None

    def outcomes(self) -> Iterator[OutcomeRow]:
        """Yield the rows of outcomes.csv."""
        rows = ((measured.rows for measured in by_number) for by_number in self.replications)
        return outcome_rows(self.study.scenarios, rows, self.unit)

    @property
    def stays(self) -> dict[str, dict[int, NDArray[np.int64]]]:
        """Sorted keys of the measured hospital stays, by scenario name and replication."""
        return {
            name: {number: measured.stays for number, measured in enumerate(replications)}
            for name, replications in zip(self.study.names, self.replications, strict=True)
        }


def read_replications(
    store: Store, study: Study, key: Callable[[Task], ReplicationKey]
) -> tuple[tuple[StoredReplication, ...], ...]:
    """Read a study's replications; raises StoreError when one is missing."""
    numbers = range(study.replications)
    return tuple(
        tuple(store.get(key(Task(scenario, number))) for number in numbers)
        for scenario in range(len(study.scenarios))
    )


class Named(Protocol):
    """What outcomes.csv says of a scenario."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def parameter_set(self) -> str:
        """`documents` or `literature`."""


def outcome_rows(
    scenarios: Iterable[Named],
    replications: Iterable[Iterable[Rows]],
    unit: Callable[[str], str],
) -> Iterator[OutcomeRow]:
    """Yield the rows of outcomes.csv: by scenario, replication, then the engine's order."""
    for scenario, by_number in zip(scenarios, replications, strict=True):
        for number, rows in enumerate(by_number):
            where = (scenario.name, scenario.parameter_set, number)
            for outcome, group, value in rows:
                yield OutcomeRow(*where, outcome, group, value, unit(outcome))


def write_outcomes(path: Path, result: StudyResult) -> str:
    """Write outcomes.csv and return its sha256."""
    with replacing(path) as file:
        _write(file, result.outcomes())
    return sha256(path)


def digest_of(rows: Iterable[OutcomeRow]) -> str:
    """Return the sha256 of an outcomes.csv with these rows, which is written nowhere."""
    hashed = _Hashed()
    _write(hashed, rows)
    return hashed.digest()


class _Sink(Protocol):
    def write(self, text: str, /) -> object: ...


class _Hashed:
    """A file of which nothing is kept but its digest."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def write(self, text: str, /) -> None:
        self._sha256.update(text.encode())

    def digest(self) -> str:
        return self._sha256.hexdigest()


def _write(file: _Sink, rows: Iterable[OutcomeRow]) -> None:
    """Write a table of outcomes.

    The csv module writes a float by repr, the shortest text that reads back as the same
    float; so equal results are equal files, byte for byte.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(OutcomeRow._fields)
    writer.writerows(rows)
