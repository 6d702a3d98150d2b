"""What a replication leaves behind: outcomes, the keys of its stays, and the event log on demand.

Whatever engine ran it, the record is the same. Statistics over replications are in `analysis/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = tuple[str, str, float]
"""An outcome: its id, its group, its value in the unit of the outcome."""


class Entry(NamedTuple):
    """One line of the event log."""

    time_days: float
    """Days since the scenario's start date; negative in the warm-up."""
    person: int
    """Number of the inhabitant; -1 for someone who is not simulated one by one."""
    generation: int
    """How many people have had this place in the population before."""
    event: str
    detail: str
    """Kind of episode, link or professional, where the event has one."""
    occurrence: int
    """Number of the episode's candidate or the contact; for appointments, the slot's position."""


@dataclass(frozen=True)
class Replication:
    """The result of one replication.

    `stays` are the keys of the measured hospital stays of simulated patients (see `stay_key`),
    sorted, int64. `contacts`, `events` and `seconds` tell about the run: `seconds` is never part of
    what makes two results identical.
    """

    rows: tuple[Row, ...]
    stays: NDArray[np.int64]
    contacts: int
    events: int
    seconds: float = field(compare=False)
    log: tuple[Entry, ...] | None = None


class Stopped(Exception):
    """A replication was given up because whoever asked for it said so."""


def stay_key(person: int, kind: int, occurrence: int) -> int:
    """One number for a stay: the same patient's same episode has it under every organisation.

    >>> stay_key(1, 2, 3) == (1 << 32) + (2 << 24) + 3
    True
    """
    return (person << 32) | (kind << 24) | occurrence
