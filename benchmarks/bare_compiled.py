"""The other yardstick: a bare compiled loop, with nothing of the model in it.

As many people as the territory has patients each come back to a counter again and again; a contact
is a request and the end of a service, and one block of draws. The queue is the plainest that is
fast: since everyone has one event at the most, a person's row is their event, and the lists of days
and of parts of the day are chains of people.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from parcours_sim.care import distributions, draws
from parcours_sim.engine import kernels

INTERVAL_DAYS = 7.0
"""About what the people of a territory come to, everyone's contacts counted."""
CONTACT_DAYS = 0.0125
PEOPLE_PER_COUNTER = 100
SERVERS = 2
DAYS_AHEAD = 512
"""So far ahead a day has a list; no interval comes near it."""
NOBODY = -1

block: Any = kernels.compiled(draws.block)
exponential: Any = kernels.compiled(distributions.exponential)


@numba.njit(nogil=True)
def run_bare_compiled(people: int, contacts: int) -> int:
    """Run until there have been so many contacts, and return them."""
    time, number = np.empty(people), np.zeros(people, np.int64)
    is_served = np.zeros(people, np.bool_)
    following = np.full(people, NOBODY)
    days, buckets = np.full(DAYS_AHEAD, NOBODY), np.full(1 + people // 4, NOBODY)
    counters = max(1, people // PEOPLE_PER_COUNTER)
    free = np.full(counters, SERVERS)
    first_waiting, last_waiting = np.full(counters, NOBODY), np.full(counters, NOBODY)
    for person in range(people):
        gap, _, _, _ = block(0, 0, person, 0, 0, 0)
        time[person] = exponential(gap, INTERVAL_DAYS)
        day = int(time[person])
        following[person], days[day] = days[day], person
    done, today, bucket, due = 0, -1, len(buckets) - 1, NOBODY
    while done < contacts:
        while due == NOBODY:
            bucket += 1
            if bucket == len(buckets):
                bucket, today = 0, today + 1
                deal_out(days, buckets, today, time, following)
            due = in_order(buckets, bucket, time, following)
        person, due = due, following[due]
        now, counter = time[person], person % counters
        served = NOBODY
        if not is_served[person]:
            if free[counter] > 0:
                free[counter] -= 1
                served = person
            else:
                following[person] = NOBODY
                if first_waiting[counter] == NOBODY:
                    first_waiting[counter] = person
                else:
                    following[last_waiting[counter]] = person
                last_waiting[counter] = person
        else:
            done += 1
            number[person] += 1
            is_served[person] = False
            gap, _, _, _ = block(0, 0, person, 0, number[person], 0)
            time[person] = now + exponential(gap, INTERVAL_DAYS)
            due = plan(person, time, following, days, buckets, today, bucket, due)
            served = first_waiting[counter]
            if served == NOBODY:
                free[counter] += 1
            else:
                first_waiting[counter] = following[served]
        if served != NOBODY:
            is_served[served] = True
            _, length, _, _ = block(0, 0, served, 0, number[served], 0)
            time[served] = now + exponential(length, CONTACT_DAYS)
            due = plan(served, time, following, days, buckets, today, bucket, due)
    return done


Numbers = NDArray[np.int64]
Times = NDArray[np.float64]


@numba.njit(nogil=True)
def plan(
    person: int,
    time: Times,
    following: Numbers,
    days: Numbers,
    buckets: Numbers,
    today: int,
    bucket: int,
    due: int,
) -> int:
    """Put a person's event where it belongs; return who is due first."""
    day = int(time[person])
    if day > today:
        place = day % DAYS_AHEAD
        following[person], days[place] = days[place], person
        return due
    place = int((time[person] - day) * len(buckets))
    if place > bucket:
        following[person], buckets[place] = buckets[place], person
        return due
    return put_in_order(person, due, time, following)


@numba.njit(nogil=True)
def put_in_order(person: int, due: int, time: Times, following: Numbers) -> int:
    """Put a person's event among those that are due; return who is due first."""
    if due == NOBODY or time[person] < time[due]:
        following[person] = due
        return person
    before = due
    while following[before] != NOBODY and time[following[before]] <= time[person]:
        before = following[before]
    following[person], following[before] = following[before], person
    return due


@numba.njit(nogil=True)
def deal_out(days: Numbers, buckets: Numbers, today: int, time: Times, following: Numbers) -> None:
    """Deal the events of a day out to its parts."""
    person = days[today % DAYS_AHEAD]
    days[today % DAYS_AHEAD] = NOBODY
    while person != NOBODY:
        after = following[person]
        place = int((time[person] - today) * len(buckets))
        following[person], buckets[place] = buckets[place], person
        person = after


@numba.njit(nogil=True)
def in_order(buckets: Numbers, bucket: int, time: Times, following: Numbers) -> int:
    """Put the events of a part of the day in order; return who is due first."""
    due, person = NOBODY, buckets[bucket]
    buckets[bucket] = NOBODY
    while person != NOBODY:
        after = following[person]
        due = put_in_order(person, due, time, following)
        person = after
    return due
