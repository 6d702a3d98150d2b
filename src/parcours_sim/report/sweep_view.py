"""One outcome of a sweep as people read it: which measure, in which unit, turned which way.

With a baseline the paired difference is shown, stays as those avoided; without one, the level.
Totals are per 100,000 inhabitants and year, of the inhabitants and years at their own point. What
is said of it is in sweep_texts; how it is drawn, in sweep_curves and sweep_maps.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product, starmap
from typing import Literal

from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.sweep import SweptRow
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.sweep import Axis, Value
from parcours_sim.report.titles import Titles
from parcours_sim.scenario.territories import EVERYWHERE

Point = tuple[Value, ...]
Measure = Literal["avoided", "difference", "level"]
Range = tuple[float, float]

AVOIDED = frozenset({"hospitalisations", "hospitalisations_avoidable"})
"""Outcomes whose difference is shown as what is avoided: baseline minus scenario."""
INHABITANTS, YEARS = "territory.inhabitants", "horizon.years"


@dataclass(frozen=True)
class SweepAbout:
    """What a sweep's rows don't say of themselves."""

    parameter_set: str
    baseline: str | None
    exposure_at: Callable[[Point], Exposure]
    """Inhabitants and measured years at a point; see `exposure_along`."""
    titles: Titles = field(default_factory=Titles)


def exposure_along(axes: Sequence[Axis], unmoved: Exposure) -> Callable[[Point], Exposure]:
    """Return what gives inhabitants and years at a point, where an axis may move either.

    `unmoved` is the exposure of the scenarios as they are before anything is moved. That of all
    points together is their sum of inhabitants, with the mean of the years that each of them has.
    """

    def exposure_at(point: Point) -> Exposure:
        if is_everywhere(axes, point):
            return _together([exposure_at(each) for each in _summed(axes, point)])
        moved: dict[str, Value] = {}
        for axis, value in zip(axes, point, strict=True):
            moved |= {key.removesuffix(".value"): each for key, each in axis.at(value).items()}
        inhabitants = moved.get(INHABITANTS, unmoved.inhabitants)
        return Exposure(float(inhabitants), float(moved.get(YEARS, unmoved.years)))

    return exposure_at


def is_everywhere(axes: Sequence[Axis], point: Point) -> bool:
    """Whether a point stands for all territories of a sweep together."""
    return any(starmap(_is_sum, zip(axes, point, strict=True)))


def _is_sum(axis: Axis, value: Value) -> bool:
    return value == EVERYWHERE and value not in axis.values


def _summed(axes: Sequence[Axis], point: Point) -> Iterator[Point]:
    """Yield the points that one of all territories is the sum of."""
    pairs = zip(axes, point, strict=True)
    return product(*(axis.values if _is_sum(axis, value) else (value,) for axis, value in pairs))


def _together(exposures: Sequence[Exposure]) -> Exposure:
    inhabitants = math.fsum(each.inhabitants for each in exposures)
    person_years = math.fsum(each.inhabitants * each.years for each in exposures)
    return Exposure(inhabitants, person_years / inhabitants)


@dataclass(frozen=True)
class SweepView:
    """One outcome at every point; see `sweep_view`."""

    axes: tuple[Axis, ...]
    about: SweepAbout
    outcome: str
    scenarios: tuple[str, ...]
    """Those that are shown: all but the baseline, or the first of them."""
    all_scenarios: int
    points: tuple[Point, ...]
    everywhere: tuple[Point, ...]
    """Points of all territories together, in a sweep through them that counts a total."""
    estimates: Mapping[tuple[str, Point], Estimate]
    inhabitants: Range
    years: Range

    @property
    def measure(self) -> Measure:
        """Whether stays avoided, differences or levels are shown."""
        if self.about.baseline is None:
            return "level"
        return "avoided" if self.outcome in AVOIDED else "difference"

    @property
    def is_compared(self) -> bool:
        """Whether values are differences, so that zero means no effect."""
        return self.measure != "level"

    @property
    def shown(self) -> dict[tuple[str, Point], Estimate]:
        """What is known of the scenarios shown: their estimates by scenario and point."""
        found = {
            (name, point): self.at(name, point) for name in self.scenarios for point in self.points
        }
        return {key: each for key, each in found.items() if not math.isnan(each.value)}

    @property
    def has_intervals(self) -> bool:
        """Whether anything that is shown has an interval."""
        return any(estimate.has_interval for estimate in self.shown.values())

    @property
    def replications(self) -> tuple[int, int]:
        """The smallest and largest number of replications behind what is shown."""
        counts = [estimate.replications for estimate in self.shown.values()] or [0]
        return min(counts), max(counts)

    def at(self, scenario: str, point: Point) -> Estimate:
        """Return what is shown of a scenario at a point; unknown where there is no row."""
        return self.estimates.get((scenario, point), UNKNOWN)

    def steps(self, place: int) -> tuple[Value, ...]:
        """Return the values of an axis as they are drawn: numbers by size, texts as given."""
        values = self.axes[place].values
        return tuple(sorted(values, key=float)) if is_numeric(self.axes[place]) else values

    def first(self, count: int) -> "SweepView":
        """Return the same of so many scenarios at the most, the first ones."""
        return replace(self, scenarios=self.scenarios[:count])


def is_numeric(axis: Axis) -> bool:
    """Whether all values of an axis are numbers; else they are categories."""
    return not any(isinstance(value, str) for value in axis.values)


def sweep_view(rows: Iterable[SweptRow], axes: Sequence[Axis], about: SweepAbout) -> SweepView:
    """Collect the rows of one outcome into what is shown of it.

    Raises ValueError where there are no rows, rows of several outcomes, or only the baseline's.
    """
    estimates: dict[tuple[str, Point], Estimate] = {}
    exposures: dict[Point, Exposure] = {}
    outcomes: dict[str, None] = {}
    for row in rows:
        outcomes[row.outcome] = None
        if row.scenario != about.baseline:
            if row.point not in exposures:
                exposures[row.point] = about.exposure_at(row.point)
            shown = _shown(row, exposures[row.point], about.baseline)
            estimates[row.scenario, row.point] = shown
    if len(outcomes) != 1:
        raise ValueError(f"a sweep is shown one outcome at a time: found {list(outcomes)}")
    if not estimates:
        raise ValueError("a sweep compares scenarios with the baseline: there is only the baseline")
    scenarios = tuple(dict.fromkeys(name for name, _ in estimates))
    points = tuple(point for point in exposures if not is_everywhere(axes, point))
    return SweepView(
        axes=tuple(axes),
        about=about,
        outcome=next(iter(outcomes)),
        scenarios=scenarios,
        all_scenarios=len(scenarios),
        points=points,
        everywhere=tuple(point for point in exposures if is_everywhere(axes, point)),
        estimates=estimates,
        inhabitants=_range(exposures[point].inhabitants for point in points),
        years=_range(exposures[point].years for point in points),
    )


def _shown(row: SweptRow, exposure: Exposure, baseline: str | None) -> Estimate:
    factor = exposure.per_100k if OUTCOMES[row.outcome].additive else 1.0
    if baseline is None:
        return row.level.scaled(factor)
    return row.difference.scaled(-factor if row.outcome in AVOIDED else factor)


def _range(numbers: Iterable[float]) -> Range:
    known = list(numbers)
    return min(known), max(known)
