"""Every file of tests/corpus: bad ones are refused for the stated reason, good ones hold theirs.

A bad file announces each finding as `# expect: CODE KEY`, and what is suggested instead as
`# nearest: KEY = NAME`; one that can't hold a comment does so in a file beside it that ends in
.expect. A good file announces what it brings about as `# holds: KEY = VALUE`, and where that is so
under one parameter set only, as `# holds under literature: KEY = VALUE`.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.scenario.fuzz import LONGEST_SECONDS

from parcours_sim.care.flatten import flatten
from parcours_sim.engine import simulate
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import (
    PARAMETER_SETS,
    dump_scenario,
    file_findings,
    load_dump,
    load_scenario,
    scenario_hash,
)
from parcours_sim.scenario.scenario import Scenario

CORPUS = Path(__file__).parents[1] / "corpus"
BAD = sorted((CORPUS / "bad").glob("*.toml"))
GOOD = sorted((CORPUS / "good").glob("*.toml"))
EXPECTED = re.compile(r"^# expect: (\S+) ?(.*)$", re.MULTILINE)
NEAREST = re.compile(r"^# nearest: (.+) = (\S+)$", re.MULTILINE)
HOLDS = re.compile(r"^# holds(?: under (\w+))?: (\S+) = (.+)$", re.MULTILINE)
CODES = {
    *("unknown-key", "wrong-type", "not-finite", "out-of-bounds", "outside-range"),
    *("missing-evidence", "unknown-evidence", "cycle", "not-toml", "not-found", "sum"),
    *("missing-key", "unknown-name", "duplicate-key", "forbidden-effect", "too-deep"),
    *("unknown-choice", "bad-name", "duplicate-name", "not-a-date", "hours", "bad-text"),
    *("not-a-scenario", "too-many"),
}
ELSEWHERE = {
    "too-large": "a file of two megabytes is written by test_resolve.py",
    "unreadable": "a path that no file can have is tried by test_resolve.py",
    "not-json": "dumps are read by test_identity.py",
    "wrong-evidence": "ledgers are read by test_evidence.py",
    "empty": "files of fitted values are read by test_fitted.py",
    "wrong-input": "what other packages find, without a word of their own for it",
}
"""Codes of mistakes that no file of the corpus can make."""


def named(path: Path) -> str:
    return path.stem


def words(path: Path) -> str:
    """Return what a file announces, whatever else it is made of, with plain line ends."""
    beside = path.with_suffix(".expect")
    content = (beside if beside.exists() else path).read_bytes()
    # Text in UTF-16 is that in ASCII with a zero beside each byte, and a mark before it.
    text = content.replace(b"\0", b"").decode("utf-8", errors="replace")
    return text.replace("\r\n", "\n").lstrip("\ufeff\ufffd")


@cache
def findings_of(path: Path) -> list[Finding]:
    return file_findings(path)


@cache
def loaded(path: str | Path, parameter_set: str) -> Scenario:
    return load_scenario(path, parameter_set=parameter_set)


def expected(path: Path) -> set[tuple[str, str]]:
    return set(EXPECTED.findall(words(path)))


def suggested(path: Path) -> set[tuple[str, str]]:
    return set(NEAREST.findall(words(path)))


SUGGESTING = [path for path in BAD if suggested(path)]


@pytest.mark.parametrize("path", BAD, ids=named)
def test_a_bad_file_gives_exactly_the_findings_it_announces(path: Path) -> None:
    assert expected(path)
    assert {(finding.code, finding.key) for finding in findings_of(path)} == expected(path)


@pytest.mark.parametrize("path", SUGGESTING, ids=named)
def test_a_misspelt_name_is_answered_with_the_right_one(path: Path) -> None:
    answers = {(finding.key, finding.nearest) for finding in findings_of(path)}
    assert suggested(path) <= answers


@pytest.mark.parametrize("path", BAD, ids=named)
def test_a_bad_file_is_refused_in_plain_lines_that_name_a_file(path: Path) -> None:
    begun = time.process_time()
    # One file is only wrong for the parameter set of the literature.
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path, parameter_set="literature")
    assert time.process_time() - begun < LONGEST_SECONDS
    for line in str(refused.value).splitlines():
        assert re.match(r".+\.toml: .*found .+, allowed .+", line)
        assert line.isprintable()


@pytest.mark.parametrize("path", GOOD, ids=named)
@pytest.mark.parametrize("parameter_set", PARAMETER_SETS)
def test_a_good_file_loads_and_comes_back_equal_from_its_dump(
    path: Path, parameter_set: str
) -> None:
    scenario = loaded(path, parameter_set)
    again = load_dump(dump_scenario(scenario))
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)
    flatten(scenario)


@pytest.mark.verify
@pytest.mark.parametrize("path", GOOD, ids=named)
def test_a_good_file_can_be_simulated(path: Path) -> None:
    tiny = {
        "territory.inhabitants": "300",
        "horizon.years": "0.1",
        "horizon.warm_up_years": "0.05",
    }
    scenario = load_scenario(path, parameter_set="literature", changes=tiny)
    found = simulate(scenario, seed=1, replication=0, engine="compiled")
    assert {group for _, group, _ in found.rows} >= {"all"}


def announced(path: Path, parameter_set: str) -> Iterator[tuple[str, Any]]:
    """Yield the key paths and values that a good file promises under a parameter set."""
    for only_under, key, value in HOLDS.findall(words(path)):
        if only_under in ("", parameter_set):
            yield key, tomllib.loads(f"it = {value}")["it"]


def held(scenario: Scenario, key: str) -> Any:
    """Return what a scenario holds under a key path: a value, or the names in a table."""
    item: Any = scenario
    for part in key.split("."):
        item = item.get(part) if isinstance(item, dict) else getattr(item, part, None)
    if isinstance(item, Quantity):
        return item.value
    return list(item) if isinstance(item, dict) else item


@pytest.mark.parametrize("path", GOOD, ids=named)
@pytest.mark.parametrize("parameter_set", PARAMETER_SETS)
def test_a_good_file_holds_what_it_announces(path: Path, parameter_set: str) -> None:
    promises = dict(announced(path, parameter_set))
    assert promises
    scenario = loaded(path, parameter_set)
    assert {key: held(scenario, key) for key in promises} == promises


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_what_a_good_file_announces_is_not_so_in_the_baseline(path: Path) -> None:
    differs = []
    for parameter_set in PARAMETER_SETS:
        baseline = loaded("isole", parameter_set)
        differs += [held(baseline, key) != is_so for key, is_so in announced(path, parameter_set)]
    assert any(differs)


def test_the_corpus_covers_every_kind_of_mistake() -> None:
    codes = {code for path in BAD for code, _ in expected(path)}
    assert len(BAD) >= 150
    assert len(GOOD) >= 60
    assert len(SUGGESTING) >= 30
    assert codes == CODES


def modules_behind(name: str, known: set[str]) -> set[str]:
    """Return a module of the package and all that it imports from there, in turn."""
    known.add(name)
    for each in re.findall(r"^from \.(\w+) import", source(name), re.MULTILINE):
        if each not in known:
            modules_behind(each, known)
    return known


def source(name: str) -> str:
    folder = Path(__file__).parents[2] / "src" / "parcours_sim" / "scenario"
    return (folder / f"{name}.py").read_text(encoding="utf-8")


def test_every_code_of_the_source_is_in_the_corpus_or_tried_elsewhere() -> None:
    texts = [source(name) for name in modules_behind("resolve", set())]
    of_words = {word for text in texts for word in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)}
    of_one = {word for text in texts for word in re.findall(r'code="([a-z]+)"', text)}
    assert len(texts) > 15
    assert of_words | of_one == CODES | ELSEWHERE.keys()


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
