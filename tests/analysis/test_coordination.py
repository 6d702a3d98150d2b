"""Stays linked to late information: three definitions on worlds made by hand, and perfect links."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.small import BUSY

from parcours_sim.analysis import coordination
from parcours_sim.analysis.coordination import (
    LATE,
    OF_ALL,
    SCOPES,
    SENDERS,
    definitions,
    linked_stays,
    without_delays,
)
from parcours_sim.engine import Replication, simulate
from parcours_sim.engine.record import Trace, stay_key, trace_key
from parcours_sim.scenario.resolve import flat_keys, load_scenario

SMALL = BUSY | {"territory.inhabitants": 900}
ANSWERED, SPARED = Trace.ANSWERED_IN_TIME, Trace.SPARED


def world(stays: list[int], traces: dict[Trace, list[int]] | None = None, kind: int = 0):
    """A replication with the stays of these people, and what was noted of those of others."""
    noted = [
        trace_key(what, person, kind, 0)
        for what, people in (traces or {}).items()
        for person in people
    ]
    keys = sorted(stay_key(person, kind, 0) for person in stays)
    return Replication(
        (), np.array(keys, np.int64), 0, 0, 0.0, traces=np.array(sorted(noted), np.int64)
    )


def held(as_it_is: Replication, perfect: Replication, scope: str = "professional") -> dict:
    """By definition, the people whose stays it holds for."""
    found = definitions(as_it_is, perfect, scope)
    return {name: [int(key) >> 32 for key in keys] for name, keys in found}


# --- the definitions ---


def test_d1_holds_for_stays_that_do_not_happen_with_perfect_links():
    assert held(world([1, 2, 3]), world([2, 4]))["d1"] == [1, 3]


def test_d2_holds_where_a_response_comes_in_time_there_and_did_not_here():
    there = world([1, 2, 3], {ANSWERED: [1, 3, 7]})
    assert held(world([1, 2, 3]), there)["d2"] == [1, 3]


def test_d2_never_holds_for_a_stay_whose_response_was_in_time_as_things_are():
    here = world([1, 2], {ANSWERED: [1]})
    assert held(here, world([], {ANSWERED: [1, 2]}))["d2"] == [2]


def test_d2_holds_whether_or_not_the_response_then_works():
    found = held(world([1, 2]), world([2], {ANSWERED: [1, 2]}))
    assert found["d2"] == [1, 2]
    assert found["d1"] == [1]


def test_d2_holds_for_an_episode_that_an_informed_visit_spares_there():
    assert held(world([1, 2]), world([], {SPARED: [1]}))["d2"] == [1]
    both = world([], {SPARED: [1], ANSWERED: [1]})
    assert held(world([1, 2]), both)["d2"] == [1]


def test_what_was_spared_here_too_is_no_stay():
    assert held(world([2], {SPARED: [1]}), world([2], {SPARED: [1]}))["d2"] == []


@pytest.mark.parametrize("scope", SCOPES)
def test_d3_holds_for_stays_of_which_a_message_of_the_scope_was_late(scope):
    by_trace = {Trace.LETTER_LATE: [1], Trace.PROFESSIONAL_LATE: [2], Trace.CALL_LATE: [3]}
    expected = {"hospital": [1], "professional": [1, 2], "all": [1, 2, 3]}[scope]
    assert held(world([1, 2, 3, 4], by_trace), world([]), scope)["d3"] == expected


def test_d3_counts_a_stay_once_and_an_episode_without_a_stay_never():
    here = world([1], {Trace.LETTER_LATE: [1, 9], Trace.PROFESSIONAL_LATE: [1]})
    assert held(here, world([]))["d3"] == [1]


def test_marks_of_the_perfect_world_say_nothing_of_d3():
    assert held(world([1]), world([1], {Trace.LETTER_LATE: [1]}), "all")["d3"] == []


def test_a_stay_is_the_same_by_person_kind_and_occurrence():
    other_kind = world([1], {ANSWERED: [1]}, kind=1)
    assert held(world([1]), other_kind)["d1"] == [1]
    assert held(world([1]), other_kind)["d2"] == []


def test_scopes_grow_and_every_sender_has_its_mark():
    for narrow, wide in (("hospital", "professional"), ("professional", "all")):
        assert set(SENDERS[narrow]) < set(SENDERS[wide])
        assert set(LATE[narrow]) < set(LATE[wide])
    scenario = load_scenario("isole")
    assert {link.sender for link in scenario.territory.links.values()} == set(SENDERS["all"])


# --- weights ---


def test_stays_weigh_as_much_as_their_kind_is_avoidable(monkeypatch):
    scenario = load_scenario("isole", changes=SMALL)
    kinds = sorted(scenario.episodes)
    first, last = (
        scenario.episodes[kinds[place]].crisis.avoidable_share.value
        for place in (1, len(kinds) - 1)
    )
    assert first != last
    of_first, of_last = stay_key(5, 1, 0), stay_key(5, len(kinds) - 1, 2)
    perfect = Replication((), np.array([of_first]), 0, 0, 1.0)
    here = Replication((), np.array(sorted([of_first, of_last])), 0, 0, 2.0)

    def simulate_as(of, *_, **__):
        return here if of is scenario else perfect

    monkeypatch.setattr(coordination, "simulate", simulate_as)
    found = linked_stays(scenario, 1, 0)
    rows = {row[:2]: row[2] for row in found.rows}
    assert rows[OF_ALL] == pytest.approx(first + last, rel=1e-12)
    assert {scope: rows["d1", scope] for scope in SCOPES} == pytest.approx(
        dict.fromkeys(SCOPES, last), rel=1e-12
    )
    assert len(rows) == len(found.rows) == 1 + 3 * len(SCOPES)
    assert found.seconds == 5.0


# --- links ---


@pytest.mark.parametrize("scope", SCOPES)
def test_perfect_links_are_those_of_the_scope_and_nothing_else_changes(scope):
    scenario = load_scenario("isole", changes=SMALL)
    perfect = dict(flat_keys(without_delays(scenario, scope)))
    moved = set()
    for key, item in flat_keys(scenario):
        if perfect[key] != item:
            moved.add(key)
            assert perfect[key].value == 0.0
    links = scenario.territory.links
    expected = {
        f"territory.links.{name}.{key}"
        for name, link in links.items()
        if link.sender in SENDERS[scope]
        for key in ("delay_days", "loss_share")
        if getattr(link, key).value != 0.0
    }
    assert moved == expected != set()
    assert set(perfect) == set(dict(flat_keys(scenario)))


def test_with_perfect_links_already_nothing_is_linked_to_late_information():
    scenario = without_delays(load_scenario("isole", changes=SMALL), "all")
    found = linked_stays(scenario, 1, 0, engine="reference")
    rows = {row[:2]: row[2] for row in found.rows}
    assert rows.pop(OF_ALL) > 0.0
    assert set(rows.values()) == {0.0}


def test_with_long_delays_more_is_linked_the_wider_the_scope():
    scenario = load_scenario("isole", changes=SMALL)
    late = {
        f"territory.links.{name}.{key}": value
        for name in scenario.territory.links
        for key, value in (("delay_days", 8.0), ("loss_share", 0.5))
    }
    changed = load_scenario("isole", changes=SMALL | late)
    found = linked_stays(changed, 1, 0, engine="reference")
    rows = {row[:2]: row[2] for row in found.rows}
    for name in ("d1", "d2", "d3"):
        assert 0.0 < rows[name, "all"] <= rows[OF_ALL]
    assert rows["d3", "hospital"] <= rows["d3", "professional"] < rows["d3", "all"]


@pytest.mark.parametrize("scope", SCOPES)
def test_no_message_of_the_scope_is_late_where_links_are_perfect(scope):
    scenario = load_scenario("msp", changes=SMALL)
    found = simulate(without_delays(scenario, scope), 1, 0, engine="reference")
    for what in (Trace.LETTER_LATE, Trace.PROFESSIONAL_LATE, Trace.CALL_LATE):
        if what in LATE[scope]:
            assert len(found.traced(what)) == 0
    now = simulate(scenario, 1, 0, engine="reference")
    assert all(len(now.traced(what)) for what in LATE["all"])
