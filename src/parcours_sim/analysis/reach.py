"""A target that is missed: how near it could be had, and what stands against more.

It is served alone, by all that helps at its end (a corner of the ranges). Either even that falls
short, and the ends bind; or it overshoots, so that the target can be had on the way there, and then
it is seen whether other targets of the step are lost there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .fits import Fit, Solved
from .intervals import FloatArray
from .knobs import corner, ends_of
from .trial import Trial

ALMOST = 0.9
"""Where on the way to the corner a target is looked at: as far off as this part of a tolerance."""


def at_its_best(trial: Trial, fit: Fit, place: int, solved: Solved, slopes: FloatArray) -> Fit:
    """Return a missed target with the best figure found, and with what binds there.

    Args:
        trial: its step, with all else as it is at the end.
        fit: the target as it came out.
        place: which of the step's targets it is.
        solved: the step.
        slopes: of this target, by parameter.
    """
    count = trial.step.told_replications
    helps = -np.sign(fit.off) * slopes
    far = corner(trial.knobs, helps, np.array(solved.tried))
    off_there = float(trial.offs(far, count)[place])
    if off_there * fit.off <= 0.0 or abs(off_there) <= 1.0:
        return _within_reach(trial, fit, place, np.array(solved.ways), far, off_there)
    tried = float(trial.offs(solved.tried, count)[place])
    options = [(fit.off, np.array(solved.ways)), (tried, np.array(solved.tried)), (off_there, far)]
    off, ways = min(options, key=lambda option: abs(option[0]))
    return replace(
        fit, best=fit.stated + off * fit.tolerance, binding=ends_of(trial.knobs, helps, ways)
    )


def _within_reach(
    trial: Trial, fit: Fit, place: int, ways: FloatArray, far: FloatArray, off_there: float
) -> Fit:
    """Serve the target just well enough, and see which others are lost by that."""
    part = (abs(fit.off) - ALMOST) / abs(fit.off - off_there)
    there = trial.offs(ways + min(1.0, part) * (far - ways), trial.step.told_replications)
    here = trial.offs(ways, trial.step.told_replications)
    lost = [
        target.evidence
        for target, off, before in zip(trial.step.target, there, here, strict=True)
        if target is not trial.step.target[place] and abs(off) > max(1.0, abs(before))
    ]
    others = ", ".join(dict.fromkeys(lost))
    said = (f"other targets of its step: {others}",) if lost else ()
    return replace(fit, best=fit.simulated.value, binding=said)
