"""Steps of a calibration, and figures that follow from its parameters by a formula.

Three parameters of the library are moved; `Figures` reads how far each has gone (−1 to 1) and gives
what a formula makes of that, so that every solution is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from parcours_sim.analysis.calibration import calibrate
from parcours_sim.analysis.fits import Calibrated
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.knobs import Place, knobs_of, together
from parcours_sim.analysis.trial import Trial
from parcours_sim.scenario.fitted import Fitted
from parcours_sim.scenario.targets import Free, Measure, Step, Target

A, B, C = (
    "episodes/heart_failure rate_per_year",
    "episodes/copd rate_per_year",
    "episodes/hyperglycaemia rate_per_year",
)
EVIDENCE = "L085"
Formula = Callable[[dict[str, float]], float]
TEXT = {"fr": "A", "en": "A"}


def target(name: str, figure: float | None, tolerance: float = 1.0, **keys) -> Target:
    """A target of this name, which a formula of the same name gives the figure of."""
    usual = {
        "evidence": EVIDENCE,
        "what": {"fr": name, "en": name},
        "unit": TEXT,
        "of": "isole",
        "above": ["hospitalisations all"],
        "stated": figure,
        "tolerance_points": tolerance,
    }
    return Target(**(usual | keys))


def step(number: int, keys: Sequence[str], *targets: Target, **other) -> Step:
    """A step with a parameter for each key; repeated unless told otherwise."""
    usual = {
        "step": number,
        "title": TEXT,
        "repeated": True,
        "out_of_reach": "best",
        "replications": 12,
        "told_replications": 12,
        "sets": ["documents"],
        "free": [Free(keys=[key], why="a target") for key in keys],
        "target": list(targets),
    }
    return Step(**(usual | other))


@dataclass
class Said:
    """A report that remembers."""

    places: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def stands_at(self, where: str) -> None:
        self.places.append(where)

    def says(self, text: str) -> None:
        self.texts.append(text)


@dataclass
class Figures:
    """Figures by formula, with a half-width of chance; remembers what was asked."""

    formulas: dict[str, Formula]
    chance: float = 0.01
    asked: list[dict[str, float]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def __call__(
        self, measures: Sequence[Measure], fitted: Fitted | bool, replications: int
    ) -> list[Estimate]:
        ways = {key: way_of(fitted, key) for key in (A, B, C)}
        self.asked.append(ways)
        self.counts.append(replications)
        values = [self.formulas[measure.what.en](ways) for measure in measures]
        return [Estimate(v, v - self.chance, v + self.chance, replications) for v in values]


@cache
def place(key: str) -> Place:
    """Where a parameter stands in the library."""
    (knob,) = knobs_of(step(1, [key], target("x", 1.0)))
    return knob.places[0]


def way_of(fitted: Fitted | bool, key: str) -> float:
    """How far a parameter has gone; 0 where it isn't fitted."""
    assert isinstance(fitted, Fitted)
    where = place(key)
    found = fitted.values.get((where.folder, where.part), {}).get(where.key)
    if found is None:
        return 0.0
    assert where.low <= found.value <= where.high
    end = where.high if found.value >= where.value else where.low
    return math.copysign(
        (found.value - where.value) / (end - where.value), found.value - where.value
    )


def solved(figures: Figures, *steps: Step, parameter_set: str = "documents") -> Calibrated:
    """What a calibration of these steps comes to."""
    return calibrate(steps, parameter_set, figures, Said())


def at_work(figures: Figures, asked: Step) -> Trial:
    """A step at work, with nothing fitted besides."""
    return Trial(asked, tuple(knobs_of(asked)), together, figures, Said(), "a step")


def near(value: float, within: float = 0.02):
    """Near enough for parameters of four digits."""
    return pytest.approx(value, abs=within)
