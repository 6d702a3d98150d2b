"""Bills and who pays them: what each item costs, and that no account changes the whole."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.billed import organised, replication, scenario

from parcours_sim.analysis.bills import ITEMS, PAYERS, bill, paid, pathway_sum
from parcours_sim.engine import simulate
from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.price_file import read_prices
from parcours_sim.scenario.resolve import load_scenario

PRICES = read_prices()
ACCOUNTS = {account.name: account for account in PRICES.account}
COSTS = {
    "gp": "gp_consultation_eur",
    "nurse": "nurse_visit_eur",
    "dispensing": "dispensing_eur",
    "ed": "ed_visit_eur",
    "expert": "expert_advice_eur",
}


def both(**costs: float):
    return tuple(bill(scenario(**costs), [one(), one()]) for one in (organised, replication))


def test_each_item_is_what_was_counted_at_its_unit_cost():
    own, _ = both(gp_consultation_eur=30, nurse_visit_eur=9, dispensing_eur=6, ed_visit_eur=160)
    assert own.item("gp") == pytest.approx([30_000.0] * 2)
    assert own.item("nurse") == pytest.approx([340 * 9.0] * 2)
    assert own.item("dispensing") == pytest.approx([720.0] * 2)
    assert own.item("ed") == pytest.approx([9_600.0] * 2)
    kinds = load_scenario("isole").episodes
    stays = (
        7 * kinds["heart_failure"].crisis.stay_eur.value + 2 * kinds["copd"].crisis.stay_eur.value
    )
    assert own.item("stay") == pytest.approx([stays] * 2)
    assert own.followed["gp"] == pytest.approx([400 * 30.0] * 2)
    assert own.others["gp"] == pytest.approx([600 * 30.0] * 2)


def test_the_whole_bill_of_a_simulated_world_is_its_cost():
    changes = {"territory.inhabitants": "1000", "horizon.years": "0.3"}
    for name in ("msp", "paerpa", "regroupe", "cpts_val_doise_teleexpertise"):
        resolved = load_scenario(name, changes=changes)
        done = simulate(resolved, 1, 0, engine="compiled")
        stored = StoredReplication(tuple(done.rows), done.stays, 0, 0, 0.0)
        cost = next(
            value for outcome, group, value in done.rows if (outcome, group) == ("cost_eur", "all")
        )
        assert cost > 0.0
        assert bill(resolved, [stored]).total[0] == pytest.approx(cost, rel=1e-12)


@pytest.mark.parametrize("item", COSTS)
def test_doubling_a_unit_cost_doubles_its_item_and_nothing_else(item):
    usual = getattr(load_scenario("isole").territory.costs, COSTS[item]).value
    before, _ = both()
    after, _ = both(**{COSTS[item]: 2.0 * usual})
    for each in ITEMS:
        factor = 2.0 if each == item else 1.0
        assert after.item(each) == pytest.approx(factor * before.item(each), rel=1e-12), each
    assert before.item(item)[0] > 0.0


@pytest.mark.parametrize("name", ACCOUNTS)
def test_payers_pay_the_whole_bill_together_under_every_account(name):
    own, before = both()
    shares = paid(own, ACCOUNTS[name], PRICES, before)
    assert tuple(shares) == PAYERS
    assert sum(shares.values()) == pytest.approx(own.total, rel=1e-12)


def test_without_lump_sums_the_teams_bear_coordination():
    own, before = both()
    fees, today = (paid(own, ACCOUNTS[name], PRICES, before) for name in ("fees", "today"))
    assert fees["teams"] == pytest.approx(own.coordination)
    assert today["teams"] == pytest.approx([0.0] * 2, abs=1e-9)
    assert today["insurer"] - fees["insurer"] == pytest.approx(own.coordination)
    assert today["households"] == pytest.approx(fees["households"])


def test_plans_bring_the_teams_a_fee_for_each_patient_coordinated_and_year_instead_of_lump_sums():
    own, before = both()
    fees, plans = (paid(own, ACCOUNTS[name], PRICES, before) for name in ("fees", "plans"))
    brought = 80.0 * PRICES.plan.per_patient_eur_per_year.value
    assert plans["insurer"] - fees["insurer"] == pytest.approx([brought] * 2)
    assert plans["teams"] == pytest.approx(own.coordination - brought)
    assert plans["households"] == pytest.approx(fees["households"])


def test_the_insurer_pays_all_of_it_for_long_term_illness_and_the_rate_for_others():
    free = dict.fromkeys(COSTS.values(), 0.0)
    own, before = both(**{**free, "gp_consultation_eur": 100.0})
    ill, few = (
        PRICES.long_term_illness.followed_share.value,
        PRICES.long_term_illness.others_share.value,
    )
    rate, stay = PRICES.insured.gp_share.value, PRICES.insured.stay_share.value
    expected = 40_000 * (ill + (1 - ill) * rate) + 60_000 * (few + (1 - few) * rate)
    expected += own.item("stay") * (ill + (1 - ill) * stay)
    assert paid(own, ACCOUNTS["fees"], PRICES, before)["insurer"] == pytest.approx(expected)


def test_a_pathway_sum_costs_the_insurer_as_much_as_the_baseline_and_leaves_the_rest_to_teams():
    own, before = both()
    pathway, today = ACCOUNTS["pathway"], ACCOUNTS["today"]
    funded = [paid(own, account, PRICES, own)["insurer"] for account in (pathway, today)]
    assert funded[0] == pytest.approx(funded[1])
    usual = paid(before, pathway, PRICES, before)
    assert usual["insurer"] == pytest.approx(paid(before, today, PRICES, before)["insurer"])
    assert usual["teams"] == pytest.approx([0.0] * 2, abs=1e-6)
    now = paid(own, pathway, PRICES, before)
    assert now["insurer"] == pytest.approx(usual["insurer"])  # others cost the same in both
    saved = (
        paid(before, today, PRICES, before)["insurer"] - paid(own, today, PRICES, before)["insurer"]
    )
    assert now["teams"] == pytest.approx(-saved)


def test_a_pathway_sum_is_per_person_followed_and_year():
    _, before = both()
    followed = before.person_years.sum()
    fees = paid(before, ACCOUNTS["fees"], PRICES, before)["insurer"].sum()
    for_others = fees - pathway_sum(before, PRICES) * followed
    assert 0.0 < for_others < fees
    assert math.isfinite(pathway_sum(before, PRICES))
    twice = replace(before, person_years=2.0 * before.person_years)
    assert pathway_sum(twice, PRICES) == pytest.approx(pathway_sum(before, PRICES) / 2.0)


def test_a_group_in_which_nothing_happened_costs_nothing():
    empty = StoredReplication(
        (("gp_contacts", "all", 0.0),), np.array([], dtype=np.int64), 0, 0, 0.0
    )
    assert bill(scenario(), [empty]).total.tolist() == [0.0]
