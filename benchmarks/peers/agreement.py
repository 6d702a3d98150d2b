"""Whether two programs agree: differences of their means, and what chance explains of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean

from scipy.stats import ttest_ind

from .tally import Run

CONFIDENCE = 0.99
"""That of all intervals together which are looked at at once."""


@dataclass(frozen=True)
class Comparison:
    """How far one program's mean of a statistic lies from another's."""

    statistic: str
    mean: float
    """Of the program compared with."""
    difference: float
    low: float
    high: float
    """Welch's interval for the difference."""

    @property
    def agrees(self) -> bool:
        """Whether chance explains the difference."""
        return self.low <= 0.0 <= self.high

    @property
    def half_width(self) -> float:
        """How large a difference could have gone unnoticed, over the mean."""
        return (self.high - self.low) / 2.0 / self.mean


def values(runs: Sequence[Run], statistic: str) -> list[float]:
    """One value per run."""
    return [run.statistics[statistic] for run in runs]


def compared(
    runs: Sequence[Run], base: Sequence[Run], statistics: Collection[str], among: int = 1
) -> list[Comparison]:
    """Compare statistics of one program's independent runs with another's.

    `among` is how many programs are compared with the same one.
    """
    confidence = 1.0 - (1.0 - CONFIDENCE) / (len(statistics) * among)
    found = []
    for name in statistics:
        mine, theirs = values(runs, name), values(base, name)
        interval = ttest_ind(mine, theirs, equal_var=False).confidence_interval(confidence)
        mean = fmean(theirs)
        found.append(Comparison(name, mean, fmean(mine) - mean, interval.low, interval.high))
    return found
