"""First fit: the first slot one may use, never twice, and more slots never lengthen a wait."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours_sim.care import appointments
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT, first_free, give_back, take

DAYS = 6
ANY = 1 << ORDINARY | 1 << URGENT | 1 << SHARED
ONLY = {kind: 1 << kind for kind in (ORDINARY, URGENT, SHARED)}


class Book:
    """The books of several GPs, made from one list of (time, kind) for each."""

    def __init__(self, *slots_of_gp):
        ordered = [sorted(slots, key=lambda slot: slot[0]) for slots in slots_of_gp]
        flat = [slot for slots in ordered for slot in slots]
        self.time = np.array([time for time, _ in flat], dtype=np.float64)
        self.kind = np.array([kind for _, kind in flat], dtype=np.int8)
        self.taken = np.zeros(len(flat), dtype=np.int8)
        self.day_first = np.empty((len(ordered), DAYS + 1), dtype=np.int32)
        begin = 0
        for gp, slots in enumerate(ordered):
            for day in range(DAYS + 1):
                self.day_first[gp, day] = begin + sum(time < day for time, _ in slots)
            begin += len(slots)
        self.free = np.diff(self.day_first, axis=1).astype(np.int32)

    def ask(self, gp, from_time, until_time, kinds=ANY, now=None, release_days=0.0):
        now = from_time if now is None else now
        arrays = (self.time, self.kind, self.taken, self.day_first, self.free)
        day = math.floor(from_time)
        return first_free(*arrays, gp, day, from_time, until_time, kinds, now, release_days)

    def give(self, *request, **how):
        """Take the first free slot, if any, and give how long after `from_time` it begins."""
        slot = self.ask(*request, **how)
        if slot < 0:
            return math.inf
        self.take(slot)
        return float(self.time[slot]) - request[1]

    def take(self, slot):
        take(self.taken, slot)
        self.free[self.place_of(slot)] -= 1

    def give_back(self, slot):
        give_back(self.taken, slot)
        self.free[self.place_of(slot)] += 1

    def place_of(self, slot):
        """Give the GP and the day of a slot."""
        (gps, days) = np.nonzero((self.day_first[:, :-1] <= slot) & (slot < self.day_first[:, 1:]))
        return gps[0], days[0]


def ordinary(*times):
    return [(time, ORDINARY) for time in times]


def test_the_first_free_slot_in_the_stretch_is_given():
    book = Book(ordinary(0.4, 0.5, 1.4, 3.5))
    assert [book.ask(0, start, 5.0) for start in (0.0, 0.45, 0.6, 2.0)] == [0, 1, 2, 3]


def test_both_ends_of_the_stretch_are_included():
    book = Book(ordinary(1.25, 2.5))
    assert book.ask(0, 1.25, 1.25) == 0
    assert book.ask(0, 1.26, 2.5) == 1
    assert book.ask(0, 1.26, 2.49) == -1


def test_a_request_before_the_book_starts_with_its_first_day():
    assert Book(ordinary(0.4)).ask(0, -3.5, 1.0) == 0


@pytest.mark.parametrize("from_time", [DAYS, DAYS + 100.0])
def test_a_request_beyond_the_book_finds_nothing(from_time):
    assert Book(ordinary(0.4, 5.9)).ask(0, from_time, math.inf) == -1


def test_one_gps_slots_are_not_another_gps():
    book = Book(ordinary(4.0), ordinary(2.0), [])
    assert [book.ask(gp, 0.0, 5.0) for gp in (0, 1, 2)] == [0, 1, -1]
    assert book.ask(0, 0.0, 3.0) == -1


@pytest.mark.parametrize("kind", [ORDINARY, URGENT, SHARED])
def test_a_request_takes_only_kinds_it_may_use(kind):
    book = Book([(2.0, ORDINARY), (3.0, URGENT), (4.0, SHARED)])
    assert book.ask(0, 0.0, 5.0, ONLY[kind]) == kind
    assert book.ask(0, 0.0, 5.0, ANY & ~ONLY[kind]) == (1 if kind == ORDINARY else 0)


@pytest.mark.parametrize("kind", [URGENT, SHARED])
def test_a_kept_slot_opens_to_all_shortly_before_its_time(kind):
    book = Book([(2.0, kind)])
    request = {"kinds": ONLY[ORDINARY], "release_days": 0.5}
    assert book.ask(0, 0.0, 5.0, **request, now=1.25) == -1
    assert book.ask(0, 0.0, 5.0, **request, now=1.5) == 0


def test_an_ordinary_slot_is_never_released_to_those_who_may_not_use_it():
    book = Book(ordinary(2.0))
    assert book.ask(0, 0.0, 5.0, kinds=ONLY[SHARED], now=1.9, release_days=1.0) == -1


def test_a_slot_given_back_is_given_again():
    book = Book(ordinary(1.0, 2.0))
    assert [book.give(0, 0.0, 5.0) for _ in range(3)] == [1.0, 2.0, math.inf]
    book.give_back(0)
    assert book.give(0, 0.0, 5.0) == 1.0


def test_a_day_that_says_it_has_no_free_slot_is_passed_over():
    book = Book(ordinary(0.4, 0.5, 1.4))
    book.free[0, 0] = 0
    assert book.ask(0, 0.0, 5.0) == 2


def test_a_held_slot_cannot_be_taken():
    taken = np.array([0, 1], dtype=np.int8)
    with pytest.raises(ValueError, match="already taken"):
        take(taken, 1)


def test_a_free_slot_cannot_be_given_back():
    taken = np.array([0, 1], dtype=np.int8)
    with pytest.raises(ValueError, match="not taken"):
        give_back(taken, 0)


# Eighths of a day, so that slots and requests often meet exactly.
instants = st.integers(0, 8 * DAYS - 1).map(lambda eighth: eighth / 8)
slots = st.lists(st.tuples(instants, st.sampled_from([ORDINARY, URGENT, SHARED])), max_size=25)
books = st.tuples(slots, slots)
requests = st.lists(
    st.tuples(
        st.integers(-8, 8 * DAYS + 2).map(lambda eighth: eighth / 8),  # when asked
        st.integers(0, 12).map(lambda eighth: eighth / 8),  # how far ahead
        st.integers(0, 24).map(lambda eighth: eighth / 8),  # patience
        st.integers(0, 1),  # GP
        st.integers(1, ANY),  # kinds
    ),
    max_size=40,
).map(sorted)
releases = st.integers(0, 16).map(lambda eighth: eighth / 8)


def waits(book, asked, release_days):
    return [
        book.give(gp, now + ahead, now + ahead + patience, kinds, now, release_days)
        for now, ahead, patience, gp, kinds in asked
    ]


@given(books, books, requests, releases)
@settings(max_examples=400, deadline=None)
def test_more_slots_never_lengthen_anyones_wait(former, added, asked, release_days):
    few = Book(*former)
    many = Book(*(old + new for old, new in zip(former, added, strict=True)))
    before, after = waits(few, asked, release_days), waits(many, asked, release_days)
    assert all(now <= then for then, now in zip(before, after, strict=True))


@given(books, requests, releases)
@settings(max_examples=300, deadline=None)
def test_every_request_gets_the_earliest_slot_left_that_it_may_use(gps, asked, release_days):
    book = Book(*gps)
    left = [list(slots) for slots in gps]
    for now, ahead, patience, gp, kinds in asked:
        begin, end = now + ahead, now + ahead + patience
        usable = [
            (time, kind)
            for time, kind in left[gp]
            if begin <= time <= end
            and (kinds & ONLY[kind] or (kind != ORDINARY and time <= now + release_days))
        ]
        slot = book.ask(gp, begin, end, kinds, now, release_days)
        if not usable:
            assert slot == -1
            continue
        assert book.time[slot] == min(time for time, _ in usable)
        assert (book.time[slot], book.kind[slot]) in usable
        book.take(slot)
        left[gp].remove((book.time[slot], book.kind[slot]))


def test_the_examples_of_the_documentation_hold():
    result = doctest.testmod(appointments)
    assert result.attempted > 0
    assert result.failed == 0
