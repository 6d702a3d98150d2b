"""Access to a GP: one's own first, then a colleague, then what practices share over a territory."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours_sim.care import access
from parcours_sim.care.access import offer, soonest
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT
from parcours_sim.care.diary import ALL_KINDS, OTHERS_SHARED, OWN_ROUTINE

NOBODY = np.zeros(0, np.int64)
DAYS = 10


def books(*diaries):
    """Give the arrays of some GPs' books, each a list of (time, kind) or of plain times."""
    slots = [
        [entry if isinstance(entry, tuple) else (entry, ORDINARY) for entry in diary]
        for diary in diaries
    ]
    times = np.array([time for diary in slots for time, _ in diary], np.float64)
    kinds = np.array([kind for diary in slots for _, kind in diary], np.int8)
    day_first = np.zeros((len(slots), DAYS + 1), np.int32)
    begun = 0
    for gp, diary in enumerate(slots):
        for day in range(DAYS + 1):
            day_first[gp, day] = begun + sum(time < day for time, _ in diary)
        begun += len(diary)
    return times, kinds, np.zeros(len(times), np.int8), day_first


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
    times, kinds, taken, first = books([3.0], [3.0])
    slot = offer(
        times, kinds, taken, first, 0, np.array([0, 1]), NOBODY, 0, 0.0, 0.0, 9.0, 1.0,
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
    territory = books([3.0], [1.0, (1.5, SHARED)])
    assert offered(territory, others=(0, 1), shared=OTHERS_SHARED) == 1.5
    assert offered(territory, others=(0, 1), shared=0) == 3.0
    in_time = books([1.9], [(1.5, SHARED)])
    assert offered(in_time, others=(0, 1), shared=OTHERS_SHARED) == 1.9


def test_a_shared_slot_that_comes_too_late_is_no_answer():
    territory = books([5.0], [(2.5, SHARED)])
    assert offered(territory, others=(0, 1), shared=OTHERS_SHARED, within=2.0) == 5.0


def test_kept_slots_are_for_unscheduled_requests_until_they_are_released():
    diary = books([(1.0, URGENT), (1.1, SHARED), (6.0, ORDINARY)])
    assert offered(diary) == 1.0
    assert offered(diary, kinds=OWN_ROUTINE) == 6.0
    assert offered(diary, kinds=OWN_ROUTINE, now=0.5, wanted=0.5, release=0.5) == 1.0


def test_the_soonest_of_several_books_is_the_first_asked_at_a_tie():
    times, kinds, taken, first = books([2.0], [1.0], [1.0])
    slot = soonest(
        times, kinds, taken, first, np.array([0, 2, 1]), 0, 0.0, 9.0, ALL_KINDS, 0.0, 0.0
    )
    assert slot == 2


slots = st.lists(st.integers(0, 79).map(lambda eighth: eighth / 8), max_size=12).map(sorted)


@given(slots, slots, slots, st.floats(0.0, 9.0), st.floats(0.0, 3.0))
def test_colleagues_and_others_never_lengthen_a_wait(own, colleague, other, patience, tolerance):
    territory = books(own, colleague, [(time, SHARED) for time in other])
    limits = {"patience": patience, "tolerance": tolerance}
    alone = offered(territory, **limits)
    together = offered(territory, colleagues=(0, 1), **limits)
    shared = offered(territory, colleagues=(0, 1), others=(2,), shared=OTHERS_SHARED, **limits)
    waits = [math.inf if time is None else time for time in (shared, together, alone)]
    assert waits == sorted(waits)
    assert all(wait == math.inf or wait <= patience for wait in waits)


def test_an_offer_takes_nothing():
    territory = books([1.0, 2.0])
    assert offered(territory) == offered(territory) == pytest.approx(1.0)
    assert not territory[2].any()
