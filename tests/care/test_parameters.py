"""A resolved scenario becomes plain numbers: hazards, intervals, places, positions."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import STACKED, parameters

from parcours_sim.care import flatten as flattening
from parcours_sim.care.draws import stable_id
from parcours_sim.care.flatten import flatten, hazard_per_day, interval_days, places
from parcours_sim.care.parameters import DAYS_PER_YEAR, GP, NURSE, PHARMACIST, ROLES
from parcours_sim.scenario.resolve import load_scenario

HEART = "episodes__heart_failure"


def kind(of, name):
    return next(row for row in of.kinds if row.name == name)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(flattening).failed == 0


def test_contacts_per_year_become_days_between_them_and_none_becomes_never():
    assert interval_days(12.0) == DAYS_PER_YEAR / 12.0
    assert interval_days(0.0) == math.inf


@given(st.floats(0.0, 0.99))
def test_a_share_a_year_becomes_the_hazard_under_which_that_share_meets_the_event(share):
    assert 1.0 - math.exp(-hazard_per_day(share) * DAYS_PER_YEAR) == pytest.approx(share, abs=1e-9)


def test_places_follow_the_square_root_rule_and_there_is_always_one():
    assert places(100.0, 1.5) == 115
    assert places(4.0, 0.0) == 4
    assert places(0.0, 2.0) == 1


def test_conditions_links_and_kinds_stand_in_alphabetical_order_with_stable_numbers():
    of = parameters()
    for family in (of.conditions, of.links, of.kinds):
        names = [row.name for row in family]
        assert names == sorted(names)
        assert all(row.id == stable_id(row.name) for row in family)


def test_messages_about_a_kind_over_a_link_have_an_address_of_their_own():
    of = parameters()
    numbers = [number for row in of.kinds for number in row.link_ids]
    assert len(numbers) == len(of.kinds) * len(of.links)
    assert len(set(numbers)) == len(numbers)


def test_the_ceiling_of_a_kind_is_the_product_of_its_plausible_highs():
    scenario = load_scenario("isole")
    table = scenario.episodes["heart_failure"]
    control = scenario.territory.conditions["heart_failure"].control
    excess = scenario.territory.after_discharge.excess_hazard_ratio.high
    expected = table.rate_per_year.high / DAYS_PER_YEAR * (1.0 + excess)
    expected *= (1.0 + table.winter_amplitude_share.high) * control.poor_hazard_ratio.high
    assert kind(parameters(), "heart_failure").ceiling_per_day == pytest.approx(expected)


def test_a_number_moved_within_its_range_moves_no_candidate():
    former = kind(parameters(), "heart_failure").ceiling_per_day
    moved = parameters(
        **{
            f"{HEART}__rate_per_year": 0.3,
            "territory__after_discharge__excess_hazard_ratio": 2.5,
            "territory__conditions__heart_failure__control__poor_hazard_ratio": 1.1,
        }
    )
    assert kind(moved, "heart_failure").ceiling_per_day == former


def test_no_organisation_changes_anything_but_practices_layers_and_shares():
    names = ("isole", "regroupe", "esp", "msp", "centre_de_sante", "cpts", "paerpa", "mixte")
    world = [
        (of.conditions, of.links, of.kinds, of.people, of.demand, of.work, of.hospital, of.after)
        for of in map(parameters, names)
    ]
    assert all(one == world[0] for one in world)


def test_a_layer_knows_the_place_of_the_condition_that_it_is_for_or_that_there_is_none():
    layers = {"anticoagulants": "anticoagulated", "cpts": None, "paerpa": None}
    for scenario in ("msp_haute_loire_anticoagulants", STACKED):
        of = parameters(scenario)
        for layer in of.layers:
            names = [row.name for row in of.conditions]
            wanted = layers[layer.name]
            assert layer.condition == (names.index(wanted) if wanted else -1)
            assert layer.older_only is (layer.name == "paerpa")


def test_what_a_layer_notices_stands_at_its_kind_and_role_and_is_nothing_elsewhere():
    of = parameters("msp_haute_loire_anticoagulants")
    (layer,) = of.layers
    table = load_scenario("msp_haute_loire_anticoagulants").organisation.layers[layer.name].layer
    added = table.noticing["anticoagulant"]
    expected = {
        GP: added.gp_share.value,
        NURSE: added.nurse_share.value,
        PHARMACIST: added.pharmacist_share.value,
    }
    for row, shares in zip(of.kinds, layer.noticing, strict=True):
        wanted = expected if row.name == "anticoagulant" else {}
        assert list(shares) == [wanted.get(role, 0.0) for role in range(len(ROLES))]
    assert len(set(expected.values())) > 1


def test_the_shares_of_practice_models_sum_to_one_before_and_after():
    for name in ("isole", "mixte", "msp"):
        for shares in parameters(name).practice_shares:
            assert math.fsum(shares) == pytest.approx(1.0)


def test_rounding_the_number_of_gps_changes_no_supply():
    of = parameters(territory__inhabitants=3000)
    expected = load_scenario("isole").territory.professionals.gps_per_100k.value * 0.03
    assert of.work.gps * of.work.gp_capacity_ratio == pytest.approx(expected)


def test_the_horizon_is_whole_days_and_the_warm_up_lies_before_0():
    of = parameters()
    assert (of.begins, of.ends) == (-91.0, 365.0)
    everything = flatten(load_scenario("isole"))
    assert (everything.begins, everything.ends) == (-365.0, 1826.0)


def test_a_kind_of_everyone_or_of_an_age_has_no_condition():
    of = parameters()
    assert kind(of, "acute_need").condition == -1
    assert of.conditions[kind(of, "copd").condition].name == "copd"
