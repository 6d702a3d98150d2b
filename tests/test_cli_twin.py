"""twin: two lives told, drawn and as JSON, on a small territory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parcours_sim.engine import simulate
from parcours_sim.engine.record import stay_key
from parcours_sim.scenario.resolve import load_scenario
from tests.test_cli_calibrate import call

SMALL = ("--set", "territory.inhabitants=1500", "--set", "horizon.years=1",
         "--set", "horizon.warm_up_years=0.2")  # fmt: skip
CHANGES = {"territory.inhabitants": 1500, "horizon.years": 1, "horizon.warm_up_years": 0.2}
COMMAND = ("twin", "isole", "msp", *SMALL)


@pytest.fixture(scope="module")
def document():
    done = call(*COMMAND, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def replications():
    return [simulate(load_scenario(n, changes=CHANGES), 1, 0, log=True) for n in ("isole", "msp")]


def test_stays_that_are_told_differ_in_the_replications_of_that_world(document, replications):
    assert document["scenarios"] == ["isole", "msp"]
    assert document["twins"]
    kinds = sorted(load_scenario("isole").episodes)
    for twin in document["twins"]:
        key = stay_key(twin["patient"], kinds.index(twin["kind"]), twin["occurrence"])
        has = [key in each.stays for each in replications]
        assert has == ([True, False] if twin["change"] == "avoided" else [False, True])


def test_lives_are_those_of_the_event_logs(document, replications):
    for twin in document["twins"]:
        for life, replication in zip(twin["lives"], replications, strict=True):
            entries = [entry for entry in replication.log if entry.person == twin["patient"]]
            generation = life[0]["generation"]
            assert life == [e._asdict() for e in entries if e.generation == generation]


def test_who_the_patient_is_belongs_to_the_world(document):
    other = json.loads(call("twin", "isole", "esp", *SMALL, "--json", "--patient",
                            document["twins"][0]["patient"]).stdout)  # fmt: skip
    about = ("patient", "is_75_or_over", "has_gp", "conditions")
    first, second = document["twins"][0], other["twins"][0]
    assert [first[key] for key in about] == [second[key] for key in about]
    assert first["conditions"] or first["is_75_or_over"]


def test_the_same_command_tells_the_same_and_another_world_another_story(document):
    assert json.loads(call(*COMMAND, "--json").stdout) == document
    other = json.loads(call(*COMMAND, "--json", "--replication", 1).stdout)
    assert other["twins"] != document["twins"]


def test_a_renamed_copy_has_no_stay_that_differs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("copy.toml").write_text(
        'extends = "isole"\ntitle = { fr = "Copie", en = "Copy" }\n'
        'description = { fr = "Une copie.", en = "A copy." }\n'
    )
    done = call("twin", "isole", "copy.toml", *SMALL)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "A: Isolated practice · B: Copy",
        "No stay of Isolated practice is avoided by Copy in this random world.",
        "No stay is induced by Copy in this random world.",
    ]
    same = json.loads(call("twin", "isole", "copy.toml", *SMALL, "--patient", 1, "--json").stdout)
    assert same["twins"][0]["parting"] is None


def test_it_is_told_drawn_and_named_in_french(tmp_path):
    done = call(*COMMAND, "--language", "fr", "--out", tmp_path / "lives")
    assert (done.exit_code, done.stderr) == (0, "")
    for french in ("A : Exercice isolé", "Pourquoi", "Les vies se séparent le"):
        assert french in done.stdout.replace("\u202f", " ")
    for english in ("Why", "avoids", "worsening", "in A"):
        assert english not in done.stdout
    assert {path.suffixes[0] for path in (tmp_path / "lives").iterdir()} == {".fr"}


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call(*COMMAND).exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("twin", "isole", "mspp"), "nearest: msp"),
        (("twin", "isole", "isole"), "each scenario once"),
        (("twin", "isole"), "argument 'B'"),
        (("twin", "isole", "cpts_bretagne_soins_non_programmes"), "two scenarios of one world"),
        (("twin", "isole", "msp_deux_ans"), "two scenarios of one world"),
        ((*COMMAND, "--patient", 1499), "people who are simulated one by one; nearest: "),
        ((*COMMAND, "--patient", -1), "--patient"),
        ((*COMMAND, "--replication", -1), "--replication"),
        ((*COMMAND, "--around-days", -1), "--around-days"),
        ((*COMMAND, "--out", ""), "--out"),
        ((*COMMAND, "--set", "horizon.year=1"), "horizon.years"),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_written(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = call(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
