"""The model's own figures of measures, simulated as they are asked for.

From measures (`scenario/targets.py`) to an open store (`experiment/laboratory.py`): which scenarios
to load, with which fitted values, and which worlds to simulate of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from parcours_sim.experiment.executors.job import Work
from parcours_sim.experiment.laboratory import Laboratory, Question
from parcours_sim.scenario.errors import Collecting, Finding, ScenarioError
from parcours_sim.scenario.fitted import Fitted
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario
from parcours_sim.scenario.targets import Measure

from . import coordination, ed_users
from .coordination import Linked
from .intervals import Estimate
from .measures import Readings, figure, readings


def _stored_as(rule: ModuleType) -> str:
    """What the store calls what a module measures: another name once the module changes."""
    name = rule.__name__.rpartition(".")[2]
    source = Path(str(rule.__file__)).read_bytes().replace(b"\r\n", b"\n")
    return f"{name}-{sha256(source).hexdigest()[:12]}"


COORDINATION: tuple[str, Work[Linked]] = (_stored_as(coordination), coordination.linked_stays)
WORKS = {
    **dict.fromkeys(("d1", "d2", "d3"), COORDINATION),
    "ed_users": (_stored_as(ed_users), ed_users.contacts_of_ed_users),
}
"""By definition, what the store calls what is measured, and the work that measures it."""


def check_scenarios(measures: Iterable[Measure], parameter_set: str, fitted: Fitted | bool) -> None:
    """See that every scenario that measures are read of can be loaded, before a folder is made.

    Raises ScenarioError with everything that is wrong with any of them.
    """
    names = (name for measure in measures for name in (measure.of, measure.against) if name)
    findings: list[Finding] = []
    for name in dict.fromkeys(names):
        with Collecting(findings):
            load_scenario(name, parameter_set=parameter_set, fitted=fitted)
    if findings:
        raise ScenarioError(findings)


@dataclass
class FiguresOf:
    """Reads measures under one parameter set; the same questions get the same answers."""

    laboratory: Laboratory
    parameter_set: str
    _loaded: dict[tuple[str, str], Scenario] = field(default_factory=dict)

    def __call__(
        self, measures: Sequence[Measure], fitted: Fitted | bool, replications: int
    ) -> list[Estimate]:
        """Return the figure of each measure, with the fitted values that are to be used."""
        return [self._figure(measure, fitted, replications) for measure in measures]

    def scenario(self, name: str, fitted: Fitted | bool) -> Scenario:
        """Return a named scenario with these fitted values."""
        key = name, repr(fitted)
        if key not in self._loaded:
            self._loaded[key] = load_scenario(name, parameter_set=self.parameter_set, fitted=fitted)
        return self._loaded[key]

    def _figure(self, measure: Measure, fitted: Fitted | bool, replications: int) -> Estimate:
        asked = WORKS.get(measure.definition, ("", None))
        own = self._readings(measure.of, fitted, replications, asked)
        others = (
            self._readings(measure.against, fitted, replications, asked) if measure.against else ()
        )
        return figure(measure, own, others)

    def _readings(
        self,
        name: str,
        fitted: Fitted | bool,
        replications: int,
        asked: tuple[str, Work[Linked] | None],
    ) -> list[Readings]:
        scenario = self.scenario(name, fitted)
        found = self.laboratory.answer(Question(scenario, replications, *asked))
        size = scenario.territory.inhabitants.value * scenario.horizon.years.value
        return [readings(each.rows, size) for each in found]
