"""Key paths on the command line and in [changes]: what they reach, keep and refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parcours_sim.scenario.changes import change, in_place, leaves, parsed
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import flat_keys, load_scenario

Write = Callable[..., Any]


def refused(changes: dict[str, Any], name: str = "isole") -> list[Finding]:
    with pytest.raises(ScenarioError) as error:
        load_scenario(name, changes=changes)
    return list(error.value.findings)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3000", 3000),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("always_open", "always_open"),
        ('"quoted"', "quoted"),
        ("2025-01-01", "2025-01-01"),
        ("1,5", "1,5"),
        ("1\nother = 2", "1\nother = 2"),
        ("[1, 2]", "[1, 2]"),
        ("", ""),
        ("[" * 5000, "[" * 5000),
    ],
)
def test_text_is_read_as_toml_where_it_is_a_plain_value(text: str, value: object) -> None:
    assert parsed(text) == value
    assert type(parsed(text)) is type(value)


def test_a_changed_number_takes_the_user_as_its_reason_and_widens_its_range() -> None:
    usual = load_scenario("isole").territory.inhabitants
    few = load_scenario("isole", changes={"territory.inhabitants": "300"}).territory.inhabitants
    assert (few.value, few.low, few.high) == (300.0, 300.0, usual.high)
    assert (few.evidence, few.assumption, few.note) == (None, "set by the user", None)


def test_the_part_value_is_the_same_as_the_quantity_itself() -> None:
    short = load_scenario("isole", changes={"horizon.years": 2})
    assert load_scenario("isole", changes={"horizon.years.value": 2}) == short


def test_an_end_of_the_range_can_be_set_alone() -> None:
    years = load_scenario("isole", changes={"horizon.years.high": "20"}).horizon.years
    usual = load_scenario("isole").horizon.years
    assert years == usual.model_copy(update={"high": 20.0})


def test_every_key_path_can_be_set_to_what_it_already_is() -> None:
    scenario = load_scenario("cpts")
    quantities, others = {}, {}
    for path, item in flat_keys(scenario):
        if isinstance(item, Quantity):
            quantities[path] = item.value
        else:
            others[path] = item
    again = load_scenario("cpts", changes=others)
    assert again == scenario
    values = [item.value for _, item in flat_keys(scenario) if isinstance(item, Quantity)]
    again = load_scenario("cpts", changes=quantities)
    assert [i.value for _, i in flat_keys(again) if isinstance(i, Quantity)] == values


@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        ("territory.professionals.calendar", "always_open", "always_open"),
        ("episodes.copd.urgent", "false", False),
        ("horizon.start_date", "2030-01-01", "2030-01-01"),
        ("territory.title.fr", "2030", "2030"),
    ],
)
def test_texts_choices_days_and_booleans_can_be_set(path: str, text: str, read: object) -> None:
    assert dict(flat_keys(load_scenario("isole", changes={path: text})))[path] == read


def test_the_organisation_and_the_one_before_it_change_apart() -> None:
    key = "organisation.practices.isole.model.access.own_gp_tolerance_days"
    scenario = load_scenario("isole", changes={key: 9})
    usual = load_scenario("isole")
    assert scenario.organisation.practices["isole"].model.access.own_gp_tolerance_days.value == 9.0
    assert scenario.before == usual.before


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("territory.inhabitant", "territory.inhabitants"),
        ("inhabitants", "territory.inhabitants"),
        ("territorry.inhabitants", "territory.inhabitants"),
        ("organisation.layers.cpst.uptake_share", "organisation.layers.cpts.uptake_share"),
        ("horizon.years.hihg", "horizon.years"),
    ],
)
def test_an_unknown_path_is_refused_with_the_nearest_one(path: str, near: str) -> None:
    [finding] = refused({path: "1"}, "cpts")
    assert (finding.file, finding.code, finding.key) == ("--set", "unknown-key", path)
    assert finding.nearest is not None
    assert finding.nearest.startswith(near)


@pytest.mark.parametrize("path", ["name", "parameter_set", "title.fr", "", ".", "a.b", "a..b"])
def test_what_is_not_below_a_table_of_the_scenario_cannot_be_set(path: str) -> None:
    [finding] = refused({path: "1"})
    assert finding.code == "unknown-key"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("episodes.copd.treatment.efficacy_share", "1.2", "out-of-bounds"),
        ("episodes.copd.rate_per_year", "-1", "out-of-bounds"),
        ("horizon.years", "0", "out-of-bounds"),
        ("horizon.years", "nan", "not-finite"),
        ("horizon.years", "1e999", "not-finite"),
        ("horizon.years", "9" * 400, "wrong-type"),
        ("horizon.years", "true", "wrong-type"),
        ("horizon.years", "two", "wrong-type"),
        ("horizon.years", "1,5", "wrong-type"),
        ("horizon.years", None, "wrong-type"),
        ("horizon.years", 10**400, "wrong-type"),
        ("horizon.years.low", "99", "outside-range"),
        ("horizon.start_date", "2025-13-01", "not-a-date"),
        ("territory.professionals.calendar", "germany", "unknown-choice"),
        ("episodes.copd.urgent", "1", "wrong-type"),
        ("episodes.copd", "1", "wrong-type"),
        ("territory.professionals.gp_closes_hour", "7", "hours"),
        ("episodes.copd.at_risk", "cpod", "unknown-name"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_at_its_path(
    path: str, value: Any, code: str
) -> None:
    [finding] = refused({path: value})
    assert (finding.file, finding.code) == ("--set", code)
    assert finding.key.startswith(path)


def test_a_table_that_lacks_an_end_is_refused_also_if_another_change_follows() -> None:
    findings = refused({"horizon.years": "{ value = 2 }", "horizon.years.value": "3"})
    assert [(finding.code, finding.key) for finding in findings] == [
        ("wrong-type", "horizon.years.value.low"),
        ("wrong-type", "horizon.years.value.high"),
    ]


def test_all_wrong_changes_are_reported_together() -> None:
    findings = refused({"horizon.years": "nan", "horizon.yers": "1", "episodes.copd.urgent": "x"})
    assert {finding.code for finding in findings} == {"not-finite", "unknown-key", "wrong-type"}


def test_one_share_moved_alone_is_refused_with_the_sum_found() -> None:
    [finding] = refused({"organisation.practices.msp_avec_si.share": "0.5"}, "msp")
    assert (finding.file, finding.key) == ("--set", "organisation.practices")
    assert (finding.code, finding.found) == ("sum", "a sum of 0.89")


def test_shares_moved_together_are_taken() -> None:
    changes = {
        "organisation.practices.msp_avec_si.share": "0.5",
        "organisation.practices.msp_sans_si.share": "0.5",
    }
    practices = load_scenario("msp", changes=changes).organisation.practices
    assert [use.share.value for use in practices.values()] == [0.5, 0.5]


@pytest.mark.parametrize("root", ["organisation", "before"])
@pytest.mark.parametrize(
    "key",
    [
        *("crisis_ratio", "admission_ratio", "ed_visits_ratio", "window_ratio"),
        *("efficacy_share", "hazard_ratio", "hospitalisations_ratio", "EmergencyFactor"),
    ],
)
def test_an_effect_cannot_be_written_into_an_organisation(root: str, key: str) -> None:
    for path in (f"{root}.{key}", f"{root}.practices.isole.model.follow.{key}"):
        [finding] = refused({path: "0.9"})
        assert finding.code == "forbidden-effect"
        assert "must emerge" in finding.allowed


def test_the_command_line_comes_after_the_file(write: Write) -> None:
    path = write('[changes]\n"horizon.years" = 3\n"horizon.warm_up_years" = 0.5')
    horizon = load_scenario(path, changes={"horizon.years": "2"}).horizon
    assert (horizon.years.value, horizon.warm_up_years.value) == (2.0, 0.5)


def test_changes_of_a_child_come_after_those_of_its_parent(write: Write) -> None:
    write('[changes]\n"horizon.years" = 3\n"territory.inhabitants" = 4000', "parent")
    child = write('[changes]\n"horizon.years" = 2', "child", "parent.toml")
    scenario = load_scenario(child)
    assert scenario.horizon.years.value == 2.0
    assert scenario.territory.inhabitants.value == 4000.0


def test_a_condition_called_value_is_no_quantity() -> None:
    number = {"value": 1.0, "low": 0.0, "high": 2.0, "assumption": "for this test only"}
    tree = {"territory": {"conditions": {"value": {"rate": dict(number)}}}}
    assert [path for path, _ in leaves(tree)] == ["territory.conditions.value.rate"]
    assert change(tree, "territory.conditions.value.rate", 2, typed=False) is None
    assert tree["territory"]["conditions"]["value"]["rate"]["value"] == 2


def test_the_parameter_set_chooses_the_variant_and_leaves_none_behind() -> None:
    variant = {"value": 2.0, "low": 1.0, "high": 3.0, "evidence": "L001"}
    usual = {"value": 1.0, "low": 0.0, "high": 2.0, "assumption": "for this test only"}
    tables = {"a": {"b": {**usual, "literature": variant}, "c": usual}}
    assert in_place(tables, "documents") == {"a": {"b": usual, "c": usual}}
    assert in_place(tables, "literature") == {"a": {"b": variant, "c": usual}}


def test_a_whole_quantity_can_be_typed_and_its_evidence_must_exist() -> None:
    table = "{ value = 2.0, low = 1.0, high = 3.0, evidence = 'S26', literature = 1 }"
    years = load_scenario("isole", changes={"horizon.years": table}).horizon.years
    assert (years.value, years.evidence, years.literature) == (2.0, "S26", None)
    [finding] = refused({"horizon.years": table.replace("S26", "S99")})
    assert (finding.file, finding.key) == ("--set", "horizon.years.evidence")
    assert finding.code == "unknown-evidence"
