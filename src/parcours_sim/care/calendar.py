"""The calendar: French public holidays, kinds of day, opening hours and the season.

Time is a float in days from 00:00 of the scenario's start date (day 0), negative in the warm-up;
hours are clock hours. Whose hours they are, and how many work in them, lives elsewhere.
"""

import math
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

CLOSED, WEEKDAY, SATURDAY = 0, 1, 2
"""Kinds of day, as numbers: Sunday or public holiday; Monday to Friday; Saturday."""

_FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_DAYS_AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday

# Clock hours are rounded to a billionth: a time in days is too coarse to hold 8:00 exactly, and a
# practice must be open at the very instant that next_opening gives.
_TICKS_PER_HOUR = 1e9
_RADIANS_PER_DAY = 2.0 * math.pi / 365.25


def easter_sunday(year: int) -> date:
    """Give Easter Sunday of a Gregorian year (the anonymous algorithm, in Meeus 1991, chapter 8).

    >>> easter_sunday(2026)
    datetime.date(2026, 4, 5)
    """
    century, of_century = divmod(year, 100)
    lunar_correction = (8 * century + 13) // 25
    epact = (19 * (year % 19) + century - century // 4 - lunar_correction + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (year % 19 + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def french_public_holidays(year: int) -> frozenset[date]:
    """Give the 11 public holidays of metropolitan France (article L3133-1 of the labour code).

    The two further ones of Alsace-Moselle are left out. Two may fall on the same date (as Ascension
    and 8 May in 2008): the set then holds 10.

    >>> date(2026, 5, 25) in french_public_holidays(2026)  # Whit Monday
    True
    """
    easter = easter_sunday(year)
    fixed = {date(year, month, day) for month, day in _FIXED_HOLIDAYS}
    return frozenset(fixed | {easter + timedelta(days) for days in _DAYS_AFTER_EASTER})


def day_codes(start_date: date, first_day: int, days: int, always_open: bool) -> list[int]:
    """Give the kind of each day from `first_day` on (day 0 is `start_date`), `days` of them.

    What is `always_open` (ED, hospital, nurses) has only weekdays.

    >>> day_codes(date(2026, 1, 1), -1, 5, always_open=False)  # Wednesday to Sunday
    [1, 0, 1, 2, 0]
    """
    if always_open:
        return [WEEKDAY] * days
    dates = [start_date + timedelta(first_day + offset) for offset in range(days)]
    holidays = {day for year in {day.year for day in dates} for day in french_public_holidays(year)}
    by_weekday = (WEEKDAY,) * 5 + (SATURDAY, CLOSED)
    return [CLOSED if day in holidays else by_weekday[day.weekday()] for day in dates]


def clock_hour(time: float) -> float:
    """Give the hours since midnight of a time in days, to the nearest billionth of an hour.

    From 0 to 24; 24 itself only within two millionths of a second before midnight.

    >>> clock_hour(3.25), clock_hour(-0.25)
    (6.0, 18.0)
    """
    hours = (time - math.floor(time)) * 24.0
    return math.floor(hours * _TICKS_PER_HOUR + 0.5) / _TICKS_PER_HOUR


def is_open(
    day_code: int,
    hour: float,
    opens_hour: float,
    closes_hour: float,
    saturday_closes_hour: float,
) -> bool:
    """Tell whether it is open at a clock hour on a day of this kind.

    Open from `opens_hour` on, closed from the closing hour on. Hours are between 0 and 24, and a
    closing hour not after the opening hour means closed that day.

    >>> is_open(SATURDAY, 11.5, 8.0, 19.0, 12.0), is_open(SATURDAY, 12.0, 8.0, 19.0, 12.0)
    (True, False)
    """
    if day_code == CLOSED or hour < opens_hour:
        return False
    return hour < (saturday_closes_hour if day_code == SATURDAY else closes_hour)


def next_opening(
    day_code: NDArray[np.int8],
    first_day: int,
    time: float,
    opens_hour: float,
    closes_hour: float,
    saturday_closes_hour: float,
) -> float:
    """Give the first instant from `time` on (in days) at which it is open.

    That is `time` itself when it is open then. `day_code` holds the kind of each day from
    `first_day` on: before it, the search starts with its first day; past its end the answer is
    infinite.

    >>> codes = np.array(day_codes(date(2026, 1, 1), 0, 4, always_open=False), dtype=np.int8)
    >>> next_opening(codes, 0, 0.5, 8.0, 19.0, 12.0) == 1 + 8 / 24  # New Year, then Friday at 8:00
    True
    >>> next_opening(codes, 0, 2.75, 8.0, 19.0, 12.0)  # the table ends before Monday
    inf
    """
    if time >= first_day + len(day_code):
        return math.inf
    day = math.floor(time)
    hour = clock_hour(time)
    if day < first_day:
        day, hour = first_day, 0.0
    elif is_open(day_code[day - first_day], hour, opens_hour, closes_hour, saturday_closes_hour):
        return time
    elif hour >= opens_hour:
        day = day + 1
    while day < first_day + len(day_code):
        code = day_code[day - first_day]
        if is_open(code, opens_hour, opens_hour, closes_hour, saturday_closes_hour):
            return day + opens_hour / 24.0
        day = day + 1
    return math.inf


def season_factor(
    time: float, amplitude: float, peak_day: float, start_day_of_year: float
) -> float:
    """Give the factor of the season at a time in days; its mean over a year is 1.

    It is 1 + `amplitude` on `peak_day` and 1 - `amplitude` half a year later. Days of the year
    count from 1 (1 January); `start_day_of_year` is that of the scenario's start date.

    >>> season_factor(14.0, 0.12, peak_day=15.0, start_day_of_year=1.0)
    1.12
    """
    return 1.0 + amplitude * math.cos(_RADIANS_PER_DAY * (time + start_day_of_year - peak_day))
