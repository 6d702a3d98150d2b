"""Populations with known means, from which the replications of `coverage.py` are drawn.

They go from what most outcomes of the model are like (a skewness below 1) to what Student's
interval can't cope with: rare events, and waiting times that explode now and then.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from parcours_sim.analysis.intervals import FloatArray

Draw = Callable[[np.random.Generator, tuple[int, int]], FloatArray]


@dataclass(frozen=True)
class Population:
    """What the differences of replications are drawn from."""

    name: str
    mean: float
    deviation: float
    skewness: float
    draw: Draw


@dataclass(frozen=True)
class Paired(Population):
    """Differences with the baseline's values, which `draw` gives; the others are made from them."""

    baseline_mean: float
    difference: Callable[[np.random.Generator, FloatArray], FloatArray]


def gamma(shape: float) -> Population:
    """The sum of so many exponential times (a skewness of 2 for one of them)."""
    root = math.sqrt(shape)
    name = f"gamma, shape {shape:g}" if shape > 1 else "exponential"
    return Population(name, shape, root, 2 / root, lambda world, size: world.gamma(shape, 1, size))


def lognormal(sigma: float) -> Population:
    """The exponential of a normal variable with deviation sigma."""
    grown = math.exp(sigma**2)
    return Population(
        name=f"lognormal, sigma {sigma:g}",
        mean=math.sqrt(grown),
        deviation=math.sqrt((grown - 1) * grown),
        skewness=(grown + 2) * math.sqrt(grown - 1),
        draw=lambda world, size: world.lognormal(0.0, sigma, size),
    )


def poisson(mean: float) -> Population:
    """Counts of independent events."""
    root = math.sqrt(mean)
    return Population(
        f"Poisson({mean:g})",
        mean,
        root,
        1 / root,
        lambda world, size: 1.0 * world.poisson(mean, size),
    )


def poisson_difference(more: float, fewer: float) -> Population:
    """Events that one organisation has alone, less those that the other has alone."""
    variance = more + fewer
    return Population(
        name=f"Poisson({more:g}) − Poisson({fewer:g})",
        mean=more - fewer,
        deviation=math.sqrt(variance),
        skewness=(more - fewer) / variance**1.5,
        draw=lambda world, size: 1.0 * world.poisson(more, size) - world.poisson(fewer, size),
    )


def rare(share: float) -> Population:
    """No difference but in a share of replications, where it is 1 + Poisson(1)."""
    return _of_moments(
        f"0, but in {share:.0%} 1 + Poisson(1)",
        (2 * share, 5 * share, 15 * share),
        lambda world, size: (world.random(size) < share) * (1.0 + world.poisson(1.0, size)),
    )


def mixture(share: float, shift: float) -> Population:
    """Normal, but shifted in a share of replications by so many deviations."""
    return _of_moments(
        f"normal, but in {share:.0%} {shift:g} higher",
        (share * shift, share * shift**2 + 1, share * (shift**3 + 3 * shift)),
        lambda world, size: world.standard_normal(size) + shift * (world.random(size) < share),
    )


def avoided(stays: float, share: float) -> Paired:
    """Stays, Poisson distributed, of which the organisation avoids a share and adds none."""
    fewer = stays * share
    return Paired(
        name=f"Poisson({stays:g}) stays, {share:.0%} avoided",
        mean=-fewer,
        deviation=math.sqrt(fewer),
        skewness=-1 / math.sqrt(fewer),
        draw=poisson(stays).draw,
        baseline_mean=stays,
        difference=lambda world, counts: -1.0 * world.binomial(counts.astype(np.int64), share),
    )


def alone(values: Population) -> Paired:
    """One scenario without a baseline: its values, relative to their own mean."""
    return Paired(
        name=f"{values.name}, alone",
        mean=values.mean,
        deviation=values.deviation,
        skewness=values.skewness,
        draw=values.draw,
        baseline_mean=values.mean,
        difference=lambda world, numbers: numbers,
    )


def _of_moments(name: str, moments: tuple[float, float, float], draw: Draw) -> Population:
    """A population by the means of its values, their squares and their cubes."""
    first, second, third = moments
    deviation = math.sqrt(second - first**2)
    skewness = (third - 3 * first * second + 2 * first**3) / deviation**3
    return Population(name, first, deviation, skewness, draw)


NORMAL = Population("normal", 0.0, 1.0, 0.0, lambda world, size: world.standard_normal(size))

ABSOLUTE = (
    NORMAL,
    poisson_difference(0.3, 0.2),
    gamma(10),
    gamma(4),
    poisson(0.5),
    lognormal(0.5),
    mixture(0.1, 5),
    gamma(1),
    rare(0.1),
    lognormal(1),
    rare(0.02),
)
RELATIVE = (
    avoided(50, 0.1),
    avoided(2, 0.5),
    alone(gamma(10)),
    alone(poisson(3)),
    alone(gamma(1)),
)
