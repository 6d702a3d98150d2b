"""How often intervals hold the true mean where a precision is asked, not a number of replications.

`python -m benchmarks.coverage` prints the tables of docs/precision.md. Nothing of the model runs:
replications are drawn from populations with known means, thousands of studies at a time, and the
rule of `analysis/precision.py` says of each study how many it gets. Beside it stand studies with
the number that is needed, known beforehand: what is lost against them is the rule's doing; what
they lack themselves is that of Student's interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table
from scipy.special import stdtrit

from benchmarks.populations import ABSOLUTE, RELATIVE, Paired, Population
from parcours_sim.analysis.intervals import CONFIDENCE, ROUNDING, FloatArray, ratio_interval
from parcours_sim.analysis.precision import FIRST_BATCH, Look, least_without_width, next_total

SEED = 1
STUDIES = 10_000
RATIOS = 2_000
"""Of the studies, those whose interval in per cent is looked at too."""
DRAWN = 20_000_000
"""Values drawn at most for one figure: where many replications are needed, studies are fewer."""
DRAWN_AT_ONCE = 2_000_000
NEEDED = (5, 20, 60, 100, 200, 500, 2_000)
NEEDED_RELATIVE = (5, 20, 60, 200, 500)
WIDTH = 150

Counts = NDArray[np.int64]


class Found(NamedTuple):
    """Of one population and one number of replications needed; shares are of studies."""

    covered: float
    """Whose interval holds the true mean."""
    covered_if_known: float
    """The same with the number needed, known beforehand."""
    within: float
    """Whose mean is off by no more than was asked."""
    taken: float
    """Replications, on average."""
    covered_in_per_cent: float
    """Whose interval of the difference over the baseline holds the true ratio."""


class Studies:
    """Many studies of one population, their replications summed up from the first one on."""

    def __init__(
        self, population: Population, world: np.random.Generator, size: tuple[int, int]
    ) -> None:
        """Draw `size` values: studies, and replications of each."""
        values = population.draw(world, size)
        self.population = population
        self.size = size
        self.baseline = values if isinstance(population, Paired) else None
        self.difference = (
            population.difference(world, values) if isinstance(population, Paired) else values
        )
        self.is_whole = bool(np.all(self.difference == np.rint(self.difference)))
        centred = self.difference - population.mean
        self._sums = centred.cumsum(axis=1)
        self._squares = (centred**2).cumsum(axis=1)
        self._baselines = None if self.baseline is None else self.baseline.cumsum(axis=1)

    def off(self, count: Counts) -> FloatArray:
        """By how much each study's mean, over so many replications, misses the true one."""
        return _picked(self._sums, count) / count

    def half_width(self, count: Counts) -> FloatArray:
        """The half-width of each study's interval."""
        squares = _picked(self._squares, count) - count * self.off(count) ** 2
        variance = squares / (count - 1)
        varies = variance > ROUNDING * self.population.deviation**2
        error = np.sqrt(np.where(varies, variance, 0.0) / count)
        return student(count) * error

    def look(self, count: Counts, asked: float) -> Look:
        """What each study shows after so many replications."""
        wanted = np.full(len(count), asked)
        if self._baselines is not None:
            wanted *= np.abs(_picked(self._baselines, count)) / count
        least = least_without_width(wanted, np.full(len(count), self.is_whole))
        return Look(1.0 * count, self.half_width(count), wanted, least)

    def counts(self, asked: float) -> Counts:
        """How many replications the rule takes in each study; as many as are drawn at most."""
        studies, limit = self.size
        count = np.full(studies, min(FIRST_BATCH, limit))
        while True:
            look = self.look(count, asked)
            is_open = ~look.is_reached & (count < limit)
            if not is_open.any():
                return count
            more = np.minimum(next_total(look.count, look.needed), limit)
            count = np.where(is_open, more, count).astype(np.int64)

    def covered(self, count: Counts) -> float:
        """The share of studies whose interval holds the true mean."""
        slack = ROUNDING * self.population.deviation
        return float(np.mean(np.abs(self.off(count)) <= self.half_width(count) + slack))

    def covered_in_per_cent(self, count: Counts, studies: int) -> float:
        """The same for the interval of difference over baseline; of some studies only."""
        if not isinstance(self.population, Paired) or self.baseline is self.difference:
            return math.nan
        truth = self.population.mean / self.population.baseline_mean
        pairs = zip(self.difference, self.baseline, count[:studies], strict=False)
        found = [ratio_interval(left[:stop], right[:stop]) for left, right, stop in pairs]
        return float(np.mean([each.low <= truth <= each.high for each in found]))


def measured(
    population: Population, needed: int, studies: int = STUDIES, seed: int = SEED
) -> Found:
    """What the rule does where so many replications are needed for the half-width asked for."""
    limit = max(3 * needed, 200)
    studies = min(studies, DRAWN // limit)
    parts = math.ceil(studies * limit / DRAWN_AT_ONCE)
    sizes = [len(part) for part in np.array_split(np.arange(studies), parts)]
    world = np.random.default_rng([seed, needed])
    found = [
        _part(Studies(population, world, (size, limit)), needed, RATIOS * size // studies)
        for size in sizes
    ]
    return Found(*np.average(np.array(found), axis=0, weights=sizes).tolist())


def _part(studies: Studies, needed: int, ratios: int) -> Found:
    population = studies.population
    known = np.full(studies.size[0], needed)
    wanted = float(student(known)[0]) * population.deviation / math.sqrt(needed)
    unit = population.baseline_mean if isinstance(population, Paired) else 1.0
    count = studies.counts(wanted / unit)
    return Found(
        covered=studies.covered(count),
        covered_if_known=studies.covered(known),
        within=float(np.mean(np.abs(studies.off(count)) <= wanted)),
        taken=float(np.mean(count)),
        covered_in_per_cent=studies.covered_in_per_cent(count, ratios),
    )


def student(count: Counts) -> FloatArray:
    """How many standard errors a 95 % interval of so many values reaches."""
    return np.asarray(stdtrit(count - 1, 0.5 + CONFIDENCE / 2))


def _picked(sums: FloatArray, count: Counts) -> FloatArray:
    return sums[np.arange(len(sums)), count - 1]


class Sheet(NamedTuple):
    """A table: of which populations, for which numbers needed, and what stands in a cell."""

    title: str
    populations: Sequence[Population]
    needed: tuple[int, ...]
    cell: Callable[[Found], str]


SHEETS = (
    Sheet(
        "Intervals that hold the true mean, in % (with the number needed, known beforehand)",
        ABSOLUTE,
        NEEDED,
        lambda found: f"{100 * found.covered:.1f} ({100 * found.covered_if_known:.1f})",
    ),
    Sheet(
        "Replications taken, on average (means off by no more than was asked, in %)",
        ABSOLUTE,
        NEEDED,
        lambda found: f"{found.taken:,.0f} ({100 * found.within:.1f})",
    ),
    Sheet(
        "Relative to a mean: intervals that hold the true mean, in % (the true ratio to the "
        "baseline, by Fieller)",
        RELATIVE,
        NEEDED_RELATIVE,
        lambda found: f"{100 * found.covered:.1f} ({100 * found.covered_in_per_cent:.1f})".replace(
            " (nan)", ""
        ),
    ),
)


def table_of(sheet: Sheet, measure: Callable[[Population, int], Found]) -> Table:
    """The table of a sheet, with a row for each population and a column for each number needed."""
    table = Table(title=sheet.title, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("Population")
    for header in ("Skewness", *(f"{needed:,}" for needed in sheet.needed)):
        table.add_column(header, justify="right")
    for population in sheet.populations:
        found = [measure(population, needed) for needed in sheet.needed]
        table.add_row(population.name, f"{population.skewness:.1f}", *map(sheet.cell, found))
    return table


def main() -> None:
    """Measure and print; what two tables show is measured once."""
    console, measure = Console(width=WIDTH), cache(measured)
    for sheet in SHEETS:
        console.print(table_of(sheet, measure))


if __name__ == "__main__":
    main()
