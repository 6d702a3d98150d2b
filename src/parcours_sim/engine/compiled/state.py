"""What the compiled engine remembers: rows for everything that lives, waits or travels.

Rows of a pool are taken and given back by number; `pools.py` does it. A number is -1 where there is
none. Most columns mean what the attributes of the same name do in `reference/state.py`.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcours_sim.care.access import NOBODY as NOBODY
from parcours_sim.care.person import Person
from parcours_sim.care.setting import Setting

NOTHING = -1


@dataclass(slots=True, eq=False)
class Patient(Person):
    """Someone simulated one by one, with the first of what is open and of what is booked."""

    first_episode: int = NOTHING
    """Open episodes are chained in the order in which they began."""
    first_appointment: int = NOTHING
    """Held appointments are chained in the order in which they were booked."""
    visit_phase: float = 0.0
    nurse_phase: float = 0.0
    dispensing_phase: float = 0.0
    protocol_phase: float = 0.0
    """Where the patient's calendars begin, drawn once."""
    is_on_visit: bool = False
    """A visit to the emergency department has begun and is not over."""


@dataclass(slots=True, eq=False)
class Episode:
    """A worsening episode while it is open."""

    kind: int
    occurrence: int
    onset: float
    crisis_at: float
    lost_links: int
    """A bit for each link."""
    appointment: int
    waits_since: int
    """Its turn among those that wait for the end of a visit, or NOTHING."""
    next: int
    resolves_alone: bool
    is_answered: bool
    is_treated: bool
    is_at_emergency: bool


@dataclass(slots=True, eq=False)
class Appointment:
    """A slot or a walk-in's place, until its time has come."""

    patient: int
    slot: int
    gp: int
    time: float
    purpose: int
    number: int
    episode: int
    next: int
    is_held: bool


@dataclass(slots=True, eq=False)
class Visit:
    """Somebody in the emergency department, or in a bed."""

    reason: int
    """A Reason."""
    stage: int
    """A Stage."""
    patient: int
    kind: int
    occurrence: int
    address: int
    offset: int
    """For the draws of others: GP and day."""
    triage: int
    arrived: float
    ready: float
    """When care in the room ended."""
    next: int
    """In a queue."""
    holders: int
    """How many still need this row: the visit itself, a queue, the end of patience."""
    is_admitted: bool
    has_place: bool
    """Granted the room or bed that is waited for."""
    has_left: bool
    is_decided: bool
    """A wait with patience has an end: a room, or no more patience."""


@dataclass(slots=True, eq=False)
class Message:
    """A message on its way."""

    patient: int
    generation: int
    link: int
    kind: int
    episode: int
    """Occurrence of the episode that it is about."""
    occurrence: int
    receiver: int
    """A Receiver."""
    days: float
    since: float
    """The discharge that it tells of."""
    next: int


@dataclass(slots=True, eq=False)
class Event:
    """Something planned."""

    time: float
    key: int
    """Class and insertion number in one: the order of the events of an instant."""
    step: int
    """A Step."""
    subject: int
    """A patient, GP, visit, appointment or message."""
    item: int
    """A number of a contact or candidate, an occurrence."""
    extra: int
    """A kind, a generation, a day."""
    since: float
    """A discharge, an arrival, a position within a day."""
    next: int


@dataclass(slots=True, eq=False)
class ClockRow:
    """What time it is, how far the queue has come, and what has been counted of the run."""

    now: float
    day: int
    """Since the first day; its events are in buckets."""
    bucket: int
    """Whose events are due, in order."""
    due_place: int
    due_end: int
    inserted: int
    events: int
    contacts: int
    stays: int
    traces: int
    lines: int
    turns: int
    """Of waiting for the end of a visit."""
    handed_first: int
    handed_end: int


class Step(IntEnum):
    """What an event does when its time has come."""

    VISIT_REQUEST = 0
    VISIT_ON_THE_DAY = 1
    DELEGATED_VISIT = 2
    NURSE_VISIT = 3
    NURSE_VISIT_AGAIN = 4
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
    EXPERT_ANSWER = 20


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

    clock: ClockRow
    patients: Sequence[Patient]
    episodes: Sequence[Episode]
    appointments: Sequence[Appointment]
    visits: Sequence[Visit]
    messages: Sequence[Message]
    events: Sequence[Event]
    spare_rows: int
    """What one event may take of a pool."""
    spare_lines: int
    """What one event may write into the log, and of traces."""
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
    traces: NDArray[np.int64]
    """What was noted of episodes, some of it more than once."""
    lines: NDArray[Any]
    """Lines of the log since it was last emptied; no rows where none is kept."""


TerritoryTuple = namedtuple(  # type: ignore[misc]
    "TerritoryTuple", [field.name for field in fields(Territory)]
)
"""A territory as Numba takes it."""
