"""Which appointment slots the GPs of a territory offer, day by day, over the whole simulation.

Slots are laid out once, before anything happens: they follow from the calendar, each GP's list and
leave, and from how the GP's practice and the layers organise access at that date. Finding, taking
and giving back a slot is in `appointments.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .appointments import ORDINARY, SHARED, URGENT
from .calendar import CLOSED, SATURDAY
from .decisions import JOINING
from .parameters import DAYS_PER_YEAR, Parameters, Practice
from .population import Draw
from .practices import Team, uptake

DAYS_BEYOND = 150
"""How far books reach beyond the end, so that late requests still find their slot."""
YEARS_BEFORE = 100
"""Years of leave are numbered from this many before the start date, so none is negative."""
ALL_KINDS = (1 << ORDINARY) | (1 << URGENT) | (1 << SHARED)
OWN_ROUTINE = 1 << ORDINARY
OTHERS_SHARED = 1 << SHARED


@dataclass(frozen=True, slots=True)
class Books:
    """The appointment books of all GPs as flat arrays; see `appointments.py` for their meaning."""

    first_day: int
    slot_time: NDArray[np.float64]
    slot_kind: NDArray[np.int8]
    slot_taken: NDArray[np.int8]
    day_first: NDArray[np.int32]
    walk_in_closes: NDArray[np.float64]
    """End of each GP's walk-in session by day (gps x days); minus infinity where there is none."""
    coordination_days: float
    """GP time given to coordination instead of slots over the measured horizon, in days."""


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


@dataclass(frozen=True, slots=True)
class _Day:
    """A GP's day: its slots (time, kind), what coordination takes, and a walk-in session's end."""

    slots: list[tuple[float, int]]
    coordination_days: float
    walk_in_closes: float


def open_books(
    parameters: Parameters,
    day_codes: Sequence[int],
    weights: Sequence[float],
    before: Sequence[Team],
    after: Sequence[Team],
    joins: Sequence[float],
    draw: Draw,
) -> Books:
    """Lay out the books of all GPs from the start of the warm-up to beyond the end.

    `day_codes` are the kinds of day from the first day of the warm-up on; `before` and `after` are
    the GPs' teams, `joins` the days on which they change.
    """
    first_day, gps = int(parameters.begins), parameters.work.gps
    capacities = capacity_ratios(weights, parameters.work.list_exponent)
    times: list[float] = []
    kinds: list[int] = []
    day_first = np.zeros((gps, len(day_codes) + 1), np.int32)
    walk_in_closes = np.full((gps, len(day_codes)), -math.inf)
    coordination = 0.0
    for gp in range(gps):
        models = [
            (after if day >= 0 and day >= joins[gp] else before)[gp].model
            for day in range(first_day, first_day + len(day_codes))
        ]
        days = _days_of(gp, capacities[gp], parameters, day_codes, models, draw)
        for offset, day in enumerate(days):
            day_first[gp, offset] = len(times)
            times += [time for time, _ in day.slots]
            kinds += [kind for _, kind in day.slots]
            walk_in_closes[gp, offset] = day.walk_in_closes
            if 0 <= first_day + offset < parameters.ends:
                coordination += day.coordination_days
        day_first[gp, len(day_codes)] = len(times)
    return Books(
        first_day=first_day,
        slot_time=np.array(times, np.float64),
        slot_kind=np.array(kinds, np.int8),
        slot_taken=np.zeros(len(times), np.int8),
        day_first=day_first,
        walk_in_closes=walk_in_closes,
        coordination_days=coordination,
    )


def _days_of(
    gp: int,
    capacity: float,
    parameters: Parameters,
    day_codes: Sequence[int],
    models: Sequence[int],
    draw: Draw,
) -> Iterator[_Day]:
    """One GP's days. Fractions of slots are carried over, so the year's total comes out right."""
    work, first_day = parameters.work, int(parameters.begins)
    away = leave_days(gp, first_day, first_day + len(day_codes), work.leave_days, draw)
    day_weights = [
        0.0 if first_day + offset in away else day_weight(code, work.saturday_slot_share)
        for offset, code in enumerate(day_codes)
    ]
    per_weight = work.slots_per_year * work.gp_capacity_ratio * capacity
    per_weight *= len(day_codes) / DAYS_PER_YEAR / max(math.fsum(day_weights), 1e-9)
    totals = [0.0, 0.0, 0.0, 0.0]
    for offset, weight in enumerate(day_weights):
        day = first_day + offset
        practice = parameters.practices[models[offset]]
        full = weight * per_weight * practice.slots_ratio
        coordination = full * practice.coordination_share * work.consultation_days
        offered = full * (1.0 - practice.coordination_share)
        closes_hour = (
            work.saturday_closes_hour if day_codes[offset] == SATURDAY else work.closes_hour
        )
        walk_in = is_walk_in_day(practice, (parameters.start.weekday() + day) % 7)
        closes = -math.inf
        if walk_in and offered > 0.0:  # the session lasts as long as the day's slots would
            session = min(24.0 * offered * work.consultation_days, closes_hour - work.opens_hour)
            closes = day + (work.opens_hour + session) / 24.0
            offered = 0.0
        shared, added = shared_slots(parameters, day)
        amounts = (
            offered,
            offered * practice.urgent_slot_share,
            0.0 if walk_in else weight * shared,
            weight * added,
        )
        counts = [
            math.floor(total + amount) - math.floor(total)
            for total, amount in zip(totals, amounts, strict=True)
        ]
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
        slots = _day_of_slots(day, work.opens_hour, closes_hour, *counts[:3])
        slots += added_slots(day + closes_hour / 24.0, counts[3], work.consultation_days)
        yield _Day(slots, coordination, closes)


def shared_slots(parameters: Parameters, day: int) -> tuple[float, float]:
    """Slots that layers have each GP share on a day: inside the existing diary, and added to it."""
    shared = added = 0.0
    for layer in parameters.layers:
        reached = uptake(layer, day, parameters.ramp_days)
        shared += reached * layer.shared_slots_per_day
        added += reached * layer.added_slots_per_day
    return shared, added


def _day_of_slots(
    day: int,
    opens_hour: float,
    closes_hour: float,
    count: int,
    kept: int,
    shared: int,
) -> list[tuple[float, int]]:
    """The slots of one day: evenly spread, `kept` of them for urgent requests, the last shared."""
    step = (closes_hour - opens_hour) / count if count else 0.0
    is_kept = [(j + 1) * kept // count > j * kept // count for j in range(count)]
    ordinary = [j for j in range(count) if not is_kept[j]]
    is_shared = set(ordinary[len(ordinary) - min(shared, len(ordinary)) :])
    slots = []
    for j in range(count):
        kind = URGENT if is_kept[j] else SHARED if j in is_shared else ORDINARY
        slots.append((day + (opens_hour + j * step) / 24.0, kind))
    return slots


def added_slots(closes: float, count: int, length_days: float) -> list[tuple[float, int]]:
    """Slots that a layer adds, one after the other from closing time: all others stay put.

    None is added beyond midnight.
    """
    times = [closes + i * length_days for i in range(count)]
    return [(time, SHARED) for time in times if time < math.ceil(closes)]
