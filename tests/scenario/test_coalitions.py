"""Channels switched between two organisations: the ends are the two, and nothing else moves."""

from __future__ import annotations

import re

import pytest
from tests.engine.small import busy

from parcours_sim.engine import simulate
from parcours_sim.scenario.channels import ACCOUNTS, channel_of
from parcours_sim.scenario.coalitions import Mixable, as_before, mixable
from parcours_sim.scenario.difference import differences
from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.resolve import load_scenario, named_scenarios
from parcours_sim.scenario.scenario import Scenario

PLAYERS = {
    "msp": ("warning", "discharge", "medicines", "control", "capacity"),
    "msp_bourgogne_franche_comte_diabete": (
        *("warning", "discharge", "medicines", "control", "capacity"),
    ),
    "regroupe": ("warning", "capacity"),
    "cpts": (
        *("warning", "discharge", "medicines", "unscheduled"),
        *("admission_route", "control", "capacity"),
    ),
    "cpts_bretagne_creneaux_ajoutes": ("discharge", "unscheduled", "admission_route"),
    "paerpa": ("discharge", "admission_route", "control"),
    "prado_ic": ("discharge",),
    "msp_haute_loire_anticoagulants": ("medicines", "control"),
    "isole": (),
}


def mixed(name: str, **changes) -> Mixable:
    scenario = load_scenario(name, changes={k.replace("__", "."): v for k, v in changes.items()})
    return mixable(scenario, as_before(scenario))


def measured(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Give all that one replication measures, but by practice model, whose names differ."""
    rows = simulate(scenario, 3, 0, engine="compiled").rows
    return {row[:2]: row[2] for row in rows if not row[1].startswith("practice:")}


def moved(here: Scenario, there: Scenario) -> set[str]:
    """Give the keys below `organisation` whose values differ."""
    found = (each for each in differences(here, there) if each.of_value)
    keys = {side.key for each in found for side in (each.left, each.right) if side is not None}
    return {key.removeprefix("organisation.") for key in keys}


def refusal(scenario: Scenario, baseline: Scenario) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        mixable(scenario, baseline)
    return [f"{found.key}: {found.found}" for found in error.value.findings]


def from_file(folder, text: str, name: str = "other") -> Scenario:
    path = folder / f"{name}.toml"
    titles = 'title = { fr = "Autre", en = "Other" }\ndescription = { fr = "Un.", en = "One." }\n'
    extends, _, rest = text.partition("\n")
    path.write_text(f"{extends}\n{titles}{rest}", encoding="utf-8")
    return load_scenario(path)


@pytest.mark.parametrize("name", named_scenarios())
def test_all_channels_off_is_exactly_the_baseline_and_all_on_exactly_the_scenario(name):
    scenario = busy(name, territory__inhabitants=9000, horizon__years=0.3)
    found = mixable(scenario, as_before(scenario))
    off, on = measured(as_before(scenario)), measured(scenario)
    assert measured(found.coalition(())) == off
    assert measured(found.coalition(found.players)) == on
    assert (off == on) == (found.players == ())


@pytest.mark.parametrize("name", [name for name in named_scenarios() if mixed(name).players])
def test_a_channel_moves_its_own_parameters_and_all_channels_together_move_all(name):
    found = mixed(name)
    nothing = found.coalition(())
    together: set[str] = set()
    for channel in found.players:
        keys = moved(nothing, found.coalition([channel]))
        of = {channel_of(found.frame, key) for key in keys}
        assert channel in of
        assert of <= {channel, ACCOUNTS}
        together |= keys
    assert together == moved(nothing, found.coalition(found.players))


@pytest.mark.parametrize(("name", "players"), PLAYERS.items())
def test_channels_that_the_scenario_moves_are_the_players(name, players):
    assert mixed(name).players == players


def test_two_channels_on_are_each_as_they_are_alone():
    found = mixed("paerpa")
    both = found.coalition(["discharge", "admission_route"]).organisation.layers["paerpa"].layer
    assert (
        both.recall_share.value
        == found.scenario.organisation.layers["paerpa"].layer.recall_share.value
    )
    assert both.direct_admission_share.value == pytest.approx(0.9)
    assert both.protocol_visits_per_year.value == 0.0


def test_whom_an_organisation_reaches_stays_while_channels_are_switched():
    found = mixed("msp")
    for on in ((), ("warning",), ("control", "capacity")):
        practices = found.coalition(on).organisation.practices
        assert {name: use.share.value for name, use in practices.items()} == {
            "msp_avec_si": 0.61,
            "msp_sans_si": 0.39,
        }
        for use in practices.values():
            assert use.model.nurse_in_team_share.value == 0.7


def test_a_share_that_the_territory_exceeds_anyway_moves_nothing():
    # The layer has as many calls before the ED as anywhere, and its letters are the territory's.
    assert "admission_route" not in mixed("prado_ic").players
    key = "organisation__layers__retour_a_domicile__layer__direct_admission_share"
    assert "admission_route" in mixed("prado_ic", **{key: 0.11}).players
    assert "admission_route" not in mixed("prado_ic", **{key: 0.1}).players


def test_what_is_asked_of_a_team_that_nobody_is_in_moves_nothing():
    nobody = {"nurse_in_team_share": 0.0, "pharmacist_in_team_share": 0.0}
    changes = {f"organisation__practices__esp__model__{key}": v for key, v in nobody.items()}
    # What is left of a team: the GP's own protocol, recalls and time.
    assert mixed("esp", **changes).players == ("discharge", "control", "capacity")


def test_money_and_counted_hours_come_with_any_channel_and_not_without():
    found = mixed("paerpa")
    fees = [
        found.coalition(on).organisation.layers["paerpa"].layer.funding_per_patient_eur_per_year
        for on in ((), ("discharge",), found.players)
    ]
    assert [each.value for each in fees] == [0.0, 100.0, 100.0]


def test_a_channel_by_which_the_two_do_not_differ_is_refused():
    with pytest.raises(ValueError, match=re.escape("['unscheduled']")):
        mixed("paerpa").coalition(["discharge", "unscheduled"])


def test_any_baseline_of_one_practice_model_without_cover_can_be_mixed():
    esp, isole = load_scenario("esp"), load_scenario("isole")
    found = mixable(load_scenario("mixte"), isole)
    assert measured_shares(found.coalition(())) == measured_shares(load_scenario("mixte"))
    assert mixable(esp, isole).players == mixed("esp").players


def measured_shares(scenario: Scenario) -> dict[str, float]:
    return {name: use.share.value for name, use in scenario.organisation.practices.items()}


def test_a_layer_that_only_the_baseline_has_is_switched_off(tmp_path):
    scenario, baseline = busy("isole"), busy("paerpa")
    found = mixable(scenario, baseline)
    assert found.players == ("discharge", "admission_route", "control")
    assert measured(found.coalition(())) == measured(baseline)
    assert measured(found.coalition(found.players)) == measured(scenario)


def test_a_layer_of_both_that_differs_is_mixed_where_it_reaches_the_same_people():
    change = {"organisation.layers.paerpa.layer.recall_share": 0.7}
    scenario = load_scenario("paerpa", changes=change)
    assert mixable(scenario, load_scenario("paerpa")).players == ("discharge",)


def test_layers_that_reach_other_shares_of_people_are_refused():
    found = refusal(load_scenario("paerpa"), load_scenario("paerpa_toulouse"))
    assert found == ["organisation.layers.paerpa.uptake_share: 0.8"]


def test_a_layer_that_was_there_before_the_start_has_to_stay(tmp_path):
    scenario = from_file(tmp_path, 'extends = "isole"\nbefore = "paerpa"')
    assert refusal(scenario, as_before(scenario)) == [
        "organisation.layers.paerpa: a layer of one of the two"
    ]
    assert mixable(as_before(scenario), as_before(scenario)).players == ()


@pytest.mark.parametrize("baseline", ["regroupe", "mixte"])
def test_practices_that_would_be_split_otherwise_are_refused(baseline):
    (found,) = refusal(load_scenario("msp"), load_scenario(baseline))
    assert found.startswith("organisation.practices: ")
    assert "regroupe" in found


def test_teams_of_other_patients_that_both_do_something_are_refused_model_by_model():
    found = refusal(load_scenario("msp"), load_scenario("esp"))
    start = "organisation.practices.esp.model."
    assert set(found) == {
        f"{start}nurse_in_team_share: 0.6",
        f"{start}pharmacist_in_team_share: 0.3",
    }


def test_a_start_that_takes_another_time_is_refused_unless_nothing_starts_in_the_baseline():
    changes = {"organisation.ramp_months": 12.0}
    slow = load_scenario("cpts", changes=changes)
    assert refusal(slow, load_scenario("mixte")) == ["organisation.ramp_months: 6"]
    assert mixable(slow, as_before(slow)).players == PLAYERS["cpts"]


def test_what_was_before_has_the_title_of_its_one_practice_model():
    assert as_before(load_scenario("msp")).title.fr == "Exercice isolé"
    assert as_before(load_scenario("cpts_bretagne_creneaux_ajoutes")).title.en == (
        "The organisation before"
    )
    assert as_before(load_scenario("msp")).name == "before"
