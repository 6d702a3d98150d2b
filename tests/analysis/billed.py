"""Replications with counts chosen by hand, for the tests of bills and prices."""

from __future__ import annotations

import numpy as np

from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

COUNTS = {
    ("gp_contacts", "all"): 1000.0,
    ("gp_contacts", "practice:isole"): 400.0,
    ("nurse_contacts", "all"): 300.0,
    ("nurse_contacts", "practice:isole"): 300.0,
    ("pharmacist_contacts", "all"): 120.0,
    ("pharmacist_contacts", "practice:isole"): 120.0,
    ("ed_visits", "all"): 60.0,
    ("ed_visits", "practice:isole"): 10.0,
    ("hospitalisations", "all"): 12.0,
    ("hospitalisations", "kind:heart_failure"): 7.0,
    ("hospitalisations", "kind:copd"): 5.0,
    ("cost_coordination_eur", "all"): 0.0,
    ("person_years", "all"): 320.0,
    ("coordinated_years", "all"): 0.0,
    ("expert_requests", "all"): 5.0,
    ("expert_requests", "practice:isole"): 5.0,
    ("gp_hours", "all"): 300.0,
    ("nurse_hours", "all"): 100.0,
    ("pharmacist_hours", "all"): 10.0,
    ("coordination_hours", "all"): 0.0,
}
ORGANISED = {
    ("nurse_contacts", "all"): 340.0,
    ("nurse_contacts", "practice:isole"): 340.0,
    ("hospitalisations", "all"): 9.0,
    ("hospitalisations", "kind:copd"): 2.0,
    ("cost_coordination_eur", "all"): 5000.0,
    ("nurse_hours", "all"): 120.0,
    ("coordination_hours", "all"): 40.0,
    ("coordinated_years", "all"): 80.0,
}
"""What an organisation changes: more nurse visits, three stays fewer, and its funding."""


def replication(**changed: float) -> StoredReplication:
    """A replication with those counts; changed are totals of everyone, by outcome."""
    counts = COUNTS | {(outcome, "all"): value for outcome, value in changed.items()}
    return stored(counts)


def organised(**changed: float) -> StoredReplication:
    """The same world under the organisation."""
    return stored(COUNTS | ORGANISED | {(key, "all"): value for key, value in changed.items()})


def stored(counts: dict[tuple[str, str], float]) -> StoredReplication:
    """A replication that holds these counts and no stay's key."""
    rows = tuple((*key, value) for key, value in counts.items())
    return StoredReplication(rows, np.array([], dtype=np.int64), 0, 0, 0.0)


def scenario(**costs: float) -> Scenario:
    """Isolated practice, with unit costs of the territory as asked."""
    changes = {f"territory.costs.{key}": str(value) for key, value in costs.items()}
    return load_scenario("isole", changes=changes)
