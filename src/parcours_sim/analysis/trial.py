"""A step of the calibration at work: its targets, read under any values of its parameters.

All trials are made in the same random worlds, so that nothing but the parameters differs between
two of them. Where to try next is decided in `solving.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.fitted import Fitted, FittedValue
from parcours_sim.scenario.targets import Step, Target

from .fits import Figures, Fit, Report, figure_of, tolerance_of
from .intervals import Estimate, FloatArray
from .knobs import Knob, fitted_values

SLOPE = 0.2
"""How far a parameter is moved to see what follows, in parts of its way."""
LEAST_WORLDS = 6
"""In which slopes are measured, at the least."""
COUNTED = "what happens in the random worlds of the step"
FARTHEST = 1e9
"""So many tolerances off, a figure isn't of what its target states: squares would overflow."""

Ways = Sequence[float] | FloatArray
"""How far each parameter of a step has gone: −1 to 1."""
Values = Mapping[tuple[str, str], Mapping[str, FittedValue]]
"""Fitted values, by part of the library and key."""


@dataclass
class Trial:
    """A step at work."""

    step: Step
    knobs: tuple[Knob, ...]
    besides: Callable[[Values], Fitted]
    """Puts a trial's values beside all that other steps have found."""
    figures: Figures
    report: Report
    where: str
    """What is at work, for the report."""
    trials: int = 0

    def offs(self, ways: Ways, replications: int | None = None) -> FloatArray:
        """How far off the targets are, in tolerances, with the parameters so far on their ways."""
        found = self._estimates(ways, replications or self.step.replications)
        pairs = zip(found, self.step.target, strict=True)
        return np.array([(each.value - figure_of(t)) / tolerance_of(t) for each, t in pairs])

    def told(self, ways: Ways) -> FloatArray:
        """How far off the targets are in the worlds in which they are told."""
        return self.offs(ways, self.step.told_replications)

    def fits(self, ways: Ways) -> tuple[Fit, ...]:
        """The targets there, as they will be told."""
        found = self._estimates(ways, self.step.told_replications)
        return tuple(
            Fit(self.step.step, target, figure_of(target), tolerance_of(target), each)
            for target, each in zip(self.step.target, found, strict=True)
        )

    def slopes(self, ways: FloatArray) -> FloatArray:
        """What each parameter moves of each target, in tolerances over a whole way.

        Measured by moving each parameter some way into its range, in a part of the worlds: one row
        a target, one column a parameter.
        """
        few = max(LEAST_WORLDS, self.step.replications // 2)
        there, columns = self.offs(ways, few), []
        for place, knob in enumerate(self.knobs):
            width = min(SLOPE, (knob.high - knob.low) / 2.0)
            side = width if ways[place] + width <= knob.high else -width
            moved = ways.copy()
            moved[place] += side
            columns.append((self.offs(moved, few) - there) / side)
        return np.array(columns).T.reshape(len(there), len(self.knobs))

    def _estimates(self, ways: Ways, replications: int) -> list[Estimate]:
        self.trials += 1
        self.report.stands_at(f"{self.where}, trial {self.trials}")
        here = fitted_values(self.knobs, [float(way) for way in ways], "a trial")
        found = self.figures(self.step.target, self.besides(here), replications)
        if wrong := list(_unusable(self.step, found)):
            raise ScenarioError(wrong)
        return found


def _unusable(step: Step, found: Sequence[Estimate]) -> Iterator[Finding]:
    """Yield a finding for each target of which a reading says nothing to go by."""
    for number, (target, each) in enumerate(zip(step.target, found, strict=True)):
        file, place = target.stands or (f"step {step.step}", f"target.{number}")
        off = (each.value - figure_of(target)) / tolerance_of(target)
        if math.isnan(off):
            where = f"{place}.{_read_by(target)}"
            worlds = " and ".join(filter(None, (target.of, target.against)))
            yield Finding(file, where, f"no case in {worlds}", COUNTED, code="out-of-bounds")
        elif abs(off) > FARTHEST:
            said = f"{each.value:.4g} simulated, {abs(off):.1g} tolerances off"
            allowed = "a figure of the kind that the measure gives, and a tolerance to match"
            yield Finding(file, place, said, allowed, code="out-of-bounds")


def _read_by(target: Target) -> str:
    """The key of what a target's figure is read by, of which there may be no case."""
    return "below" if target.below else "above" if target.above else "definition"
