"""Points of a sweep: the same scenario as its files would give, with other values in place."""

from __future__ import annotations

import doctest

import pytest

from parcours_sim.scenario import vary
from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.resolve import load_scenario, scenario_hash
from parcours_sim.scenario.vary import listed_values, read_values, varied

UPTAKE = "organisation.layers.cpts.uptake_share"
SHARE = "organisation.practices.{}.share"
DELAY = "territory.links.nurse_to_gp.delay_days"


@pytest.fixture(scope="module")
def cpts():
    return load_scenario("cpts")


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(vary).failed == 0


@pytest.mark.parametrize(
    "values",
    [
        {UPTAKE: 0.5},
        {DELAY: 20.0},  # beyond its plausible range
        {"territory.inhabitants": 3000.0, "horizon.years": 1.0},
        {"horizon.start_date": "2026-03-02"},
    ],
)
def test_a_point_is_what_the_files_would_give_with_the_same_changes(cpts, values) -> None:
    loaded = load_scenario("cpts", changes=values)
    assert varied(cpts, values, {}) == loaded
    assert scenario_hash(varied(cpts, values, {})) == scenario_hash(loaded)


def test_the_scenario_itself_stays_as_it_is(cpts) -> None:
    before = scenario_hash(cpts)
    varied(cpts, {UPTAKE: 0.5}, {UPTAKE: (0.0, 1.0)})
    assert scenario_hash(cpts) == before


def test_every_point_has_a_range_that_holds_all_points(cpts) -> None:
    values = (0.2, 3.0, 40.0)
    ranges = set()
    for value in values:
        delay = varied(cpts, {DELAY: value}, {DELAY: values}).territory.links["nurse_to_gp"]
        assert delay.delay_days.value == value
        ranges.add((delay.delay_days.low, delay.delay_days.high))
    assert ranges == {(0.2, 40.0)}


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_one_practice_model_moves_the_others_in_proportion(share) -> None:
    before = load_scenario("mixte").organisation.practices
    key = "organisation.practices.msp_avec_si.share"
    after = varied(load_scenario("mixte"), {key: share}, {key: (0.0, 1.0)}).organisation.practices
    assert after["msp_avec_si"].share.value == share
    assert sum(use.share.value for use in after.values()) == pytest.approx(1.0, abs=1e-12)
    rest = (1.0 - share) / (1.0 - before["msp_avec_si"].share.value)
    for name in before.keys() - {"msp_avec_si"}:
        assert after[name].share.value == pytest.approx(before[name].share.value * rest, rel=1e-9)


def test_shares_of_two_practice_models_stay_where_they_are_put_and_leave_the_rest() -> None:
    before = load_scenario("mixte")
    moved = {SHARE.format("esp"): 0.2, f"{SHARE.format('msp_avec_si')}.value": 0.6}
    after = varied(before, moved, {}).organisation.practices
    shares = {name: use.share.value for name, use in after.items()}
    assert (shares.pop("esp"), shares.pop("msp_avec_si")) == (0.2, 0.6)
    assert sum(shares.values()) == pytest.approx(0.2, rel=1e-12)
    ratios = {shares[name] / before.organisation.practices[name].share.value for name in shares}
    assert max(ratios) == pytest.approx(min(ratios), rel=1e-9)


def test_shares_of_two_practice_models_that_are_more_than_all_are_refused() -> None:
    with pytest.raises(ScenarioError) as refused:
        varied(
            load_scenario("mixte"),
            {SHARE.format("esp"): 0.6, SHARE.format("msp_avec_si"): 0.8},
            {},
        )
    (finding,) = refused.value.findings
    assert (finding.code, finding.key) == ("sum", "organisation.practices")
    assert finding.found == "esp and msp_avec_si at 1.4 in all"


@pytest.mark.parametrize("end", ["low", "high"])
def test_an_end_of_a_plausible_range_is_no_axis(cpts, end) -> None:
    with pytest.raises(ScenarioError) as refused:
        varied(cpts, {f"{DELAY}.{end}": 1.0}, {})
    (finding,) = refused.value.findings
    assert (finding.key, finding.code) == (f"{DELAY}.{end}", "unknown-key")


def test_where_there_is_no_other_practice_model_its_share_cannot_move() -> None:
    with pytest.raises(ScenarioError) as refused:
        varied(load_scenario("isole"), {"organisation.practices.isole.share": 0.5}, {})
    assert [finding.code for finding in refused.value.findings] == ["sum"]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("organisation.layers.cpts.uptake", 0.5, "unknown-key"),
        (UPTAKE, 1.5, "out-of-bounds"),
        (UPTAKE, "many", "wrong-type"),
        ("organisation.practices.isole.share", 1.1, "out-of-bounds"),
    ],
)
def test_what_cannot_be_is_refused_at_the_option_and_the_key(cpts, key, value, code) -> None:
    with pytest.raises(ScenarioError) as refused:
        varied(cpts, {key: value}, {})
    (finding,) = refused.value.findings
    assert (finding.file, finding.code) == ("--vary", code)
    assert finding.key.startswith(key.rsplit(".", 2)[0])


def test_values_are_spaced_evenly_or_listed() -> None:
    assert read_values("k", "0:0.3:4") == (0.0, 0.1, 0.2, 0.3)
    assert read_values("k", "5") == (5.0,)
    assert read_values("k", "3, 1,2") == (3.0, 1.0, 2.0)
    assert listed_values("k", [1, 2.5, "x"]) == (1.0, 2.5, "x")


@pytest.mark.parametrize(
    "text",
    [
        "0:1",
        "0:1:1",
        "0:1:2.5",
        "1:0:3",
        "0:1:2000",
        "a:b:3",
        "1,1",
        "1,,2",
        "0:1:3:4",
        "nan:1:3",
        "0:inf:3",
    ],
)
def test_values_that_are_none_are_refused_at_their_key(text) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_values("some.key", text)
    (finding,) = refused.value.findings
    assert (finding.file, finding.key, finding.code) == ("--vary", "some.key", "values")
    assert "low:high:points" in finding.allowed
