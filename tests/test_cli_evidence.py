"""evidence: what scenarios rest on, in tables, as JSON and as a figure."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from parcours_sim.scenario.coverage import coverage_of
from parcours_sim.scenario.files import named_scenarios
from parcours_sim.scenario.resolve import load_scenario
from tests.test_cli_calibrate import call


def lines_of(printed: str) -> list[str]:
    return [" ".join(line.split()) for line in printed.splitlines()]


def test_shares_by_origin_are_those_of_the_scenarios_numbers():
    done = call("evidence", "isole", "msp")
    assert (done.exit_code, done.stderr) == (0, "")
    for name in ("isole", "msp"):
        found = coverage_of(load_scenario(name))
        shares = [
            f"{100 * found.share(origin):.0f} %"
            for origin in ("documents", "literature", "unverified", "assumption")
        ]
        row = rf"{name} {found.numbers} {' '.join(shares)} {found.fitted} A:\d+ .*"
        assert [each for each in lines_of(done.stdout) if re.fullmatch(row, each)] != []


def test_unverified_rows_are_listed_with_what_would_replace_them():
    printed = lines_of(call("evidence", "isole", "paerpa").stdout)
    assert "L035 Nurse home visit duration, chronic patient 1 2 Time studies among nurses and" in (
        "\n".join(printed)
    )
    assert [each for each in printed if each.startswith("L118 ")] != []
    assert not [each for each in lines_of(call("evidence", "isole").stdout) if "L118 " in each]


def test_without_names_every_named_scenario_is_there():
    document = json.loads(call("evidence", "--json").stdout)
    assert [each["scenario"] for each in document["scenarios"]] == named_scenarios()


def test_as_json_numbers_are_whole_and_every_row_names_better_data():
    document = json.loads(call("evidence", "isole", "--json").stdout)
    (found,) = document["scenarios"]
    assert found["numbers"] == sum(found["origins"].values()) == sum(found["grades"].values())
    assert {row["evidence"] for row in document["unverified"]} == set(
        coverage_of(load_scenario("isole")).unverified
    )
    assert all(row["better"]["holder"]["fr"] for row in document["unverified"])
    assumed = [key for each in document["assumed"] for key in each["keys"]["isole"]]
    assert len(assumed) == len(set(assumed))
    assert document["files"] == []


def test_in_french_the_tables_are_french(tmp_path):
    done = call("evidence", "isole", "--language", "fr", "--out", tmp_path / "figures")
    assert (done.exit_code, done.stderr) == (0, "")
    for word in ("scénario", "hypothèse", "serait remplacé par", "Études de temps auprès"):
        assert word in done.stdout
    assert not re.search(r"\b(assumption|would be|held by|which tell)\b", done.stdout)
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        *("evidence.fr.png", "evidence.fr.svg")
    }


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("evidence", "isole").exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("isoll",), "isole"),
        (("isole", "isole"), "each scenario once"),
        (("isole", "--parameter-set", "both"), "--parameter-set"),
        (("isole", "--language", "de"), "--language"),
        (("isole", "--out", ""), "--out"),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_written(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = call("evidence", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("taken").write_text("mine")
    done = call("evidence", "isole", "--out", "taken")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "taken: can't be made" in done.stderr
    assert Path("taken").read_text() == "mine"
