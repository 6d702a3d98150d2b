"""For whom: verdicts, groups of people, and the outcomes that speak for each criterion."""

from __future__ import annotations

import pytest
from tests.analysis.grouped import FEWER, MORE, STILL, UNSURE, grouped
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, comparison, table

from parcours_sim.analysis.comparison import compare
from parcours_sim.analysis.criteria import (
    VERDICTS,
    Judged,
    counts,
    criteria,
    groups_judged,
    harms,
    judge,
    rows_judged,
    verdict_of,
)
from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.care.outcomes import OUTCOMES

STAYS, PROMPT = "hospitalisations", "gp_wait_same_or_next_day"


def verdicts(judged: tuple[Judged, ...]) -> dict[tuple[str, str], str]:
    return {(each.outcome, each.group): each.verdict for each in judged}


def groups_of(judged: tuple[Judged, ...]) -> set[str]:
    return {each.group for each in judged}


@pytest.mark.parametrize("criterion", criteria(), ids=lambda each: each.name)
def test_each_outcome_chosen_stands_under_the_same_criterion_in_the_registry(criterion):
    assert criterion.outcomes
    of_registry = {name: OUTCOMES[name].criterion for name in criterion.outcomes}
    assert of_registry == dict.fromkeys(criterion.outcomes, criterion.name)


def test_each_outcome_speaks_once_and_one_way():
    chosen = [name for each in criteria() for name in each.outcomes]
    assert len(chosen) == len(set(chosen)) > 20


@pytest.mark.parametrize(
    ("low", "high", "fewer_is_better", "more_is_better"),
    [
        (-3.0, -1.0, "better", "worse"),
        (1.0, 3.0, "worse", "better"),
        (-1.0, 3.0, "untold", "untold"),
        (-3.0, 0.0, "untold", "untold"),
        (0.0, 3.0, "untold", "untold"),
        (0.0, 0.0, "same", "same"),
    ],
)
def test_a_change_is_better_or_worse_only_where_its_interval_leaves_zero_out(
    low, high, fewer_is_better, more_is_better
):
    change = Estimate((low + high) / 2, low, high, 10)
    assert verdict_of(change, lower_is_better=True) == fewer_is_better
    assert verdict_of(change, lower_is_better=False) == more_is_better


@pytest.mark.parametrize("change", [UNKNOWN, Estimate(-5.0, UNKNOWN.low, UNKNOWN.high, 1)])
def test_without_an_interval_nothing_is_told(change):
    assert verdict_of(change, lower_is_better=True) == "untold"


def test_fewer_stays_and_more_prompt_appointments_are_for_the_better():
    found = judge(grouped({(STAYS, "all"): FEWER, (PROMPT, "all"): MORE, ("deaths", "all"): MORE}))
    assert verdicts(found) == {
        (STAYS, "all"): "better",
        (PROMPT, "all"): "better",
        ("deaths", "all"): "worse",
    }


def test_a_harm_to_one_group_is_told_even_if_everyone_together_gains():
    groups = {"all": FEWER, "age:75+": FEWER, "condition:copd": UNSURE, "gp:without": MORE}
    found = judge(grouped({(STAYS, group): change for group, change in groups.items()}))
    assert counts(found) == {"better": 2, "worse": 1, "untold": 1, "same": 0}
    (harm,) = harms(found)
    assert (harm.scenario, harm.outcome, harm.group) == ("msp", STAYS, "gp:without")
    assert harm.difference.value == pytest.approx(10.0)
    assert harm.percent.value == pytest.approx(10.0)


def test_groups_of_other_people_are_left_out():
    people = {"all": STILL, "age:75+": STILL, "practice:isole": FEWER, "practice:esp": STILL}
    changes = {("person_years", group): change for group, change in people.items()}
    changes |= {(STAYS, group): FEWER for group in people}
    assert groups_of(judge(grouped(changes))) == {"all", "age:75+", "practice:esp"}


def test_as_many_people_on_average_are_not_the_same_people():
    changes = {("person_years", "practice:esp"): (-5.0, 0.0, 5.0), (STAYS, "practice:esp"): FEWER}
    assert judge(grouped(changes)) == ()


def test_patients_of_a_practice_model_that_nobody_counted_are_left_out_and_links_are_no_people():
    groups = ("practice:esp", "link:nurse_to_gp", "kind:copd")
    found = judge(grouped({("crises", group): FEWER for group in groups}))
    assert groups_of(found) == {"kind:copd"}


def test_patients_of_a_practice_model_that_the_baseline_has_not_are_left_out():
    people = [("person_years", "practice:msp", 50.0), (STAYS, "practice:msp", 9.0)]
    rows = [
        ("msp", number, outcome, group, value)
        for number in range(3)
        for outcome, group, value in people
    ]
    rows += [(name, n, STAYS, "all", 9.0) for name in ("isole", "msp") for n in range(3)]
    found = judge(compare(table(rows), {}, "isole", EXPOSURE, ADDITIVE | {"person_years"}))
    assert groups_of(found) == {"all"}


def test_what_neither_has_any_of_is_left_out_and_what_only_one_has_is_not():
    none = {("drug_incidents", "all"): 0.0, ("nurse_wait_minutes", "all"): 0.0}
    changes = {("drug_incidents", "all"): STILL, ("nurse_wait_minutes", "all"): MORE}
    found = judge(grouped(changes | {("deaths", "all"): STILL}, none))
    assert verdicts(found) == {("nurse_wait_minutes", "all"): "worse", ("deaths", "all"): "same"}


def test_volumes_of_effort_are_not_judged():
    judged = {each.outcome for each in judge(comparison(replications=3))}
    assert STAYS in judged
    assert {OUTCOMES[name].criterion for name in judged}.isdisjoint({"effort", "population"})


def test_groups_and_outcomes_come_in_a_fixed_order_whatever_comes_first():
    groups = (
        *("all", "age:under_75", "age:75+", "gp:with", "gp:without"),
        *("condition:copd", "condition:frail", "practice:esp", "kind:copd", "kind:diabetes"),
    )
    changes = {(name, group): STILL for name in ("deaths", STAYS) for group in reversed(groups)}
    changes |= {("person_years", "practice:esp"): STILL}
    found = judge(grouped(changes))
    assert groups_judged(found) == groups
    assert rows_judged(found) == (("orientation", STAYS), ("attention to the person", "deaths"))


def test_every_verdict_is_counted():
    assert tuple(counts([])) == VERDICTS
    assert set(counts([]).values()) == {0}
