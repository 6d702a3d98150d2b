"""The calendar of routine care: when a planned contact falls, and what a nurse's round holds."""

from __future__ import annotations

import math

from .calendar import next_opening
from .counter import take_turn
from .distributions import duration, lognormal
from .parameters import DAYS_PER_YEAR, Demand, People
from .person import Person
from .setting import Setting

PLANNED, FOLLOW_UP, ANSWER, AFTER_STAY, PROTOCOL, DELEGATED = 0, 1, 2, 3, 4, 5
"""Purposes of a contact, for its number."""

PROTOCOL_CALENDAR_DAYS = 30.4375
"""Protocol consultations are planned monthly at most; organisations keep some of them."""


def planned_time(
    begins: float, number: int, phase: float, day_mark: float, interval_days: float
) -> float:
    """When the planned contact of this number falls: on a regular calendar, half an interval loose.

    >>> planned_time(0.0, 2, 0.25, 0.5, 10.0)
    22.5
    """
    return begins + (number + phase + 0.5 * (day_mark - 0.5)) * interval_days


def contact_number(kind_id: int, occurrence: int, purpose: int) -> int:
    """One number for a contact among all of a patient's, to address its draws.

    `purpose` is PLANNED (with `kind_id` 0), PROTOCOL or DELEGATED (0 too), FOLLOW_UP or AFTER_STAY
    after a discharge, or ANSWER to an episode.

    >>> contact_number(0, 5, PLANNED), contact_number(0, 5, FOLLOW_UP)
    (40, 41)
    """
    return kind_id ^ (8 * occurrence + purpose)


def is_planned(mark: float, per_year: float) -> bool:
    """Whether an organisation with so many protocol consultations a year keeps this one.

    >>> is_planned(0.3, 3.0), is_planned(0.2, 3.0)
    (False, True)
    """
    return mark * DAYS_PER_YEAR / PROTOCOL_CALENDAR_DAYS < per_year


def time_of_day(time: float, mark: float, from_hour: float, to_hour: float) -> float:
    """The same day at the patient's usual hour, between two hours of the day.

    >>> time_of_day(3.9, 0.5, 7.0, 19.0)
    3.5416666666666665
    """
    return math.floor(time) + (from_hour + mark * (to_hour - from_hour)) / 24.0


def round_capacity(visits_per_day: float, day: int) -> int:
    """Whole visits that a nurse's round holds on a day, so that its mean is `visits_per_day`.

    >>> [round_capacity(2.5, day) for day in range(4)]
    [2, 3, 2, 3]
    """
    return math.floor((day + 1) * visits_per_day) - math.floor(day * visits_per_day)


def opening(territory: Setting, time: float) -> float:
    """The first instant from `time` on at which practices are open."""
    work = territory.work
    return next_opening(
        territory.day_table,
        territory.first_day,
        time,
        work.opens_hour,
        work.closes_hour,
        work.saturday_closes_hour,
    )


def errand(territory: Setting, planned: float, mark: float) -> float:
    """When a patient goes to the pharmacy: at their usual hour, on the first day it is open then.

    Infinite beyond the calendar of the simulation.
    """
    work = territory.work
    time = time_of_day(planned, mark, work.pharmacy_opens_hour, work.pharmacy_closes_hour)
    while True:
        opens = next_opening(
            territory.day_table,
            territory.first_day,
            time,
            work.pharmacy_opens_hour,
            work.pharmacy_closes_hour,
            work.saturday_closes_hour,
        )
        if opens == time or opens == math.inf:
            return opens
        later = max(opens, time + 1.0)
        time = time_of_day(later, mark, work.pharmacy_opens_hour, work.pharmacy_closes_hour)


def round_time(territory: Setting, patient: Person, time: float) -> float:
    """That day, at the hour at which the nurse comes to this patient."""
    work = territory.work
    return time_of_day(
        time, patient.hour_mark, work.nurse_round_begins_hour, work.nurse_round_ends_hour
    )


def round_time_after(territory: Setting, patient: Person, earliest: float, time: float) -> float:
    """The same, or a day later where the hour has passed by `earliest`, a discharge."""
    comes = round_time(territory, patient, time)
    return comes + 1.0 if comes < earliest else comes


def nurse_has_room(territory: Setting, nurse: int) -> bool:
    """Whether a nurse can make a visit today: her round still has a place, or it is an office."""
    work, day = territory.work, math.floor(territory.clock.now)
    if work.office_nurses > 0:
        return True
    capacity = round_capacity(work.nurse_visits_per_day, day)
    return bool(territory.nurse_rounds[nurse, day - territory.first_day] < capacity)


def nurse_begins(territory: Setting, nurse: int, length_mark: float) -> float:
    """When a nurse's visit of now begins: at once on a round, at one's turn in the office.

    It takes a place on the round, even on a full one, or a nurse's time at the office.
    """
    work, now = territory.work, territory.clock.now
    if work.office_nurses > 0:
        length = duration(length_mark, work.nurse_visit_law, work.nurse_visit_days, 0.0)
        return take_turn(territory.nurses_free_at, 0, work.office_nurses, now, length)
    territory.nurse_rounds[nurse, math.floor(now) - territory.first_day] += 1
    return now


def dispensing_begins(territory: Setting, pharmacy: int, length_mark: float) -> float:
    """When someone who comes to a pharmacy now is served, first come, first served."""
    work, now = territory.work, territory.clock.now
    length = duration(length_mark, work.dispensing_law, work.dispensing_days, 0.0)
    first = pharmacy * work.counters
    return take_turn(territory.counters, first, first + work.counters, now, length)


def days_ahead(people: People, demand: Demand, booked_mark: float, lead_mark: float) -> float:
    """Days ahead of a planned visit at which it is asked for; 0 for one not booked ahead."""
    if booked_mark < people.planned_booked_share:
        return lognormal(lead_mark, demand.lead_days, demand.lead_sigma)
    return 0.0


def waits_for_tomorrow(interval_days: float, has_room: bool) -> bool:
    """Whether a nurse's visit waits for the next day: one that isn't daily, on a full round.

    >>> waits_for_tomorrow(7.0, False), waits_for_tomorrow(1.0, False)
    (True, False)
    """
    return interval_days > 1.0 and not has_room


def misses_visit(patient: Person, wanted: float) -> bool:
    """Whether a visit can't be asked for, since the patient is in a bed till after it."""
    return patient.is_in_bed and wanted <= patient.home_at
