"""The smallest largest miss: several targets served evenly where least squares miss some.

Sums of squares accept two misses while other targets have slack. From there the largest miss is
made smaller: a linear programme (SciPy, HiGHS) on slopes, within a region in which these are
trusted; what it proposes is simulated, and corrects the slopes (Broyden's update). The region grows
where a trial helps and shrinks where it doesn't. Where the programme promises nothing more, slopes
are measured afresh before that is believed. All is read in the worlds in which figures are told, so
that what holds here holds when it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from .fits import widest
from .intervals import FloatArray
from .knobs import Knob, written
from .trial import Trial

MOST_ROUNDS = 12
"""Trials in which the largest miss is to fall."""
PATIENCE = 4
"""After so many trials a search is given up that gains too little for those that are left."""
REGION = 0.25
"""How far any parameter goes at first, in parts of its way; twice as far after a trial that helped,
half as far after one in vain."""
WHOLE = 2.0
"""From one end of a range to the other."""
AIM = 0.9
"""In tolerances: no miss need be smaller, so that parameters stay near where they were."""
ENOUGH = 0.95
"""Where no target is missed by more, the search ends."""
WORTH = 0.005
"""What a trial must promise, in tolerances; less is enough where it promises that all hold."""
GIVEN = 0.01
"""The part of a promise that is given up so that parameters need move less for the rest."""


@dataclass(frozen=True)
class Even:
    """A point at which the largest miss of a step is as small as was found."""

    ways: FloatArray
    offs: FloatArray
    """How far off the targets are there, in tolerances."""
    limits: FloatArray
    """How far off each may be: a tolerance; or, if it can't be had anyway, hardly more than where
    the search began."""
    is_least: bool = False
    """Whether slopes measured right there promise nothing nearer anywhere in the ranges, as far as
    WORTH and the digits of values go; else, if something is missed, the search merely stopped."""

    @property
    def misses(self) -> FloatArray:
        """How far off each target is, in parts of what it may be."""
        return np.abs(self.offs) / self.limits

    @property
    def largest(self) -> float:
        """The largest miss."""
        return widest(self.misses)

    @property
    def holds(self) -> bool:
        """Whether no target is missed that might be had."""
        return self.largest <= 1.0


def served(trial: Trial, ways: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return the ways at which all targets hold; else at which more do, and none is lost.

    Of several that are missed one after the other is sought, as long as those that are missed
    besides are moved no farther away by that, or hardly.

    Args:
        trial: the step.
        ways: the solution; it is returned where nothing is missed there, or nothing can be had.
        slopes: there, one row a target, one column a parameter.
    """
    even = evened(trial, ways, slopes)
    ways = even.ways if even.holds else ways
    for place in range(len(slopes)):
        if abs(trial.told(ways)[place]) > 1.0:
            found = evened(trial, ways, slopes, place)
            ways = found.ways if found.holds else ways
    return ways


def evened(trial: Trial, ways: FloatArray, slopes: FloatArray, of_all: int | None = None) -> Even:
    """Return the point of the smallest largest miss that is found from a solution.

    Args:
        trial: the step.
        ways: the solution; where nothing is missed there, it is what is returned.
        slopes: there, one row a target, one column a parameter.
        of_all: the target that is to be had, if it is only one: what else is missed may stay so.
    """
    best = begun = _begun(trial, ways, slopes, of_all)
    region, enough, are_fresh = REGION, 1.0, False
    for trials in range(MOST_ROUNDS):
        if best.largest <= enough or _is_hopeless(begun, best, trials):
            break
        promised = _promised(trial.knobs, best, slopes, region)
        if promised is None and not are_fresh:
            slopes, are_fresh = trial.slopes(best.ways), True
            promised = _promised(trial.knobs, best, slopes, region)
        if promised is None:
            promised = _promised(trial.knobs, best, slopes, WHOLE)
            if promised is None or region < REGION:
                return replace(best, is_least=promised is None)
        found = replace(promised, offs=trial.told(promised.ways))
        move = found.ways - best.ways
        slopes = slopes + np.outer(found.offs - promised.offs, move) / float(move @ move)
        helps = found.largest < best.largest
        best, region = (found, min(WHOLE, 2.0 * region)) if helps else (best, region / 2.0)
        enough, are_fresh = ENOUGH, False
    return best


def _is_hopeless(begun: Even, best: Even, trials: int) -> bool:
    """Whether all trials would bring less than half of what is missing, if they went on so."""
    gained, missing = begun.largest - best.largest, begun.largest - 1.0
    return trials >= PATIENCE and gained * MOST_ROUNDS < 0.5 * missing * trials


def _begun(trial: Trial, ways: FloatArray, slopes: FloatArray, of_all: int | None) -> Even:
    """The solution, with what may stay missed."""
    ways, offs = written(trial.knobs, ways), trial.told(ways)
    allowed = _beyond(trial.knobs, ways, offs, slopes)
    if of_all is not None:
        allowed = np.abs(offs) > 1.0
        allowed[of_all] = False
    return Even(ways, offs, np.where(allowed, np.abs(offs) / ENOUGH, 1.0))


def _beyond(
    knobs: Sequence[Knob], ways: FloatArray, offs: FloatArray, slopes: FloatArray
) -> NDArray[np.bool_]:
    """Which targets all parameters together can't bring near: else they'd outweigh the others."""
    up = np.array([knob.high for knob in knobs]) - ways
    down = ways - np.array([knob.low for knob in knobs])
    helps = -np.sign(offs)[:, None] * slopes
    gain = np.maximum(helps * up, -helps * down).sum(axis=1)
    return np.asarray(np.abs(offs) - gain > 1.0)


def _promised(knobs: Sequence[Knob], at: Even, slopes: FloatArray, region: float) -> Even | None:
    """Where the slopes promise a smaller largest miss within a region; None if it's hardly one."""
    ways = written(knobs, at.ways + _move(knobs, at, slopes, region))
    promised = replace(at, ways=ways, offs=at.offs + slopes @ (ways - at.ways))
    is_worth_it = promised.largest <= at.largest - WORTH or promised.largest <= 1.0 < at.largest
    return promised if is_worth_it else None


def _move(knobs: Sequence[Knob], at: Even, slopes: FloatArray, region: float) -> FloatArray:
    """The move within bounds and region that makes the largest miss smallest, by the slopes.

    First how small that may be; then the shortest move to nearly that.
    """
    count = len(knobs)
    lows = np.maximum([knob.low for knob in knobs] - at.ways, -region)
    highs = np.minimum([knob.high for knob in knobs] - at.ways, region)
    least = partial(_least, at, slopes, [*zip(lows, highs, strict=True)])
    smallest = least(np.array([*[0.0] * 2 * count, 1.0]), max(AIM, at.largest))
    if smallest is None:  # never, since staying is allowed; but no fault of the program then
        return np.zeros(count)
    nearly = smallest[-1] + GIVEN * max(0.0, at.largest - smallest[-1])
    shortest = least(np.array([*[0.0] * count, *[1.0] * count, 0.0]), nearly)
    move = smallest if shortest is None else shortest
    return np.clip(move[:count], lows, highs)


def _least(
    at: Even,
    slopes: FloatArray,
    bounds: Sequence[tuple[float, float]],
    wanted: FloatArray,
    largest: float,
) -> FloatArray | None:
    """Moves, their sizes and the largest miss for which what is wanted of them is least."""
    count = len(bounds)
    rows, offs = slopes / at.limits[:, None], at.offs / at.limits
    each, none, one = np.eye(count), np.zeros((len(offs), count)), np.ones((len(offs), 1))
    off_below = np.block([[rows, none, -one], [-rows, none, -one]])
    sizes = np.block([[each, -each, np.zeros((count, 1))], [-each, -each, np.zeros((count, 1))]])
    found = linprog(
        wanted,
        A_ub=np.vstack([off_below, sizes]),
        b_ub=np.concatenate([-offs, offs, np.zeros(2 * count)]),
        bounds=[*bounds, *[(0.0, None)] * count, (AIM, largest)],
        method="highs",
    )
    return found.x
