"""Prices: posts, euros for a stay avoided, and in how many worlds an organisation pays."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from tests.analysis.billed import organised, replication, scenario

from parcours_sim.analysis.intervals import t_interval
from parcours_sim.analysis.price import THRESHOLDS_EUR, price_study, worth
from parcours_sim.scenario.price_file import read_prices

PRICES = read_prices()


def study_of(here, there, **costs: float):
    """The price of an organisation with these replications against a baseline with those."""
    names = ("isole", "organised")
    result = SimpleNamespace(
        study=SimpleNamespace(names=names, baseline="isole"), replications=(there, here)
    )
    found = price_study(result, [scenario(**costs)] * 2, PRICES)
    assert list(found) == ["organised"]
    return found["organised"]


def test_posts_are_hours_over_those_of_a_full_time_post_and_the_measured_years():
    price = study_of([organised()], [replication()])
    years = scenario().horizon.years.value
    assert price.hours["nurse"].value == pytest.approx(20.0)
    hours = PRICES.full_time.nurse_hours_per_year.value
    assert price.posts["nurse"].value == pytest.approx(20.0 / years / hours)
    assert price.posts["coordination"].value == pytest.approx(40.0 / years / 1607.0)
    assert price.posts["gp"].value == 0.0


def test_a_stay_avoided_costs_the_difference_over_the_stays_avoided():
    price = study_of([organised()], [replication()])
    stay = scenario().episodes["copd"].crisis.stay_eur.value
    extra = 40 * scenario().territory.costs.nurse_visit_eur.value + 5000.0 - 3 * stay
    assert price.avoided.value == 3.0
    assert price.cost.value == pytest.approx(extra)
    assert price.per_avoided.value == pytest.approx(extra / 3.0)
    assert not price.per_avoided.has_interval


def test_with_several_worlds_the_price_has_fiellers_interval():
    here = [organised(hospitalisations=12.0 - n) for n in (3, 4, 5, 4)]
    price = study_of(here, [replication()] * 4)
    assert price.avoided == t_interval(np.array([3.0, 4.0, 5.0, 4.0]))
    assert price.per_avoided.low < price.per_avoided.value < price.per_avoided.high


def test_no_price_is_told_where_no_stay_is_avoided():
    here = [organised(hospitalisations=12.0 + n) for n in (0, 1, 1)]
    price = study_of(here, [replication()] * 3)
    assert price.avoided.value < 0.0
    assert np.isnan(price.per_avoided.value)


def test_accounts_move_euros_between_payers_and_leave_stays_and_the_whole_cost_alone():
    price = study_of([organised(), organised()], [replication(), replication()])
    totals = {
        account: sum(payer.value for payer in by_payer.values())
        for account, by_payer in price.paid.items()
    }
    assert set(totals) == {"fees", "today", "plans", "pathway"}
    assert list(totals.values()) == pytest.approx([price.cost.value] * 4, abs=1e-6)
    assert price.paid["fees"]["teams"].value == pytest.approx(5000.0)
    assert price.paid["pathway"]["insurer"].value == pytest.approx(0.0, abs=1e-6)


def test_at_another_unit_cost_only_that_item_and_the_whole_change():
    usual, dear = (
        study_of([organised()], [replication()], nurse_visit_eur=cost) for cost in (9, 18)
    )
    assert dear.items["nurse"].value == pytest.approx(2.0 * usual.items["nurse"].value)
    assert replace(dear.avoided) == usual.avoided
    for item in set(usual.items) - {"nurse"}:
        assert dear.items[item] == usual.items[item]
    assert dear.cost.value - usual.cost.value == pytest.approx(40 * 9.0)


def test_the_acceptability_curve_is_the_share_of_worlds_whose_stays_are_worth_their_cost():
    cost, avoided = np.array([1500.0, 2500.0, -100.0, 900.0]), np.array([1.0, 1.0, 1.0, -1.0])
    curve = dict(zip(THRESHOLDS_EUR, worth(cost, avoided), strict=True))
    assert [curve[limit] for limit in (0.0, 1000.0, 2000.0, 3000.0)] == [0.25, 0.25, 0.5, 0.75]
    assert max(curve.values()) == 0.75  # one world has more stays: no price makes it pay
