"""The summary that people see."""

import math

import pytest
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, comparison, study, values

from parcours_sim.analysis.comparison import compare
from parcours_sim.analysis.summary import summarise


def test_the_baseline_comes_first_and_is_compared_with_nothing():
    summary = summarise(comparison(replications=3))
    assert summary.organisations[0].scenario == "isole"
    assert math.isnan(summary.organisations[0].avoided.value)
    assert [row.scenario for row in summary.compared][:2] == ["regroupe", "esp"]
    assert summary.replications == (3, 3)


def test_avoided_is_the_opposite_of_the_difference_in_every_unit():
    numbers = {"isole": [100.0, 110.0, 120.0], "msp": [90.0, 90.0, 90.0]}
    found = compare(values("hospitalisations", **numbers), {}, "isole", EXPOSURE, ADDITIVE)
    row = summarise(found).compared[0]
    assert row.avoided.value == 20
    assert row.avoided.low == -found.difference("msp", "hospitalisations").high
    assert row.avoided_percent.value == pytest.approx(2000 / 110, rel=1e-12)
    assert row.avoided_per_100k.value == pytest.approx(20, rel=1e-12)
    assert row.variance_ratio == pytest.approx(1, rel=1e-12)


def test_what_an_organisation_takes_stands_beside_what_it_avoids():
    outcomes, stays = study(replications=3)
    row = summarise(compare(outcomes, stays, "isole", EXPOSURE, ADDITIVE)).compared[2]
    assert row.scenario == "msp"
    assert row.coordination_hours_difference.value == pytest.approx(1_200, rel=1e-12)
    assert row.gp_hours_difference.value == pytest.approx(-960, rel=1e-9)
    assert row.nurse_hours_difference.value == pytest.approx(2_160, rel=1e-9)
    assert row.cost_eur_difference.value == pytest.approx(
        60 * 2_400 - 5_200 * row.avoided.value, rel=1e-9
    )
    assert row.gross_avoided.value - row.gross_induced.value == pytest.approx(row.avoided.value)
