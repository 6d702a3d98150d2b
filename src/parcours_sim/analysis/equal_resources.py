"""Organisations at equal resources: one factor on GPs' slots makes professional time the same.

What an organisation takes more of nurses, pharmacists and coordination is taken from its GPs, and
given to them where it takes less. The factor of each organisation is found in a few random worlds,
the first of those in which it is then compared: by a step along the diaries, whose time is known
without simulating, and by secants from there, since other hours move a little with slots. What
counts as professional time is in `professional_time.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.laboratory import Question
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.scenario import Scenario
from parcours_sim.scenario.slots import with_slots

from .equalised import PILOT, TOLERANCE, Equalised
from .professional_time import gp_time, professional_hours

MOST_TRIALS = 8
DIGITS = 6
"""Significant digits of a factor."""


class Laboratory(Protocol):
    """What simulates, as `experiment/laboratory.py` does."""

    @property
    def seed(self) -> int:
        """What chooses the random worlds."""

    def answer(self, question: Question) -> tuple[StoredReplication, ...]:
        """Return the replications asked for."""


def equalise(
    scenarios: Sequence[Scenario], baseline: str, laboratory: Laboratory
) -> tuple[Equalised, ...]:
    """Find the factor of each scenario but the baseline; an identical one has exactly 1.

    Raises StudyError, for all of them together, where no number of slots makes the hours equal;
    and what `run_study` raises of replications.
    """
    pilots = {each.name: _Pilot(each, laboratory) for each in scenarios}
    wanted = pilots.pop(baseline).hours(1.0)
    found: list[Equalised] = []
    problems: list[str] = []
    for name, pilot in pilots.items():
        try:
            found.append(_equalised(pilot, wanted))
        except StudyError as error:
            more = pilot.hours(1.0) - wanted
            problems.append(
                f"--equal-resources: {name} takes {more:+,.0f} professional hours against "
                f"{wanted:,.0f} of the baseline per replication, and no number of GPs' slots makes "
                f"up for it: {error}"
            )
    if problems:
        raise StudyError("\n".join(problems))
    return tuple(found)


def left_of(
    found: Sequence[Equalised], result: StudyResult, scenarios: Sequence[Scenario]
) -> tuple[Equalised, ...]:
    """Return what was found with what is left of it in all worlds of a study.

    scenarios are those of the study, in its order, with their factors.
    """
    hours = {
        scenario.name: professional_hours(scenario, result.study.seed, own).mean()
        for scenario, own in zip(scenarios, result.replications, strict=True)
    }
    wanted = hours[result.study.baseline or result.study.names[0]]
    return tuple(replace(each, left=float(hours[each.scenario] / wanted - 1.0)) for each in found)


def factor_for(hours: Callable[[float], float], wanted: float, slope: float) -> float:
    """Return the factor at which `hours` are those wanted, near enough; exactly 1 where they are.

    `slope` is about what one unit of the factor adds. Raises StudyError where trials don't get
    near, and whatever `hours` raises of a factor.

    Example:
        >>> factor_for(lambda factor: 100.0 + 80.0 * factor, 172.0, 80.0)
        0.9
    """
    factor, found = 1.0, hours(1.0)
    if found == wanted:
        return factor
    for _ in range(MOST_TRIALS):
        nearer = float(f"{factor - (found - wanted) / slope:.{DIGITS}g}")
        there = hours(nearer)
        if abs(there - wanted) <= TOLERANCE * wanted:
            return nearer
        secant = (there - found) / (nearer - factor) if nearer != factor else slope
        slope = secant if secant > 0.0 else slope
        factor, found = nearer, there
    raise StudyError(f"{MOST_TRIALS} trials leave {abs(found / wanted - 1.0):.1%} of them")


@dataclass(frozen=True)
class _Pilot:
    """One organisation in the random worlds of the pilot, with any number of slots."""

    scenario: Scenario
    laboratory: Laboratory

    def hours(self, factor: float) -> float:
        """Return its mean professional hours; StudyError where there can't be such slots."""
        scaled = self._scaled(factor)
        replications = self.laboratory.answer(Question(scaled, PILOT))
        return float(professional_hours(scaled, self.laboratory.seed, replications).mean())

    def gp_hours(self, factor: float) -> float:
        """Return its mean GP time, coordination included; StudyError as above."""
        scaled, seed = self._scaled(factor), self.laboratory.seed
        return sum(gp_time(scaled, seed, number).total for number in range(PILOT)) / PILOT

    def _scaled(self, factor: float) -> Scenario:
        try:
            return with_slots(self.scenario, factor)
        except ScenarioError as error:
            allowed = error.findings[0].allowed
            raise StudyError(
                f"it would take {factor:.4g} times as many, allowed {allowed} of slots_ratio"
            ) from error


def _equalised(pilot: _Pilot, wanted: float) -> Equalised:
    usual = pilot.gp_hours(1.0)
    factor = factor_for(pilot.hours, wanted, slope=pilot.gp_hours(2.0) - usual)
    return Equalised(
        scenario=pilot.scenario.name,
        factor=factor,
        gp_hours=pilot.gp_hours(factor) - usual,
        left=pilot.hours(factor) / wanted - 1.0,
    )
