"""One patient's two lives: the same person in the same random world, under two organisations.

Lives are read off event logs. What befalls a patient is the same draw by draw until something that
an organisation does makes the two part; what made a stay part is looked for in its episode alone.
Who the patient is, is in `who.py`; how it is told, in `report/twin_words.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from parcours_sim.engine.record import Entry, Log, Replication

from .stays import KIND_MASK, KIND_SHIFT, KeyArray

Change = Literal["avoided", "induced", "asked"]
"""A stay that the first life has and the second hasn't; the reverse; or neither: who was asked for
has the same stays in both."""
Cause = Literal["onset", "noticed", "message", "wait", "other", "none"]
"""What a stay's two episodes first differ in: whether it begins; who notices; a message; the visit
that answers; anything else; nothing that the log tells."""

PERSON_SHIFT = 32
OCCURRENCE_MASK = (1 << KIND_SHIFT) - 1
BEFORE_ONSET_DAYS = 365.0
"""How far back contacts are counted where an episode begins in one life only."""
OF_SLOTS = ("appointment booked", "appointment given back", "gp consultation")
"""Events whose number is the position of a slot, which another book numbers otherwise."""
NOTICES = ("patient notices", "gp notices", "nurse notices", "pharmacist notices")
MESSAGES = ("message arrives", "message lost")
ANSWERS = ("appointment booked", "gp consultation")
CAUSES: Mapping[str, Cause] = {
    **dict.fromkeys(NOTICES, "noticed"),
    **dict.fromkeys(MESSAGES, "message"),
    **dict.fromkeys(ANSWERS, "wait"),
}
CONTACTS = ("gp consultation", "protocol visit", "nurse visit", "dispensing", "informed follow-up")

Told = tuple[float, int, str, str, int]
Lives = tuple[tuple[Entry, ...], tuple[Entry, ...]]


@dataclass(frozen=True)
class Parting:
    """The first moment at which two lives differ: what happens then in each, if anything."""

    time_days: float
    events: tuple[Entry | None, Entry | None]


@dataclass(frozen=True)
class Reason:
    """Why an episode went otherwise.

    Attributes:
        cause: what it first differs in.
        life: in which life that happened, or happened first: 0 or 1.
        event: what happened there.
        elsewhere: the same in the other life, where it came later.
        contacts: for an episode that begins in one life only, how many contacts of each sort there
            were in the year before, in either life.
    """

    cause: Cause
    life: int = 0
    event: Entry | None = None
    elsewhere: Entry | None = None
    contacts: Mapping[str, tuple[int, int]] | None = None


@dataclass(frozen=True)
class Twin:
    """Two lives of one patient, and the stay that they are looked at for."""

    change: Change
    person: int
    kind: str
    """Of the episode at stake; empty where the lives have the same stays."""
    occurrence: int
    lives: Lives
    """All events of the person in either life; of whoever had the place in the population before or
    after, where no stay differs."""
    parting: Parting | None
    reason: Reason

    def threads(self) -> Lives:
        """Return what belongs to the episode at stake in each life."""
        first, second = (thread(life, self.kind, self.occurrence) for life in self.lives)
        return first, second

    def span_days(self) -> tuple[float, float] | None:
        """Return when the episode begins and when all of it is over, in either life."""
        times = [entry.time_days for each in self.threads() for entry in each]
        return (min(times), max(times)) if times else None


def clearest(
    first: Replication, second: Replication, kinds: Sequence[str]
) -> tuple[Twin | None, Twin | None]:
    """Return the clearest stay that the second organisation avoids, and that it induces.

    The clearest is one whose episode begins in both lives, so that only its course differs, if
    there is any; among these the one up to whose episode's end the fewest events differ; then the
    earliest. Measured stays only.

    Args:
        first: a replication with its event log.
        second: the same of another organisation.
        kinds: kinds of episode in the order in which keys number them.
    """
    books = _Lives(first), _Lives(second)
    avoided = np.setdiff1d(first.stays, second.stays, assume_unique=True)
    induced = np.setdiff1d(second.stays, first.stays, assume_unique=True)
    return _clearest_of(avoided, "avoided", books, kinds), _clearest_of(
        induced, "induced", books, kinds
    )


def twin_of(person: int, first: Replication, second: Replication, kinds: Sequence[str]) -> Twin:
    """Return the two lives of a patient, at the clearest stay that differs, if any does."""
    books = _Lives(first), _Lives(second)
    sides: tuple[tuple[Change, KeyArray], ...] = (
        ("avoided", np.setdiff1d(first.stays, second.stays, assume_unique=True)),
        ("induced", np.setdiff1d(second.stays, first.stays, assume_unique=True)),
    )
    found = [
        twin
        for change, keys in sides
        if (twin := _clearest_of(_of(person, keys), change, books, kinds))
    ]
    if found:
        return min(found, key=_clarity)
    lives = books[0].of(person), books[1].of(person)
    return Twin("asked", person, "", -1, lives, parting(*lives), Reason("none"))


def thread(life: Sequence[Entry], kind: str, occurrence: int) -> tuple[Entry, ...]:
    """Return what belongs to one episode: its own events, and the messages and visits about it.

    A message names its link and no episode, and a visit that answers none either: those between
    the first and the last of the episode's own events are taken.
    """
    own = [each.time_days for each in life if (each.detail, each.occurrence) == (kind, occurrence)]
    if not kind or not own:
        return ()
    begins, ends = min(own), max(own)
    return tuple(
        each
        for each in life
        if (each.detail, each.occurrence) == (kind, occurrence)
        or (begins <= each.time_days <= ends and _is_about_an_episode(each))
    )


def parting(first: Sequence[Entry], second: Sequence[Entry]) -> Parting | None:
    """Return the first moment at which two lives differ, None where they are the same."""
    told, other = Counter(map(_told, first)), Counter(map(_told, second))
    differing = [
        next((each for each in life if _told(each) in only), None)
        for life, only in ((first, told - other), (second, other - told))
    ]
    times = [each.time_days for each in differing if each is not None]
    if not times:
        return None
    here, there = (each if each and each.time_days == min(times) else None for each in differing)
    return Parting(min(times), (here, there))


def is_same(entry: Entry, other: Entry) -> bool:
    """Whether an event is the same in another life."""
    return _told(entry) == _told(other)


def reason_of(twin: Twin) -> Reason:
    """Return why the episode at stake went otherwise."""
    threads = twin.threads()
    begin = [next((e for e in each if e.event == "episode begins"), None) for each in threads]
    if (begin[0] is None) != (begin[1] is None):
        life = 0 if begin[0] else 1
        onset = begin[life]
        assert onset is not None
        return Reason("onset", life, onset, contacts=_contacts_before(twin.lives, onset))
    apart = parting(*threads)
    if apart is None:
        return Reason("none")
    life = 0 if apart.events[0] is not None else 1
    event = apart.events[life]
    assert event is not None
    elsewhere = _later(threads[1 - life], event)
    return Reason(CAUSES.get(event.event, "other"), life, event, elsewhere)


def _clearest_of(
    keys: KeyArray, change: Change, books: tuple[_Lives, _Lives], kinds: Sequence[str]
) -> Twin | None:
    twins = (_twin_at(int(key), change, books, kinds) for key in keys)
    return min(twins, key=_clarity, default=None)


def _twin_at(key: int, change: Change, books: tuple[_Lives, _Lives], kinds: Sequence[str]) -> Twin:
    person, occurrence = key >> PERSON_SHIFT, key & OCCURRENCE_MASK
    kind = kinds[(key >> KIND_SHIFT) & KIND_MASK]
    whole = books[0].of(person), books[1].of(person)
    lives = _of_one_generation(whole, kind, occurrence)
    bare = Twin(change, person, kind, occurrence, lives, parting(*lives), Reason("none"))
    return replace(bare, reason=reason_of(bare))


def _of_one_generation(lives: Lives, kind: str, occurrence: int) -> Lives:
    """Leave out who had the same place in the population before or after whom it is about."""
    own = next(
        each
        for life in lives
        for each in life
        if (each.detail, each.occurrence) == (kind, occurrence)
    )
    first, second = (tuple(e for e in life if e.generation == own.generation) for life in lives)
    return first, second


def _clarity(twin: Twin) -> tuple[bool, bool, int, float, int]:
    """Sort the clearest first; the number of the patient decides between equals.

    Where somebody died in one life, another person may have the stay in the other: that comes last.
    """
    begins, ends = twin.span_days() or (0.0, 0.0)
    sides = [Counter(_told(each) for each in life if each.time_days <= ends) for life in twin.lives]
    differ = (sides[0] - sides[1]).total() + (sides[1] - sides[0]).total()
    is_elsewhere = any(not life or life[0].time_days > begins for life in twin.lives)
    return is_elsewhere, twin.reason.cause == "onset", differ, begins, twin.person


def _contacts_before(lives: Lives, onset: Entry) -> dict[str, tuple[int, int]]:
    since, until = onset.time_days - BEFORE_ONSET_DAYS, onset.time_days

    def count(life: Sequence[Entry], event: str) -> int:
        return sum(each.event == event and since <= each.time_days < until for each in life)

    return {event: (count(lives[0], event), count(lives[1], event)) for event in CONTACTS}


def _later(life: Sequence[Entry], event: Entry) -> Entry | None:
    alike = (e for e in life if (e.event, e.detail) == (event.event, event.detail))
    return next((each for each in alike if each.time_days >= event.time_days), None)


def _is_about_an_episode(entry: Entry) -> bool:
    return entry.event in MESSAGES or (entry.event in OF_SLOTS and entry.detail == "answer")


def _told(entry: Entry) -> Told:
    """What makes an event the same in another life."""
    number = 0 if entry.event in OF_SLOTS else entry.occurrence
    return entry.time_days, entry.generation, entry.event, entry.detail, number


def _of(person: int, keys: KeyArray) -> KeyArray:
    chosen: KeyArray = keys[keys >> PERSON_SHIFT == person]
    return chosen


class _Lives:
    """The event log of a replication by patient."""

    def __init__(self, replication: Replication) -> None:
        if replication.log is None:
            raise ValueError("two lives are read off event logs, and a replication has none")
        self.log: Log = replication.log
        persons = self.log.lines["person"]
        self.order = np.argsort(persons, kind="stable")
        self.sorted = persons[self.order]

    def of(self, person: int) -> tuple[Entry, ...]:
        """Return all that happened to a patient, in order."""
        return tuple(self._entries(person))

    def _entries(self, person: int) -> Iterator[Entry]:
        begin, end = np.searchsorted(self.sorted, [person, person + 1])
        return (self.log[int(place)] for place in self.order[begin:end])
