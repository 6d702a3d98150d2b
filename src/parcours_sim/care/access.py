"""Access to a GP: which slot a request is offered, and whether it is taken up.

One's own GP first; then, where the practice covers, the colleague who is free soonest; then, for
unscheduled requests where a CPTS shares slots, any practice's shared slots. The wait on offer is
known when it is compared with patience.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .appointments import ORDINARY, SHARED, URGENT, first_free, give_back, take
from .calendar import CLOSED
from .practices import has_joined, practice_of, shares_within_days
from .setting import Setting

ALL_KINDS = (1 << ORDINARY) | (1 << URGENT) | (1 << SHARED)
OWN_ROUTINE = 1 << ORDINARY
OTHERS_SHARED = 1 << SHARED
WALK_IN = -1
NOBODY = -1
SESSION_SEARCH_DAYS = 21


def soonest(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    slot_taken: NDArray[np.int8],
    day_first: NDArray[np.int32],
    free_slots: NDArray[np.int32],
    gps: NDArray[np.int64],
    day: int,
    from_time: float,
    until_time: float,
    kinds: int,
    now: float,
    release_days: float,
) -> int:
    """The earliest free slot among these GPs' books, the first GP's at ties; -1 for none.

    The other arguments are those of `appointments.first_free`.
    """
    best = -1
    for gp in gps:
        slot = first_free(
            slot_time, slot_kind, slot_taken, day_first, free_slots, gp, day, from_time, until_time,
            kinds, now, release_days,
        )  # fmt: skip
        if slot >= 0:
            best = slot
            until_time = slot_time[slot] - 1e-9
    return best


def offer(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    slot_taken: NDArray[np.int8],
    day_first: NDArray[np.int32],
    free_slots: NDArray[np.int32],
    own_gp: int,
    colleagues: NDArray[np.int64],
    others: NDArray[np.int64],
    day: int,
    now: float,
    from_time: float,
    patience_days: float,
    tolerance_days: float,
    kinds: int,
    shared_kinds: int,
    shared_within_days: float,
    release_days: float,
) -> int:
    """The slot a request takes, or -1 when none comes within its patience.

    Times are days. `own_gp` may be -1 (nobody's diary is theirs); `colleagues` are asked when the
    wait for the own GP passes `tolerance_days`, `others` when the practice has nothing in time for
    an unscheduled request (`shared_kinds` is the bit mask of what they share, 0 for nothing).
    """
    until = from_time + patience_days
    own = -1
    if own_gp >= 0:
        own = first_free(
            slot_time, slot_kind, slot_taken, day_first, free_slots, own_gp, day, from_time, until,
            kinds, now, release_days,
        )  # fmt: skip
        if own >= 0 and slot_time[own] - from_time <= tolerance_days:
            return own
    best = own
    limit = until if own < 0 else slot_time[own] - 1e-9
    slot = soonest(
        slot_time, slot_kind, slot_taken, day_first, free_slots, colleagues, day, from_time, limit,
        kinds, now, release_days,
    )  # fmt: skip
    if slot >= 0:
        best = slot
    if shared_kinds and (best < 0 or slot_time[best] - from_time > shared_within_days):
        limit = min(until, from_time + shared_within_days)
        slot = soonest(
            slot_time, slot_kind, slot_taken, day_first, free_slots, others, day, from_time, limit,
            shared_kinds, now, 0.0,
        )  # fmt: skip
        if slot >= 0:
            best = slot
    return best


def is_away(territory: Setting, gp: int) -> bool:
    """Whether a GP has no slot and no session on a day on which practices are open."""
    offset = math.floor(territory.clock.now) - territory.first_day
    if territory.day_table[offset] == CLOSED:
        return False
    slots = territory.day_first[gp, offset + 1] - territory.day_first[gp, offset]
    return bool(slots == 0 and territory.walk_in_closes[gp, offset] == -math.inf)


def find_slot(
    territory: Setting,
    gp: int,
    wanted: float,
    patience_days: float,
    unscheduled: bool,
    is_own: bool,
) -> int:
    """The slot a request to a GP's practice is offered now, as things are organised; -1 for none.

    `wanted` is the time (days) from which it is wanted. An unscheduled request may use kept slots,
    and those that are shared over the territory.
    """
    when = has_joined(territory.joins[gp], territory.clock.now)
    practice = territory.practices[territory.team_model[when, gp]]
    within = shares_within_days(territory) if unscheduled else 0.0
    colleagues = territory.team_members[when, 0:0]
    if practice.colleagues_cover:
        first, end = territory.team_first[when, gp], territory.team_end[when, gp]
        colleagues = territory.team_members[when, first:end]
    return offer(
        territory.slot_time,
        territory.slot_kind,
        territory.slot_taken,
        territory.day_first,
        territory.free_slots,
        gp,
        colleagues,
        territory.all_gps if within > 0.0 else territory.all_gps[0:0],
        math.floor(wanted) - territory.first_day,
        territory.clock.now,
        wanted,
        patience_days,
        practice.own_gp_tolerance_days if is_own else 0.0,
        ALL_KINDS if unscheduled else OWN_ROUTINE,
        OTHERS_SHARED if within > 0.0 else 0,
        within,
        practice.urgent_release_days,
    )


def find_offer(
    territory: Setting,
    gp: int,
    wanted: float,
    patience_days: float,
    unscheduled: bool,
    is_own: bool,
) -> tuple[int, float, int]:
    """What a request is offered within its patience: the earlier of a slot and a walk-in's place.

    Given as (GP, time, slot); the slot is WALK_IN for a place as a walk-in, which only someone who
    wants it now may take, and the GP is NOBODY where there is nothing.
    """
    slot = find_slot(territory, gp, wanted, patience_days, unscheduled, is_own)
    found, time = NOBODY, math.inf
    if slot >= 0:
        found, time = gp_of_slot(territory.day_first, slot), territory.slot_time[slot]
    if wanted <= territory.clock.now and receives_walk_ins(territory, gp):
        who, walks_in_at = walk_in_offer(territory, gp)
        if walks_in_at <= wanted + patience_days and walks_in_at < time:
            return who, walks_in_at, WALK_IN
    return found, time, slot


def gp_of_slot(day_first: NDArray[np.int32], slot: int) -> int:
    """Whose book a slot is in.

    >>> gp_of_slot(np.array([[0, 2, 3], [3, 3, 5]], np.int32), 3)
    1
    """
    last = day_first.shape[1] - 1
    low, high = 0, len(day_first) - 1
    while low < high:
        middle = (low + high) // 2
        if slot < day_first[middle, last]:
            high = middle
        else:
            low = middle + 1
    return low


def receives_walk_ins(territory: Setting, gp: int) -> bool:
    """Whether a GP's practice has walk-in days now."""
    return territory.practices[practice_of(territory, gp)].walk_in_days_per_week > 0.0


def walk_in_offer(territory: Setting, gp: int) -> tuple[int, float]:
    """Who of the practice would see a walk-in who comes now, and when (infinite for nobody)."""
    now = territory.clock.now
    when = has_joined(territory.joins[gp], now)
    best, soonest_time = gp, next_session(territory, gp, max(now, territory.walk_in_free_at[gp]))
    if territory.practices[territory.team_model[when, gp]].colleagues_cover:
        for place in range(territory.team_first[when, gp], territory.team_end[when, gp]):
            who = territory.team_members[when, place]
            time = next_session(territory, who, max(now, territory.walk_in_free_at[who]))
            if time < soonest_time or (time == soonest_time and who < best):
                best, soonest_time = who, time
    return best, soonest_time


def next_session(territory: Setting, gp: int, time: float) -> float:
    """The first instant from `time` on at which a GP receives without appointment."""
    opens = territory.work.opens_hour / 24.0
    first, days = math.floor(time), territory.walk_in_closes.shape[1]
    last = min(first + SESSION_SEARCH_DAYS, territory.first_day + days)
    for day in range(first, last):
        start = max(time, day + opens)
        if start < territory.walk_in_closes[gp, day - territory.first_day]:
            return start
    return math.inf


def accept(territory: Setting, gp: int, time: float, slot: int, length_days: float) -> None:
    """Take what is on offer: the slot, or the GP's time on a walk-in day."""
    if slot == WALK_IN:
        territory.walk_in_free_at[gp] = time + length_days
    else:
        take(territory.slot_taken, slot)
        territory.free_slots[gp, math.floor(time) - territory.first_day] -= 1


def hand_back(territory: Setting, gp: int, time: float, slot: int) -> None:
    """Give a slot back, for others to take; a walk-in's place can't be handed on."""
    if slot != WALK_IN:
        give_back(territory.slot_taken, slot)
        territory.free_slots[gp, math.floor(time) - territory.first_day] += 1
