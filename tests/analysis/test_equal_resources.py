"""At equal resources: what counts as professional time, and the factor that makes it the same."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from parcours_sim.analysis.equal_resources import equalise, factor_for
from parcours_sim.analysis.equalised import PILOT, TOLERANCE
from parcours_sim.analysis.professional_time import gp_time, professional_hours
from parcours_sim.care.flatten import flatten
from parcours_sim.engine import simulate
from parcours_sim.engine.setting import settle
from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.identity import scenario_hash
from parcours_sim.scenario.resolve import load_scenario, named_scenarios
from parcours_sim.scenario.slots import with_slots

SMALL = {
    "territory.inhabitants": "2000",
    "horizon.years": "0.5",
    "horizon.warm_up_years": "0.1",
}
SEED = 3
ISOLE = "organisation.practices.isole.model"
VARIANTS = {
    "isole": {},
    "msp": {},
    "paerpa": {},
    "cpts_bretagne_creneaux_ajoutes": {},
    "walk_ins": {f"{ISOLE}.access.walk_in_days_per_week": "2"},
    "salaried": {f"{ISOLE}.access.slots_ratio": "0.9"},
    "meetings": {f"{ISOLE}.coordination_share": "0.2"},
}


class Worlds:
    """A laboratory without a folder: simulates what it is asked for, each once."""

    seed = SEED

    def __init__(self):
        self.known = {}

    def answer(self, question):
        key = scenario_hash(question.scenario)
        if key not in self.known:
            self.known[key] = tuple(
                self.one(question.scenario, number) for number in range(question.replications)
            )
        return self.known[key]

    @staticmethod
    def one(scenario, number):
        found = simulate(scenario, SEED, number, engine="compiled")
        return StoredReplication(found.rows, found.stays, 0, 0, 0.0)


def variant(name, **changes):
    """A scenario in the small territory; what no file is called like is isolated practice."""
    every = SMALL | VARIANTS.get(name, {}) | changes
    file = name if name in named_scenarios() else "isole"
    return load_scenario(file, changes=every).model_copy(update={"name": name})


def settled(scenario, number):
    parameters = flatten(scenario)
    clock = SimpleNamespace(now=parameters.begins)
    return settle(parameters, clock, SEED, number), parameters


def hours_on_offer(scenario, number):
    """Hours of the measured slots that are laid out, and of walk-in sessions."""
    territory, parameters = settled(scenario, number)
    slots = np.count_nonzero((territory.slot_time >= 0) & (territory.slot_time < parameters.ends))
    measured = np.arange(territory.walk_in_closes.shape[1]) + territory.first_day
    closes = territory.walk_in_closes - measured - parameters.work.opens_hour / 24.0
    sessions = closes[:, (measured >= 0) & (measured < parameters.ends)].clip(0.0).sum()
    return 24.0 * (slots * parameters.work.consultation_days + sessions)


def hours_of_all(scenario, number):
    """All professional hours of one world, counted from what is laid out and what happens."""
    counted = {row[:2]: row[2] for row in simulate(scenario, SEED, number, engine="compiled").rows}
    spent = ("nurse_hours", "pharmacist_hours", "coordination_hours")
    return hours_on_offer(scenario, number) + sum(
        counted.get((outcome, "all"), 0.0) for outcome in spent
    )


@pytest.fixture(scope="module")
def found():
    """Return the factors of all variants, and scenarios with them, by name."""
    scenarios = [variant("same"), *map(variant, VARIANTS)]
    factors = {each.scenario: each for each in equalise(scenarios, "isole", Worlds())}
    scaled = {
        each.name: with_slots(each, factors[each.name].factor)
        for each in scenarios
        if each.name in factors
    }
    return factors, scaled


def test_who_asks_an_expert_and_who_answers_take_their_minutes():
    with_experts, minutes = variant("cpts_val_doise_teleexpertise"), 6.0 + 5.0
    asked = ("expert_requests", "all", 90.0)
    hours = [
        professional_hours(
            with_experts, SEED, [StoredReplication(rows, np.array([], np.int64), 0, 0, 0.0)]
        )
        for rows in ((), (asked,))
    ]
    assert hours[1] - hours[0] == pytest.approx(90.0 * minutes / 60.0)


@pytest.mark.parametrize("name", VARIANTS)
def test_gp_time_on_offer_is_that_of_slots_and_sessions_to_a_slot_or_two_of_each_gp(name):
    scenario = variant(name)
    territory, parameters = settled(scenario, 1)
    found, slot = gp_time(scenario, SEED, 1), 24.0 * parameters.work.consultation_days
    room = 2.0 * slot * parameters.work.gps
    assert found.offered == pytest.approx(hours_on_offer(scenario, 1), abs=room)
    assert found.coordination == pytest.approx(24.0 * territory.coordination_days)


def test_coordination_of_gps_is_out_of_their_diaries_and_counts_once():
    at_once = {"organisation.ramp_months": "0"}
    scenarios = [variant(name, **at_once) for name in ("isole", "meetings")]
    usual, meeting = (gp_time(each, SEED, 0) for each in scenarios)
    assert usual.coordination == 0.0
    assert meeting.coordination == pytest.approx(0.2 * usual.offered, rel=1e-9)
    assert meeting.total == pytest.approx(usual.total, rel=1e-9)
    rows = (("coordination_hours", "all", meeting.coordination),)
    counted = StoredReplication(rows, np.zeros(0, np.int64), 0, 0, 0.0)
    hours = professional_hours(scenarios[1], SEED, [counted])
    assert hours == pytest.approx([meeting.total], rel=1e-9)


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "isole"])
def test_hours_of_an_organisation_with_its_factor_are_those_of_the_baseline(found, name):
    factors, scaled = found
    usual, own = (
        np.mean([hours_of_all(each, number) for number in range(PILOT)])
        for each in (variant("isole"), scaled[name])
    )
    whole_slots = 1.2  # hours: two of each of two GPs, which no factor divides
    assert own == pytest.approx(usual, abs=TOLERANCE * usual + whole_slots)
    assert abs(factors[name].left) <= TOLERANCE


def test_an_organisation_identical_to_the_baseline_has_factor_1_exactly(found):
    factors, scaled = found
    assert (factors["same"].factor, factors["same"].gp_hours, factors["same"].left) == (1, 0, 0)
    assert scenario_hash(scaled["same"]) == scenario_hash(variant("isole"))


def test_an_organisation_with_more_coordination_gets_fewer_slots(found):
    factors, _ = found
    hours = "organisation.layers.paerpa.layer.coordination_hours_per_patient_per_year"
    more = variant("paerpa", **{hours: "20"})
    (of_more,) = equalise([variant("isole"), more], "isole", Worlds())
    assert of_more.factor < factors["paerpa"].factor - 0.01 < 1.0
    assert of_more.gp_hours < factors["paerpa"].gp_hours < 0.0


def test_meetings_that_gps_hold_within_their_diaries_take_no_further_slots(found):
    assert found[0]["meetings"].factor == pytest.approx(1.0, rel=0.02)


def test_an_organisation_that_takes_less_gets_more_slots_until_it_has_as_much(found):
    factors, scaled = found
    assert factors["salaried"].factor == pytest.approx(1.0 / 0.9, rel=0.01)
    assert scaled["salaried"].organisation.practices["isole"].model.access.slots_ratio.value == (
        pytest.approx(0.9 * factors["salaried"].factor)
    )


def test_only_slots_of_the_organisation_after_time_0_are_scaled():
    scenario = variant("msp")
    scaled = with_slots(scenario, 0.5)
    assert scaled.before == scenario.before
    assert scaled.territory == scenario.territory
    for name, use in scaled.organisation.practices.items():
        own = scenario.organisation.practices[name].model
        assert use.model.access.slots_ratio.value == 0.5 * own.access.slots_ratio.value
        assert use.model.follow == own.follow


def test_hours_that_no_number_of_slots_makes_equal_are_refused_with_all_that_is_wrong():
    hours = "organisation.layers.paerpa.layer.coordination_hours_per_patient_per_year"
    over = variant("paerpa", **{hours: "500"})
    other = over.model_copy(update={"name": "other"})
    with pytest.raises(StudyError) as refused:
        equalise([variant("isole"), over, other], "isole", Worlds())
    told = str(refused.value).splitlines()
    assert [line.split()[1] for line in told] == ["paerpa", "other"]
    for line in told:
        assert "it would take -" in line
        assert "allowed 0.000001 to 1,000 of slots_ratio" in line


def test_a_factor_is_found_where_hours_bend():
    factor = factor_for(lambda one: 50.0 + 100.0 * one**1.5, 120.0, slope=100.0)
    assert 50.0 + 100.0 * factor**1.5 == pytest.approx(120.0, rel=TOLERANCE)


def test_hours_that_slots_do_not_move_are_told_not_to_come_near():
    with pytest.raises(StudyError, match=r"8 trials leave 9\.1% of them"):
        factor_for(lambda _: 110.0 - 10.0, 110.0, slope=1e9)
