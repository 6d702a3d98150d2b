"""Fitting parameters to evidence: step by step, again until the steps hold together.

Each step (`scenario/targets.py`) frees some parameters and says which figures they are to
reproduce. `solving.py` finds them on the compiled engine. Steps that lean on one another are
repeated; then come the others. At the very end every target is read under all values that were
found. What others have moved since is mended where that can be had (`evening.py`); then it is told
how near what is missed could be had (`reach.py`), and what is in doubt (`doubts.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from parcours_sim.scenario.fitted import Fitted, FittedValue
from parcours_sim.scenario.targets import Step

from .asked import digest, fitted_to, steps_of
from .doubts import doubts
from .evening import served
from .fits import Calibrated, Figures, Report, Solved, widest
from .intervals import FloatArray
from .knobs import fitted_values, knobs_of, together
from .reach import Reach
from .solving import Slopes, or_at_the_corner, solve
from .trial import Trial, Values

MOST_ROUNDS = 6
"""How often the steps that lean on one another are done at the most."""
MOST_MENDS = 3
"""How often all steps are gone through at the end to mend what others have moved."""
SETTLED = 0.05
"""They hold together once a round moves no parameter by more than this part of its way."""
GOOD = 0.5
"""Where all targets are within this part of their tolerances, a later round leaves a step alone."""
STILL = 0.25
"""So it does where the others are as far off as when it was solved, within so many tolerances."""


def calibrate(
    steps: Sequence[Step], parameter_set: str, figures: Figures, report: Report
) -> Calibrated:
    """Fit every step of a parameter set; the same steps and figures give the same values.

    Steps that lean on one another are repeated, at most MOST_ROUNDS times, until a round moves
    hardly anything; then the others follow, each once.
    """
    mine = steps_of(steps, parameter_set)
    work = _Work(mine, figures, report)
    leaning = [step for step in mine if step.repeated]
    rounds, moved = 0, math.inf if leaning else 0.0
    while moved > SETTLED and rounds < MOST_ROUNDS:
        rounds += 1
        moved = max(work.do(step, f"round {rounds}") for step in leaning)
    for step in mine:
        if not step.repeated:
            work.do(step, "once")
    work.mend_all()
    for step in mine:
        work.look_again(step)
    asked = {step.step: digest(step) for step in mine}
    return Calibrated(work.values(), dict(work.solved), asked, rounds, moved <= SETTLED)


@dataclass
class _Work:
    steps: Sequence[Step]
    figures: Figures
    report: Report
    solved: dict[int, Solved] = field(default_factory=dict)
    slopes: dict[int, Slopes] = field(default_factory=dict)

    def values(self, other: Values | None = None) -> Fitted:
        """All that is fitted so far, and besides, of the step that is at work."""
        done = (_values_of(number, solved) for number, solved in sorted(self.solved.items()))
        return together(*done, other or {})

    def do(self, step: Step, when: str) -> float:
        """Solve a step, unless it is as it was; return how far the farthest parameter moved."""
        before = self.solved.get(step.step)
        trial = self._trial(step, when)
        if before is not None and _is_as_it_was(before, trial.told(before.ways)):
            return 0.0
        start = before.ways if before else (0.0,) * len(trial.knobs)
        ways, self.slopes[step.step] = solve(trial, start, self.slopes.get(step.step))
        found = self.solved[step.step] = _found(trial, ways)
        for fit in found.fits:
            self.report.says(
                f"{trial.where}: {fit.target.evidence}, {fit.target.what.en}: "
                f"{fit.simulated.value:.4g} for {fit.stated:g}"
            )
        return widest(np.subtract(found.ways, start)) if before else math.inf

    def mend_all(self) -> None:
        """Mend each step, again as long as that changes any; go back if fewer targets hold then.

        Before that comes the rule that a step keeps the library's values where a target is missed:
        it may cost other steps theirs.
        """
        best, most = dict(self.solved), self._worth()
        for _ in range(MOST_MENDS):
            if not [step for step in self.steps if self.mend(step)]:
                break
            if (now := self._worth()) >= most:
                best, most = dict(self.solved), now
        self.solved = best
        for step in filter(self._is_to_keep, self.steps):
            ways = np.array(self.solved[step.step].ways)
            self.solved[step.step] = _found(self._trial(step, "once more"), ways)

    def mend(self, step: Step) -> bool:
        """Where a target is missed by now, go to where more hold; return whether that changed it.

        A step that keeps the library's values for want of reach is looked at where it was tried,
        and may come to keep them now.
        """
        was, trial = self.solved[step.step], self._trial(step, "once more")
        if not self._misses(step).any():
            return False
        tried = np.array(was.tried)
        slopes = trial.slopes(tried)
        ways = or_at_the_corner(trial, served(trial, tried, slopes), slopes)
        self.solved[step.step] = found = _found(trial, ways)
        return (found.ways, found.kept) != (was.ways, was.kept)

    def _misses(self, step: Step) -> NDArray[np.bool_]:
        """Which of a step's targets are missed by now, as they will be told."""
        trial = self._trial(step, "once more")
        return np.asarray(np.abs(trial.told(self.solved[step.step].ways)) > 1.0)

    def _is_to_keep(self, step: Step) -> bool:
        """Whether a step is to keep the library's values by now, and doesn't."""
        may = step.out_of_reach == "keep" and not self.solved[step.step].kept
        return may and bool(self._misses(step).any())

    def _worth(self) -> tuple[int, int]:
        """Of all steps as they are: few that are to keep and don't, then many targets that hold."""
        to_keep = sum(self._is_to_keep(step) for step in self.steps)
        return -to_keep, sum(int((~self._misses(step)).sum()) for step in self.steps)

    def look_again(self, step: Step) -> None:
        """Read a step's targets under all values; of what is missed, how near it could be had."""
        was = self.solved[step.step]
        trial = self._trial(step, "at the end")
        slopes = trial.slopes(np.array(was.tried))
        reach = Reach(trial, was, slopes)
        fits = tuple(reach.of(fit, place) for place, fit in enumerate(trial.fits(was.ways)))
        self.solved[step.step] = replace(was, fits=fits)
        if not was.kept:
            left = doubts(step.step, was.knobs, slopes, fits)
            self.solved[step.step] = replace(
                was, fits=fits, errors=left.errors, ridges=left.ridges, untold=left.untold
            )

    def _trial(self, step: Step, when: str) -> Trial:
        where = f"step {step.step}, {when}"
        return Trial(step, tuple(knobs_of(step)), self.values, self.figures, self.report, where)


def _is_as_it_was(before: Solved, offs: FloatArray) -> bool:
    """Whether each target holds well, or as it did, or is missed as it was when it was solved."""
    return all(
        abs(off) <= GOOD or (abs(off - then) <= STILL and (abs(off) <= 1.0 or abs(then) > 1.0))
        for off, then in zip(offs, before.offs, strict=True)
    )


def _found(trial: Trial, ways: FloatArray) -> Solved:
    """The step there; or where it was, if it keeps the library's values for want of reach."""
    fits, tried = trial.fits(ways), tuple(map(float, ways))
    kept = trial.step.out_of_reach == "keep" and any(not fit.holds for fit in fits)
    stands = (0.0,) * len(trial.knobs) if kept else tried
    found = trial.fits(stands) if kept else fits
    return Solved(trial.knobs, stands, found, tried, tuple(fit.off for fit in found), kept=kept)


def _values_of(number: int, solved: Solved) -> Mapping[tuple[str, str], dict[str, FittedValue]]:
    """The values of a step, each with its interval once that is known."""
    if solved.kept:
        return {}
    said = fitted_to(number, (fit.target for fit in solved.fits))
    values = fitted_values(solved.knobs, solved.ways, said)
    for knob, way, error in zip(solved.knobs, solved.ways, solved.errors, strict=False):
        for place in knob.places:
            ends = sorted(
                place.at(min(knob.high, max(knob.low, way + side * 1.96 * error)))
                for side in (-1.0, 1.0)
            )
            found = values[place.folder, place.part][place.key]
            values[place.folder, place.part][place.key] = found.model_copy(
                update={"interval": ends}
            )
    return values
