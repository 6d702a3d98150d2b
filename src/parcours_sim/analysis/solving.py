"""Solving one step: bounded least squares (SciPy) on targets that take minutes to simulate.

Slopes are measured once for a step, then corrected by what each further trial shows (Broyden's
update), also in later rounds; again where a target is missed, before that is believed. A weak pull
to the library's values chooses a point where several fit as well. Bounds are the plausible ranges;
where all that helps belongs at its end, it is put there. Where a target is missed though another
point serves all (`evening.py`), that point is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from .evening import evened
from .fits import widest
from .intervals import FloatArray
from .knobs import Knob, corner
from .trial import Trial, Ways

PULL = 0.03
"""How much going the whole way to the end of a range weighs, against being off by a tolerance."""
MOST_TRIALS = 9
"""Trials of least squares in a step, those that measure slopes not counted."""
NEARER = 0.95
"""How much nearer all targets together must come for another search to be worth it."""
NEAR_END = 0.01
TINY = 1e-3
"""A move too short to tell a slope by."""


@dataclass(frozen=True)
class Slopes:
    """What each parameter of a step moves of each target, in tolerances over a whole way."""

    measured: FloatArray
    """By moving one after the other."""
    matrix: FloatArray
    """The same, as corrected by later trials."""
    ways: FloatArray
    offs: FloatArray

    def corrected(self, ways: FloatArray, offs: FloatArray) -> Slopes:
        """Make the slopes agree with what the last move did; a tiny one says nothing."""
        move = ways - self.ways
        length = float(move @ move)
        if length < TINY**2:
            return self
        missed = offs - self.offs - self.matrix @ move
        corrected = self.matrix + np.outer(missed, move) / length
        return Slopes(self.measured, corrected, ways.copy(), offs.copy())


def solve(trial: Trial, start: Ways, known: Slopes | None) -> tuple[FloatArray, Slopes]:
    """Return the ways that bring a step's targets nearest, and what is known of slopes by then.

    Args:
        trial: the step.
        start: where its parameters stand.
        known: slopes of an earlier round.
    """
    ways, slopes = _least_squares(trial, start, known)
    even = evened(trial, ways, slopes.matrix)
    return even.ways if even.holds else ways, slopes


def _least_squares(trial: Trial, start: Ways, known: Slopes | None) -> tuple[FloatArray, Slopes]:
    """The ways of the least sum of squares.

    Where a target is missed there, slopes are measured afresh, and it is tried again from there as
    long as that brings the targets nearer: a miss is then none of slopes measured elsewhere.
    """
    ways, slopes = _solve_once(trial, start, known)
    offs = trial.offs(ways)
    while widest(offs) > 1.0:
        fresh = _first_slopes(trial, ways)
        further, corrected = _solve_once(trial, ways, fresh)
        now = trial.offs(further)
        if np.linalg.norm(now) > NEARER * np.linalg.norm(offs):
            return ways, fresh
        ways, slopes, offs = further, corrected, now
    return ways, slopes


def _solve_once(trial: Trial, start: Ways, known: Slopes | None) -> tuple[FloatArray, Slopes]:
    bounds = [knob.low for knob in trial.knobs], [knob.high for knob in trial.knobs]
    begin = np.clip(start, *bounds)
    search = _Search(trial, known or _first_slopes(trial, begin))
    found = least_squares(
        search.residuals, begin, search.jacobian, bounds, max_nfev=MOST_TRIALS,
        ftol=1e-2, xtol=1e-2, gtol=1e-3,
    )  # fmt: skip
    ways = _at_ends(found.x, trial.knobs)
    return or_at_the_corner(trial, ways, search.slopes.measured), search.slopes


def _first_slopes(trial: Trial, ways: FloatArray) -> Slopes:
    measured = trial.slopes(ways)
    return Slopes(measured, measured, ways.copy(), trial.offs(ways))


@dataclass
class _Search:
    trial: Trial
    slopes: Slopes
    begun: bool = False

    def residuals(self, ways: FloatArray) -> FloatArray:
        return np.concatenate([self.trial.offs(ways), PULL * ways])

    def jacobian(self, ways: FloatArray) -> FloatArray:
        """Slopes there; what other steps have moved since the last round is no part of them."""
        offs = self.trial.offs(ways)
        if self.begun:
            self.slopes = self.slopes.corrected(ways, offs)
        else:
            self.slopes = replace(self.slopes, ways=ways.copy(), offs=offs.copy())
        self.begun = True
        return np.vstack([self.slopes.matrix, PULL * np.eye(len(ways))])


def _at_ends(ways: FloatArray, knobs: Sequence[Knob]) -> FloatArray:
    """Bounds are kept by staying inside: what came very near an end is at it."""
    for place, knob in enumerate(knobs):
        if knob.high - ways[place] < NEAR_END:
            ways[place] = knob.high
        elif ways[place] - knob.low < NEAR_END:
            ways[place] = knob.low
    return ways


def or_at_the_corner(trial: Trial, ways: FloatArray, slopes: FloatArray) -> FloatArray:
    """Where a target is missed: the corner in the direction that helps, if that is nearer.

    Least squares stop where a step no longer lowers the squares by a hundredth, which may be well
    inside the bounds where the target is far beyond them.
    """
    offs = trial.offs(ways)
    if widest(offs) <= 1.0:
        return ways
    downhill = -(slopes.T @ offs) / np.linalg.norm(offs)
    at_corner = corner(trial.knobs, downhill, ways)
    nearer = np.linalg.norm(trial.offs(at_corner)) < np.linalg.norm(offs)
    return at_corner if nearer else ways
