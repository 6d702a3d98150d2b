"""What targets leave in doubt, from slopes alone: ridges, and where ranges say more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.analysis.fitting import A, B, step, target

from parcours_sim.analysis.doubts import Doubts, doubts
from parcours_sim.analysis.fits import Fit
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.knobs import knobs_of


def of(slopes: list[list[float]]) -> Doubts:
    """Two parameters, and for each row of slopes a target known by a tolerance of 1."""
    names = [f"x{number}" for number in range(len(slopes))]
    asked = step(1, [A, B], *(target(name, 50.0) for name in names))
    exact = Estimate(50.0, 50.0, 50.0, 4)
    fits = [Fit(1, each, 50.0, 1.0, exact) for each in asked.target]
    return doubts(1, knobs_of(asked), np.array(slopes), fits)


@pytest.mark.parametrize(("correlation", "ridges"), [(0.89, 0), (0.92, 1), (-0.89, 0), (-0.92, 1)])
def test_two_parameters_are_a_ridge_from_a_correlation_of_nine_tenths_on(correlation, ridges):
    found = of([[1.0, correlation], [0.0, math.sqrt(1.0 - correlation**2)]])
    assert len(found.ridges) == ridges


@pytest.mark.parametrize(("slope", "untold"), [(1.01, (A,)), (1.03, ())])
def test_a_parameter_is_untold_where_its_range_says_more_of_it_than_the_targets(slope, untold):
    """A range says 2 squared of a way, a target of a tolerance 1.96 squared over a slope of 1."""
    assert 1.01 * 1.96 < 2.0 < 1.03 * 1.96
    assert of([[slope, 0.0], [0.0, 9.0]]).untold == untold
