"""Experts keep up with as many cases as S24 counts, and would not if they had less time."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario

PLATFORM = "cpts_val_doise_teleexpertise"
ADVICE = "territory.expert_advice"
HURRIED = {
    "organisation.layers.plateforme_experts.layer.experts_per_100k": 1.0,
    f"{ADVICE}.reading_minutes": 15.0,
    f"{ADVICE}.expert_minutes_per_day": 15.0,
}
"""One expert who reads one case a day, less than half of those that come."""
CASES_OF_S24, WORLDS = 430, 4


@cache
def outcomes(parameter_set: str, hurried: bool, years: float = 0.5) -> list[dict[str, float]]:
    changes = {**(HURRIED if hurried else {}), "horizon.years": years}
    scenario = load_scenario(PLATFORM, parameter_set=parameter_set, changes=changes)
    found = (simulate(scenario, 1, world, engine="compiled").rows for world in range(WORLDS))
    return [{outcome: value for outcome, group, value in rows if group == "all"} for rows in found]


def mean(outcome: str, *asked) -> float:
    return float(np.mean([found[outcome] for found in outcomes(*asked)]))


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_experts_answer_the_cases_of_s24_and_none_waits_at_the_end(parameter_set):
    assert mean("expert_answers", parameter_set, False) >= CASES_OF_S24
    assert mean("expert_requests_waiting", parameter_set, False) < 1.0
    assert mean("expert_wait_minutes", parameter_set, False) < 60.0


def test_their_queue_does_not_grow_with_time():
    short, long = (mean("expert_wait_minutes", "documents", False, years) for years in (0.25, 0.5))
    assert long < short + 30.0


def test_the_queue_of_experts_without_time_grows_and_cases_wait_at_the_end():
    assert mean("expert_answers", "documents", True) < 0.5 * CASES_OF_S24
    assert mean("expert_requests_waiting", "documents", True) > 0.4 * CASES_OF_S24
    short, long = (mean("expert_wait_minutes", "documents", True, years) for years in (0.25, 0.5))
    assert long > 1.5 * short > 0.0
