"""What a calibration comes to: figures reproduced or not, parameters found, and what is in doubt.

Words only; who finds them: `calibration.py` (round after round), `trial.py` (a step at work),
`solving.py` (least squares), `evening.py` (the smallest largest miss), `reach.py` (how near a
missed figure could be had) and `doubts.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.fit_account import Against, Verdict
from parcours_sim.scenario.fitted import Fitted
from parcours_sim.scenario.targets import Measure, Target, stated

from .intervals import Estimate, FloatArray
from .knobs import Knob

UNVERIFIED_PERCENT, USUAL_PERCENT = 20.0, 10.0

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
    """For a target that is missed, the nearest figure found within the ranges, in the same random
    worlds as `simulated`: by all that helps it; or, where it might be had so, with the other
    targets of the step served as evenly as can be."""
    against: Against | None = None
    """What keeps it from being nearer; nothing where nothing was shown to."""
    binding: tuple[str, ...] = ()
    """Which ends of ranges or which other targets that are."""

    @property
    def off(self) -> float:
        """How far the simulated figure is from the stated one, in tolerances."""
        return (self.simulated.value - self.stated) / self.tolerance

    @property
    def holds(self) -> bool:
        """Whether it is reproduced."""
        return abs(self.off) <= 1.0

    @property
    def verdict(self) -> Verdict:
        """Whether it is reproduced; if not, whether something was shown to stand against it."""
        if self.holds:
            return "reproduced"
        return "out of reach" if self.against else "missed"


@dataclass(frozen=True)
class Ridge:
    """Parameters that the targets of a step tell only together: where one goes, the others may."""

    step: int
    parameters: tuple[str, ...]
    moves: tuple[float, ...]
    """How they go together while the targets hardly notice, in parts of their ways."""
    reach: float
    """Standard error along it, in ways, as far as the targets tell; infinite where they tell
    nothing."""


@dataclass(frozen=True)
class Solved:
    """A step as solved: how far its parameters went, and what is known of that."""

    knobs: tuple[Knob, ...]
    ways: tuple[float, ...]
    fits: tuple[Fit, ...]
    tried: tuple[float, ...]
    """Where the search went; elsewhere than `ways` if the library's values were kept."""
    offs: tuple[float, ...]
    """How far off its targets were when it was solved, in tolerances."""
    errors: tuple[float, ...] = ()
    """Standard error of each way."""
    ridges: tuple[Ridge, ...] = ()
    untold: tuple[str, ...] = ()
    """Parameters of which the targets say less than their ranges."""
    kept: bool = False
    """A target was missed where the search went, so that the library's values were kept."""


@dataclass(frozen=True)
class Calibrated:
    """All steps, and the values that came out."""

    values: Fitted
    steps: Mapping[int, Solved]
    asked: Mapping[int, str]
    """Of each step, the digest of what it asked."""
    rounds: int
    settled: bool
    """Whether the last round of the steps that lean on one another moved hardly anything."""

    @property
    def solved(self) -> list[tuple[int, Solved]]:
        """The steps in their order."""
        return sorted(self.steps.items())

    @property
    def fits(self) -> list[Fit]:
        """Every target, by step."""
        return [fit for _, solved in self.solved for fit in solved.fits]

    @property
    def ridges(self) -> list[Ridge]:
        """Every set of parameters that is confounded."""
        return [ridge for _, solved in self.solved for ridge in solved.ridges]


def tolerance_of(target: Target) -> float:
    """Return how far from the stated figure is near enough, in the figure's own unit."""
    if target.tolerance_points is not None:
        return target.tolerance_points
    percent = target.tolerance_percent
    if percent is None:
        grade = load_ledger()[target.evidence].grade or ""
        percent = UNVERIFIED_PERCENT if "M" in grade else USUAL_PERCENT
    return percent / 100.0 * abs(figure_of(target))


def figure_of(target: Target) -> float:
    """Return the figure that a target is to be fitted to; ValueError where none is stated."""
    figure = stated(target)[0]
    if figure is None:
        raise ValueError(f"{target.evidence} states no figure to be fitted to")
    return figure


def names_of(knobs: Iterable[Knob]) -> list[str]:
    """Return the name of every parameter of these."""
    return [place.name for knob in knobs for place in knob.places]


def widest(offs: FloatArray | Sequence[float]) -> float:
    """Return how far off the farthest of some targets is."""
    return max(abs(float(off)) for off in offs)
