"""What more slots do to those who ask for appointments, and what they do not.

A request takes the slot it likes best of those it may use, by an order that depends on nothing but
itself. So after the same requests, whatever they want and however long they wait, the free slots of
the larger books include those of the smaller ones: nobody who found a slot loses it. Where all
slots are liked by their time alone, nobody waits longer either. That is not so where one waits
for one's own GP or practice, nor once slots are given back, nor beside a walk-in session; and more
slots a year make other books, not larger ones. Here are the least examples of each.
"""

import copy
import math
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.care.books import DAYS, books, practice
from tests.care.world import parameters, settled, with_layer

from parcours_sim.care.access import accept, find_offer, hand_back
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT

TEAMS = [[0, 1], [2]]
SHARES = with_layer(
    parameters("cpts"), uptake=(0.0, 1.0), shared_slots_per_day=1.0, shared_within_days=1.0
).layers

# Eighths of a day, so that slots, requests and limits often meet exactly.
eighths = st.integers(0, 8 * DAYS // 2 - 1).map(lambda eighth: eighth / 8)
slots = st.lists(st.tuples(eighths, st.sampled_from([ORDINARY, URGENT, SHARED])), max_size=12)
diaries = st.tuples(slots, slots, slots)
requests = st.lists(
    st.tuples(
        eighths,  # when asked
        st.integers(0, 16).map(lambda eighth: eighth / 8),  # how far ahead it is wanted
        st.integers(0, 32).map(lambda eighth: eighth / 8),  # patience
        st.integers(0, 2),  # GP
        st.booleans(),  # unscheduled
        st.booleans(),  # of one's own GP
    ),
    max_size=30,
).map(sorted)
limits = st.integers(0, 16).map(lambda eighth: eighth / 8)


@cache
def empty():
    """Two practices, of two GPs and of one, without any slot."""
    found = practice([], [], [], teams=TEAMS)
    found.ramp_days = 0.0
    return found


def with_books(diaries, *, layers=(), **rules):
    """Give the same practices with these books and these rules."""
    found = copy.copy(empty())
    found.clock = copy.copy(found.clock)
    found.practices = tuple(replace(each, **rules) for each in found.practices)
    found.layers = layers
    ordered = books(*(sorted(diary) for diary in diaries))
    found.slot_time, found.slot_kind, found.slot_taken, found.day_first, found.free_slots = ordered
    return found


def free(found):
    """Give the free slots: whose, when, of which kind, how many."""
    left = Counter()
    for gp, days in enumerate(found.day_first):
        for slot in range(days[0], days[-1]):
            if not found.slot_taken[slot]:
                left[gp, found.slot_time[slot], found.slot_kind[slot]] += 1
    return left


def asked_for(found, request):
    """Take what a request is offered, and tell its wait; infinite for nothing."""
    found.clock.now, ahead, patience, gp, unscheduled, is_own = request
    wanted = found.clock.now + ahead
    offered = find_offer(found, gp, wanted, patience, unscheduled, is_own)
    if offered[0] < 0:
        return math.inf
    accept(found, *offered, length_days=0.01)
    return offered[1] - wanted


def grown(former, added):
    return [old + new for old, new in zip(former, added, strict=True)]


@given(diaries, diaries, requests, limits, limits, st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_free_slots_of_larger_books_include_those_of_smaller_ones(
    former, added, asked, tolerance, release, covers, shares
):
    rules = {
        "own_gp_tolerance_days": tolerance,
        "urgent_release_days": release,
        "colleagues_cover": covers,
        "layers": SHARES if shares else (),
    }
    few, many = with_books(former, **rules), with_books(grown(former, added), **rules)
    for request in asked:
        before, after = asked_for(few, request), asked_for(many, request)
        assert free(few) <= free(many)
        # Whoever was served is served, and waits longer only for their own GP or practice.
        *_, unscheduled, is_own = request
        own = tolerance if is_own else 0.0
        others = SHARES[0].shared_within_days if shares and unscheduled else 0.0
        assert after <= max(before, own, others)


earliest_is_best = st.one_of(
    st.fixed_dictionaries({"colleagues_cover": st.just(False), "own_gp_tolerance_days": limits}),
    st.just({"colleagues_cover": True, "own_gp_tolerance_days": 0.0}),
)


@given(diaries, diaries, requests, limits, earliest_is_best)
@settings(max_examples=150, deadline=None)
def test_where_the_earliest_slot_is_liked_best_more_slots_lengthen_no_wait(
    former, added, asked, release, rules
):
    few, many = (
        with_books(each, urgent_release_days=release, **rules)
        for each in (former, grown(former, added))
    )
    for request in asked:
        assert asked_for(many, request) <= asked_for(few, request)


def at(time):
    return [(time, ORDINARY)]


def test_one_more_slot_of_ones_own_gp_may_be_later_than_the_colleagues():
    rules = {"own_gp_tolerance_days": 1.0}
    asked = (0.0, 0.0, 9.0, 0, True, True)
    assert asked_for(practice([], at(0.5), **rules), asked) == 0.5
    assert asked_for(practice(at(0.75), at(0.5), **rules), asked) == 0.75


def test_one_more_slot_of_ones_own_practice_may_be_later_than_a_shared_one():
    asked = (0.0, 0.0, 9.0, 0, True, False)
    for own, wait in (([], 0.5), (at(0.75), 0.75)):
        found = practice(own, [(0.5, SHARED)], teams=[[0], [1]], layers=SHARES)
        found.ramp_days = 0.0
        assert asked_for(found, asked) == wait


def test_once_a_slot_is_given_back_more_slots_may_leave_somebody_without_one():
    # The first takes the slot added and gives it back; so the one it used to hold is not there.
    first, later, last = ((0.0, ahead, 2.0 - ahead, 0, False, True) for ahead in (0.0, 1.5, 1.5))
    for diary, waits in (
        (at(2.0), [2.0, math.inf, 0.5]),
        (at(1.0) + at(2.0), [1.0, 0.5, math.inf]),
    ):
        found = practice(diary)
        offered = find_offer(found, 0, 0.0, 2.0, False, True)
        found_waits = [asked_for(found, first), asked_for(found, later)]
        hand_back(found, *offered)
        assert [*found_waits, asked_for(found, last)] == waits


def test_beside_a_walk_in_session_more_slots_may_lengthen_the_wait_in_it():
    # The first takes the slot added instead of a place, the second then comes as a walk-in too.
    length, waits = 0.05, {}
    kept = [(0.5, URGENT)]
    for added in (0, 1):
        found = practice(at(0.45) * added + kept, walk_in=[(0, 0)])
        for now, unscheduled in ((0.45, True), (0.46, True), (0.47, False)):
            found.clock.now = now
            offered = find_offer(found, 0, now, 0.5, unscheduled, True)
            accept(found, *offered, length)
        waits[added] = offered[1] - now
    assert waits == {0: pytest.approx(0.03), 1: pytest.approx(0.04)}


def test_more_slots_a_year_stand_elsewhere_in_the_day():
    few, many = (
        settled(parameters(territory__professionals__gp_slots_per_year=each))
        for each in (5000.0, 5500.0)
    )
    assert len(few.slot_time) < len(many.slot_time)
    assert not set(few.slot_time) <= set(many.slot_time)
