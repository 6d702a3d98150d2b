"""The files of targets and rows: they load, name what exists, and say what evidence states."""

from __future__ import annotations

import re
import tomllib

import pytest

from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.files import named_scenarios, scenario_folder
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.targets import (
    Beside,
    Measure,
    Row,
    Target,
    load_rows,
    load_steps,
    stated,
)

STEPS, ROWS = load_steps(), load_rows()
TARGETS = [target for step in STEPS for target in step.target]
MEASURES: list[Measure] = [*TARGETS, *ROWS.row]
BESIDE = [(measure, beside) for measure in MEASURES for beside in measure.beside]
KEYS = sorted(
    {key for each in (*MEASURES, *(b for _, b in BESIDE)) for key in (*each.above, *each.below)}
)
FREE = [(step.step, key) for step in STEPS for free in step.free for key in free.keys]
NOT_COMPARABLE = {"S18", "L086", "L135c", "L137", "L138", "L145"}
IN_WORDS = {25.0: "a quarter", 0.0: "NO effect"}


def name_of(measure: Measure) -> str:
    return f"{measure.evidence} {measure.what.en}"


# --- the files that there are ---


def test_every_file_of_the_calibration_is_a_step_and_they_come_in_their_order():
    files = sorted((scenario_folder() / "calibration").iterdir())
    assert [step.step for step in STEPS] == list(range(1, len(files) + 1)) == list(range(1, 10))
    assert [file.name[0] for file in files] == [str(step.step) for step in STEPS]
    assert [path.name for path in (scenario_folder() / "validation").iterdir()] == ["rows.toml"]


def test_evidence_to_be_fitted_or_compared_is_a_target_or_a_row_or_said_to_be_neither():
    asked = {row.id for row in load_ledger().rows() if row.role in ("calibration", "validation")}
    compared = {measure.evidence for measure in MEASURES}
    absent = {row.evidence for row in ROWS.not_comparable}
    assert asked - compared - absent == set()
    assert compared & absent == set()


def test_no_more_rows_are_called_not_comparable_than_those_that_are():
    assert {row.evidence for row in ROWS.not_comparable} == NOT_COMPARABLE
    assert len(ROWS.not_comparable) == len(NOT_COMPARABLE)


def test_no_two_targets_or_rows_are_told_by_the_same_words():
    names = [name_of(measure) for measure in MEASURES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("measure", MEASURES, ids=name_of)
def test_a_figure_that_is_not_the_rows_own_stands_in_a_note_or_follows_from_one(measure):
    row = load_ledger()[measure.evidence]
    if measure.stated is None or measure.stated == row.value:
        assert row.value is not None or getattr(measure, "sign", "")
        return
    notes = (note.en for note in (measure.note, measure.range_note) if note)
    text = " ".join(filter(None, (row.note, row.statement, *notes)))
    numbers = {float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text)}
    ratios = {
        round(float(one) / float(other), 3)
        for one, other in re.findall(r"([\d.]+)(?: %)? over ([\d.]+)", text)
    }
    leaves = {100.0 - float(each) for each in re.findall(r"([\d.]+) %.* leaves", text)}
    words = {figure for figure, said in IN_WORDS.items() if said in text}
    # Where the measure says that the middle of two figures is fitted.
    middles = {(one + other) / 2.0 for one in numbers for other in numbers}
    allowed = numbers | ratios | leaves | words | (middles if "middle" in text else set())
    assert measure.stated in {round(each, 6) for each in allowed}


@pytest.mark.parametrize("row", ROWS.row, ids=name_of)
def test_a_row_has_a_range_to_agree_with_or_a_direction_of_its_evidence(row: Row):
    _, low, high = stated(row)
    if row.sign:
        assert row.sign in load_ledger()[row.evidence].unit
        assert (low, high) == (None, None)
    else:
        assert low is not None or high is not None
        assert low is None or high is None or low < high


@pytest.mark.parametrize("row", ROWS.row, ids=name_of)
def test_a_range_that_is_not_the_evidences_own_says_why_and_holds_what_is_stated(row: Row):
    own = row.low is not None or row.high is not None
    assert own == (row.range_note is not None)
    figure, low, high = stated(row)
    if own:
        assert (figure if low is None else low) <= figure <= (figure if high is None else high)


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_a_target_states_a_figure_and_is_one_of_a_set_of_its_step(target: Target):
    (step,) = [step for step in STEPS if target in step.target]
    assert stated(target)[0] is not None
    assert target.sets
    assert set(step.sets) & set(target.sets)


@pytest.mark.parametrize("key", KEYS)
def test_outcomes_and_groups_that_are_named_exist(key: str):
    outcome, _, group = key.removeprefix("-").partition(" ")
    if (outcome, group) == ("inhabitant_years", "all"):
        return
    scenario = load_scenario("isole")
    groups = {
        *("all", "age:under_75", "age:75+"),
        *(f"kind:{kind}" for kind in scenario.episodes),
        *(f"condition:{condition}" for condition in scenario.territory.conditions),
    }
    assert outcome in OUTCOMES
    assert group in groups


@pytest.mark.parametrize("measure", MEASURES, ids=name_of)
def test_only_totals_are_added_up_or_set_in_proportion(measure: Measure):
    keys = [key.removeprefix("-").partition(" ")[0] for key in (*measure.above, *measure.below)]
    assert len(keys) <= 1 or all(
        key == "inhabitant_years" or OUTCOMES[key].additive for key in keys
    )


@pytest.mark.parametrize("measure", MEASURES, ids=name_of)
def test_scenarios_that_are_named_exist_and_a_change_is_against_another(measure: Measure):
    assert {measure.of, measure.against or measure.of} <= set(named_scenarios())
    assert measure.of != measure.against


@pytest.mark.parametrize(("measure", "beside"), BESIDE)
def test_what_is_told_beside_a_figure_has_something_to_be_compared_with(
    measure: Measure, beside: Beside
):
    assert beside.kind == "level" or measure.against is not None


@pytest.mark.parametrize(("step", "text"), FREE)
def test_a_free_parameter_is_a_number_of_the_library_with_room_to_move(step: int, text: str):
    part, _, key = text.partition(" ")
    item = tomllib.loads(
        (scenario_folder() / "library" / f"{part}.toml").read_text(encoding="utf-8")
    )
    for each in key.split("."):
        item = item[each]
    assert item["low"] < item["high"]
    assert item["low"] <= item["value"] <= item["high"]


def test_no_parameter_is_free_twice():
    keys = [key for _, key in FREE]
    assert len(set(keys)) == len(keys)


# --- what evidence states ---


def test_a_figure_is_the_rows_own_with_its_range_unless_the_file_says_another():
    row = load_ledger()["L085"]
    target = next(each for each in TARGETS if each.evidence == "L085")
    assert stated(target) == (row.value, row.low, row.high)
    assert row.low is not None
    noted = target.model_copy(update={"stated": 5.0})
    assert stated(noted) == (5.0, None, None)
    assert stated(noted.model_copy(update={"low": 4.0})) == (5.0, 4.0, None)
    assert stated(target.model_copy(update={"high": 9.0})) == (row.value, None, 9.0)
