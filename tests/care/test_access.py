"""Access to a GP: one's own first, then a colleague, then what practices share over a territory."""

import doctest
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.books import DAYS, EVENING, books, practice
from tests.care.world import draws, parameters, territory

from parcours_sim.care import access
from parcours_sim.care.access import (
    ALL_KINDS,
    NOBODY,
    OTHERS_SHARED,
    OWN_ROUTINE,
    SESSION_SEARCH_DAYS,
    WALK_IN,
    accept,
    find_offer,
    gp_of_slot,
    hand_back,
    is_away,
    next_session,
    offer,
    soonest,
    walk_in_offer,
)
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT
from parcours_sim.care.calendar import CLOSED, SATURDAY, WEEKDAY
from parcours_sim.care.diary import leave_days

NO_GPS = np.zeros(0, np.int64)


def offered(
    arrays,
    *,
    own=0,
    colleagues=(),
    others=(),
    now=0.0,
    wanted=0.0,
    patience=9.0,
    tolerance=1.0,
    kinds=ALL_KINDS,
    shared=0,
    within=2.0,
    release=0.0,
):
    """Give the time of the slot on offer, or None."""
    slot = offer(
        *arrays,
        own,
        np.array(colleagues, np.int64),
        np.array(others, np.int64),
        math.floor(wanted),
        now,
        wanted,
        patience,
        tolerance,
        kinds,
        shared,
        within,
        release,
    )
    return None if slot < 0 else float(arrays[0][slot])


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(access).failed == 0


def test_ones_own_gp_comes_first_within_what_one_bears():
    assert offered(books([0.9], [0.1]), colleagues=(0, 1)) == 0.9


def test_a_colleague_who_is_free_sooner_is_seen_when_ones_own_gp_is_not_in_time():
    assert offered(books([3.0], [0.5]), colleagues=(0, 1)) == 0.5
    assert offered(books([3.0], [0.5])) == 3.0


def test_a_colleague_who_is_not_sooner_is_no_answer():
    assert offered(books([3.0], [3.0]), colleagues=(0, 1)) == 3.0
    slot = offer(
        *books([3.0], [3.0]), 0, np.array([0, 1]), NO_GPS, 0, 0.0, 0.0, 9.0, 1.0,
        ALL_KINDS, 0, 0.0, 0.0,
    )  # fmt: skip
    assert slot == 0  # the own GP's, although both are at the same time


def test_who_has_no_gp_there_is_offered_the_first_of_the_practice():
    assert offered(books([3.0], [0.5]), own=-1, colleagues=(0, 1)) == 0.5
    assert offered(books([3.0], [0.5]), own=-1) is None


def test_nothing_is_offered_beyond_the_patience():
    assert offered(books([3.0]), patience=3.0) == 3.0
    assert offered(books([3.0]), patience=2.9) is None


def test_shared_slots_of_others_answer_only_what_the_practice_cannot_in_time():
    diaries = books([3.0], [1.0, (1.5, SHARED)])
    assert offered(diaries, others=(0, 1), shared=OTHERS_SHARED) == 1.5
    assert offered(diaries, others=(0, 1), shared=0) == 3.0
    in_time = books([1.9], [(1.5, SHARED)])
    assert offered(in_time, others=(0, 1), shared=OTHERS_SHARED) == 1.9


def test_a_shared_slot_that_comes_too_late_is_no_answer():
    diaries = books([5.0], [(2.5, SHARED)])
    assert offered(diaries, others=(0, 1), shared=OTHERS_SHARED, within=2.0) == 5.0


def test_kept_slots_are_for_unscheduled_requests_until_they_are_released():
    diary = books([(1.0, URGENT), (1.1, SHARED), (6.0, ORDINARY)])
    assert offered(diary) == 1.0
    assert offered(diary, kinds=OWN_ROUTINE) == 6.0
    assert offered(diary, kinds=OWN_ROUTINE, now=0.5, wanted=0.5, release=0.5) == 1.0


def test_the_soonest_of_several_books_is_the_first_asked_at_a_tie():
    book = books([2.0], [1.0], [1.0])
    assert soonest(*book, np.array([0, 2, 1]), 0, 0.0, 9.0, ALL_KINDS, 0.0, 0.0) == 2


slots = st.lists(st.integers(0, 79).map(lambda eighth: eighth / 8), max_size=12).map(sorted)


@given(slots, slots, slots, st.floats(0.0, 9.0), st.floats(0.0, 3.0))
def test_colleagues_and_others_never_lengthen_a_wait(own, colleague, other, patience, tolerance):
    diaries = books(own, colleague, [(time, SHARED) for time in other])
    limits = {"patience": patience, "tolerance": tolerance}
    alone = offered(diaries, **limits)
    together = offered(diaries, colleagues=(0, 1), **limits)
    shared = offered(diaries, colleagues=(0, 1), others=(2,), shared=OTHERS_SHARED, **limits)
    waits = [math.inf if time is None else time for time in (shared, together, alone)]
    assert waits == sorted(waits)
    assert all(wait == math.inf or wait <= patience for wait in waits)


def test_an_offer_takes_nothing():
    diaries = books([1.0, 2.0])
    assert offered(diaries) == offered(diaries) == pytest.approx(1.0)
    assert not diaries[2].any()


# What a request to a practice is offered, in a territory with hand-made books.

ALONE = [[0], [1]]
NOTHING = (NOBODY, math.inf, NOBODY)


def ask(found, gp=0, wanted=None, patience=9.0, unscheduled=True, is_own=True):
    """Give what a request is offered that comes now, from now on unless said otherwise."""
    wanted = found.clock.now if wanted is None else wanted
    return find_offer(found, gp, wanted, patience, unscheduled, is_own)


def test_an_offer_says_who_when_and_which_slot():
    found = practice([0.9, 2.0], [0.5])
    assert ask(found, 0) == (0, 0.9, 0)
    assert ask(found, 1) == (1, 0.5, 2)
    assert ask(found, 0, is_own=False) == (1, 0.5, 2)  # whoever is nobody's patient bears no wait


def test_a_colleague_is_asked_only_where_the_practice_covers():
    assert ask(practice([3.0], [0.5])) == (1, 0.5, 1)
    assert ask(practice([3.0], [0.5], colleagues_cover=False)) == (0, 3.0, 0)
    assert ask(practice([3.0], [0.5], teams=ALONE)) == (0, 3.0, 0)


def test_a_gp_covers_only_once_they_have_joined():
    found = practice([3.0], [0.5])
    found.team_model[0], found.joins[:] = 1, 5.0
    found.practices = (found.practices[0], replace(found.practices[0], colleagues_cover=False))
    assert ask(found, 0) == (0, 3.0, 0)
    found.joins[:] = 0.0
    assert ask(found, 0) == (1, 0.5, 1)


def test_there_is_nothing_where_nothing_is_free_in_time():
    assert ask(practice([3.0], [4.0]), patience=2.0) == NOTHING
    assert ask(practice([], [])) == NOTHING


def test_a_request_that_can_wait_may_not_use_what_is_kept_for_urgent_ones():
    found = practice([(0.5, URGENT), (0.6, SHARED), 4.0])
    assert ask(found, unscheduled=True) == (0, 0.5, 0)
    assert ask(found, unscheduled=False) == (0, 4.0, 2)
    found = practice([(0.5, URGENT), 4.0], urgent_release_days=0.5)
    assert ask(found, unscheduled=False) == (0, 0.5, 0)


@pytest.fixture
def sharing():
    """A layer whose practices share slots within two days, with everybody taking part."""
    return replace(
        parameters("cpts").layers[0],
        uptake=(0.0, 1.0),
        shared_slots_per_day=1.0,
        shared_within_days=2.0,
    )


def test_another_practices_shared_slot_is_offered_where_a_layer_shares_them(sharing):
    diaries = ([5.0], [0.5, (1.0, SHARED)])
    assert ask(practice(*diaries, teams=ALONE)) == (0, 5.0, 0)
    found = practice(*diaries, teams=ALONE, layers=(sharing,), now=0.0)
    found.ramp_days = 0.0
    assert ask(found) == (1, 1.0, 2)
    assert ask(found, unscheduled=False) == (0, 5.0, 0)
    found.clock.now = -0.1  # before the organisation begins
    assert ask(found, wanted=0.0) == (0, 5.0, 0)


def test_a_walk_in_is_seen_at_once_while_the_session_lasts():
    found = practice([], walk_in=[(0, 0)], now=0.5)
    assert ask(found) == (0, 0.5, WALK_IN)
    found.clock.now = 0.1
    assert ask(found) == (0, found.work.opens_hour / 24.0, WALK_IN)
    found.clock.now = EVENING
    assert ask(found) == NOTHING


def test_a_walk_in_takes_the_earlier_of_a_slot_and_a_place_in_the_session():
    assert ask(practice([0.6], walk_in=[(0, 0)], now=0.5)) == (0, 0.5, WALK_IN)
    assert ask(practice([0.6], walk_in=[(0, 1)], now=0.5)) == (0, 0.6, 0)
    assert ask(practice([0.5], walk_in=[(0, 0)], now=0.5)) == (0, 0.5, 0)  # the slot at a tie


def test_only_who_wants_to_be_seen_now_can_walk_in():
    found = practice([4.0], walk_in=[(0, 0), (0, 1)], now=0.5)
    assert ask(found, wanted=1.5) == (0, 4.0, 0)


def test_a_place_as_a_walk_in_beyond_the_patience_is_no_offer():
    found = practice([], walk_in=[(0, 1)], now=0.5)
    opens = 1.0 + found.work.opens_hour / 24.0
    assert ask(found, patience=opens - 0.5) == (0, opens, WALK_IN)
    assert ask(found, patience=opens - 0.51) == NOTHING


def test_a_practice_without_walk_in_days_now_receives_nobody_without_appointment():
    found = practice([], walk_in=[(0, 0)], walk_in_days_per_week=0.0, now=0.5)
    assert ask(found) == NOTHING


def test_of_the_gps_of_a_practice_the_first_who_is_free_sees_a_walk_in():
    found = practice([], [], walk_in=[(0, 0), (1, 0)], now=0.5)
    assert walk_in_offer(found, 1) == (0, 0.5)  # both are free: the first in number
    found.walk_in_free_at[:] = 0.55, 0.52
    assert walk_in_offer(found, 0) == (1, 0.52)
    found.walk_in_free_at[:] = 0.52, 0.52
    assert walk_in_offer(found, 1) == (0, 0.52)
    found.walk_in_free_at[:] = 0.51, 0.51
    assert walk_in_offer(found, 0) == (0, 0.51)


def test_walk_ins_wait_for_their_own_gp_where_nobody_covers():
    found = practice([], [], walk_in=[(0, 0), (1, 0)], now=0.5, colleagues_cover=False)
    found.walk_in_free_at[1] = 0.6
    assert walk_in_offer(found, 1) == (1, 0.6)


def test_a_gp_is_away_on_a_day_on_which_practices_are_open_without_slot_or_session():
    found = practice([1.5], [0.5], walk_in=[(0, 2)])
    found.day_table = np.full(DAYS, WEEKDAY, np.int8)
    for day, away in ((0.9, [True, False]), (1.1, [False, True]), (2.0, [False, True])):
        found.clock.now = day
        assert [is_away(found, gp) for gp in (0, 1)] == away
    accept(found, 0, 1.5, 0, 0.01)
    found.clock.now = 1.9
    assert not is_away(found, 0)  # who is fully booked, or has finished for the day, is there


def test_nobody_is_away_on_a_sunday_or_a_holiday_but_on_a_saturday_they_may_be():
    found = practice([])
    found.clock.now = 3.5
    for code, away in ((WEEKDAY, True), (SATURDAY, True), (CLOSED, False)):
        found.day_table = np.full(DAYS, code, np.int8)
        assert is_away(found, 0) is away


@pytest.mark.parametrize("weeks", [0.0, 8.0])
def test_gps_are_away_in_uncovered_leave_on_open_days_and_on_no_others(weeks):
    of = parameters(territory__professionals__gp_leave_weeks=weeks)
    found = territory(of)
    days = range(found.first_day, int(found.ends))
    closed = {day for day in days if found.day_table[day - found.first_day] == CLOSED}
    for gp in range(found.work.gps):
        away = set()
        for day in days:
            found.clock.now = day + 0.5
            away |= {day} if is_away(found, gp) else set()
        leave = leave_days(gp, days.start, days.stop, of.work.leave_days, draws())
        assert away == leave.intersection(days) - closed
        assert bool(away) == bool(weeks)


def test_a_session_is_looked_for_some_weeks_ahead_and_not_beyond_the_calendar():
    found = practice([], walk_in=[(0, 7)])
    opens = found.work.opens_hour / 24.0
    assert next_session(found, 0, 0.3) == 7.0 + opens
    assert next_session(found, 0, 7.5) == 7.5
    assert next_session(found, 0, 7.9) == math.inf
    assert next_session(found, 0, DAYS + 0.5) == math.inf
    found.walk_in_closes = np.full((1, 60), -math.inf)
    found.walk_in_closes[0, 30] = 30 + EVENING
    assert next_session(found, 0, 30.0 - SESSION_SEARCH_DAYS) == math.inf
    assert next_session(found, 0, 31.0 - SESSION_SEARCH_DAYS) == 30.0 + opens


def test_whoever_walks_in_takes_the_gps_time_and_the_next_one_waits():
    found = practice([], walk_in=[(0, 0)], now=0.5)
    accept(found, *ask(found), length_days=0.02)
    assert ask(found) == (0, 0.52, WALK_IN)
    accept(found, *ask(found), length_days=0.02)
    assert ask(found) == (0, pytest.approx(0.54), WALK_IN)


def test_a_place_as_a_walk_in_is_not_handed_on():
    found = practice([1.0], walk_in=[(0, 0)], now=0.5)
    taken = ask(found)
    accept(found, *taken, length_days=0.02)
    hand_back(found, *taken)
    assert ask(found) == (0, 0.52, WALK_IN)
    assert found.free_slots.sum() == 1


def test_a_slot_accepted_is_offered_to_nobody_else_until_it_is_handed_back():
    found = practice([0.9, 2.0, 2.5], [])
    first = ask(found)
    accept(found, *first, length_days=0.01)
    assert found.free_slots[0, :3].tolist() == [0, 0, 2]
    assert ask(found) == (0, 2.0, 1)
    hand_back(found, *first)
    assert found.free_slots[0, :3].tolist() == [1, 0, 2]
    assert ask(found) == first


def test_nobody_takes_a_slot_twice_or_hands_back_what_nobody_holds():
    found = practice([0.9])
    with pytest.raises(ValueError, match="not taken"):
        hand_back(found, 0, 0.9, 0)
    accept(found, 0, 0.9, 0, 0.01)
    with pytest.raises(ValueError, match="already taken"):
        accept(found, 0, 0.9, 0, 0.01)
    assert found.free_slots[0, 0] == 0


def test_every_slot_is_in_the_book_of_its_gp_even_beside_empty_books():
    _, _, _, day_first, _ = books([], [0.1, 3.0], [], [], [9.5], [])
    assert [gp_of_slot(day_first, slot) for slot in range(3)] == [1, 1, 4]
