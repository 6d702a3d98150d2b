"""Findings and their words."""

from __future__ import annotations

import pickle

import pytest

from parcours_sim.scenario.errors import (
    Collecting,
    Finding,
    ScenarioError,
    described,
    key_path,
    nearest,
)

SUM = Finding("scenarios/x.toml", "organisation.practices", "a sum of 0.9", "1", code="sum")
YEARS = Finding("x.toml", "horizon.yeras", "an unknown key", "one of years", "years", "unknown-key")


def test_a_finding_reads_as_one_plain_line() -> None:
    assert str(SUM) == "scenarios/x.toml: organisation.practices: found a sum of 0.9, allowed 1"
    assert str(YEARS).endswith(
        "horizon.yeras: found an unknown key, allowed one of years; nearest: years"
    )


def test_an_error_tells_each_finding_once_and_in_order() -> None:
    error = ScenarioError([YEARS, SUM, YEARS])
    assert error.findings == (YEARS, SUM)
    assert str(error).splitlines() == [str(YEARS), str(SUM)]


def test_an_error_survives_the_way_between_processes() -> None:
    assert pickle.loads(pickle.dumps(ScenarioError([SUM]))).findings == (SUM,)


def test_collecting_keeps_findings_and_lets_other_errors_pass() -> None:
    findings: list[Finding] = []
    collecting = Collecting(findings)
    with collecting:
        raise ScenarioError([SUM])
    assert findings == [SUM]
    assert collecting.stopped
    with pytest.raises(ZeroDivisionError), Collecting(findings):
        _ = 1 / 0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (3, "3"),
        (16**300, "a whole number of more than 20 digits"),
        (0.1, "0.1"),
        (float("nan"), "nan"),
        (float("-inf"), "-infinity"),
        ("isolé", '"isolé"'),
        ("\x1b[31mred", '"\\u001b[31mred"'),
        ({"a": 1}, "a table"),
        ([1], "an array"),
        (None, "nothing"),
    ],
)
def test_values_are_told_in_words_without_control_characters(value: object, words: str) -> None:
    assert described(value) == words


def test_long_values_are_cut() -> None:
    assert len(described("x" * 10_000)) == 60


def test_key_paths_quote_what_toml_would_quote() -> None:
    assert key_path(("changes", "horizon.years", "value")) == 'changes."horizon.years".value'
    assert key_path(("episodes", 1)) == "episodes.1"


def test_the_nearest_name_is_near_or_absent() -> None:
    assert nearest("isol", ["msp", "isole"]) == "isole"
    assert nearest("xyz", ["msp", "isole"]) is None
