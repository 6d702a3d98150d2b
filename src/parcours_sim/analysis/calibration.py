"""Fitting parameters to evidence: step by step, again until the steps hold together.

Each step (`scenario/targets.py`) frees some parameters and says which figures they are to
reproduce. They are found by bounded least squares (SciPy) on the compiled engine, all trials in the
same random worlds, so that nothing but the parameters differs between two trials. Bounds are the
plausible ranges. A weak pull to the library's values chooses a point where several fit as well; how
far one could go along such a ridge is told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from scipy.optimize import least_squares

from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.fitted import Fitted, FittedValue
from parcours_sim.scenario.targets import Measure, Step, Target, stated

from .intervals import Estimate, FloatArray
from .knobs import Knob, fitted_values, knobs_of, together

MOST_ROUNDS = 4
"""How often the steps that lean on one another are done at the most."""
PULL = 0.03
"""How much going the whole way to the end of a range weighs, against being off by a tolerance."""
MOST_TRIALS = 9
"""Trials of least squares in a step, those that measure slopes not counted."""
SLOPE = 0.2
"""How far a parameter is moved to see what follows, in parts of its way."""
GOOD = 0.5
"""Where all targets are within this part of their tolerances, a later round leaves a step alone."""
RIDGE = 0.9
"""Two parameters are called confounded where their errors correlate as much."""
AT_END, NEAR_END = 1e-6, 0.01
TINY = 1e-3
"""A way, or what it moves in tolerances, that is too little to tell."""
LEAST_WORLDS = 6
"""In which slopes are measured, at the least."""
UNVERIFIED_PERCENT, USUAL_PERCENT = 20.0, 10.0

Ways = Sequence[float] | FloatArray
"""How far each parameter of a step has gone: −1 to 1."""
Figures = Callable[[Sequence[Measure], Fitted | bool, int], list[Estimate]]
"""Reads measures under fitted values, over so many replications."""


class Report(Protocol):
    """Who is told how it goes."""

    def stands_at(self, where: str) -> None:
        """Where the work stands."""

    def says(self, text: str) -> None:
        """A sentence worth keeping."""


@dataclass(frozen=True)
class Fit:
    """A target at the end: what is stated, what is simulated, and whether that is near enough."""

    step: int
    target: Target
    stated: float
    tolerance: float
    simulated: Estimate
    best: float | None = None
    """For a target out of reach, the nearest figure that the step's parameters allow."""
    binding: tuple[str, ...] = ()
    """The ends of ranges at which that is."""

    @property
    def off(self) -> float:
        """How far the simulated figure is from the stated one, in tolerances."""
        return (self.simulated.value - self.stated) / self.tolerance

    @property
    def holds(self) -> bool:
        """Whether it is reproduced."""
        return abs(self.off) <= 1.0


@dataclass(frozen=True)
class Ridge:
    """Two parameters that the targets of a step hardly tell apart."""

    step: int
    first: str
    second: str
    correlation: float
    """Of what is not known of them; −1: more of one can stand for less of the other."""


@dataclass(frozen=True)
class Solved:
    """A step as solved: how far its parameters went, and what is known of that."""

    knobs: tuple[Knob, ...]
    ways: tuple[float, ...]
    fits: tuple[Fit, ...]
    tried: tuple[float, ...]
    """Where least squares went; elsewhere than `ways` if the library's values were kept."""
    errors: tuple[float, ...] = ()
    """Standard error of each way."""
    ridges: tuple[Ridge, ...] = ()
    kept: bool = False
    """A target was out of reach, so that the library's values were kept."""


@dataclass(frozen=True)
class Calibrated:
    """All steps, and the values that came out."""

    values: Fitted
    steps: Mapping[int, Solved]
    rounds: int
    settled: bool
    """Whether the steps that lean on one another held together at the end."""

    @property
    def fits(self) -> list[Fit]:
        """Every target, by step."""
        return [fit for _, solved in sorted(self.steps.items()) for fit in solved.fits]

    @property
    def ridges(self) -> list[Ridge]:
        """Every pair of parameters that is confounded."""
        return [ridge for _, solved in sorted(self.steps.items()) for ridge in solved.ridges]


def tolerance_of(target: Target) -> float:
    """Return how far from the stated figure is near enough, in the figure's own unit."""
    if target.tolerance_points is not None:
        return target.tolerance_points
    percent = target.tolerance_percent
    if percent is None:
        grade = load_ledger()[target.evidence].grade or ""
        percent = UNVERIFIED_PERCENT if "M" in grade else USUAL_PERCENT
    figure = stated(target)[0]
    if figure is None:
        raise ValueError(f"{target.evidence} states no figure to be fitted to")
    return percent / 100.0 * abs(figure)


def calibrate(
    steps: Sequence[Step], parameter_set: str, figures: Figures, report: Report
) -> Calibrated:
    """Fit every step of a parameter set; the same steps and figures give the same values.

    Steps that lean on one another are repeated, at most MOST_ROUNDS times, until all their targets
    hold where they can; then the others follow, each once.
    """
    mine = [_for_set(step, parameter_set) for step in steps if parameter_set in step.sets]
    work = _Work(figures, report)
    leaning = [step for step in mine if step.repeated]
    rounds = 0
    while leaning and rounds < MOST_ROUNDS:
        rounds += 1
        moved = [work.do(step, f"round {rounds}") for step in leaning]
        if not any(moved):
            break
    for step in mine:
        if not step.repeated:
            work.do(step, "once")
        work.look_again(step)
    settled = all(fit.holds or fit.best is not None for fit in work.fits())
    return Calibrated(work.values(), dict(work.solved), rounds, settled)


def _for_set(step: Step, parameter_set: str) -> Step:
    targets = [target for target in step.target if parameter_set in target.sets]
    return step.model_copy(update={"target": targets})


@dataclass
class _Work:
    figures: Figures
    report: Report
    solved: dict[int, Solved] = field(default_factory=dict)
    slopes: dict[int, _Slopes] = field(default_factory=dict)

    def fits(self) -> list[Fit]:
        return [fit for solved in self.solved.values() for fit in solved.fits]

    def values(
        self, other: Mapping[tuple[str, str], Mapping[str, FittedValue]] | None = None
    ) -> Fitted:
        """All that is fitted so far, and besides, of the step that is at work."""
        done = (_values_of(number, solved) for number, solved in sorted(self.solved.items()))
        return together(*done, other or {})

    def do(self, step: Step, when: str) -> bool:
        """Solve a step, unless it holds as it is; return whether anything moved."""
        before = self.solved.get(step.step)
        trial = _Trial(step, tuple(knobs_of(step)), self, f"step {step.step}, {when}")
        if before is not None and (before.kept or _holds_well(trial.offs(before.ways))):
            self.solved[step.step] = replace(before, fits=trial.fits(before.ways))
            return False
        start = before.ways if before else (0.0,) * len(trial.knobs)
        found = self.solved[step.step] = _solve(trial, start)
        for fit in found.fits:
            self.report.says(
                f"{trial.where}: {fit.target.evidence}, {fit.target.what.en}: "
                f"{fit.simulated.value:.4g} for {fit.stated:g}"
            )
        moves = np.array(found.ways) - np.array(start)
        return before is None or bool(np.abs(moves).max() > AT_END)

    def look_again(self, step: Step) -> None:
        """Read a step's targets under all values; of what is missed, how near it could be had."""
        was = self.solved[step.step]
        trial = _Trial(step, was.knobs, self, f"step {step.step}, at the end")
        fits = tuple(
            fit if fit.holds else _at_its_best(trial, fit, place, np.array(was.tried))
            for place, fit in enumerate(trial.fits(was.ways, step.told_replications))
        )
        self.solved[step.step] = replace(was, fits=fits)


def _holds_well(offs: FloatArray) -> bool:
    return bool(np.abs(offs).max() <= GOOD)


def _values_of(number: int, solved: Solved) -> dict[tuple[str, str], dict[str, FittedValue]]:
    if solved.kept:
        return {}
    evidence = ", ".join(dict.fromkeys(fit.target.evidence for fit in solved.fits))
    values = fitted_values(solved.knobs, solved.ways, f"{evidence} (step {number})")
    for knob, way, error in zip(solved.knobs, solved.ways, solved.errors, strict=True):
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


@dataclass
class _Trial:
    """A step at work: its targets under any values of its parameters."""

    step: Step
    knobs: tuple[Knob, ...]
    work: _Work
    where: str
    trials: int = 0
    begun: bool = False

    def estimates(self, ways: Ways, replications: int) -> list[Estimate]:
        """Read the targets with the parameters so far on their ways."""
        self.trials += 1
        self.work.report.stands_at(f"{self.where}, trial {self.trials}")
        here = fitted_values(self.knobs, [float(way) for way in ways], "a trial")
        return self.work.figures(self.step.target, self.work.values(here), replications)

    def offs(self, ways: Ways, replications: int | None = None) -> FloatArray:
        """How far off the targets are, in tolerances."""
        found = self.estimates(ways, replications or self.step.replications)
        pairs = zip(found, self.step.target, strict=True)
        return np.array([(each.value - _stated(t)) / tolerance_of(t) for each, t in pairs])

    def fits(self, ways: Ways, replications: int | None = None) -> tuple[Fit, ...]:
        """The targets there, as they will be told."""
        found = self.estimates(ways, replications or self.step.replications)
        return tuple(
            Fit(self.step.step, target, _stated(target), tolerance_of(target), each)
            for target, each in zip(self.step.target, found, strict=True)
        )

    def slopes(self, ways: FloatArray, offs: FloatArray) -> FloatArray:
        """What each parameter moves of each target.

        Measured once for a step, by moving each parameter some way into its range in a few worlds;
        then corrected by what each further trial shows (Broyden's update). What other steps have
        moved since this one was last at work is no part of that.
        """
        known = self.work.slopes.get(self.step.step)
        if known is None:
            measured = self._measured(ways)
            known = _Slopes(measured, measured, ways.copy(), offs.copy())
        elif self.begun:
            known = known.corrected(ways, offs)
        else:
            known = replace(known, ways=ways.copy(), offs=offs.copy())
        self.begun = True
        self.work.slopes[self.step.step] = known
        return known.matrix

    def _measured(self, ways: FloatArray) -> FloatArray:
        few = max(LEAST_WORLDS, self.step.replications // 2)
        there, columns = self.offs(ways, few), []
        for place, knob in enumerate(self.knobs):
            width = min(SLOPE, (knob.high - knob.low) / 2.0)
            side = width if ways[place] + width <= knob.high else -width
            moved = ways.copy()
            moved[place] += side
            columns.append((self.offs(moved, few) - there) / side)
        return np.array(columns).T.reshape(len(there), len(self.knobs))


@dataclass(frozen=True)
class _Slopes:
    measured: FloatArray
    """Of each target by each parameter, in tolerances over a whole way."""
    matrix: FloatArray
    """The same, as corrected."""
    ways: FloatArray
    offs: FloatArray

    def corrected(self, ways: FloatArray, offs: FloatArray) -> _Slopes:
        """Make the slopes agree with what the last move did; a tiny one says nothing."""
        move = ways - self.ways
        length = float(move @ move)
        if length < TINY**2:
            return self
        missed = offs - self.offs - self.matrix @ move
        corrected = self.matrix + np.outer(missed, move) / length
        return _Slopes(self.measured, corrected, ways.copy(), offs.copy())


def _stated(target: Target) -> float:
    figure = stated(target)[0]
    if figure is None:
        raise ValueError(f"{target.evidence} states no figure to be fitted to")
    return figure


def _solve(trial: _Trial, start: Ways) -> Solved:
    ways = _fitted(trial, start)
    slopes, fits = trial.slopes(ways, trial.offs(ways)), trial.fits(ways)
    tried = tuple(map(float, ways))
    if trial.step.out_of_reach == "keep" and any(not fit.holds for fit in fits):
        still = (0.0,) * len(trial.knobs)
        return Solved(trial.knobs, still, trial.fits(still), tried, still, kept=True)
    errors, ridges = _doubts(trial, slopes, fits)
    return Solved(trial.knobs, tried, fits, tried, errors, ridges)


def _fitted(trial: _Trial, start: Ways) -> FloatArray:
    """Return the ways at which least squares bring the targets nearest."""

    def residuals(ways: FloatArray) -> FloatArray:
        return np.concatenate([trial.offs(ways), PULL * ways])

    def jacobian(ways: FloatArray) -> FloatArray:
        slopes = trial.slopes(ways, trial.offs(ways))
        return np.vstack([slopes, PULL * np.eye(len(ways))])

    bounds = [knob.low for knob in trial.knobs], [knob.high for knob in trial.knobs]
    found = least_squares(
        residuals, np.clip(start, *bounds), jacobian, bounds, max_nfev=MOST_TRIALS,
        ftol=1e-2, xtol=1e-2, gtol=1e-3,
    )  # fmt: skip
    return _at_ends(found.x, trial.knobs)


def _at_ends(ways: FloatArray, knobs: Sequence[Knob]) -> FloatArray:
    """Bounds are kept by staying inside: what came very near an end is at it."""
    for place, knob in enumerate(knobs):
        if knob.high - ways[place] < NEAR_END:
            ways[place] = knob.high
        elif ways[place] - knob.low < NEAR_END:
            ways[place] = knob.low
    return ways


def _at_its_best(trial: _Trial, fit: Fit, place: int, ways: FloatArray) -> Fit:
    """A target that is missed: how near the step's parameters could bring it, serving it alone.

    Tried is the corner where all that helps is at its end. Where that overshoots, the target can be
    had on the way there, and it is the step's other targets that stand against it.
    """
    slopes = trial.work.slopes[trial.step.step].measured[place]
    corner = np.array(
        [
            (knob.high if -slope * fit.off > 0.0 else knob.low) if abs(slope) > TINY else way
            for knob, slope, way in zip(trial.knobs, slopes, ways, strict=True)
        ]
    )
    offs = {"fit": trial.offs(ways)[place], "corner": trial.offs(corner)[place]}
    if offs["corner"] * fit.off <= 0.0 or abs(offs["corner"]) <= 1.0:
        return replace(fit, best=fit.simulated.value, binding=("the other targets of the step",))
    nearest = min(offs, key=lambda each: abs(offs[each]))
    best = fit.stated + float(offs[nearest]) * fit.tolerance
    ends = [_end(*each) for each in zip(trial.knobs, corner, strict=True)]
    return replace(fit, best=best, binding=tuple(filter(None, ends)))


def _end(knob: Knob, way: float) -> str:
    if knob.high - way < AT_END:
        return f"{knob.name} ≤ {knob.places[0].high:g}"
    if way - knob.low < AT_END:
        return f"{knob.name} ≥ {knob.places[0].low:g}"
    return ""


def _doubts(
    trial: _Trial, slopes: FloatArray, fits: Sequence[Fit]
) -> tuple[tuple[float, ...], tuple[Ridge, ...]]:
    """How well the targets tell the parameters: standard errors, and pairs that are confounded.

    A target is known as well as its evidence and the simulation know it: the stated range, taken
    for a 95 % interval (a tolerance either way without one), and the simulated interval.
    """
    spreads = np.array([_spread(fit) for fit in fits]) / np.array([fit.tolerance for fit in fits])
    weighed = slopes / spreads[:, None]
    # Without any target a parameter is known by its range alone: one way is two standard errors.
    covariance = np.linalg.inv(weighed.T @ weighed + 4.0 * np.eye(len(trial.knobs)))
    errors = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(errors, errors)
    ridges = tuple(
        Ridge(trial.step.step, one.name, other.name, float(correlations[i, j]))
        for i, one in enumerate(trial.knobs)
        for j, other in enumerate(trial.knobs)
        if i < j and abs(correlations[i, j]) >= RIDGE
    )
    return tuple(map(float, errors)), ridges


def _spread(fit: Fit) -> float:
    """Standard error of the difference between what is stated and what is simulated."""
    _, low, high = stated(fit.target)
    width = high - low if low is not None and high is not None and high > low else 0.0
    evidence = (width or 2.0 * fit.tolerance) / 3.92
    chance = (fit.simulated.high - fit.simulated.low) / 3.92
    return math.hypot(evidence, 0.0 if math.isnan(chance) else chance)
