"""The file of what a calibration found: readable TOML, which scenarios then use."""

from __future__ import annotations

import tomllib

import pytest
from tests.analysis.fitting import A, B, Figures, place, solved, step, target

from parcours_sim.analysis.fitted_file import fitted_text
from parcours_sim.scenario import fitted
from parcours_sim.scenario.fitted import read_fitted
from parcours_sim.scenario.resolve import flat_keys, load_scenario

FORMULAS = {
    "x": lambda ways: 50.0 + 20.0 * (ways[A] + ways[B]),
    "y": lambda ways: 9.0 + ways[B],
}


@pytest.fixture(scope="module")
def found():
    return solved(
        Figures(FORMULAS),
        step(1, [A, B], target("x", 66.0)),
        step(2, [A], target("x", 200.0), out_of_reach="keep"),
    )


@pytest.fixture
def text(found):
    return fitted_text(found, "documents", "model-1", 7)


def test_it_says_what_it_is_of_and_how_it_was_made(text, found):
    about = tomllib.loads(text)["about"]
    assert about == {
        "parameter_set": "documents",
        "model": "model-1",
        "seed": 7,
        "rounds": found.rounds,
        "settled": found.settled,
    }
    assert text.startswith(
        "# What `parcours-sim calibrate` found for the parameter set `documents`"
    )


def test_every_target_stands_in_it_with_its_figure_and_what_binds_it(text, found):
    fits = tomllib.loads(text)["fit"]
    assert [each["step"] for each in fits] == [1, 2]
    within, beyond = fits
    assert (within["evidence"], within["what"], within["stated"]) == ("L085", "x", 66.0)
    assert (within["tolerance"], within["holds"]) == (1.0, True)
    assert within["simulated"] == pytest.approx(found.fits[0].simulated.value, rel=1e-4)
    assert within["interval"] == pytest.approx(
        [found.fits[0].simulated.low, found.fits[0].simulated.high], rel=1e-4
    )
    assert "best" not in within
    assert beyond["holds"] is False
    assert (within["verdict"], beyond["verdict"]) == ("reproduced", "out of reach")
    assert beyond["best"] == pytest.approx(found.fits[1].best, rel=1e-4)
    assert (within.get("against"), beyond["against"]) == (None, "ends of ranges")
    assert beyond["binding"] == [f"{A} ≤ {place(A).high:g}"]


def test_a_digest_of_what_each_step_asked_stands_in_it(text, found):
    asked = tomllib.loads(text)["asked"]
    assert {each["step"]: each["sha256"] for each in asked} == found.asked
    assert len({each["sha256"] for each in asked}) == len(found.steps) == 2


def test_parameters_told_only_together_and_those_kept_stand_in_it(text):
    tables = tomllib.loads(text)
    (ridge,) = tables["ridge"]
    assert (ridge["step"], ridge["parameters"]) == (1, [A, B])
    assert ridge["moves"] == [0.71, -0.71]
    assert ridge["standard_error"] == float("inf")
    assert "untold" not in tables
    assert tables["kept"] == [{"step": 2, "parameters": [A]}]


def test_parameters_that_the_targets_hardly_tell_stand_in_it():
    weak = Figures({"x": lambda ways: 50.0 + 20.0 * ways[A] + 0.1 * ways[B]})
    text = fitted_text(solved(weak, step(1, [A, B], target("x", 60.0))), "documents", "m", 1)
    assert tomllib.loads(text)["untold"] == [{"step": 1, "parameters": [B]}]


def test_it_says_on_which_file_of_the_documents_values_of_the_literature_rest(found):
    text = fitted_text(found, "literature", "m", 1, "0a1b")
    assert tomllib.loads(text)["about"]["documents_sha256"] == "0a1b"


def test_scenarios_read_from_it_what_was_found(text, found, tmp_path, monkeypatch):
    monkeypatch.setattr(fitted, "fitted_folder", lambda: tmp_path)
    (tmp_path / "documents.toml").write_text(text, encoding="utf-8")
    findings = []
    assert read_fitted("documents", findings).values == found.values.values
    assert findings == []
    keys = dict(flat_keys(load_scenario("isole")))
    for key in (A, B):
        where = place(key)
        number = keys[f"episodes.{where.part}.{where.key}"]
        assert number.value == found.values.values["episodes", where.part][where.key].value
        assert number.fitted == "L085 (step 1)"


def test_figures_that_no_number_stands_for_are_valid_too():
    unknown = Figures({"x": lambda ways: 50.0 + 20.0 * ways[A]}, chance=float("nan"))
    text = fitted_text(solved(unknown, step(1, [A], target("x", 1e6, 1e5))), "documents", "m", 1)
    (fit,) = tomllib.loads(text)["fit"]
    assert fit["interval"][0] != fit["interval"][0]
    assert (fit["stated"], fit["tolerance"]) == (1e6, 1e5)


def test_the_same_calibration_gives_the_same_bytes(found):
    assert fitted_text(found, "documents", "m", 1) == fitted_text(found, "documents", "m", 1)
