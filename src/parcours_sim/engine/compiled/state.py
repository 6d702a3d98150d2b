"""What the compiled engine remembers: rows for everything that lives, waits or travels.

Rows of a pool are taken and given back by number; `pools.py` does it. A number is -1 where there is
none. Most columns mean what the attributes of the same name do in `reference/state.py`.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcours_sim.care.person import Person
from parcours_sim.care.setting import Setting
from parcours_sim.care.tables import row_type

NOBODY = -1
NOTHING = -1

PATIENT = np.dtype(
    [
        *((name, row_type(Person)[name]) for name in row_type(Person).names or ()),
        ("first_episode", "i8"),  # open episodes, in the order in which they began
        ("first_appointment", "i8"),  # held appointments, in the order in which they were booked
        ("visit_phase", "f8"),  # phases of the patient's calendars, drawn once
        ("nurse_phase", "f8"),
        ("dispensing_phase", "f8"),
        ("protocol_phase", "f8"),
        ("is_on_visit", "b1"),  # a visit to the emergency department has begun and is not over
    ],
    align=True,
)

EPISODE = np.dtype(
    [
        ("kind", "i8"),
        ("occurrence", "i8"),
        ("onset", "f8"),
        ("crisis_at", "f8"),
        ("lost_links", "i8"),  # bit by link
        ("appointment", "i8"),
        ("waits_since", "i8"),  # for the end of a visit: the number of its turn, else NOTHING
        ("next", "i8"),
        ("resolves_alone", "b1"),
        ("is_answered", "b1"),
        ("is_treated", "b1"),
        ("is_at_emergency", "b1"),
    ],
    align=True,
)

APPOINTMENT = np.dtype(
    [
        ("patient", "i8"),
        ("slot", "i8"),
        ("gp", "i8"),
        ("time", "f8"),
        ("purpose", "i8"),
        ("number", "i8"),
        ("episode", "i8"),
        ("next", "i8"),
        ("is_held", "b1"),
    ],
    align=True,
)

VISIT = np.dtype(
    [
        ("reason", "i8"),  # a Reason
        ("stage", "i8"),  # a Stage
        ("patient", "i8"),
        ("kind", "i8"),
        ("occurrence", "i8"),
        ("address", "i8"),  # of others' draws: GP or 0
        ("offset", "i8"),  # and day
        ("triage", "i8"),
        ("arrived", "f8"),
        ("ready", "f8"),  # when care in the room ended
        ("next", "i8"),  # in a queue
        ("holders", "i8"),  # who still needs this row: the story, a queue, an end of patience
        ("is_admitted", "b1"),
        ("has_place", "b1"),  # granted what it waits for
        ("has_left", "b1"),
        ("is_decided", "b1"),  # the wait with patience has an end: a room, or no patience left
    ],
    align=True,
)

MESSAGE = np.dtype(
    [
        ("patient", "i8"),
        ("generation", "i8"),
        ("link", "i8"),
        ("kind", "i8"),
        ("episode", "i8"),  # occurrence of the episode it is about
        ("occurrence", "i8"),
        ("receiver", "i8"),  # a Receiver
        ("days", "f8"),
        ("since", "f8"),  # the discharge it tells of
        ("next", "i8"),
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("time", "f8"),
        ("key", "i8"),  # class and insertion number in one: what orders events of an instant
        ("step", "i8"),  # a Step
        ("subject", "i8"),  # a patient, GP, visit, appointment or message
        ("item", "i8"),  # a number, an occurrence
        ("extra", "i8"),  # a kind, a generation
        ("since", "f8"),
        ("next", "i8"),
    ],
    align=True,
)

CLOCK = np.dtype(
    [
        ("now", "f8"),
        *(
            (name, "i8")
            for name in (
                "day",  # since the first day; its events are in buckets
                "bucket",  # whose events are due, in order
                "due_place",
                "due_end",
                "inserted",
                "events",
                "contacts",
                "stays",
                "lines",
                "turns",  # of waiting for the end of a visit
                "handed_first",
                "handed_end",
            )
        ),
    ],
    align=True,
)


class Step(IntEnum):
    """What an event does when its time has come."""

    VISIT_REQUEST = 0
    VISIT_ON_THE_DAY = 1
    DELEGATED_VISIT = 2
    NURSE_ROUND = 3
    NURSE_ROUND_AGAIN = 4
    DISPENSING = 5
    PROTOCOL_VISIT = 6
    CANDIDATE_DEATH = 7
    CANDIDATE_ONSET = 8
    OTHER_REQUEST = 9
    OTHER_EMERGENCY = 10
    CONSULTATION = 11
    MESSAGE = 12
    NOTICE = 13
    WINDOW_END = 14
    RECOVERY = 15
    OWN_FOLLOW_UP = 16
    NURSE_AFTER_STAY = 17
    END_OF_CARE = 18
    END_OF_PATIENCE = 19


class Handed(IntEnum):
    """What is handed over without delay: at the same instant, after the event that caused it."""

    PLACE_FREE = 0
    PLACE_GRANTED = 1
    WAIT_DECIDED = 2
    VISIT_OVER = 3


class Reason(IntEnum):
    """What brings somebody to the hospital."""

    OTHER_EMERGENCY = 0
    OTHER_UNSERVED = 1
    CRISIS = 2
    UNSERVED = 3
    PRECAUTION = 4


class Stage(IntEnum):
    """Where a visit stands."""

    WAITS_FOR_ROOM = 0
    IN_ROOM = 1
    WAITS_FOR_BED = 2
    WAITS_FOR_DIRECT_BED = 3
    IN_BED = 4


class Receiver(IntEnum):
    """Who a message is for, and what about."""

    GP_OF_WARNING = 0
    GP_OF_LETTER = 1
    NURSE_OF_LETTER = 2


class Pool(IntEnum):
    """Rows that are taken and given back."""

    EPISODES = 0
    APPOINTMENTS = 1
    VISITS = 2
    MESSAGES = 3
    EVENTS = 4


ROOMS, BEDS = 0, 1


@dataclass(kw_only=True)
class Territory(Setting):
    """A setting, and all that moves in it. In compiled functions, a view of a tuple of these."""

    clock: Any
    """One row of CLOCK."""
    episodes: NDArray[Any]
    appointments: NDArray[Any]
    visits: NDArray[Any]
    messages: NDArray[Any]
    events: NDArray[Any]
    free_first: NDArray[np.int64]
    """By pool: the first free row."""
    free_count: NDArray[np.int64]
    """By pool: how many rows are free."""
    days: NDArray[np.int64]
    """By day to come: the first of its events, in no order."""
    buckets: NDArray[np.int64]
    """By part of the present day: the first of its events, in no order."""
    due: NDArray[np.int64]
    """Events of the present bucket in order, from `clock.due_place` to `clock.due_end`."""
    handed: NDArray[np.int64]
    """Hand-overs that wait for their turn: a ring of (Handed, subject)."""
    queue_first: NDArray[np.int64]
    queue_end: NDArray[np.int64]
    """First and last visit that waits for a room or bed, by priority (2 x priorities)."""
    places_taken: NDArray[np.int64]
    stays: NDArray[np.int64]
    """Keys of measured stays, in the order in which they began."""
    lines: NDArray[Any]
    """Lines of the log since it was last emptied; no rows where none is kept."""


TerritoryTuple = namedtuple(  # type: ignore[misc]
    "TerritoryTuple", [field.name for field in fields(Territory)]
)
"""A territory as Numba takes it."""
