"""Every parameter by which organisations may differ belongs to exactly one channel."""

from __future__ import annotations

import re

import pytest

from parcours_sim.scenario import channels
from parcours_sim.scenario.channels import ACCOUNTS, CHANNELS, OF_PARAMETER, REACH
from parcours_sim.scenario.coalitions import as_before
from parcours_sim.scenario.difference import differences
from parcours_sim.scenario.resolve import flat_keys, load_scenario, named_scenarios
from parcours_sim.scenario.scenario import Scenario

NO_PARAMETER = re.compile(r"\.(title|description)\.(fr|en)$")
DIGITAL = "layers.territoire_numerique.layer"
EXPERTS = "layers.plateforme_experts.layer"
TAUGHT = "layers.education_therapeutique.layer"
SORTS = {*CHANNELS, REACH, ACCOUNTS}


def of_organisation(scenario: Scenario) -> list[str]:
    """Give the key paths below `organisation`, but for those that are titles."""
    keys = [key for key, _ in flat_keys(scenario) if not NO_PARAMETER.search(key)]
    start = "organisation."
    return [key.removeprefix(start) for key in keys if key.startswith(start)]


def channel_of(scenario: Scenario, key: str) -> str:
    return channels.channel_of(scenario, key)


@pytest.mark.parametrize("name", named_scenarios())
def test_every_parameter_of_every_organisation_has_a_channel(name):
    scenario = load_scenario(name)
    keys = of_organisation(scenario)
    assert len(keys) > 20
    assert {channel_of(scenario, key) for key in keys} <= SORTS


@pytest.mark.parametrize("name", named_scenarios())
def test_every_parameter_by_which_a_scenario_differs_from_its_baseline_has_a_channel(name):
    scenario = load_scenario(name)
    found = differences(as_before(scenario), scenario)
    for each in found:
        if each.right is not None and not NO_PARAMETER.search(each.right.key):
            assert each.right.key.startswith("organisation.")
            key = each.right.key.removeprefix("organisation.")
            assert channel_of(scenario, key) in SORTS


def test_every_row_of_the_table_is_of_some_parameter():
    keys = {key for name in named_scenarios() for key in of_organisation(load_scenario(name))}
    for pattern in OF_PARAMETER:
        parts = [r"[^.]+" if part == "*" else re.escape(part) for part in pattern.split(".")]
        end = r"\..+" if pattern.endswith(".*") else ""
        wanted = re.compile(r"\.".join(parts) + end)
        assert any(wanted.fullmatch(key) for key in keys), pattern


def test_a_parameter_that_the_table_lacks_is_an_error_not_nobodys():
    scenario = load_scenario("msp")
    for key in ("practices.msp_avec_si.model.luck_share", "layers.cpts.layer.luck", "luck"):
        with pytest.raises(KeyError):
            channel_of(scenario, key)


def test_every_channel_has_a_parameter():
    found = {
        channel_of(scenario, key)
        for scenario in map(load_scenario, named_scenarios())
        for key in of_organisation(scenario)
    }
    assert found == SORTS


@pytest.mark.parametrize(
    ("name", "key", "channel"),
    [
        ("msp", "practices.msp_avec_si.model.links.nurse_to_gp.delay_ratio", "warning"),
        ("msp", "practices.msp_avec_si.model.links.patient_to_gp.loss_ratio", "warning"),
        ("msp", "practices.msp_avec_si.model.links.pharmacist_to_gp.loss_ratio", "medicines"),
        ("msp", "practices.msp_avec_si.model.links.hospital_to_nurse.delay_ratio", "discharge"),
        ("msp", "practices.msp_avec_si.model.follow.delegated_share", "capacity"),
        ("msp", "practices.msp_avec_si.share", "reach"),
        ("msp", "practices.msp_avec_si.model.funding_per_practice_eur_per_year", "accounts"),
        ("cpts", "layers.cpts.layer.added_slots_per_gp_per_day", "unscheduled"),
        ("landes_territoire_numerique", f"{DIGITAL}.links.nurse_to_gp.delay_ratio", "warning"),
        ("cpts", "layers.cpts.layer.without_gp_taken_in_share", "unscheduled"),
        ("cpts_val_doise_teleexpertise", f"{EXPERTS}.expert_share", "expert_advice"),
        ("cpts_val_doise_teleexpertise", f"{EXPERTS}.experts_per_100k", "expert_advice"),
        ("education_therapeutique", f"{TAUGHT}.patient_delay_ratio", "warning"),
        ("paerpa", "layers.paerpa.layer.doctor_first_share", "admission_route"),
        ("paerpa", "layers.paerpa.layer.protocol_visits_per_year", "control"),
    ],
)  # fmt: skip
def test_parameters_have_the_channel_that_the_documentation_says(name, key, channel):
    assert channel_of(load_scenario(name), key) == channel


def test_what_a_layer_for_people_with_drug_incidents_alone_does_to_links_is_about_medicines():
    scenario = load_scenario("msp_haute_loire_anticoagulants")
    key = "links.nurse_to_gp.delay_ratio"
    assert channel_of(scenario, f"layers.anticoagulants.layer.{key}") == "medicines"
    assert channel_of(scenario, f"practices.msp_avec_si.model.{key}") == "warning"


def test_signs_noticed_are_about_medicines_where_the_kind_is_a_drug_incident():
    scenario = load_scenario("msp_haute_loire_anticoagulants")
    start = "layers.anticoagulants.layer.noticing"
    assert channel_of(scenario, f"{start}.anticoagulant.gp_share") == "medicines"
    assert channel_of(scenario, f"{start}.copd.gp_share") == "warning"
