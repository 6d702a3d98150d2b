"""What files may name as outcome and group is what replications count, no more and no less."""

from __future__ import annotations

from collections import defaultdict

import pytest

from parcours_sim.care.flatten import flatten
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.engine import simulate
from parcours_sim.engine.setting import groups_of as laid_out
from parcours_sim.scenario.outcome_groups import INHABITANT_YEARS, groups_of, outcome_names
from parcours_sim.scenario.resolve import load_scenario

CROWDED = {
    "territory.inhabitants": "20000",
    "horizon.years": "1",
    "horizon.warm_up_years": "0.1",
    "territory.hospital.ed_patience_hours": "0.01",
    "territory.professionals.nurse_visits_per_day": "1",
}
"""So that in a year somebody waits in vain at every door."""
RARE = {"nurse_wait_minutes", "ed_visits_gp_absent"} | {
    *("expert_requests", "expert_answers", "expert_requests_waiting"),
    *("expert_wait_minutes", "expert_answer_hours"),
}
"""Means and counts that a group may lack in a year, though it can have them."""


def families(groups: list[str]) -> set[str]:
    return {group.partition(":")[0] for group in groups}


def test_the_names_are_those_of_the_registry_and_inhabitant_years():
    assert outcome_names() == (*OUTCOMES, INHABITANT_YEARS)


@pytest.mark.parametrize("name", ["isole", "mixte_etabli"])
def test_all_groups_together_are_those_that_replications_are_laid_out_by(name: str):
    scenario = load_scenario(name)
    named = {group for outcome in OUTCOMES for group in groups_of(outcome, [scenario])}
    assert named == set(laid_out(flatten(scenario)).labels)


def test_each_outcome_is_counted_by_the_groups_that_it_may_be_asked_by_and_no_others():
    scenario = load_scenario("mixte_etabli", changes=CROWDED)
    counted: dict[str, set[str]] = defaultdict(set)
    for outcome, group, value in simulate(scenario, 1, 0, engine="compiled").rows:
        if value != 0.0:
            counted[outcome].add(group)
    for outcome in OUTCOMES:
        asked = groups_of(outcome, [scenario])
        assert counted[outcome] <= set(asked), outcome
        assert outcome in RARE or families(list(counted[outcome])) == families(asked), outcome


def test_of_several_scenarios_the_groups_are_those_that_all_have():
    msp, mixed = load_scenario("msp"), load_scenario("mixte")
    practices = {group for group in groups_of("deaths", [mixed, msp]) if "practice" in group}
    assert practices == {"practice:msp_avec_si", "practice:msp_sans_si"}
