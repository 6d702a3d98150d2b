"""Free parameters: how far they go, that they go together, and that wrong ones are refused."""

from __future__ import annotations

import pytest

from parcours_sim.analysis.knobs import Knob, Place, fitted_values, knobs_of, together
from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.files import find_part, scenario_folder
from parcours_sim.scenario.fitted import FittedValue
from parcours_sim.scenario.library import read_part
from parcours_sim.scenario.targets import Free, Step, load_steps

COPD = ("episodes", "copd")


def place(value: float = 2.0, low: float = 1.0, high: float = 4.0, key: str = "a") -> Place:
    return Place(*COPD, key, value, low, high)


def step_of(*keys: str) -> Step:
    return load_steps()[0].model_copy(update={"free": [Free(keys=list(keys), why="a target")]})


@pytest.mark.parametrize(
    ("way", "value"), [(-1.0, 1.0), (-0.5, 1.5), (0.0, 2.0), (0.5, 3.0), (1.0, 4.0)]
)
def test_a_way_leads_from_the_librarys_value_to_the_low_or_high_end(way, value):
    assert place().at(way) == value


@pytest.mark.parametrize("way", [-1.0, -0.999, -0.3333, 0.1234567, 0.999, 1.0])
def test_a_value_has_four_digits_and_stays_in_the_range(way):
    narrow = place(0.123456, 0.1234561 - 1e-3, 0.1234563)
    found = narrow.at(way)
    assert narrow.low <= found <= narrow.high
    assert found in (narrow.low, narrow.high) or float(f"{found:.4g}") == found


def test_rounding_never_leaves_the_range():
    narrow = place(0.12346, 0.12345, 0.12347)
    for way in (-1.0, 0.0, 0.3, 1.0):
        assert narrow.low <= narrow.at(way) <= narrow.high


@pytest.mark.parametrize("step", load_steps(), ids=lambda step: f"step {step.step}")
def test_parameters_of_the_steps_are_where_the_library_has_them_at_0_and_at_its_ends_at_1(step):
    for knob, free in zip(knobs_of(step), step.free, strict=True):
        assert [place.name for place in knob.places] == free.keys
        for each in knob.places:
            part = read_part(each.folder, find_part(each.folder, each.part, scenario_folder()), [])
            for key in each.key.split("."):
                part = part[key]
            assert each.at(0.0) == part["value"]
            assert (each.at(-1.0), each.at(1.0)) == (part["low"], part["high"])


def test_a_parameter_at_an_end_of_its_range_goes_one_way_only():
    assert [(k.low, k.high) for k in (Knob((place(1.0),), ""), Knob((place(4.0),), ""))] == [
        (0.0, 1.0),
        (-1.0, 0.0),
    ]
    tied = Knob((place(1.0), place(4.0)), "")
    assert (tied.low, tied.high) == (-1.0, 1.0)
    assert [each.at(-1.0) for each in tied.places] == [1.0, 1.0]


def test_parameters_that_are_tied_go_the_same_part_of_their_ways():
    tied = Knob((place(key="a"), place(0.5, 0.0, 1.0, key="b.c")), "")
    found = fitted_values([tied], [-0.5], "L085 (step 1)")
    assert {key: each.value for key, each in found[COPD].items()} == {"a": 1.5, "b.c": 0.25}
    assert {each.fitted for each in found[COPD].values()} == {"L085 (step 1)"}
    assert all(each.interval == [each.value] * 2 for each in found[COPD].values())
    assert tied.name == "episodes/copd a (and 1 more)"


def test_values_of_one_part_stand_together():
    knobs = [Knob((place(key="a"),), ""), Knob((place(key="b"),), "")]
    assert list(fitted_values(knobs, [0.0, 1.0], "L085")) == [COPD]
    assert fitted_values(knobs, [0.0, 1.0], "L085")[COPD]["b"].value == 4.0


def test_as_many_ways_as_parameters_are_asked_for():
    with pytest.raises(ValueError, match="zip"):
        fitted_values([Knob((place(),), "")], [0.0, 0.0], "L085")


@pytest.mark.parametrize("way", [-1.0, -0.77, -0.01, 0.0, 0.003, 0.5, 0.9996, 1.0])
def test_parameters_that_move_together_are_known_by_their_values(way: float):
    groups = [knob for step in load_steps() for knob in knobs_of(step) if len(knob.places) > 1]
    assert groups
    for knob in groups:
        assert knob.may_be_at([place.at(way) for place in knob.places])


def test_parameters_that_have_gone_different_parts_of_their_ways_do_not_move_together():
    """Digits that are left out excuse what they may change, and no more."""
    knob = Knob((place(), place(200.0, 100.0, 400.0, "b")), "why")
    assert knob.may_be_at([3.0, 300.0])
    assert knob.may_be_at([3.0, 300.04])
    assert not knob.may_be_at([3.0, 300.2])
    assert not knob.may_be_at([3.0, 100.0])


def test_a_value_of_which_the_range_has_nothing_on_a_side_may_be_any_way_there():
    knob = Knob((place(2.0, 1.0, 3.0), place(1.0, 1.0, 5.0, "b")), "why")
    assert knob.may_be_at([1.5, 1.0])
    assert knob.may_be_at([2.5, 3.0])
    assert not knob.may_be_at([2.5, 1.0])
    assert not knob.may_be_at([1.5, 3.0])


def test_of_several_fits_the_later_goes_before_the_earlier_and_leaves_the_rest():
    def one(value: float) -> FittedValue:
        return FittedValue(value=value, interval=[value, value], fitted="L085")

    earlier, later = {COPD: {"a": one(1.0), "b": one(1.0)}}, {COPD: {"b": one(2.0)}}
    found = together(earlier, later).values[COPD]
    assert {key: each.value for key, each in found.items()} == {"a": 1.0, "b": 2.0}
    assert earlier[COPD]["b"].value == 1.0


@pytest.mark.parametrize(
    "key",
    [
        "episodes/copt rate_per_year",
        "episode/copd rate_per_year",
        "episodes/copd rate_per_yeer",
        "episodes/copd crisis",
        "episodes/copd crisis.admitted_share.value",
        "episodes/copd crisis.admitted_share.value.more",
        "territories/standard conditions.asthma.hazard_ratio",
    ],
)
def test_what_is_no_number_of_the_library_is_refused_with_the_step_and_the_key(key: str):
    with pytest.raises(ScenarioError) as error:
        knobs_of(step_of("episodes/copd rate_per_year", key))
    (found,) = error.value.findings
    assert (found.file, found.key, found.found) == ("step 1", "free.keys", f'"{key}"')
    assert "episodes" in found.allowed
    assert found.code == "unknown-key"
