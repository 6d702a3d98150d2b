"""A target that is missed: how near it could be had, and what stands against more.

Either no parameter moves it; or it is served alone, by all that helps at its end (a corner of the
ranges), and even that falls short: the ends bind. Or it could be had alone; then the other targets
of the step stand against it if they would be lost, or missed by more, where all are served evenly
and slopes measured there promise nothing better anywhere in the ranges (`evening.py`). What none of
this shows is missed and no more: the search fell short of it. All of it goes by slopes: it shows
what is so near the points that were tried, and as far as figures go straight between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from parcours_sim.scenario.fit_account import (
    ENDS,
    NO_PARAMETER,
    OTHERS,
    Against,
    others_in_words,
)

from .evening import Even, evened
from .fits import Fit, Solved
from .intervals import FloatArray
from .knobs import EFFECT, corner, ends_of
from .trial import Trial, Ways

AS_NEAR = 1.05
"""The corner tells what is beyond it only if it is no farther off than the solution and what was
tried, nearly: else what helps at the solution does harm on the way."""
ACTIVE = 0.9
"""Targets are told to stand against another where they are missed by this part of the largest."""


@dataclass
class Reach:
    """How near the targets of a step could be had, with all else as it is at the end."""

    trial: Trial
    solved: Solved
    slopes: FloatArray
    """Where the search went: one row a target, one column a parameter."""

    @cached_property
    def even(self) -> Even:
        """The smallest largest miss of all targets, searched once."""
        return evened(self.trial, np.array(self.solved.tried), self.slopes)

    def of(self, fit: Fit, place: int) -> Fit:
        """Return a target; if it is missed, with the best figure found and what stands against it.

        Args:
            fit: the target as it came out.
            place: which of the step's targets it is.
        """
        if fit.holds:
            return fit
        helps = -np.sign(fit.off) * self.slopes[place]
        if np.abs(helps).sum() < EFFECT:
            return self._of_unmoved(fit, place)
        far = corner(self.trial.knobs, helps, np.array(self.solved.tried))
        off_there, off_tried = self._off(far, place), self._off(self.solved.tried, place)
        best = min((fit.off, off_tried, off_there), key=abs)
        # On the same side, with what a corner leaves out since each alone hardly moves anything.
        nearest = min(np.sign(fit.off) * off for off in (off_there, off_tried))
        if nearest <= 1.0 + self._left_out(helps):
            return self._among_others(fit, place)
        if abs(off_there) > AS_NEAR * abs(best):
            return _told(fit, best)
        ends = ends_of(self.trial.knobs, helps, far)
        return _told(fit, best, ENDS, ends) if ends else _told(fit, best)

    def _left_out(self, helps: FloatArray) -> float:
        """What all parameters too weak to be taken to a corner might do together."""
        room = np.array([knob.high - knob.low for knob in self.trial.knobs])
        return float((np.abs(helps) * room)[np.abs(helps) < EFFECT].sum())

    def _of_unmoved(self, fit: Fit, place: int) -> Fit:
        """A target without a slope: that it has none elsewhere is seen at ends, of each and all."""
        knobs, tried = self.trial.knobs, np.array(self.solved.tried)
        ends = [np.array([knob.low for knob in knobs]), np.array([knob.high for knob in knobs])]
        one = np.eye(len(knobs), dtype=bool)
        alone = [np.where(each, end, tried) for end in ends for each in one]
        offs = [self._off(each, place) for each in (*ends, *alone)]
        if all(abs(off - fit.off) < EFFECT for off in offs):
            return _told(fit, fit.off, NO_PARAMETER)
        return _told(fit, min((fit.off, *offs), key=abs))

    def _among_others(self, fit: Fit, place: int) -> Fit:
        """A target that could be had alone; others stand against it if they'd be lost by that."""
        even = evened(self.trial, np.array(self.solved.tried), self.slopes, place)
        best = min(fit.off, float(self.even.offs[place]), key=abs)
        if even.holds or not even.is_least:
            return _told(fit, min(best, float(even.offs[place]), key=abs) if even.holds else best)
        others = [
            target.evidence
            for number, target in enumerate(self.trial.step.target)
            if number != place and even.misses[number] >= ACTIVE * even.largest
        ]
        if not others:
            return _told(fit, best)
        return _told(fit, best, OTHERS, (others_in_words(others),))

    def _off(self, ways: Ways, place: int) -> float:
        return float(self.trial.told(ways)[place])


def _told(
    fit: Fit, best: float, against: Against | None = None, binding: tuple[str, ...] = ()
) -> Fit:
    is_told = best == fit.off
    figure = fit.simulated.value if is_told else fit.stated + best * fit.tolerance
    return replace(fit, best=figure, against=against, binding=binding)
