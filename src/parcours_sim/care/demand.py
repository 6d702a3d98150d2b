"""The demand of everyone who is not simulated one by one: requests to GPs, emergencies.

Arrivals of a day are a Poisson process in a clock of their own that runs from 0 to 1 while demand
is open; each gap is drawn by its number, so nothing shifts when the day before changes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .calendar import season_factor
from .diary import closing_hour, day_weight
from .parameters import DAYS_PER_YEAR, Demand, Hospital
from .setting import Setting

SYMPTOMATIC, BOOKED_AHEAD, AS_SOON_AS_POSSIBLE = 0, 1, 2


def next_arrival(position: float, mark: float, mean_per_day: float) -> float:
    """The position (0 to 1) of the next arrival of the day; at least 1 when there is none.

    >>> next_arrival(0.2, 0.5, 0.0)
    inf
    """
    if mean_per_day <= 0.0:
        return math.inf
    return position - math.log1p(-mark) / mean_per_day


def hour_of_request(position: float, opens_hour: float, closes_hour: float) -> float:
    """Hour of a request to a GP, evenly over the opening hours.

    >>> hour_of_request(0.5, 8.0, 18.0)
    13.0
    """
    return opens_hour + position * (closes_hour - opens_hour)


def hour_of_emergency(position: float, day_share: float) -> float:
    """Hour of arrival at the emergency department; `day_share` of a day's come from 8 to 20.

    The rest is even over the twelve hours of the night, of which eight come first.

    >>> hour_of_emergency(0.5, 0.5)
    12.0
    """
    before = (1.0 - day_share) * 2.0 / 3.0
    if position < before:
        return 8.0 * position / before
    if position < before + day_share:
        return 8.0 + 12.0 * (position - before) / day_share
    return 20.0 + 4.0 * (position - before - day_share) / (1.0 - day_share - before)


def kind_of_request(mark: float, symptomatic_share: float, booked_share: float) -> int:
    """Symptomatic, booked ahead, or as soon as possible.

    >>> kind_of_request(0.7, 0.58, 0.32)
    1
    """
    if mark < symptomatic_share:
        return SYMPTOMATIC
    return BOOKED_AHEAD if mark < symptomatic_share + booked_share else AS_SOON_AS_POSSIBLE


def is_received(is_own: bool, mark: float, accepts_share: float) -> bool:
    """Whether a practice answers a request: always its own patients', some of the others'."""
    return is_own or mark < accepts_share


def patience_median(demand: Demand, kind: int) -> float:
    """Median patience of a request of this kind, in days."""
    if kind == SYMPTOMATIC:
        return demand.symptomatic_patience_days
    return demand.other_patience_days


def seasons(
    factors: NDArray[np.float64],
    first_day: int,
    amplitude: float,
    peak_day: float,
    start_day: float,
) -> None:
    """Fill in the season's factor of demand on each day from `first_day` on."""
    for offset in range(len(factors)):
        factors[offset] = season_factor(first_day + offset, amplitude, peak_day, start_day)


def surge(territory: Setting, offset: int) -> float:
    """Demand of a day over the usual: raised while a surge lasts."""
    demand, day = territory.demand, territory.first_day + offset
    return float(demand.surge_ratio) if demand.surge_begins <= day < demand.surge_ends else 1.0


def requests_on(territory: Setting, gp: int, offset: int) -> float:
    """Mean number of requests to a GP on a day, of people who are not simulated one by one."""
    weight = day_weight(territory.day_table[offset], territory.work.saturday_slot_share)
    mean = territory.requests_per_weight[gp] * weight * territory.seasons[offset]
    return float(mean * surge(territory, offset))


def request_time(territory: Setting, offset: int, position: float) -> float:
    """The instant of a request at a position (0 to 1) within the opening hours of a day."""
    work = territory.work
    closes = closing_hour(work, territory.day_table[offset])
    hour = hour_of_request(position, work.opens_hour, closes)
    return territory.first_day + offset + hour / 24.0


def emergencies_on(territory: Setting, offset: int) -> float:
    """Mean number of a day's emergencies of people who are not simulated one by one."""
    per_year = territory.hospital.ed_visits_per_inhabitant_per_year * territory.inhabitants
    mean = per_year / DAYS_PER_YEAR * territory.seasons[offset]
    return float(mean * surge(territory, offset))


def emergency_time(territory: Setting, offset: int, position: float) -> float:
    """The instant of an emergency at a position (0 to 1) within a day."""
    hour = hour_of_emergency(position, territory.hospital.ed_day_share)
    return territory.first_day + offset + hour / 24.0


def is_other_admitted(hospital: Hospital, is_low: bool, mark: float) -> bool:
    """Whether an emergency of someone not simulated ends in a bed; one of low acuity doesn't."""
    others = 1.0 - hospital.ed_low_acuity_share
    return not is_low and mark * others < hospital.ed_other_admitted_share
