"""Which appointment slots the GPs of a territory offer, day by day, over the whole simulation.

Slots are laid out once, before anything happens: they follow from the calendar, each GP's list and
leave, and from how the GP's practice and the layers organise access at that date. Finding, taking
and giving back a slot is in `appointments.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .appointments import ORDINARY, SHARED, URGENT
from .calendar import CLOSED, SATURDAY
from .decisions import JOINING
from .parameters import DAYS_PER_YEAR, Parameters, Practice, Work
from .population import Draw
from .practices import has_joined, reach

DAYS_BEYOND = 150
"""How far books reach beyond the end, so that late requests still find their slot."""
YEARS_BEFORE = 100
"""Years of leave are numbered from this many before the start date, so none is negative."""
OFFERED, KEPT, SHARED_BY_LAYERS, ADDED = range(4)
"""What a day's slots are: all that the diary offers, of these those kept for urgent requests and
those shared over the territory, and those that a layer adds after closing time."""


def day_weight(code: int, saturday_share: float) -> float:
    """What a day counts for slots and requests: 1 on weekdays, less on Saturdays, 0 when closed.

    >>> day_weight(CLOSED, 0.4), day_weight(SATURDAY, 0.4)
    (0.0, 0.4)
    """
    if code == CLOSED:
        return 0.0
    return saturday_share if code == SATURDAY else 1.0


def capacity_ratios(weights: Sequence[float], exponent: float) -> list[float]:
    """Each GP's slots over the mean: as the size of the list to a power, with mean 1."""
    powers = [weight**exponent for weight in weights]
    mean = math.fsum(powers) / len(powers)
    return [power / mean for power in powers]


def is_walk_in_day(practice: Practice, weekday: int) -> bool:
    """Whether a practice receives without appointment on that day of the week (0 is Monday)."""
    return weekday < practice.walk_in_days_per_week


def leave_days(gp: int, first_day: int, last_day: int, days: float, draw: Draw) -> frozenset[int]:
    """Days on which a GP is away and nobody stands in: two stretches a year, drawn by address."""
    stretch = round(days / 2.0)
    if stretch == 0:
        return frozenset()
    away: set[int] = set()
    for year in range(math.floor(first_day / DAYS_PER_YEAR), int(last_day / DAYS_PER_YEAR) + 1):
        _, _, *marks = draw(gp, JOINING, YEARS_BEFORE + year, 0)
        for half, mark in enumerate(marks):
            start = math.floor((year + 0.5 * half + 0.5 * mark) * DAYS_PER_YEAR)
            away.update(range(start, start + stretch))
    return frozenset(away)


def count_slots(
    counts: NDArray[np.int32],
    walk_in_closes: NDArray[np.float64],
    day_table: NDArray[np.int8],
    first_day: int,
    start_weekday: int,
    away: NDArray[np.bool_],
    capacities: NDArray[np.float64],
    joins: NDArray[np.float64],
    team_model: NDArray[np.int64],
    layer_slots: NDArray[np.float64],
    practices: Sequence[Practice],
    work: Work,
) -> None:
    """Work out how many slots of which sort each GP has each day (`counts`: GPs x days x 4).

    Fractions of slots are carried over, so the year's total comes out right. A walk-in day has no
    slots of its own, but a session until `walk_in_closes`. `away` are the GPs' leaves (GPs x days),
    `layer_slots` what layers have each GP share and add by day (days x 2).
    """
    days = len(day_table)
    carried = np.empty(4)
    for gp in range(len(capacities)):
        per_weight = slots_per_weight(day_table, away[gp], capacities[gp], work)
        carried[:] = 0.0
        for offset in range(days):
            day, code = first_day + offset, day_table[offset]
            practice = practices[team_model[has_joined(joins[gp], day), gp]]
            weight = 0.0 if away[gp, offset] else day_weight(code, work.saturday_slot_share)
            offered = weight * per_weight * practice.slots_ratio
            offered *= 1.0 - practice.coordination_share
            shared = weight * layer_slots[offset, 0]
            if is_walk_in_day(practice, (start_weekday + day) % 7):
                shared = 0.0
                if offered > 0.0:  # the session lasts as long as the day's slots would
                    walk_in_closes[gp, offset] = session_end(work, day, code, offered)
                    offered = 0.0
            counts[gp, offset, OFFERED] = carry(carried, OFFERED, offered)
            counts[gp, offset, KEPT] = carry(carried, KEPT, offered * practice.urgent_slot_share)
            counts[gp, offset, SHARED_BY_LAYERS] = carry(carried, SHARED_BY_LAYERS, shared)
            counts[gp, offset, ADDED] = carry(carried, ADDED, weight * layer_slots[offset, 1])


def coordination_days(
    ends: float,
    day_table: NDArray[np.int8],
    first_day: int,
    away: NDArray[np.bool_],
    capacities: NDArray[np.float64],
    joins: NDArray[np.float64],
    team_model: NDArray[np.int64],
    practices: Sequence[Practice],
    work: Work,
) -> float:
    """GP time given to coordination instead of slots over the measured horizon, in days."""
    total = 0.0
    for gp in range(len(capacities)):
        per_weight = slots_per_weight(day_table, away[gp], capacities[gp], work)
        for offset in range(len(day_table)):
            day = first_day + offset
            if 0 <= day < ends and not away[gp, offset]:
                practice = practices[team_model[has_joined(joins[gp], day), gp]]
                weight = day_weight(day_table[offset], work.saturday_slot_share)
                slots = weight * per_weight * practice.slots_ratio
                total += slots * practice.coordination_share * work.consultation_days
    return total


def slots_per_weight(
    day_table: NDArray[np.int8], away: NDArray[np.bool_], capacity: float, work: Work
) -> float:
    """A GP's slots on a day of weight 1, so that the year holds what their list asks for."""
    weights = 0.0
    for offset in range(len(day_table)):
        if not away[offset]:
            weights += day_weight(day_table[offset], work.saturday_slot_share)
    per_day = work.slots_per_year * work.gp_capacity_ratio * capacity / DAYS_PER_YEAR
    return per_day * len(day_table) / max(weights, 1e-9)


def carry(carried: NDArray[np.float64], sort: int, amount: float) -> int:
    """Whole slots of a day, what is left over being carried to the next.

    >>> left = np.zeros(4)
    >>> [carry(left, OFFERED, 1.5) for _ in range(4)]
    [1, 2, 1, 2]
    """
    total = carried[sort] + amount
    whole: int = math.floor(total) - math.floor(carried[sort])
    carried[sort] = total
    return whole


def session_end(work: Work, day: int, code: int, slots: float) -> float:
    """When a walk-in session ends that lasts as long as so many slots would, or till closing."""
    closes = closing_hour(work, code)
    hours = min(24.0 * slots * work.consultation_days, closes - work.opens_hour)
    return day + (work.opens_hour + hours) / 24.0


def closing_hour(work: Work, code: int) -> float:
    """The hour at which practices close on a day of this kind."""
    return work.saturday_closes_hour if code == SATURDAY else work.closes_hour


def lay_out_slots(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    day_first: NDArray[np.int32],
    free_slots: NDArray[np.int32],
    counts: NDArray[np.int32],
    day_table: NDArray[np.int8],
    first_day: int,
    work: Work,
) -> int:
    """Lay out all slots in order of GP and time; return how many there are.

    `slot_time` and `slot_kind` must be long enough for all that `counts` asks for.
    """
    slot = 0
    for gp in range(len(counts)):
        for offset in range(len(day_table)):
            day_first[gp, offset] = slot
            closes = closing_hour(work, day_table[offset])
            today = counts[gp, offset]
            end = day_of_slots(slot_time, slot_kind, slot, first_day + offset, closes, today, work)
            free_slots[gp, offset] = end - slot
            slot = end
        day_first[gp, len(day_table)] = slot
    return slot


def day_of_slots(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    slot: int,
    day: int,
    closes_hour: float,
    today: NDArray[np.int32],
    work: Work,
) -> int:
    """Lay out one day from position `slot` on; return the position after its last slot.

    The diary's slots are evenly spread, those kept for urgent requests among them, the last ones
    shared; added ones follow one after the other from closing time, none beyond midnight.
    """
    count, kept, shared = int(today[OFFERED]), int(today[KEPT]), int(today[SHARED_BY_LAYERS])
    step = (closes_hour - work.opens_hour) / count if count else 0.0
    ordinary = 0
    for j in range(count):
        ordinary += not is_kept_slot(j, kept, count)
    passed = 0
    for j in range(count):
        kind = URGENT
        if not is_kept_slot(j, kept, count):
            kind = SHARED if passed >= ordinary - shared else ORDINARY
            passed += 1
        slot_time[slot] = day + (work.opens_hour + j * step) / 24.0
        slot_kind[slot] = kind
        slot += 1
    closes = day + closes_hour / 24.0
    for i in range(int(today[ADDED])):
        time = closes + i * work.consultation_days
        if time >= math.ceil(closes):
            break
        slot_time[slot] = time
        slot_kind[slot] = SHARED
        slot += 1
    return slot


def is_kept_slot(position: int, kept: int, count: int) -> bool:
    """Whether a day's slot of this position is one of the `kept` among `count`, evenly spread.

    >>> [is_kept_slot(j, 2, 4) for j in range(4)]
    [False, True, False, True]
    """
    return (position + 1) * kept // count > position * kept // count


def shared_slots(parameters: Parameters, day: int) -> tuple[float, float]:
    """Slots that layers have each GP share on a day: inside the existing diary, and added to it."""
    shared = added = 0.0
    for layer in parameters.layers:
        reached = reach(layer, day, parameters.ramp_days)
        shared += reached * layer.shared_slots_per_day
        added += reached * layer.added_slots_per_day
    return shared, added
