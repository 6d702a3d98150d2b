"""Appointment books: fixed slots of every GP of a territory, given first fit.

A book is a set of flat arrays, all GPs one after the other:

- `slot_time` (float64): when a slot begins, in days, ascending within a GP;
- `slot_kind` (int8): ORDINARY, URGENT (kept for urgent requests) or SHARED (offered by a CPTS);
- `slot_taken` (int8): 1 while somebody holds it;
- `day_first` (int32, GPs by days + 1): the first slot of a GP's day; the last column is the end;
- `free_slots` (int32, GPs by days): how many slots of that day nobody holds.

Because a request takes the first slot it may use, the free slots of a fuller book include those of
the former one as long as nobody gives a slot back: then nobody who found a slot loses it, and no
wait for one GP lengthens. Who asks which GP in which order lives with the rules of access.
"""

import numpy as np
from numpy.typing import NDArray

ORDINARY, URGENT, SHARED = 0, 1, 2
"""Kinds of slot, as numbers; a request names those it may use by a mask with bit k for kind k."""


def first_free(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    slot_taken: NDArray[np.int8],
    day_first: NDArray[np.int32],
    free_slots: NDArray[np.int32],
    gp: int,
    day: int,
    from_time: float,
    until_time: float,
    kinds: int,
    now: float,
    release_days: float,
) -> int:
    """Give the first free slot of a GP that a request may use, or -1 if there is none.

    The slot begins from `from_time` to `until_time` (days, both included) and its kind is in the
    mask `kinds`, or it is a kept one (urgent, shared) that is released, which happens
    `release_days` before it begins. `day` is the column of `from_time`'s day in `day_first`: a
    negative one starts with the first day of the book, one past its end finds nothing.

    >>> times, kind = np.array([0.4, 0.5, 1.4]), np.array([URGENT, ORDINARY, URGENT], np.int8)
    >>> days, free = np.array([[0, 2, 3]], np.int32), np.array([[2, 1]], np.int32)
    >>> book = (times, kind, np.zeros(3, np.int8), days, free, 0, 0)
    >>> first_free(*book, 0.0, 2.0, 1 << ORDINARY, 0.0, 0.0)
    1
    >>> first_free(*book, 0.0, 2.0, 1 << URGENT | 1 << ORDINARY, 0.0, 0.0)
    0
    >>> first_free(*book, 0.6, 2.0, 1 << ORDINARY, 0.6, 1.0)  # kept, but released by now
    2
    """
    end = day_first.shape[1] - 1
    if until_time - from_time < end:
        end = min(end, day + int(until_time - from_time) + 2)
    for column in range(max(day, 0), end):
        if free_slots[gp, column] == 0:
            continue
        for slot in range(day_first[gp, column], day_first[gp, column + 1]):
            time = slot_time[slot]
            if time > until_time:
                return -1
            if time < from_time or slot_taken[slot] != 0:
                continue
            kind = int(slot_kind[slot])
            if (kinds >> kind) & 1 or (kind != ORDINARY and time - now <= release_days):
                return slot
    return -1


def take(slot_taken: NDArray[np.int8], slot: int) -> None:
    """Give a free slot away; taking one that is already held is a ValueError.

    >>> taken = np.zeros(2, np.int8)
    >>> take(taken, 1)
    >>> taken.tolist()
    [0, 1]
    """
    if slot_taken[slot] != 0:
        raise ValueError("this slot is already taken")
    slot_taken[slot] = 1


def give_back(slot_taken: NDArray[np.int8], slot: int) -> None:
    """Free a slot that somebody held; giving back one that nobody holds is a ValueError.

    >>> taken = np.ones(2, np.int8)
    >>> give_back(taken, 1)
    >>> taken.tolist()
    [1, 0]
    """
    if slot_taken[slot] == 0:
        raise ValueError("this slot was not taken")
    slot_taken[slot] = 0
