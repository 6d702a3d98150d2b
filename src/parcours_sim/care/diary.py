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
ADDED_SLOT_HOURS = 0.3
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
        _, _, *marks = draw(gp, JOINING, 1 + year - math.floor(first_day / DAYS_PER_YEAR), 0)
        for half, mark in enumerate(marks):
            start = math.floor((year + 0.5 * half + 0.5 * mark) * DAYS_PER_YEAR)
            away.update(range(start, start + stretch))
    return frozenset(away)


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
    first_day = int(parameters.begins)
    capacities = capacity_ratios(weights, parameters.work.list_exponent)
    times: list[float] = []
    kinds: list[int] = []
    day_first = np.zeros((parameters.work.gps, len(day_codes) + 1), np.int32)
    coordination = 0.0
    for gp in range(parameters.work.gps):
        layout = _slots_of(gp, capacities[gp], parameters, day_codes, before, after, joins, draw)
        for offset, (slots, coordination_days) in enumerate(layout):
            day_first[gp, offset] = len(times)
            times += [time for time, _ in slots]
            kinds += [kind for _, kind in slots]
            if 0 <= first_day + offset < parameters.ends:
                coordination += coordination_days
        day_first[gp, len(day_codes)] = len(times)
    return Books(
        first_day=first_day,
        slot_time=np.array(times, np.float64),
        slot_kind=np.array(kinds, np.int8),
        slot_taken=np.zeros(len(times), np.int8),
        day_first=day_first,
        coordination_days=coordination,
    )


def _slots_of(
    gp: int,
    capacity: float,
    parameters: Parameters,
    day_codes: Sequence[int],
    before: Sequence[Team],
    after: Sequence[Team],
    joins: Sequence[float],
    draw: Draw,
) -> Iterator[tuple[list[tuple[float, int]], float]]:
    """For each day, the slots (time, kind) of one GP, and the time given to coordination."""
    first_day = int(parameters.begins)
    away = leave_days(gp, first_day, first_day + len(day_codes), parameters.work.leave_days, draw)
    day_weights = [
        0.0 if first_day + offset in away else day_weight(code, parameters.work.saturday_slot_share)
        for offset, code in enumerate(day_codes)
    ]
    per_weight = parameters.work.slots_per_year * parameters.work.gp_capacity_ratio * capacity
    per_weight *= len(day_codes) / DAYS_PER_YEAR / max(math.fsum(day_weights), 1e-9)
    offered = shared = added = 0.0
    for offset, weight in enumerate(day_weights):
        day = first_day + offset
        practice = parameters.practices[
            (after if day >= 0 and day >= joins[gp] else before)[gp].model
        ]
        full = weight * per_weight * practice.slots_ratio
        walk_in = is_walk_in_day(practice, (parameters.start.weekday() + day) % 7)
        layered = [
            (layer, weight * uptake(layer, day, parameters.ramp_days))
            for layer in parameters.layers
        ]
        amounts = (
            0.0 if walk_in else full * (1.0 - practice.coordination_share),
            0.0 if walk_in else sum(w * layer.shared_slots_per_day for layer, w in layered),
            sum(w * layer.added_slots_per_day for layer, w in layered),
        )
        counts = [
            math.floor(total + amount) - math.floor(total)
            for total, amount in zip((offered, shared, added), amounts, strict=True)
        ]
        offered, shared, added = offered + amounts[0], shared + amounts[1], added + amounts[2]
        closes = (
            parameters.work.saturday_closes_hour
            if day_codes[offset] == SATURDAY
            else parameters.work.closes_hour
        )
        slots = _day_of_slots(
            day, parameters.work.opens_hour, closes, practice.urgent_slot_share, *counts
        )
        minutes = full * practice.coordination_share * parameters.work.consultation_days
        yield slots, minutes


def _day_of_slots(
    day: int,
    opens_hour: float,
    closes_hour: float,
    urgent_share: float,
    count: int,
    shared: int,
    added: int,
) -> list[tuple[float, int]]:
    """The slots of one day: evenly spread, some kept for urgent requests, the last ones shared."""
    step = (closes_hour - opens_hour) / count if count else 0.0
    slots = []
    for j in range(count):
        kept = math.floor((j + 1) * urgent_share) > math.floor(j * urgent_share)
        kind = URGENT if kept else SHARED if j >= count - shared else ORDINARY
        slots.append((day + (opens_hour + j * step) / 24.0, kind))
    late = [closes_hour + i * ADDED_SLOT_HOURS for i in range(added)]
    return slots + [(day + hour / 24.0, SHARED) for hour in late if hour < 24.0]
