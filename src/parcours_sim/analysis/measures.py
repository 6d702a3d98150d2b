"""Reading a measure off replications: the model's own figure beside evidence, with its interval.

A measure is declared in `scenario/targets.py`; a figure is a ratio of sums, or how that ratio
changes between two scenarios of the same worlds. Intervals are Student's, by the delta method on
what each replication adds: they say how far chance may have moved the figure, nothing more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.scenario.targets import Measure

from .coordination import OF_ALL
from .ed_users import CONTACTS_OF_OTHERS, CONTACTS_OF_USERS
from .intervals import UNKNOWN, Estimate, FloatArray, t_quantile

Key = tuple[str, str]
"""An outcome and a group."""
Term = tuple[float, Key]
"""What is added, or taken away."""
Readings = Mapping[Key, float]
"""What one replication measured."""

INHABITANT_YEARS: Key = ("inhabitant_years", "all")
"""Not an outcome: inhabitants times years, so that figures per inhabitant are ratios too."""


def readings(rows: Sequence[tuple[str, str, float]], inhabitant_years: float) -> dict[Key, float]:
    """Return what a replication measured, by outcome and group."""
    found = {(outcome, group): value for outcome, group, value in rows}
    return {**found, INHABITANT_YEARS: inhabitant_years}


def figure(measure: Measure, own: Sequence[Readings], others: Sequence[Readings] = ()) -> Estimate:
    """Return the model's own figure of a measure, with its 95 % interval.

    Args:
        measure: what is read.
        own: the replications of the scenario that it is of.
        others: those of what it is compared with, of the same worlds in the same order.

    Nothing is returned where no replication has a case to compute it from. A replication that lacks
    a mean or median is left out; a count that it lacks is zero.
    """
    top, bottom = _terms(measure)
    pairs = zip(own, others, strict=True) if measure.against else ((each, each) for each in own)
    table = [
        [_total(top, a), _total(bottom, a), _total(top, b), _total(bottom, b)] for a, b in pairs
    ]
    sums = np.array([row for row in table if not any(map(math.isnan, row))]).reshape(-1, 4)
    if len(sums) == 0 or not sums[:, [1, 3]].mean(axis=0).all():
        return UNKNOWN
    return _by_delta(measure, sums)


def _by_delta(measure: Measure, sums: FloatArray) -> Estimate:
    above, below, above_there, below_there = sums.mean(axis=0)
    here, there = above / below, above_there / below_there
    # What each replication adds to either ratio, to the first order.
    moves_here = (sums[:, 0] - here * sums[:, 1]) / below
    moves_there = (sums[:, 2] - there * sums[:, 3]) / below_there
    if measure.kind == "level":
        value, moves = measure.factor * here, measure.factor * moves_here
    elif measure.kind == "points":
        value, moves = measure.factor * (here - there), measure.factor * (moves_here - moves_there)
    elif there == 0.0:
        return UNKNOWN
    else:
        value, moves = here / there, (moves_here - here / there * moves_there) / there
        if measure.kind == "percent":
            value, moves = 100.0 * (value - 1.0), 100.0 * moves
    return _with_interval(float(value), moves)


def _with_interval(value: float, moves: FloatArray) -> Estimate:
    count = len(moves)
    if count < 2:
        return Estimate(value, math.nan, math.nan, count)
    half = t_quantile(count - 1) * float(np.std(moves, ddof=1)) / math.sqrt(count)
    return Estimate(value, value - half, value + half, count)


def _terms(measure: Measure) -> tuple[list[Term], list[Term]]:
    if measure.definition == "ed_users":
        return [(1.0, CONTACTS_OF_USERS)], [(1.0, CONTACTS_OF_OTHERS)]
    if measure.definition:
        return [(1.0, (measure.definition, measure.scope))], [(1.0, OF_ALL)]
    return [_term(text) for text in measure.above], [_term(text) for text in measure.below]


def _term(text: str) -> Term:
    outcome, _, group = text.removeprefix("-").partition(" ")
    return (-1.0 if text.startswith("-") else 1.0), (outcome, group)


def _total(terms: Sequence[Term], found: Readings) -> float:
    """The sum of some outcomes, 1 of none: a count without a case is 0, a mean without one NaN."""
    if not terms:
        return 1.0
    return math.fsum(
        sign * found.get(key, 0.0 if _is_count(key) else math.nan) for sign, key in terms
    )


def _is_count(key: Key) -> bool:
    return key[0] not in OUTCOMES or OUTCOMES[key[0]].additive
