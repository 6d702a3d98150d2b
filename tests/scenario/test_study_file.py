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
