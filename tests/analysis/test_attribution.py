"""What a scenario avoids, shared: each world apart, the sum exact, the ends what they are said."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from parcours_sim.analysis.attribution import (
    MAY_BE_SHARED,
    Attribution,
    Played,
    attribution,
    check_players,
    check_worlds,
    play,
)
from parcours_sim.analysis.intervals import t_interval
from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.laboratory import Question
from parcours_sim.scenario.channels import CHANNELS
from parcours_sim.scenario.coalitions import Mixable, as_before, mixable
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

STAYS = 1000.0
RECALLS, VISITS, TOGETHER = 100.0, 20.0, 30.0
"""Stays that each share of recalls and each protocol visit avoids, and what both do at once."""


@dataclass(frozen=True)
class Answer:
    rows: tuple[tuple[str, str, float], ...]


def rows_of(scenario: Scenario, world: int) -> tuple[tuple[str, str, float], ...]:
    """Stays by a formula of two channels with a part that both must be on for, and chance."""
    layer = scenario.organisation.layers.get("paerpa")
    recalls, visits, fee = (
        (getattr(layer.layer, key).value if layer else 0.0)
        for key in (
            *("recall_share", "protocol_visits_per_year", "funding_per_patient_eur_per_year"),
        )
    )
    chance = 1.0 + 0.2 * random.Random(world).random()
    avoided = chance * (RECALLS * recalls + VISITS * visits + TOGETHER * recalls * visits)
    stays = STAYS + 50.0 * random.Random(world + 500).random() - avoided
    rows = [("hospitalisations", "all", stays), ("cost_eur", "all", fee)]
    rows += [("deaths", "all", 7.0), ("hospitalisations", "practice:isole", 3.0 * world)]
    if recalls == 0.0:  # a group in which nothing happened has no row
        rows.append(("hospitalisations", "kind:copd", 4.0))
    return tuple(rows)


@dataclass
class Laboratory:
    """Answers by a formula, and remembers what it was asked."""

    asked: list[Question] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def answer(self, question: Question) -> tuple[Answer, ...]:
        self.asked.append(question)
        return tuple(
            Answer(rows_of(question.scenario, world)) for world in range(question.replications)
        )

    def stands_at(self, where: str) -> None:
        self.places.append(where)


@cache
def paerpa() -> Mixable:
    scenario = load_scenario("paerpa")
    return mixable(scenario, as_before(scenario))


def played(replications: int = 5) -> Played:
    laboratory = Laboratory()
    return play(paerpa(), replications, laboratory, laboratory)


def found(outcome: str = "hospitalisations", group: str = "all", worlds: int = 5) -> Attribution:
    return attribution(played(worlds), outcome, group)


def by_channel(of: Attribution) -> dict[str, object]:
    return {each.channel: each for each in of.credits}


def test_parts_are_the_shapley_values_of_each_world():
    layer = paerpa().scenario.organisation.layers["paerpa"].layer
    recalls, visits = layer.recall_share.value, layer.protocol_visits_per_year.value
    chance = np.array([1.0 + 0.2 * random.Random(world).random() for world in range(5)])
    both = TOGETHER * recalls * visits / 2.0
    of = by_channel(found())
    for channel, own in (("discharge", RECALLS * recalls), ("control", VISITS * visits)):
        assert of[channel].value.value == pytest.approx(((own + both) * chance).mean())
        assert of[channel].alone.value == pytest.approx((own * chance).mean())
        assert of[channel].last.value == pytest.approx(((own + 2 * both) * chance).mean())


def test_parts_sum_to_the_total_in_every_world():
    of = found(worlds=9)
    assert of.by_world.shape == (3, 9)
    assert of.by_world.sum(axis=0) == pytest.approx(of.avoided_by_world, rel=1e-11)
    assert sum(each.value.value for each in of.credits) == pytest.approx(of.total.value, rel=1e-11)


def test_the_total_is_what_the_baseline_has_more_than_the_scenario():
    of, mixed = found(), paerpa()
    pairs = [(rows_of(mixed.baseline, n)[0][2], rows_of(mixed.scenario, n)[0][2]) for n in range(5)]
    avoided = np.array([before - after for before, after in pairs])
    assert of.total == t_interval(avoided)
    assert of.before.value == pytest.approx(np.mean([before for before, _ in pairs]))
    percent = 100.0 * avoided.mean() / np.mean([before for before, _ in pairs])
    assert of.total_percent.value == pytest.approx(percent)


def test_a_channel_that_moves_but_does_nothing_has_exactly_nothing():
    route = by_channel(found())["admission_route"]
    assert route.moves
    assert (route.value.value, route.value.low, route.value.high) == (0.0, 0.0, 0.0)


def test_a_channel_that_does_not_move_has_nothing_and_is_in_no_coalition():
    laboratory = Laboratory()
    of = attribution(play(paerpa(), 2, laboratory, laboratory), "hospitalisations")
    assert [each.channel for each in of.credits] == list(CHANNELS)
    still = [each for each in of.credits if not each.moves]
    assert len(still) == 5
    assert {each.value.value for each in still} == {0.0}
    assert [each.channel for each in of.moving] == ["discharge", "admission_route", "control"]
    assert len(laboratory.asked) == 2**3 + 2


def test_intervals_are_students_over_worlds_of_each_part():
    of = found(worlds=6)
    for values, credit in zip(of.by_world, of.moving, strict=True):
        assert credit.value == t_interval(values)
    # Worlds differ by far more stays than the parts do: the intervals are those of pairs.
    control = by_channel(of)["control"].value
    assert control.high - control.low < 5.0


def test_shares_are_of_the_total_and_per_cents_of_the_baseline():
    of = found()
    control = by_channel(of)["control"]
    assert control.share.value == pytest.approx(control.value.value / of.total.value)
    assert control.percent.value == pytest.approx(100.0 * control.value.value / of.before.value)


def test_one_world_gives_parts_without_intervals():
    control = by_channel(found(worlds=1))["control"]
    assert control.value.value > 0.0
    assert math.isnan(control.value.low)


def test_a_group_in_which_nothing_happened_counts_as_nothing():
    of = found(group="kind:copd")
    assert by_channel(of)["discharge"].value.value == pytest.approx(4.0)
    assert by_channel(of)["control"].value.value == 0.0


def test_outcomes_and_groups_that_can_be_shared_are_listed_and_no_others():
    assert played().keys == [("hospitalisations", "all"), ("hospitalisations", "kind:copd"),
                             ("deaths", "all")]  # fmt: skip
    assert "cost_eur" not in MAY_BE_SHARED
    assert "coordination_hours" not in MAY_BE_SHARED
    assert "gp_wait_mean_days" not in MAY_BE_SHARED
    assert {"hospitalisations", "ed_visits", "bed_days"} <= {*MAY_BE_SHARED}


def test_where_the_work_stands_is_told_coalition_by_coalition():
    laboratory = Laboratory()
    play(paerpa(), 1, laboratory, laboratory)
    assert laboratory.places[0] == "coalition 1 of 8: none"
    assert laboratory.places[5] == "coalition 6 of 8: discharge + control"
    assert laboratory.places[-1] == "compared with paerpa itself"


@pytest.mark.parametrize(
    ("outcome", "amount", "is_fault"),
    [
        ("cost_coordination_eur", 679781.4948665298, False),  # added up in another order
        ("cost_coordination_eur", 679781.6, True),
        ("ed_stay_minutes", 679781.4948665298, True),
    ],
)
def test_at_the_ends_money_may_differ_by_rounding_and_what_happens_may_not(
    outcome, amount, is_fault
):
    usual = 679781.4948665297

    class Rounded(Laboratory):
        def answer(self, question):
            value = amount if question.scenario is baseline else usual
            more = ((outcome, "all", value),)
            return tuple(Answer(each.rows + more) for each in super().answer(question))

    mixed = paerpa()
    baseline, laboratory = mixed.baseline, Rounded()
    if is_fault:
        with pytest.raises(RuntimeError, match="at its end"):
            play(mixed, 2, laboratory, laboratory)
    else:
        assert play(mixed, 2, laboratory, laboratory)


@pytest.mark.parametrize(("end", "name"), [(0, "before"), (1, "paerpa")])
def test_an_end_that_is_not_what_it_should_be_is_a_fault_and_no_result(end, name):
    wrong = (paerpa().baseline, paerpa().scenario)[end]

    class Wrong(Laboratory):
        def answer(self, question):
            more = (("episodes", "all", 1.0),) if question.scenario is wrong else ()
            return tuple(Answer(each.rows + more) for each in super().answer(question))

    laboratory = Wrong()
    with pytest.raises(RuntimeError, match=f"doesn't give {name} at its end"):
        play(paerpa(), 2, laboratory, laboratory)


def test_scenarios_of_other_worlds_are_refused_saying_where_they_part():
    scenario = load_scenario("msp")
    with pytest.raises(StudyError, match=r"^horizon\.years: 'msp' has 5\.0 but the baseline"):
        check_worlds(scenario, load_scenario("msp_deux_ans"))
    check_worlds(scenario, load_scenario("isole"))


def test_a_scenario_that_moves_nothing_is_refused():
    isole = load_scenario("isole")
    with pytest.raises(StudyError, match=r"^scenario: found 'isole', which moves no channel"):
        check_players(mixable(isole, as_before(isole)))
    check_players(paerpa())
