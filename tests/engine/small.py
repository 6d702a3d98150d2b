"""Small territories under pressure: many episodes, few rooms, beds and slots.

Numbers are the library's, so that what is pressed stays so whatever a calibration finds.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from parcours_sim.engine import Replication, simulate
from parcours_sim.engine.record import Entry, Log
from parcours_sim.engine.reference import simulation
from parcours_sim.engine.reference.state import Territory
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

RATES = {
    "heart_failure": 3.0,
    "copd": 4.0,
    "hyperglycaemia": 1.0,
    "hypoglycaemia": 1.0,
    "anticoagulant": 1.0,
    "fragile_return": 3.0,
    "acute_need": 2.0,
}
BUSY: dict[str, str | float] = {
    "territory.inhabitants": 1500,
    "horizon.years": 0.6,
    "horizon.warm_up_years": 0.2,
    "organisation.ramp_months": 2,
    "territory.hospital.ed_rooms_per_100k": 130.0,
    "territory.hospital.beds_per_100k": 800.0,
    "territory.hospital.safety_factor": 0.0,
    "territory.hospital.ed_patience_hours": 2.0,
    "territory.professionals.gp_slots_per_year": 4000.0,
    "territory.people.death_75_and_over_share_per_year": 0.3,
    "territory.people.patients_without_gp_share": 0.15,
    **{f"episodes.{kind}.rate_per_year": rate for kind, rate in RATES.items()},
    **{f"episodes.{kind}.treatment.precaution_share": 0.2 for kind in RATES},
    **{f"episodes.{kind}.noticing.patient_share": 0.8 for kind in RATES},
}
ALONE: dict[str, str | float] = {
    "territory.demand.gp_requests_per_inhabitant_per_year": 0.0,
    "territory.hospital.ed_visits_per_inhabitant_per_year": 0.0,
}
"""Only people simulated one by one: whatever is held is held by one of them."""

CONTACTS = {"gp consultation", "nurse visit", "protocol visit", "dispensing"}
ENDS = {
    "resolves alone": "episodes_resolved_alone",
    "averted": "episodes_avoided",
    "admitted as a precaution": "episodes_precaution",
    "crisis": "crises",
    "overtaken in hospital": "episodes_cut_short",
    "ends with death": "episodes_cut_short",
}
"""How an episode ends in the log, and the outcome that counts it."""


def busy(name: str = "isole", **changes: str | float) -> Scenario:
    """Give a named scenario in a busy territory; double underscores stand for dots."""
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return load_scenario(name, changes={**BUSY, **named}, fitted=False)


def dotless(changes: dict[str, str | float]) -> dict[str, str | float]:
    """Give changes as names of arguments for `busy`."""
    return {key.replace(".", "__"): new for key, new in changes.items()}


def value(replication: Replication, outcome: str, group: str = "all") -> float:
    """Give one outcome of one group, 0 where there was no case."""
    found = [row[2] for row in replication.rows if row[:2] == (outcome, group)]
    return found[0] if found else 0.0


@dataclass(frozen=True)
class Run:
    """A run with its log, and the territory as it was left at the end."""

    territory: Territory
    replication: Replication

    @property
    def log(self) -> Log:
        """Every line of the log."""
        assert self.replication.log is not None
        return self.replication.log

    def of(self, *events: str) -> list[Entry]:
        """Give the lines of the log that tell of these events."""
        return [entry for entry in self.log if entry.event in events]

    def count(self, outcome: str, group: str = "all") -> float:
        """Give one outcome."""
        return value(self.replication, outcome, group)


def run(scenario: Scenario, replication: int = 0, *, seed: int = 1) -> Run:
    """Run a replication and keep the territory, to look at what is still held at the end."""
    kept: list[Territory] = []

    def build_and_keep(*arguments: Any, **named: Any) -> Territory:
        kept.append(build(*arguments, **named))
        return kept[0]

    build = simulation.build
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "build", build_and_keep)
        result = simulate(scenario, seed, replication, log=True)
    return Run(kept[0], result)
