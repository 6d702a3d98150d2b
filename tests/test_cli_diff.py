"""diff: what differs between two scenarios, as a table, as lines and as JSON."""

import json
import re

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app
from parcours_sim.scenario.difference import differences
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import load_scenario, scenario_hash
from parcours_sim.scenario.units import unit_of

TITLES = """
title = { fr = "La vallée", en = "The [b]valley[/b]" }
description = { fr = "Un essai.", en = "A trial." }
"""
YEARS = "{{ value = {}, low = {}, high = 10.0, {} }}"
S26, OWN = 'evidence = "S26"', 'assumption = "as [b]we[/b] chose it"'


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Call `diff` from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["diff", *map(str, args)])


@pytest.fixture
def write(tmp_path):
    """Write a scenario that extends isole, and return its name as one types it."""

    def written(body: str = "", name: str = "valley.toml", first: str = "") -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'extends = "isole"\n{first}{TITLES}{body}', encoding="utf-8")
        return name

    return written


@pytest.fixture
def horizon(write):
    """Write a scenario whose horizon alone is its own."""
    return lambda *years, name="valley.toml": write(
        f"[horizon]\nyears = {YEARS.format(*years)}\n", name
    )


def test_no_line_ends_in_blanks(call):
    done = call("isole", "msp", "--all")
    assert len(done.stdout.splitlines()) > 20
    assert not [line for line in done.stdout.splitlines() if line != line.rstrip()]


def cells(text: str) -> list[list[str]]:
    """Return the lines of the tables as cells, two spaces or more between them."""
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]


def below(text: str, table: str) -> list[list[str]]:
    """Return the rows that stand below the name of a table."""
    rows = cells(text)
    return rows[rows.index([table]) + 1 :]


def test_each_key_has_its_unit_both_values_and_what_either_rests_on(call):
    text = call("isole", "msp").stdout
    assert ["Key", "Unit", "isole", "msp", "Rests on"] in cells(text)
    rows = below(text, "organisation.practices.isole|msp_avec_si.model")
    at = rows.index(
        [
            "gps_per_practice",
            "per practice",
            "1",
            "4.7",
            "isole: assumption: isolated by definition",
        ]
    )
    assert rows[at + 1] == [f"msp: L044 ({load_ledger()['L044'].origin})"]
    assert ["access.colleagues_cover", "false", "true"] in rows


def test_a_table_has_every_difference_in_value_of_models_set_beside_each_other(call):
    text = call("isole", "esp").stdout
    rows = below(text, "organisation.practices.isole|esp.model")
    shown = {row[0]: row for row in rows if len(row) > 2}
    found = differences(load_scenario("isole"), load_scenario("esp"))
    inside = [each for each in found if "|" in each.key and each.of_value]
    assert len(inside) > 10
    for each in inside:
        row = shown[each.key.removeprefix("organisation.practices.isole|esp.model.")]
        if isinstance(each.left.item, Quantity):
            assert row[1] == unit_of(each.key)
            assert float(row[2]) == pytest.approx(each.left.item.value, rel=1e-11)
            assert float(row[3]) == pytest.approx(each.right.item.value, rel=1e-11)


def test_what_both_values_rest_on_is_said_once(call, horizon):
    years = below(call("isole", horizon(2.0, 1.0, S26)).stdout, "horizon")[0]
    assert years == ["years", "years", "5", "2", "S26 (documents)"]


def test_user_texts_are_printed_as_they_are(call, horizon):
    text = call("isole", horizon(2.0, 1.0, OWN)).stdout
    assert "valley: The [b]valley[/b] (parameter set documents)" in text
    assert "valley: assumption: as [b]we[/b] chose it" in text


def test_a_part_that_one_lacks_takes_one_line_unless_all_is_asked_for(call):
    brief, whole = call("isole", "paerpa").stdout, call("isole", "paerpa", "--all").stdout
    layer = "organisation.layers.paerpa.layer"
    found = [each.key for each in differences(load_scenario("isole"), load_scenario("paerpa"))]
    keys = [key.removeprefix(f"{layer}.") for key in found if key.startswith(layer)]
    assert [layer, "absent", f"{len(keys)} keys"] in cells(brief)
    assert ["paerpa.uptake_share", "share", "absent", "0.3"] in [row[:4] for row in cells(brief)]
    assert [row[0] for row in below(whole, layer)][: len(keys)] == keys
    assert "--all" in brief
    assert "--all" not in whole
    assert f"{len(found)} effective parameters differ." in brief
    turned = call("paerpa", "isole").stdout
    assert [layer, f"{len(keys)} keys", "absent"] in cells(turned)


@pytest.mark.parametrize("years", [(5.0, 2.0, S26), (5.0, 1.0, OWN)])
def test_another_range_or_reason_of_the_same_value_is_counted_apart(call, horizon, years):
    brief = call("isole", horizon(*years)).stdout
    assert "No effective parameter differs.\nWith the same value, but another range" in brief
    assert "horizon" not in brief
    whole = call("isole", "valley.toml", "--all").stdout
    row = below(whole.partition("The same values:\n")[2], "horizon")[0]
    assert row[:4] == ["years", "years", "5 [1, 10]", f"5 [{years[1]:g}, 10]"]
    assert "No effective parameter differs.\n" in whole


def test_nothing_is_said_to_differ_where_nothing_does(call, write):
    done = call("isole", write())
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2:] == ["No effective parameter differs."]


def test_parts_in_another_order_are_told_and_are_no_difference(call, write):
    kinds = list(reversed(load_scenario("isole").episodes))
    done = call("isole", write(first=f"episodes = {json.dumps(kinds)}\n"))
    assert done.stdout.splitlines()[2:] == [
        "No effective parameter differs.",
        "Their named parts come in another order.",
    ]


def test_the_status_is_0_whether_or_not_anything_differs(call):
    assert call("isole", "msp").exit_code == 0
    assert call("isole", "isole").exit_code == 0


def test_json_has_every_key_also_of_absent_parts_with_all_that_is_known(call, horizon):
    horizon(5.0, 2.0, S26)
    found = json.loads(call("cpts", "valley.toml", "--json").stdout)
    left, right = load_scenario("cpts"), load_scenario("valley.toml")
    expected = differences(left, right)
    assert [each["key"] for each in found["differences"]] == [
        each.key for each in expected if each.of_value
    ]
    assert [each["key"] for each in found["same_value"]] == ["horizon.years"]
    assert found["left"]["hash"] == scenario_hash(left)
    by_key = {each["key"]: each for each in found["differences"] + found["same_value"]}
    assert by_key["horizon.years"]["right"] == {
        "key": "horizon.years",
        "value": 5.0,
        "low": 2.0,
        "high": 10.0,
        "evidence": "S26",
        "origin": "documents",
        "note": None,
        "fitted": None,
    }
    slots = by_key["organisation.layers.cpts.layer.shared_slots_per_gp_per_day"]
    shared = left.organisation.layers["cpts"].layer.shared_slots_per_gp_per_day.value
    assert (slots["unit"], slots["left"]["value"], slots["right"]) == (
        "per GP and day",
        shared,
        None,
    )
    assert slots["left"]["assumption"].startswith("one slot per GP")
    reaches = by_key["organisation.layers.cpts.layer.reaches"]
    assert (reaches["unit"], reaches["left"]["value"]) == (None, "everyone")


def test_json_gives_models_set_beside_each_other_their_own_keys(call):
    found = json.loads(call("isole", "esp", "--json").stdout)["differences"]
    link = "model.links.nurse_to_gp.delay_ratio"
    (each,) = (one for one in found if one["key"] == f"organisation.practices.isole|esp.{link}")
    assert each["left"]["key"] == f"organisation.practices.isole.{link}"
    assert each["right"]["key"] == f"organisation.practices.esp.{link}"


def test_all_changes_nothing_in_json(call):
    assert (
        call("isole", "paerpa", "--json").stdout
        == call("isole", "paerpa", "--json", "--all").stdout
    )


@pytest.mark.parametrize("names", [("paerpa",), ("paerpa", "paerpa")])
def test_one_scenario_is_compared_under_both_parameter_sets(call, names):
    text = call(*names, "--parameter-set", "both").stdout
    assert ["Key", "Unit", "documents", "literature", "Rests on"] in cells(text)
    uptake = below(text, "organisation.layers")[0]
    assert uptake[:4] == ["paerpa.uptake_share", "share", "0.3", "0.1"]


def test_of_two_scenarios_under_both_sets_the_second_has_the_literature(call):
    found = json.loads(call("isole", "paerpa", "--parameter-set", "both", "--json").stdout)
    assert [found[side]["parameter_set"] for side in ("left", "right")] == [
        "documents",
        "literature",
    ]
    uptake = "organisation.layers.paerpa.uptake_share"
    (row,) = (each for each in found["differences"] if each["key"] == uptake)
    assert row["right"]["value"] == pytest.approx(0.1)


def test_a_parameter_set_is_that_of_both_scenarios(call):
    found = json.loads(call("isole", "paerpa", "--parameter-set", "literature", "--json").stdout)
    assert {found[side]["parameter_set"] for side in ("left", "right")} == {"literature"}


def test_a_change_is_made_to_both(call):
    years = "horizon.years=2"
    assert "No effective parameter differs." in call("isole", "isole", "--set", years).stdout
    found = json.loads(call("isole", "paerpa", "--set", years, "--json").stdout)
    assert not [each for each in found["differences"] if each["key"] == "horizon.years"]
    assert found["left"]["hash"] == scenario_hash(
        load_scenario("isole", changes={"horizon.years": 2})
    )


def test_two_files_of_one_name_are_told_apart_by_what_was_typed(call, horizon):
    old = horizon(2.0, 1.0, S26, name="old/valley.toml")
    text = call(old, horizon(3.0, 1.0, S26)).stdout
    assert ["Key", "Unit", "old/valley.toml", "valley.toml", "Rests on"] in cells(text)


def test_a_narrow_terminal_shows_the_same_in_lines_that_fit(call, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    lines = re.sub(r"\x1b\[[\d;]*m", "", call("isole", "msp").stdout).splitlines()
    assert max(map(len, lines)) <= 80
    at = lines.index("  gps_per_practice: 1 → 4.7 (per practice)")
    assert lines[at + 1 : at + 3] == [
        "      isole: assumption: isolated by definition",
        "      msp: L044 (literature)",
    ]
    assert "  access.colleagues_cover: false → true" in lines
    found = json.loads(call("isole", "msp", "--json").stdout)["differences"]
    assert len([line for line in lines if " → " in line]) == len(found)


def test_help_says_what_is_compared_and_how_it_ends(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    text = " ".join(call("--help").stdout.split())
    assert "List every parameter that differs between two scenarios" in text
    assert "Exit status 0 whether or not anything differs." in text
    assert "documents|literature|both" in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("isole",), "scenario: found only one, allowed two, or one with --parameter-set both"),
        (("isole", "mspp"), 'scenario: found "mspp".*nearest: msp'),
        (("isole", "nowhere.toml"), "nowhere.toml: found nothing there"),
        (("isole", "msp", "--parameter-set", "boht"), "allowed one of documents.*nearest: both"),
        (("isole", "msp", "--set", "horizon.yeers=3"), "nearest: horizon.years"),
        (("isole", "msp", "--set", "horizon.years"), "--set: found .* allowed KEY=VALUE"),
        (
            ("cpts", "isole", "--set", "organisation.layers.cpts.uptake_share=0.5"),
            r"--set \(isole\): organisation.layers.cpts",
        ),
        ((), "Missing argument"),
        (("isole", "msp", "esp"), "unexpected extra argument"),
    ],
)
def test_wrong_input_is_refused_with_status_2_and_a_sentence(call, args, said):
    done = call(*args)
    assert done.exit_code == 2
    assert re.search(said, done.stderr)
    assert done.stdout == ""


def test_everything_that_is_wrong_with_either_is_said(call):
    done = call("isol", "mspp", "--parameter-set", "both")
    assert done.exit_code == 2
    assert [line.rpartition("nearest: ")[2] for line in done.stderr.splitlines()] == [
        "isole",
        "msp",
    ]
