"""Sweeps made by hand: rows as analysis yields them, without anything simulated."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from tests.report.text import TITLES

from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.sweep import SweptRow
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.sweep_view import SweepAbout, exposure_along
from parcours_sim.report.titles import Titles

EXPOSURE = Exposure(inhabitants=20_000, years=5)
"""One of a million inhabitants and years ten times over: a stay is one per 100,000 and year."""
SHARE = Axis("organisation.practices.msp.share", (0.1, 0.3, 0.5, 0.7, 0.9))
GPS = Axis("territory.professionals.gps_per_100k", (60.0, 70.0, 80.0, 90.0))
CALENDAR = Axis("territory.professionals.calendar", ("france", "always_open"))
BASELINE_STAYS = 4_000.0

Effect = Callable[..., float]


def about(
    axes: Sequence[Axis],
    baseline: str | None = "isole",
    exposure: Exposure = EXPOSURE,
    titles: Titles = TITLES,
) -> SweepAbout:
    return SweepAbout("documents", baseline, exposure_along(axes, exposure), titles)


def rows(
    axes: Sequence[Axis],
    effects: dict[str, Effect],
    half: float = 20.0,
    outcome: str = "hospitalisations",
    baseline: str | None = "isole",
    replications: int = 10,
) -> Iterator[SweptRow]:
    """Yield rows in which each scenario's difference is what its effect says of the point."""
    for point in product(*(axis.values for axis in axes)):
        if baseline is not None:
            level = estimate(BASELINE_STAYS, 50, replications)
            yield SweptRow(point, baseline, outcome, level, math.nan, UNKNOWN, UNKNOWN)
        for name, effect in effects.items():
            change = effect(*point)
            level = estimate(BASELINE_STAYS + change, 50, replications)
            if baseline is None:
                yield SweptRow(point, name, outcome, level, math.nan, UNKNOWN, UNKNOWN)
                continue
            difference = estimate(change, half, replications)
            percent = difference.scaled(100 / BASELINE_STAYS)
            yield SweptRow(point, name, outcome, level, BASELINE_STAYS, difference, percent)


def estimate(value: float, half: float, replications: int = 10) -> Estimate:
    """Return an estimate with an interval so wide to either side, if there is one at all."""
    half = half if replications > 1 else np.nan
    return Estimate(value, value - half, value + half, replications)
