"""A view of a named tuple has the tuple's attributes, and costs it nothing."""

import sys
from collections import namedtuple

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

from parcours_sim.engine.compiled.view import view

ROW = np.dtype([("number", "i8"), ("share", "f8")])
Seen = namedtuple("Seen", "rows table row count share")


def seen():
    row = np.zeros(1, ROW)[0]
    return Seen(np.zeros(3, ROW), np.arange(6.0).reshape(2, 3), row, 7, 0.25)


def test_a_view_has_the_attributes_of_the_tuple():
    @njit
    def read(tuple_):
        territory = view(tuple_)
        place = territory.table[1, 2] + len(territory.rows)
        return place, territory.count, territory.share, territory.row.number

    assert read(seen()) == (8.0, 7, 0.25, 0)


def test_what_is_written_through_a_view_is_written_in_the_arrays_themselves():
    @njit
    def write(tuple_):
        territory = view(tuple_)
        territory.rows[1].number = 11
        territory.row.share = 0.5
        territory.table[0, 1] = 12.0
        return view(tuple_).rows[1].number

    found = seen()
    assert write(found) == 11
    assert found.rows["number"].tolist() == [0, 11, 0]
    assert found.row["share"] == 0.5
    assert found.table[0].tolist() == [0.0, 12.0, 2.0]


def test_a_view_is_handed_from_function_to_function():
    @njit
    def fill(territory, place):
        territory.rows[place].number = place + territory.count

    @njit
    def fill_all(tuple_):
        territory = view(tuple_)
        for place in range(len(territory.rows)):
            fill(territory, place)

    found = seen()
    fill_all(found)
    assert found.rows["number"].tolist() == [7, 8, 9]


def test_no_reference_of_an_array_is_left_behind_and_none_too_many_let_go():
    @njit
    def use(tuple_, times):
        total = 0.0
        for _ in range(times):
            table = view(tuple_).table
            total += table[1, 1]
        return total

    found = seen()
    use(found, 1)
    before = sys.getrefcount(found.table)
    assert use(found, 1000) == 4000.0
    after = sys.getrefcount(found.table)
    assert after == before
    assert found.table.tolist() == seen().table.tolist()


def test_views_of_different_tuples_live_side_by_side():
    Other = namedtuple("Other", "share rows")

    @njit
    def both(one, other):
        return view(one).share + view(other).share + len(view(other).rows)

    assert both(seen(), Other(4.0, np.zeros(2, ROW))) == 6.25


def test_an_attribute_that_the_tuple_does_not_have_is_refused_when_compiling():
    @njit
    def wrong(tuple_):
        return view(tuple_).rooms

    with pytest.raises(TypingError, match="rooms"):
        wrong(seen())
