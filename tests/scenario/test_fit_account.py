"""What a calibration tells of itself: read; refused where it is damaged or contradicts itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from parcours_sim.scenario import fitted
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.fit_account import (
    About,
    Account,
    AskedTold,
    FitTold,
    _at_odds,
    read_account,
)
from parcours_sim.scenario.fitted import read_fitted
from parcours_sim.scenario.targets import load_steps

VALUES = """
[values.episodes.heart_failure]
rate_per_year = { value = 0.25, interval = [0.25, 0.35], fitted = "L084 (step 1)" }
"""
ABOUT = """
[about]
parameter_set = "documents"
model = "abc"
rounds = 2
settled = true
"""
TOLD = """
[[fit]]
step = 1
evidence = "L084"
what = "stays"
unit = "stays"
stated = 0.17
tolerance = 0.02
simulated = 0.2
interval = [0.19, 0.21]
holds = false
verdict = "missed"
best = 0.2
"""
ABOUT_KEYS = " ".join(f"about.{key}" for key in ("parameter_set", "model", "rounds", "settled"))
KEPT = '[[kept]]\nstep = 5\nparameters = ["a", "b"]\n'
ASKED = '[[asked]]\nstep = 5\nsha256 = "0f"\n'
BEYOND = TOLD.replace("missed", "out of reach").replace(
    "best = 0.2\n", 'best = 0.195\nagainst = "ends of ranges"\nbinding = ["a ≤ 1"]\n'
)
LATER = "worlds = 30\n"
"""What a later calibration may come to add."""


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that writes a file of fitted values with an account, and has it used."""
    monkeypatch.setattr(fitted, "fitted_folder", lambda: tmp_path)

    def written(text: str, about: str = ABOUT) -> Path:
        path = tmp_path / "documents.toml"
        path.write_text(VALUES + about + text, encoding="utf-8")
        return path

    return written


def damaged() -> list[Finding]:
    with pytest.raises(ScenarioError) as error:
        read_account("documents")
    return list(error.value.findings)


def _rate() -> float:
    """The fitted value that stands beside the account."""
    (value,) = read_fitted("documents", []).values["episodes", "heart_failure"].values()
    return value.value


def test_what_is_told_of_each_target_is_read_in_its_order(account: Callable[[str], Path]) -> None:
    account(BEYOND + LATER + TOLD.replace('"stays"', '"more"'))
    first, second = read_account("documents").fit
    assert (first.step, first.evidence, first.what, first.stated) == (1, "L084", "stays", 0.17)
    assert (first.simulated, first.interval, first.holds) == (0.2, [0.19, 0.21], False)
    assert (first.verdict, first.best) == ("out of reach", 0.195)
    assert (first.against, first.binding) == ("ends of ranges", ["a ≤ 1"])
    assert (second.what, second.verdict, second.best) == ("more", "missed", 0.2)
    assert (second.against, second.binding) == (None, [])


def test_without_a_file_nothing_is_told_and_without_targets_only_what_it_is_about(
    account: Callable[[str], Path],
) -> None:
    assert read_account("documents") == Account()
    account("")
    told = read_account("documents")
    assert told == Account(
        about=About(parameter_set="documents", model="abc", rounds=2, settled=True)
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        (ABOUT, "", ABOUT_KEYS, " ".join(["missing-key"] * 4)),
        ('model = "abc"\n', "", "about.model", "missing-key"),
        ('"abc"', '""', "about.model", "bad-text"),
        ('"abc"', '"abc"\ndocuments_sha256 = 7', "about.documents_sha256", "wrong-type"),
        ("settled = true\n", "", "about.settled", "missing-key"),
        ("settled = true", "settled = 1", "about.settled", "wrong-type"),
        ("rounds = 2", "rounds = -1", "about.rounds", "wrong-type"),
        ('"documents"', '"literature"', "about.parameter_set", "another-set"),
    ],
)
def test_an_account_that_says_not_what_it_is_about_is_refused(
    account: Callable[[str], Path], old: str, new: str, key: str, code: str
) -> None:
    path = account(TOLD)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = damaged()
    assert [finding.key for finding in found] == key.split()
    assert [finding.code for finding in found] == code.split()
    assert all(finding.file.endswith(path.name) for finding in found)
    assert _rate() == 0.25


FIT = {
    "step": 1,
    "evidence": "L084",
    "what": "stays",
    "unit": "stays",
    "stated": 100.0,
    "tolerance": 10.0,
    "simulated": 109.0,
    "interval": [90.0, 120.0],
    "holds": True,
    "verdict": "reproduced",
}
MISSED = FIT | {"simulated": 120.0, "holds": False, "verdict": "missed", "best": 115.0}
ENDS = MISSED | {"verdict": "out of reach", "against": "ends of ranges", "binding": ["a ≤ 1"]}
OTHERS = ENDS | {"against": "other targets of its step"}
UNMOVED = MISSED | {"verdict": "out of reach", "against": "no parameter moves it", "best": 120.0}


def oddities(told: dict[str, object]) -> list[tuple[str, str]]:
    found = _at_odds([FitTold.model_validate(FIT), FitTold.model_validate(told)])
    return [(finding.key, finding.code) for finding in found]


NO_INTERVAL = FIT | {"interval": [math.nan, math.nan]}


@pytest.mark.parametrize("told", [FIT, MISSED, ENDS, OTHERS, UNMOVED, NO_INTERVAL])
def test_a_fit_in_which_all_agrees_is_taken(told: dict[str, object]) -> None:
    assert oddities(told) == []


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (FIT | {"verdict": "missed"}, "verdict"),
        (FIT | {"verdict": "out of reach"}, "verdict"),
        (MISSED | {"verdict": "reproduced"}, "verdict"),
        (FIT | {"simulated": 110.1}, "simulated"),
        (MISSED | {"simulated": 109.9}, "simulated"),
        (FIT | {"interval": [90.0, 108.0]}, "interval"),
        (FIT | {"interval": [110.0, 120.0]}, "interval"),
        (FIT | {"best": 109.0}, "best"),
        (MISSED | {"best": None}, "best"),
        (MISSED | {"best": 121.0}, "best"),
        (MISSED | {"best": 79.0}, "best"),
        (ENDS | {"best": 109.0}, "best"),
        (ENDS | {"best": 85.0}, "best"),
        (UNMOVED | {"best": 115.0}, "best"),
        (FIT | {"against": "ends of ranges"}, "against"),
        (MISSED | {"against": "ends of ranges", "binding": ["a ≤ 1"]}, "against"),
        (ENDS | {"against": None}, "against"),
        (FIT | {"binding": ["a ≤ 1"]}, "binding"),
        (MISSED | {"binding": ["a ≤ 1"]}, "binding"),
        (UNMOVED | {"binding": ["a ≤ 1"]}, "binding"),
        (ENDS | {"binding": []}, "binding"),
        (OTHERS | {"binding": []}, "binding"),
    ],
)
def test_a_fit_that_contradicts_itself_is_refused_at_the_first_key_that_does(
    told: dict[str, object], key: str
) -> None:
    assert oddities(told) == [(f"fit.1.{key}", "at-odds")]


@pytest.mark.parametrize(
    ("figures", "is_refused"),
    [
        ({"simulated": 110.001}, False),
        ({"simulated": 110.02}, True),
        ({"simulated": 100.104, "tolerance": 0.1}, False),  # five digits leave as much open
        ({"simulated": 100.2, "tolerance": 0.1}, True),
    ],
)
def test_digits_that_the_file_does_not_have_are_no_contradiction(
    figures: dict[str, object], is_refused: bool
) -> None:
    assert oddities(FIT | figures) == [("fit.1.simulated", "at-odds")] * is_refused


def test_a_contradiction_is_told_with_its_file(account: Callable[[str], Path]) -> None:
    path = account(TOLD.replace('"missed"', '"reproduced"'))
    (finding,) = damaged()
    assert (finding.key, finding.code) == ("fit.0.verdict", "at-odds")
    assert finding.file.endswith(path.name)
    assert "parcours-sim calibrate" in finding.allowed


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('evidence = "L084"\n', "", "evidence", "missing-key"),
        ('"L084"', '"84"', "evidence", "bad-name"),
        ('what = "stays"\n', "", "what", "missing-key"),
        ("holds = false\n", "", "holds", "missing-key"),
        ("holds = false", "holds = 0", "holds", "wrong-type"),
        ("step = 1", 'step = "1"', "step", "wrong-type"),
        ("stated = 0.17", "stated = nan", "stated", "not-finite"),
        ("tolerance = 0.02", "tolerance = 0.0", "tolerance", "wrong-type"),
        ("simulated = 0.2", "simulated = nan", "simulated", "not-finite"),
        ("[0.19, 0.21]", "[0.19]", "interval", "wrong-type"),
        ("[0.19, 0.21]", "[0.21, 0.19]", "interval", "out-of-bounds"),
        ("[0.19, 0.21]", '[0.19, "0.21"]', "interval.1", "wrong-type"),
        ('"missed"', '"lost"', "verdict", "unknown-choice"),
        ('verdict = "missed"\n', "", "verdict", "missing-key"),
        ("best = 0.2", "best = true", "best", "wrong-type"),
        ("best = 0.2", 'best = 0.2\nagainst = "the weather"', "against", "unknown-choice"),
        ("holds = false", "holds = false\nbinding = [1]", "binding.0", "wrong-type"),
    ],
)
def test_a_damaged_account_is_refused_with_its_file_and_key(
    account: Callable[[str], Path], old: str, new: str, key: str, code: str
) -> None:
    assert old in TOLD
    path = account(TOLD.replace('"stays"', '"more"') + TOLD.replace(old, new, 1))
    (finding,) = damaged()
    assert finding.file.endswith(path.name)
    assert (finding.key, finding.code) == (f"fit.1.{key}", code)


def test_a_step_whose_parameters_stay_as_the_library_has_them_is_told(
    account: Callable[[str], Path],
) -> None:
    account(TOLD + KEPT + ASKED)
    told = read_account("documents")
    assert told.asked == [AskedTold(step=5, sha256="0f")]
    assert [told.is_kept(step) for step in (1, 5)] == [False, True]
    assert told.of("L084", "stays") == told.fit[0]
    assert told.of("L084", "more") is told.of("L085", "stays") is None


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("kept = 3\n", "kept", "wrong-type"),
        ("fit = 3\n", "fit", "wrong-type"),
        ("asked = 3\n", "asked", "wrong-type"),
        (TOLD + TOLD, "fit.1", "twice"),
        (KEPT + KEPT, "kept.1", "twice"),
        (ASKED + ASKED, "asked.1", "twice"),
    ],
)
def test_an_account_that_tells_no_list_or_of_the_same_twice_is_refused(
    account: Callable[[str], Path], text: str, key: str, code: str
) -> None:
    path = account("")
    path.write_text(text + ABOUT, encoding="utf-8")
    (finding,) = damaged()
    assert (finding.key, finding.code) == (key, code)
    assert finding.file.endswith(path.name)


def test_a_damaged_account_leaves_the_fitted_values_as_they_are(
    account: Callable[[str], Path],
) -> None:
    account(TOLD.replace("holds = false\n", ""))
    assert _rate() == 0.25


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_the_packaged_account_is_read_and_tells_no_target_that_there_is_not(
    parameter_set: str,
) -> None:
    there_are = {(one.evidence, one.what.en) for step in load_steps() for one in step.target}
    told = read_account(parameter_set).fit
    assert told
    assert {(fit.evidence, fit.what) for fit in told} <= there_are
