"""How well targets tell the parameters of a step: standard errors, ridges, what they don't tell.

To the first order, from slopes at the solution. A target is known as well as its evidence and the
simulation know it. Which parameters are confounded is told from the targets alone; a standard error
leans also on the plausible range, which is taken for two standard errors either way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from parcours_sim.scenario.targets import stated

from .fits import Fit, Ridge
from .intervals import FloatArray
from .knobs import Knob

RANGE_INFORMATION = 4.0
"""What a plausible range says of a way: one over its standard error, half a way, squared."""
CONFOUNDED = 2.3
"""Parameters are confounded where so much less is known of each along a ridge than if the others
were known; of two, that is a correlation of 0.9."""
NOTABLE = 0.25
"""A ridge is told where its standard error is at least so much of a way."""
PART = 0.2
"""A parameter's least part in a ridge."""
NOTHING = 1e-6
"""Information too little to tell from none."""


@dataclass(frozen=True)
class Doubts:
    """Of a step."""

    errors: tuple[float, ...]
    """Standard error of each way."""
    ridges: tuple[Ridge, ...]
    untold: tuple[str, ...]
    """Parameters of which the targets say less than their ranges, all else known."""


def doubts(step: int, knobs: Sequence[Knob], slopes: FloatArray, fits: Sequence[Fit]) -> Doubts:
    """Return what targets leave in doubt.

    Args:
        step: its number.
        knobs: its parameters.
        slopes: at the solution, one row a target, one column a parameter.
        fits: its targets.
    """
    spreads = np.array([_spread(fit) for fit in fits]) / np.array([fit.tolerance for fit in fits])
    weighed = slopes / spreads[:, None]
    told = weighed.T @ weighed
    covariance = np.linalg.inv(told + RANGE_INFORMATION * np.eye(len(knobs)))
    return Doubts(
        tuple(map(float, np.sqrt(np.diag(covariance)))),
        tuple(_ridges(step, knobs, told)),
        tuple(
            knob.name
            for knob, own in zip(knobs, np.diag(told), strict=True)
            if own < RANGE_INFORMATION
        ),
    )


def _ridges(step: int, knobs: Sequence[Knob], told: FloatArray) -> Iterator[Ridge]:
    """Yield each direction that targets tell badly, though they tell the parameters in it well."""
    alone = 1.0 / np.sqrt(np.maximum(np.diag(told), NOTHING))
    for information, direction in zip(*_directions(told), strict=True):
        reach = 1.0 / math.sqrt(max(information, NOTHING))
        together = (np.abs(direction) >= PART) & (reach * np.abs(direction) >= CONFOUNDED * alone)
        places = np.flatnonzero(together).tolist()
        if reach >= NOTABLE and len(places) > 1:
            sign = np.sign(direction[places[0]])
            yield Ridge(
                step,
                tuple(knobs[place].name for place in places),
                tuple(float(sign * direction[place]) for place in places),
                reach if information > NOTHING else math.inf,
            )


def _directions(told: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Information along directions that are told apart, the worst known first; one row each."""
    information, columns = np.linalg.eigh(told)
    return information, columns.T


def _spread(fit: Fit) -> float:
    """Standard error of the difference between what is stated and what is simulated.

    The stated range counts as a 95 % interval; a tolerance either way, where there is none.
    """
    _, low, high = stated(fit.target)
    width = high - low if low is not None and high is not None and high > low else 0.0
    evidence = (width or 2.0 * fit.tolerance) / 3.92
    chance = (fit.simulated.high - fit.simulated.low) / 3.92
    return math.hypot(evidence, 0.0 if math.isnan(chance) else chance)
