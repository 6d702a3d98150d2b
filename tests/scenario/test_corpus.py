"""Every file of tests/corpus: bad ones are refused for the stated reason, good ones load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.resolve import (
    dump_scenario,
    file_findings,
    load_dump,
    load_scenario,
    scenario_hash,
)

CORPUS = Path(__file__).parents[1] / "corpus"
BAD = sorted((CORPUS / "bad").glob("*.toml"))
GOOD = sorted((CORPUS / "good").glob("*.toml"))
EXPECTED = re.compile(r"^# expect: (\S+) ?(.*)$", re.MULTILINE)


def named(path: Path) -> str:
    return path.stem


def expected(path: Path) -> set[tuple[str, str]]:
    """Return the codes and key paths that the first lines of a bad file announce."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    return {(code, key) for code, key in EXPECTED.findall(text)}


@pytest.mark.parametrize("path", BAD, ids=named)
def test_a_bad_file_gives_exactly_the_findings_it_announces(path: Path) -> None:
    findings = file_findings(path)
    assert expected(path)
    assert {(finding.code, finding.key) for finding in findings} == expected(path)


@pytest.mark.parametrize("path", BAD, ids=named)
def test_a_bad_file_is_refused_in_plain_lines_that_name_a_file(path: Path) -> None:
    # One file is only wrong for the parameter set of the literature.
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path, parameter_set="literature")
    for line in str(refused.value).splitlines():
        assert re.match(r"\S+\.toml: .*found .+, allowed .+", line)


@pytest.mark.parametrize("path", GOOD, ids=named)
@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_a_good_file_loads_and_comes_back_equal_from_its_dump(
    path: Path, parameter_set: str
) -> None:
    scenario = load_scenario(path, parameter_set=parameter_set)
    again = load_dump(dump_scenario(scenario))
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)


def test_the_corpus_covers_every_kind_of_mistake() -> None:
    codes = {code for path in BAD for code, _ in expected(path)}
    assert len(BAD) >= 40
    assert codes >= {
        *("unknown-key", "wrong-type", "not-finite", "out-of-bounds", "outside-range"),
        *("missing-evidence", "unknown-evidence", "cycle", "not-toml", "not-found", "sum"),
        *("missing-key", "unknown-name", "duplicate-key", "forbidden-effect", "too-deep"),
        *("unknown-choice", "bad-name", "duplicate-name", "not-a-date", "hours"),
    }


def test_asthma_is_added_by_tables_alone() -> None:
    scenario = load_scenario(CORPUS / "good" / "asthma_by_tables.toml")
    assert scenario.episodes["asthma_attack"].at_risk == "asthma"
    assert list(scenario.territory.conditions)[-1] == "asthma"
    assert list(scenario.episodes)[-1] == "asthma_attack"


def test_a_file_that_extends_another_keeps_what_that_one_added() -> None:
    scenario = load_scenario(CORPUS / "good" / "extends_a_file.toml")
    assert "asthma_attack" in scenario.episodes
    assert scenario.horizon.years.value == 2.0


def test_an_own_library_part_is_found_beside_the_file() -> None:
    scenario = load_scenario(CORPUS / "good" / "own_practice.toml")
    model = scenario.organisation.practices["group_of_three"].model
    assert model.gps_per_practice.value == 3.0
