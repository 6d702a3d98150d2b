"""The kinds of number that a scenario is made of, each with the bounds beyond which it is a slip.

The bounds are wide: within them a number may be odd, beyond them it can only be a mistake, or would
make a run that never ends. What every number carries lives in `quantity.py`; which key takes which
kind, in `territory.py`, `episode.py`, `organisation.py` and `scenario.py`.
"""

from __future__ import annotations

from typing import ClassVar

from .quantity import Amount, Positive

LONGEST_TIME = 1_000_000.0
"""In days, nearly three thousand years: long enough to mean `never`."""


class Inhabitants(Positive):
    """How many people live in a territory."""

    minimum: ClassVar[float] = 10.0
    maximum: ClassVar[float] = 5_000_000.0
    whole: ClassVar[bool] = True


class Years(Positive):
    """How long is simulated, in years: a day at least."""

    minimum: ClassVar[float] = 1.0 / 366.0
    maximum: ClassVar[float] = 100.0
    words: ClassVar[str] = "a day (0.00274) to 100 years"


class WarmUpYears(Amount):
    """How long is simulated before counting begins, in years."""

    maximum: ClassVar[float] = 10.0


class Time(Amount):
    """A time that may be nothing, in the unit of its key: minutes, hours, days, months."""

    maximum: ClassVar[float] = LONGEST_TIME


class PositiveTime(Positive):
    """A time that must pass, in the unit of its key."""

    maximum: ClassVar[float] = LONGEST_TIME


class Hour(Amount):
    """An hour of the day."""

    maximum: ClassVar[float] = 24.0


class DaysOfWeek(Amount):
    """A number of days of the week."""

    maximum: ClassVar[float] = 7.0


class DayOfYear(Amount):
    """A day of the year, counted from the first of January."""

    maximum: ClassVar[float] = 366.0


class DaysOfYear(Positive):
    """A number of days of the year."""

    maximum: ClassVar[float] = 366.0


class WeeksOfYear(Amount):
    """A number of weeks of the year."""

    maximum: ClassVar[float] = 52.0


class Sigma(Amount):
    """A spread: the standard deviation of a logarithm."""

    maximum: ClassVar[float] = 5.0


class Rate(Amount):
    """How often something happens, in the period of its key: a year, a week or a day."""

    maximum: ClassVar[float] = 10_000.0


class PositiveRate(Positive):
    """How often something happens that cannot be absent, in the period of its key."""

    maximum: ClassVar[float] = 10_000.0


class Slots(Positive):
    """Appointments that somebody offers in a year: of a minute around the clock at the most."""

    maximum: ClassVar[float] = 1_000_000.0


class Supply(Positive):
    """Professionals, rooms or beds per 100,000 inhabitants: one each at the most."""

    maximum: ClassVar[float] = 100_000.0


class Count(Positive):
    """How many of something there are in one place: GPs of a practice, counters of a pharmacy."""

    maximum: ClassVar[float] = 1_000.0


class Ratio(Amount):
    """One thing over another, which may be nothing."""

    maximum: ClassVar[float] = 1_000.0


class PositiveRatio(Positive):
    """One thing over another, which cannot be nothing."""

    maximum: ClassVar[float] = 1_000.0


class Exponent(Amount):
    """A power that something grows by."""

    maximum: ClassVar[float] = 10.0


class Euros(Amount):
    """Money, in euros."""

    maximum: ClassVar[float] = 1e9
