"""Every packaged scenario: it loads, its numbers say where they come from, its hash is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.files import named_scenarios, scenario_folder
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import (
    dump_scenario,
    file_findings,
    flat_keys,
    load_dump,
    load_scenario,
    scenario_hash,
)

NAMES = named_scenarios()
SETS = ("documents", "literature")
PARTS = sorted((scenario_folder() / "library").glob("*/*.toml"))


def test_the_organisations_of_the_question_are_there() -> None:
    wanted = {"isole", "regroupe", "esp", "msp", "centre_de_sante", "cpts", "paerpa"}
    assert wanted <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parameter_set", SETS)
def test_a_named_scenario_comes_back_equal_from_its_dump(name: str, parameter_set: str) -> None:
    scenario = load_scenario(name, parameter_set=parameter_set)
    again = load_dump(dump_scenario(scenario))
    assert again == scenario
    assert scenario.name == name
    assert scenario.parameter_set == parameter_set
    assert scenario_hash(again) == scenario_hash(load_scenario(name, parameter_set=parameter_set))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parameter_set", SETS)
def test_every_number_names_its_evidence_or_its_assumption(name: str, parameter_set: str) -> None:
    numbers = 0
    for path, item in flat_keys(load_scenario(name, parameter_set=parameter_set)):
        if isinstance(item, Quantity):
            numbers += 1
            assert (item.evidence is None) != (item.assumption is None), path
            assert item.literature is None, path
        else:
            assert isinstance(item, str | bool), path
    assert numbers > 300


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parameter_set", SETS)
def test_a_value_that_rests_on_evidence_is_that_of_the_ledger(
    name: str, parameter_set: str
) -> None:
    strangers = [
        f"{path}: {item.value} against {item.evidence}"
        for path, item in flat_keys(load_scenario(name, parameter_set=parameter_set))
        if isinstance(item, Quantity) and item.evidence and not item.note
        if not agrees(item.value, item.evidence)
    ]
    assert strangers == []


def agrees(value: float, evidence: str) -> bool:
    """Return whether a value is its row's own, per cent read as a share, or within its range."""
    row = load_ledger()[evidence]
    scale = 0.01 if row.unit.startswith("%") else 1.0
    if row.value is not None and value == pytest.approx(row.value * scale, rel=1e-9):
        return True
    if row.low is None or row.high is None:
        return False
    return row.low * scale * (1 - 1e-9) <= value <= row.high * scale * (1 + 1e-9)


@pytest.mark.parametrize("path", PARTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_library_file_has_no_findings(path: Path) -> None:
    assert file_findings(path) == []


def test_no_two_named_scenarios_are_the_same() -> None:
    hashes = {scenario_hash(load_scenario(name)) for name in NAMES}
    assert len(hashes) == len(NAMES)


def test_the_baseline_is_its_own_past() -> None:
    scenario = load_scenario("isole")
    assert scenario.before == scenario.organisation


PASTS = {
    "cpts_bretagne_soins_non_programmes": "mixte",
    "cpts_bretagne_creneaux_ajoutes": "mixte",
    "cpts_val_doise_teleexpertise": "cpts",
    "mixte_etabli": "mixte",
    "msp_deux_ans": "msp",
    "msp_haute_loire_anticoagulants": "msp",
}
"""What was in force before time 0 where that is not the baseline."""
FEW_GPS = {"territoire_sous_dense", "territoire_sous_dense_organise", "hybride_rural"} | {
    "bus_prevention_grand_est"
}
"""Scenarios of another world, with few GPs."""
WORLDS = {
    **dict.fromkeys(FEW_GPS, "territoire_sous_dense"),
    "cpts_crise_sanitaire": "crise_sanitaire",
}
"""The scenario whose world a scenario shares, where that is not the baseline's."""
OF_ITS_OWN = {
    "crise_sanitaire": {"surge_ratio", "surge_begins_days", "surge_days"},
    "cpts_val_doise_teleexpertise": {"inhabitants"},
}
"""Scenarios that change the world themselves, and what they change."""


@pytest.mark.parametrize("name", NAMES)
def test_every_named_scenario_has_the_baseline_world_and_a_named_past(name: str) -> None:
    scenario = load_scenario(name)
    baseline = load_scenario(WORLDS.get(name, "isole"))
    usual = dict(flat_keys(baseline))
    world = ((key, item) for key, item in flat_keys(scenario) if key.startswith("territory."))
    changed = {key.rpartition(".")[2] for key, item in world if item != usual[key]}
    assert changed == OF_ITS_OWN.get(name, set())
    assert scenario.episodes == baseline.episodes
    assert scenario.before == load_scenario(PASTS.get(name, "isole")).organisation


def test_a_territory_with_few_gps_differs_from_the_standard_one_in_what_it_names() -> None:
    sparse, usual = load_scenario("territoire_sous_dense"), load_scenario("isole")
    assert sparse.organisation == usual.organisation
    assert sparse.episodes == usual.episodes
    changed = {key for key, item in flat_keys(sparse) if item != dict(flat_keys(usual))[key]}
    assert changed == {
        "territory.professionals.gps_per_100k",
        "territory.people.without_gp_share",
        "territory.people.patients_without_gp_share",
    }


@pytest.mark.parametrize(
    ("name", "compared", "differ_in"),
    [
        ("msp_haute_loire_anticoagulants", "msp_deux_ans", "layers"),
        ("cpts_bretagne_creneaux_ajoutes", "cpts_bretagne_soins_non_programmes", "layers"),
        ("prado_ic", "isole", "layers"),
        ("msp_bourgogne_franche_comte_diabete", "isole", "practices"),
    ],
)
def test_what_a_claim_is_compared_with_differs_in_the_claim_alone(
    name: str, compared: str, differ_in: str
) -> None:
    one, other = load_scenario(name), load_scenario(compared)
    assert (one.horizon, one.before) == (other.horizon, other.before)
    parts = {"layers", "practices"}
    assert getattr(one.organisation, differ_in) != getattr(other.organisation, differ_in)
    (same,) = parts - {differ_in}
    assert getattr(one.organisation, same) == getattr(other.organisation, same)


@pytest.mark.parametrize("name", NAMES)
def test_the_quick_run_of_the_manual_works_for_every_scenario(name: str) -> None:
    changes = {
        "territory.inhabitants": "3000",
        "horizon.years": "1",
        "horizon.warm_up_years": "0.5",
    }
    scenario = load_scenario(name, changes=changes)
    assert scenario.territory.inhabitants.value == 3000.0
    assert scenario.horizon.years.value == 1.0
    assert scenario.horizon.warm_up_years.value == 0.5
