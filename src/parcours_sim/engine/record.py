"""What a replication leaves behind: outcomes, the keys of its stays, and the event log on demand.

Whatever engine ran it, the record is the same. Statistics over replications are in `analysis/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parcours_sim.care.parameters import ROLES, Parameters


class Trace(IntEnum):
    """What is noted of single episodes, to ask later whether information came too late."""

    ANSWERED_IN_TIME = 0
    """A response beat the window, whether or not it then worked."""
    SPARED = 1
    """A candidate that would have become an episode, had no informed visit come after a stay."""
    LETTER_LATE = 2
    """It begins in the month after a discharge of which a letter was late or lost."""
    PROFESSIONAL_LATE = 3
    """A nurse's or pharmacist's message about it was late or lost."""
    CALL_LATE = 4
    """So was the patient's own call."""


Row = tuple[str, str, float]
"""An outcome: its id, its group, its value in the unit of the outcome."""


class What(IntEnum):
    """What can happen in the event log; a name's words are what users read."""

    APPOINTMENT_BOOKED = 0
    APPOINTMENT_GIVEN_BACK = 1
    GP_CONSULTATION = 2
    NURSE_VISIT = 3
    PROTOCOL_VISIT = 4
    DISPENSING = 5
    INFORMED_FOLLOW_UP = 6
    EPISODE_BEGINS = 7
    PATIENT_NOTICES = 8
    GP_NOTICES = 9
    NURSE_NOTICES = 10
    PHARMACIST_NOTICES = 11
    MESSAGE_LOST = 12
    MESSAGE_ARRIVES = 13
    TREATED = 14
    RESOLVES_ALONE = 15
    AVERTED = 16
    ADMITTED_AS_A_PRECAUTION = 17
    CRISIS = 18
    OVERTAKEN_IN_HOSPITAL = 19
    ENDS_WITH_DEATH = 20
    ARRIVES_AT_EMERGENCY_DEPARTMENT = 21
    GETS_A_ROOM = 22
    LEAVES_EMERGENCY_DEPARTMENT_UNSEEN = 23
    LEAVES_EMERGENCY_DEPARTMENT = 24
    GOES_HOME = 25
    GETS_A_BED = 26
    ADMITTED = 27
    DISCHARGED = 28
    LETTER_LOST = 29
    DIES = 30
    EXPERT_ASKED = 31
    EXPERT_ANSWERS = 32


TEXTS = tuple(
    each.name.lower().replace("_", " ").replace("follow up", "follow-up") for each in What
)
PURPOSES = ("planned", "answer", "follow-up")
NO_DETAIL, PLANNED, ANSWER, FOLLOW_UP = range(4)
"""Details of an event, as numbers: none; what an appointment is for; then who receives a letter,
kinds of episode and links, from these on."""
FIRST_ROLE = 1 + len(PURPOSES)
FIRST_KIND = FIRST_ROLE + len(ROLES)

LINE = np.dtype(
    [
        ("time_days", "f8"),
        ("person", "i8"),
        ("generation", "i8"),
        ("event", "i8"),
        ("detail", "i8"),
        ("occurrence", "i8"),
    ]
)
"""One line of the log as numbers."""


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


def details_of(parameters: Parameters) -> tuple[str, ...]:
    """The texts of all details, by number."""
    kinds, links = ([row.name for row in rows] for rows in (parameters.kinds, parameters.links))
    return ("", *PURPOSES, *ROLES, *kinds, *links)


@dataclass(frozen=True, eq=False)
class Log:
    """The event log of a replication: lines of numbers, read as entries.

    Two logs are equal if every line is, to the bit.
    """

    lines: NDArray[Any]
    """Of type LINE."""
    details: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Entry]:
        for start in range(0, len(self.lines), 10_000):  # not all as Python objects at once
            yield from map(self._entry, self.lines[start : start + 10_000].tolist())

    def __getitem__(self, place: int) -> Entry:
        return self._entry(self.lines[place].item())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        return self.details == other.details and self.lines.tobytes() == other.lines.tobytes()

    def __hash__(self) -> int:
        return hash(self.lines.tobytes())

    def _entry(self, line: tuple[float, int, int, int, int, int]) -> Entry:
        time, person, generation, event, detail, occurrence = line
        return Entry(time, person, generation, TEXTS[event], self.details[detail], occurrence)


@dataclass(frozen=True)
class Replication:
    """The result of one replication.

    `stays` are the keys of the measured hospital stays of simulated patients (see `stay_key`),
    sorted, int64; `traces` what was noted of single episodes, the warm-up's included (see
    `trace_key`), sorted and each once. `contacts`, `events` and `seconds` tell about the run:
    `seconds` is never part of what makes two results identical.
    """

    rows: tuple[Row, ...]
    stays: NDArray[np.int64]
    contacts: int
    events: int
    seconds: float = field(compare=False)
    log: Log | None = None
    traces: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def traced(self, what: Trace) -> NDArray[np.int64]:
        """The keys, as those of stays, of the episodes of which something was noted."""
        chosen = self.traces[self.traces >> TRACE_SHIFT == what]
        keys: NDArray[np.int64] = chosen & np.int64((1 << TRACE_SHIFT) - 1)
        return keys


class Stopped(Exception):  # noqa: N818 - a wish of whoever asked for it, not a fault
    """A replication was given up because whoever asked for it said so."""


TRACE_SHIFT = 56
"""Above the key of the episode, in which an inhabitant's number has 24 bits."""


def trace_key(what: int, person: int, kind: int, occurrence: int) -> int:
    """One number for what was noted of an episode; its lower part is the key of the stay."""
    return (what << TRACE_SHIFT) | stay_key(person, kind, occurrence)


def stay_key(person: int, kind: int, occurrence: int) -> int:
    """One number for a stay: the same patient's same episode has it under every organisation.

    >>> stay_key(1, 2, 3) == (1 << 32) + (2 << 24) + 3
    True
    """
    return (person << 32) | (kind << 24) | occurrence
