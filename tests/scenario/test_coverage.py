"""What numbers rest on is counted: each once, by origin, by grade, and whether it was fitted."""

from __future__ import annotations

import pytest

from parcours_sim.scenario.better_data import read_better_data
from parcours_sim.scenario.coverage import (
    ORIGINS,
    assumed_keys,
    coverage_of,
    grade_of,
    numbers_of,
    origin_of,
    row_of,
    unverified_rows,
)
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import load_scenario


def quantity(**source) -> Quantity:
    return Quantity(value=1.0, low=0.0, high=2.0, **source)


@pytest.mark.parametrize(
    ("source", "origin", "grade"),
    [
        ({"assumption": "nobody measured it"}, "assumption", "X"),
        ({"evidence": "X01a"}, "assumption", "X"),
        ({"evidence": "L035"}, "unverified", "M"),
        ({"evidence": "S01"}, "documents", "none"),
        ({"evidence": "L084"}, "literature", load_ledger()["L084"].grade),
    ],
)
def test_a_number_has_the_origin_and_the_grade_of_its_row_or_is_assumed(source, origin, grade):
    number = quantity(**source)
    assert (origin_of(number), grade_of(number)) == (origin, grade)
    assert (row_of(number) is None) == ("assumption" in source)


def test_every_number_of_a_scenario_counts_once():
    scenario = load_scenario("msp_haute_loire_anticoagulants")
    coverage, numbers = coverage_of(scenario), list(numbers_of(scenario))
    assert coverage.numbers == len(numbers) == coverage.grades.total()
    assert sum(map(coverage.share, ORIGINS)) == pytest.approx(1.0, rel=1e-12)
    for kept, origin in ((coverage.unverified, "unverified"), (coverage.assumed, "assumption")):
        keys = [key for each in kept.values() for key in each]
        assert sorted(keys) == sorted(key for key, number in numbers if origin_of(number) == origin)
    assert coverage.fitted == sum(number.fitted is not None for _, number in numbers) > 0


def test_what_was_not_fitted_counts_as_not_fitted():
    assert coverage_of(load_scenario("isole", fitted=False)).fitted == 0


def test_unverified_rows_stand_in_order_with_the_scenarios_that_use_them():
    coverages = {name: coverage_of(load_scenario(name)) for name in ("paerpa", "isole")}
    rows = unverified_rows(coverages)
    assert list(rows) == sorted(rows)
    assert list(rows["L118"]) == ["paerpa"]
    assert list(rows["L035"]) == ["paerpa", "isole"]
    assert rows["L035"]["isole"] == ["territory.professionals.nurse_visit_minutes"]


def test_assumed_keys_of_the_organisation_before_are_those_of_the_organisation():
    coverages = {"cpts": coverage_of(load_scenario("cpts"))}
    found = assumed_keys(coverages, read_better_data())
    assert "" not in found
    keys = {key for each in found.values() for key in each["cpts"]}
    assert not any(key.startswith("before.") for key in keys)
    assert "organisation.practices.isole.model.access.slots_ratio" in keys
