"""Event logs as weekly series: what is watched week by week, one number each, without a loop.

A log of half a million lines becomes a few hundred numbers, so that no two logs need lie in memory
together. Bins are whole weeks: each holds one of every weekday, and weekends leave no pattern.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcours_sim.analysis.intervals import EMPTY, FloatArray
from parcours_sim.engine.record import PLANNED, What

Lines = NDArray[Any]
"""Lines of an event log, of type engine.record.LINE, in the order of time."""

DAYS_PER_WEEK = 7

EPISODE_ENDS = (
    What.RESOLVES_ALONE,
    What.AVERTED,
    What.ADMITTED_AS_A_PRECAUTION,
    What.CRISIS,
    What.OVERTAKEN_IN_HOSPITAL,
    What.ENDS_WITH_DEATH,
)
ED_ENDS = (What.LEAVES_EMERGENCY_DEPARTMENT, What.LEAVES_EMERGENCY_DEPARTMENT_UNSEEN)
APPOINTMENT = ("person", "generation", "detail", "occurrence")
"""What an appointment is known by: whose it is, what for, and its slot."""


@dataclass(frozen=True)
class Weeks:
    """Whole weeks from the very start of a simulation; `begins` is in days, as in the log."""

    begins: float
    count: int

    @property
    def edges(self) -> FloatArray:
        """Where weeks begin and end, in days: one more than there are weeks."""
        return self.begins + DAYS_PER_WEEK * np.arange(self.count + 1.0)

    def place(self, times: FloatArray) -> NDArray[np.int64]:
        """The week of each time; `count` for what comes after the last one."""
        weeks = np.floor((times - self.begins) / DAYS_PER_WEEK).astype(np.int64)
        return np.minimum(weeks, self.count)


def weeks_before_start(begins: float) -> Weeks:
    """The whole weeks from the start of a simulation (days, negative) up to time 0."""
    return Weeks(begins, math.floor(-begins / DAYS_PER_WEEK))


def gp_wait_days(lines: Lines, weeks: Weeks) -> FloatArray:
    """Mean days from booking to consultation of visits wanted at once, by week of booking.

    Of patients simulated one by one: the log has no requests of anyone else, nor any request
    without an offer. Planned visits are left out, for they are booked ahead on purpose, and so are
    appointments that did not take place. NaN for a week without a booking.
    """
    booked, then = _appointments(lines)
    kept = (then["event"] == What.GP_CONSULTATION) & (booked["detail"] != PLANNED)
    booked_at = booked["time_days"][kept]
    place = weeks.place(booked_at)
    waits = np.bincount(place, then["time_days"][kept] - booked_at, weeks.count + 1)
    counts = np.bincount(place, minlength=weeks.count + 1)
    means: FloatArray = np.divide(waits, counts, out=np.full(len(waits), EMPTY), where=counts > 0)
    return means[: weeks.count]


def appointments_held(lines: Lines, weeks: Weeks) -> FloatArray:
    """Mean number of appointments in the books of patients simulated one by one.

    From booking to consultation, or to giving back. One that is missed leaves no line, and one that
    lies beyond the end of the log has none yet; neither is counted.
    """
    booked, then = _appointments(lines)
    return mean_present(booked["time_days"], then["time_days"], weeks)


def episodes_begun(lines: Lines, weeks: Weeks) -> FloatArray:
    """Worsening episodes that begin in a week."""
    begun = lines["time_days"][lines["event"] == What.EPISODE_BEGINS]
    counts = np.bincount(weeks.place(begun), minlength=weeks.count + 1)
    return counts[: weeks.count].astype(np.float64)


def episodes_open(lines: Lines, weeks: Weeks) -> FloatArray:
    """Mean number of worsening episodes that are open."""
    return mean_present(*_in_and_out(lines, What.EPISODE_BEGINS, EPISODE_ENDS), weeks)


def ed_present(lines: Lines, weeks: Weeks) -> FloatArray:
    """Mean number of people in the emergency department: waiting, in care or boarding; everyone."""
    return mean_present(*_in_and_out(lines, What.ARRIVES_AT_EMERGENCY_DEPARTMENT, ED_ENDS), weeks)


def patients_in_hospital(lines: Lines, weeks: Weeks) -> FloatArray:
    """Mean number of patients simulated one by one in a hospital bed.

    The log does not tell when anyone else leaves a bed.
    """
    _, then = _spans(lines, What.ADMITTED, (What.DISCHARGED, What.DIES), ("person",))
    admitted = lines["time_days"][lines["event"] == What.ADMITTED]
    return mean_present(admitted, then["time_days"], weeks)


SERIES: Mapping[str, Callable[[Lines, Weeks], FloatArray]] = {
    each.__name__: each
    for each in (
        gp_wait_days,
        appointments_held,
        episodes_begun,
        episodes_open,
        ed_present,
        patients_in_hospital,
    )
}
"""What is watched, by name: a log's lines and weeks to one number for each week."""


def weekly_series(lines: Lines, weeks: Weeks) -> dict[str, FloatArray]:
    """Every series of SERIES for one replication's log, one number for each week."""
    return {name: series(lines, weeks) for name, series in SERIES.items()}


def mean_present(begins: FloatArray, ends: FloatArray, weeks: Weeks) -> FloatArray:
    """Mean number present in each week, of what comes at some times and leaves at others (days).

    The two need not be in the same order; whoever has not left at the end has no time in `ends`.
    """
    return np.diff(_area(begins, weeks.edges) - _area(ends, weeks.edges)) / DAYS_PER_WEEK


def _appointments(lines: Lines) -> tuple[Lines, Lines]:
    """The booking of each appointment, and the consultation or the giving back."""
    ends = (What.GP_CONSULTATION, What.APPOINTMENT_GIVEN_BACK)
    return _spans(lines, What.APPOINTMENT_BOOKED, ends, APPOINTMENT)


def _spans(
    lines: Lines, opening: What, closing: tuple[What, ...], keys: tuple[str, ...]
) -> tuple[Lines, Lines]:
    """Lines that open something, and for each the line that closes it: the next with its keys.

    What nothing closes is left out.
    """
    chosen = lines[np.isin(lines["event"], (opening, *closing))]
    chosen = chosen[np.lexsort([chosen[key] for key in keys])]  # stable: by time within the keys
    first, then = chosen[:-1], chosen[1:]
    matches = (first["event"] == opening) & (then["event"] != opening)
    for key in keys:
        matches &= first[key] == then[key]
    return first[matches], then[matches]


def _in_and_out(
    lines: Lines, opening: What, closing: tuple[What, ...]
) -> tuple[FloatArray, FloatArray]:
    """When something opens, and when something closes, whosoever it is."""
    return (
        lines["time_days"][lines["event"] == opening],
        lines["time_days"][np.isin(lines["event"], closing)],
    )


def _area(times: FloatArray, until: FloatArray) -> FloatArray:
    """Days that have passed since some times until others, added up over those that are past."""
    times = np.sort(times)
    sums = np.concatenate([[0.0], np.cumsum(times)])
    past = np.searchsorted(times, until)
    area: FloatArray = past * until - sums[past]
    return area
