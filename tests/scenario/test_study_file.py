"""Study files: read whole or refused by file and key; those that come with the program run."""

from __future__ import annotations

import pytest

from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.resolve import load_scenario, named_scenarios
from parcours_sim.scenario.study_file import is_study, named_studies, read_study
from parcours_sim.scenario.vary import listed_values, read_values, varied

GOOD = """
title = { fr = "Ici", en = "Here" }
description = { fr = "Une étude.", en = "A study." }
scenarios = ["msp", "own/valley.toml"]
baseline = "isole"
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def refused(name: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as error:
        read_study(name)
    return [(finding.key, finding.code) for finding in error.value.findings]


def test_no_study_is_called_like_a_scenario() -> None:
    assert not set(named_studies()) & set(named_scenarios())


@pytest.mark.parametrize("name", named_studies())
def test_every_point_of_every_named_study_is_a_scenario(name) -> None:
    study, _ = read_study(name)
    for scenario in dict.fromkeys([study.baseline or "isole", *study.scenarios]):
        loaded = load_scenario(scenario, changes=study.set or {})
        for key, values in (study.vary or {}).items():
            if scenario != study.baseline or not key.startswith("organisation."):
                each = read_values(key, values) if isinstance(values, str) else values
                for value in listed_values(key, each):
                    varied(loaded, {key: value}, {})
    assert study.outcome is None or study.outcome in OUTCOMES


def test_paths_of_scenarios_are_beside_the_file(written, tmp_path) -> None:
    study, path = read_study(written(GOOD))
    assert study.scenarios == ["msp", str(tmp_path / "own/valley.toml")]
    assert study.baseline == "isole"
    assert path == tmp_path / "study.toml"
    assert not study.is_sweep


@pytest.mark.parametrize(
    ("more", "findings"),
    [
        ("replication = 5", [("replication", "unknown-key")]),
        ("replications = 0", [("replications", "wrong-type")]),
        ("seed = -1", [("seed", "wrong-type")]),
        ("replications = 1.5", [("replications", "wrong-type")]),
        ("precision = { deaths = true }", [("precision.deaths", "wrong-type")]),
        (
            "vary = { a = [1, true, false] }",
            [("vary.a.1", "wrong-type"), ("vary.a.2", "wrong-type")],
        ),
        ("vary = { a = false }", [("vary.a", "wrong-type")]),
        ("vary = {}", [("vary", "wrong-type")]),
        ("vary = { a = [1], b = [1], c = [1] }", [("vary", "wrong-type")]),
        ('vary = { "a.value" = [1], a = [1] }', [('vary."a.value"', "twice")]),
        ('set = { a = 1, "a.value" = 1 }', [('set."a.value"', "twice")]),
        ("set = { a.b = 1 }", [("set.a", "wrong-type")]),
        ('parameter_set = "mine"', [("parameter_set", "unknown-choice")]),
        ("vary = 5", [("vary", "wrong-type")]),
        ('replications = 5\nprecision = { deaths = "1 %" }', [("precision", "both")]),
        ('precision = { deaths = "1 %" }\n[vary]\n"a.b" = "0:1:3"', [("precision", "unknown-key")]),
        ('outcome = "deaths"', [("outcome", "unknown-key")]),
        ('territories = "t.csv"\n[vary]\n"a.b" = [1, 2]', [("territories", "both")]),
    ],
)
def test_what_is_wrong_is_told_by_key(written, more, findings) -> None:
    assert refused(written(GOOD + more)) == findings


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["msp", "own/valley.toml"]', "[]", "found an array of 0, allowed an array of 1 or more"),
        ('"isole"', '"isole"\nreplications = 0', "found 0, allowed a whole number, 1 or more"),
        ('"isole"', '"isole"\nseed = -1', "found -1, allowed a whole number, 0 or more"),
        ('"isole"', '"isole"\nvary = { a = [true] }', "found true, allowed a text or a finite nu"),
        ('"isole"', '"isole"\nvary = { a = true }', "found true, allowed a text or an array"),
    ],
)
def test_what_is_allowed_is_told_in_words(written, old, new, told) -> None:
    with pytest.raises(ScenarioError) as error:
        read_study(written(GOOD.replace(old, new)))
    (finding,) = error.value.findings
    assert told in str(finding)


def test_a_precision_may_be_a_number(written) -> None:
    study, _ = read_study(written(f"{GOOD}precision = {{ deaths = 5, crises = 0.5 }}"))
    assert study.precision == {"deaths": 5, "crises": 0.5}


def test_a_table_of_territories_is_beside_the_file(written, tmp_path) -> None:
    study, _ = read_study(written(f'{GOOD}territories = "t.csv"'))
    assert study.territories == str(tmp_path / "t.csv")


def test_what_is_missing_is_told_by_key(written) -> None:
    assert refused(written('baseline = "isole"')) == [
        ("title", "missing-key"),
        ("description", "missing-key"),
        ("scenarios", "missing-key"),
    ]


def test_a_study_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="nearest: reference"):
        read_study("referense")


def test_a_study_is_told_from_a_scenario(written) -> None:
    assert is_study("reference")
    assert is_study(written(GOOD))
    assert not is_study("isole")
    assert not is_study("nowhere.toml")
    assert not is_study(written('extends = "isole"'))
    assert not is_study(written("= broken"))
