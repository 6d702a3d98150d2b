"""The way into hospital, and out of it: route, admission, length of stay, death."""

from __future__ import annotations

from .distributions import LOGNORMAL, duration
from .parameters import Hospital

BOARDER, DIRECT = 0, 1
"""Priority for a bed: who waits in a room of the emergency department comes first."""


def goes_direct(
    doctor_mark: float,
    doctor_share: float,
    direct_mark: float,
    direct_share: float,
    hour: float,
    is_weekday: bool,
    opens_hour: float,
    closes_hour: float,
) -> bool:
    """Whether a crisis goes straight to a bed instead of through the emergency department.

    It takes a doctor who saw or was called before (L068b, L069), by day on a working day, and an
    arrangement with the hospital.

    >>> goes_direct(0.1, 0.2, 0.3, 0.6, 10.0, True, 8.0, 18.5)
    True
    >>> goes_direct(0.1, 0.2, 0.3, 0.6, 22.0, True, 8.0, 18.5)
    False
    """
    by_day = is_weekday and opens_hour <= hour < closes_hour
    return by_day and doctor_mark < doctor_share and direct_mark < direct_share


def stay(mark: float, mean_days: float, sd_days: float) -> float:
    """Length of a hospital stay in days, lognormal by its mean and standard deviation."""
    return duration(mark, LOGNORMAL, mean_days, sd_days)


def time_in_care(mark: float, law: int, mean_days: float, sd_ratio: float) -> float:
    """Time in a room of the emergency department, in days."""
    return duration(mark, law, mean_days, mean_days * sd_ratio)


def time_in_ed(hospital: Hospital, mark: float, is_admitted: bool) -> float:
    """The same for someone who is admitted afterwards, or goes home."""
    mean = hospital.ed_admitted_days if is_admitted else hospital.ed_home_days
    return time_in_care(mark, hospital.ed_law, mean, hospital.ed_sd_ratio)


def boarding_hours(ready: float, now: float) -> float:
    """Hours that somebody `ready` for a bed has waited for it; those of the warm-up don't count.

    >>> boarding_hours(-0.5, 0.25)
    6.0
    """
    return 24.0 * (now - max(ready, 0.0))


def is_readmission(now: float, discharged_at: float, days: float) -> bool:
    """Whether an admission comes within `days` of the last discharge.

    >>> is_readmission(20.0, float("-inf"), 30.0)
    False
    """
    return now - discharged_at <= days
