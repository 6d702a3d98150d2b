"""A scenario whose GPs offer more or fewer slots, in all its practice models alike."""

from __future__ import annotations

from .scenario import Scenario
from .vary import varied

KEY = "organisation.practices.{}.model.access.slots_ratio"


def with_slots(scenario: Scenario, factor: float) -> Scenario:
    """Return a scenario whose practice models offer `factor` times the slots that they offer.

    Their time for coordination, a share of the same diaries, goes with it. The organisation before
    time 0 and what layers add after closing time stay. With factor 1 it is the same scenario.

    Raises ScenarioError where a model would have a `slots_ratio` that the key doesn't allow.
    """
    if factor == 1.0:
        return scenario
    ratios = {
        KEY.format(name): use.model.access.slots_ratio.value * factor
        for name, use in scenario.organisation.practices.items()
    }
    return varied(scenario, ratios, {})
