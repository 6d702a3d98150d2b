"""The calendar of routine care: when a planned contact falls, and what a nurse's round holds."""

from __future__ import annotations

import math

from .parameters import DAYS_PER_YEAR

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
