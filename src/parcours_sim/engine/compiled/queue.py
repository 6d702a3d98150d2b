"""The queue of events: by time, then class, then insertion.

A calendar: events of days to come lie in one unordered list a day; when a day begins its events
are dealt out to buckets, parts of the day; when a bucket is due its few events are put in order.
What is handed over without delay lies in a ring, first come, first served, and comes before any
event.
"""

from __future__ import annotations

import math

from .pools import give_back, take
from .state import NOTHING, Pool, Territory

CLASS_BITS = 56
"""Insertion numbers stay below 2**56; the class of an event stands above them."""


def plan(
    territory: Territory,
    time: float,
    order: int,
    step: int,
    subject: int,
    item: int = 0,
    extra: int = 0,
    since: float = 0.0,
) -> None:
    """Plan an event of a class (`care/order.py`); in the past means now, beyond the end never."""
    clock = territory.clock
    clock.events += 1
    if time >= territory.ends:
        return
    number = take(territory, territory.events, Pool.EVENTS)
    event = territory.events[number]
    event.time = max(time, clock.now)
    event.key = (order << CLASS_BITS) | clock.inserted
    event.step = step
    event.subject = subject
    event.item = item
    event.extra = extra
    event.since = since
    clock.inserted += 1
    insert(territory, number)


def insert(territory: Territory, number: int) -> None:
    """Put an event where it belongs: a day to come, a bucket of today, or among those due."""
    clock, event = territory.clock, territory.events[number]
    day = math.floor(event.time) - territory.first_day
    if day > clock.day:
        event.next = territory.days[day]
        territory.days[day] = number
        return
    bucket = bucket_of(territory, event.time)
    if bucket > clock.bucket:
        event.next = territory.buckets[bucket]
        territory.buckets[bucket] = number
        return
    make_place(territory)
    clock.due_end += 1
    put_in_order(territory, clock.due_end - 1, number)


def make_place(territory: Territory) -> None:
    """See that there is a place after the last event that is due: those taken leave theirs.

    No more events wait than the pool has, and so many places there are.
    """
    clock, due = territory.clock, territory.due
    waiting = clock.due_end - clock.due_place
    if waiting > 0 and clock.due_end < len(due):
        return
    for place in range(waiting):
        due[place] = due[clock.due_place + place]
    clock.due_place = 0
    clock.due_end = waiting


def bucket_of(territory: Territory, time: float) -> int:
    """The part of the day in which an instant lies.

    A moment before midnight may be too short to tell from it: then it is in the day's last part.
    """
    parts = len(territory.buckets)
    return min(int((time - math.floor(time)) * parts), parts - 1)


def put_in_order(territory: Territory, place: int, number: int) -> None:
    """Put an event among those that are due; the place after the last of them is free."""
    events, due = territory.events, territory.due
    event = events[number]
    while place > territory.clock.due_place:
        before = events[due[place - 1]]
        if before.time < event.time or (before.time == event.time and before.key < event.key):
            break
        due[place] = due[place - 1]
        place -= 1
    due[place] = number


def next_event(territory: Territory, until_day: int) -> int:
    """The number of the next event, or NOTHING where none is left before the day `until_day`.

    Its row is the caller's, to be given back.
    """
    clock = territory.clock
    while clock.due_place == clock.due_end:
        clock.bucket += 1
        if clock.bucket == len(territory.buckets):
            if clock.day + 1 >= until_day:
                clock.bucket -= 1
                return NOTHING
            begin_day(territory)
        begin_bucket(territory)
    clock.due_place += 1
    return int(territory.due[clock.due_place - 1])


def begin_day(territory: Territory) -> None:
    """Deal the events of the next day out to its buckets."""
    clock = territory.clock
    clock.day += 1
    clock.bucket = 0
    number = territory.days[clock.day]
    territory.days[clock.day] = NOTHING
    while number != NOTHING:
        event = territory.events[number]
        following = event.next
        bucket = bucket_of(territory, event.time)
        event.next = territory.buckets[bucket]
        territory.buckets[bucket] = number
        number = following


def begin_bucket(territory: Territory) -> None:
    """Put the events of the present bucket in order."""
    clock = territory.clock
    clock.due_place = clock.due_end = 0
    number = territory.buckets[clock.bucket]
    territory.buckets[clock.bucket] = NOTHING
    while number != NOTHING:
        following = territory.events[number].next
        clock.due_end += 1
        put_in_order(territory, clock.due_end - 1, number)
        number = following


def hand_over(territory: Territory, handed: int, subject: int) -> None:
    """Let something happen at this instant, after the present event."""
    clock, ring = territory.clock, territory.handed
    if clock.handed_end - clock.handed_first == len(ring):
        raise ValueError("too many hand-overs at one instant")
    place = clock.handed_end % len(ring)
    ring[place, 0] = handed
    ring[place, 1] = subject
    clock.handed_end += 1


def free_event(territory: Territory, number: int) -> None:
    """An event has happened."""
    give_back(territory, territory.events, Pool.EVENTS, number)
