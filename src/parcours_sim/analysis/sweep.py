"""A sweep's table: each scenario's outcomes at every point, and how far from the baseline.

One point is looked at at a time. The arithmetic is that of any comparison, in `intervals.py`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np

from parcours_sim.analysis.intervals import (
    UNKNOWN,
    Estimate,
    FloatArray,
    ratio_interval,
    t_interval,
)
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.sweep import Axis, Measured, Sweep, SweepResult, Value
from parcours_sim.scenario.territories import EVERYWHERE

Point = tuple[Value, ...]


@dataclass(frozen=True)
class SweptRow:
    """One outcome of one scenario at one point, per replication.

    `level` is its mean, `difference` scenario minus baseline over the same random worlds, `percent`
    that in per cent of the baseline's mean at this point; the last two are unknown for the
    baseline itself and without one. Intervals are 95 % (Student's; Fieller's for per cent).
    """

    point: Point
    scenario: str
    outcome: str
    level: Estimate
    baseline_mean: float
    difference: Estimate
    percent: Estimate


def swept(result: SweepResult, outcomes: Sequence[str]) -> Iterator[SweptRow]:
    """Yield the rows of a sweep's table, point after point, scenario after scenario.

    After territories come the rows of all of them together, at every value of the other axis:
    totals alone, summed replication by replication, so that their intervals hold though
    territories share random numbers.
    """
    sweep = result.sweep
    of_territories = any(axis.moves for axis in sweep.axes)
    sums: dict[Point, dict[tuple[str, str], Counter[int]]] = {}
    for point, measured in groupby(result.measured(outcomes), key=attrgetter("point")):
        at_point = list(measured)
        yield from _rows(at_point, sweep)
        together = sums.setdefault(everywhere(sweep.axes, point), {}) if of_territories else {}
        for one in at_point if of_territories else ():
            if OUTCOMES[one.outcome].additive:
                sum_of = together.setdefault((one.scenario, one.outcome), Counter())
                sum_of.update(one.values)
    for point, of_point in sums.items():
        yield from _rows(
            [Measured(point, *which, dict(of_point[which])) for which in of_point], sweep
        )


def everywhere(axes: Sequence[Axis], point: Point) -> Point:
    """Return the point of all territories together that a point of one of them belongs to."""
    return tuple(
        EVERYWHERE if axis.moves else value for axis, value in zip(axes, point, strict=True)
    )


def _rows(at_point: Sequence[Measured], sweep: Sweep) -> Iterator[SweptRow]:
    baseline = sweep.study.baseline
    of_baseline = {one.outcome: one.values for one in at_point if one.scenario == baseline}
    for one in at_point:
        reference = of_baseline.get(one.outcome) if one.scenario != baseline else None
        yield _row(one, reference, sweep.replications)


def _row(one: Measured, baseline: dict[int, float] | None, replications: int) -> SweptRow:
    level = t_interval(_values(one.outcome, one.values, replications))
    if baseline is None:
        return SweptRow(*one[:3], level, UNKNOWN.value, UNKNOWN, UNKNOWN)
    shared = _shared(one.outcome, one.values, baseline, replications)
    here, there = (
        _values(one.outcome, values, replications, shared) for values in (one.values, baseline)
    )
    return SweptRow(
        *one[:3],
        level=level,
        baseline_mean=t_interval(there).value,
        difference=t_interval(here - there),
        percent=ratio_interval(here - there, there).scaled(100),
    )


def _shared(
    outcome: str, here: Collection[int], there: Collection[int], replications: int
) -> list[int]:
    """Return the replications that have an outcome on both sides: all, where it is a total."""
    if OUTCOMES[outcome].additive:
        return list(range(replications))
    return sorted(set(here) & set(there))


def _values(
    outcome: str, values: dict[int, float], replications: int, of: Sequence[int] | None = None
) -> FloatArray:
    """Return an outcome's values; a total that a replication doesn't have is 0 there."""
    if OUTCOMES[outcome].additive:
        return np.array([values.get(number, 0.0) for number in range(replications)])
    return np.array([values[number] for number in (values if of is None else of)])
