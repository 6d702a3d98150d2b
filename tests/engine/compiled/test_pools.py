"""A pool of rows hands each row out once, and grows without losing one; a chain keeps its order."""

from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from tests.engine.compiled.rows import free, pool, readable

from parcours_sim.engine.compiled import simulation
from parcours_sim.engine.compiled.pools import chain, give_back, take, unchain
from parcours_sim.engine.compiled.state import NOTHING, Event, Pool
from parcours_sim.engine.compiled.view import view
from parcours_sim.engine.kernels import compiled

Pools = namedtuple("Pools", "events free_first free_count")
_take = compiled(take)


@njit
def take_compiled(pools):
    territory = view(pools)
    return _take(territory, territory.events, Pool.EVENTS)


def take_interpreted(pools):
    territory = readable(pools._asdict())
    return take(territory, territory.events, Pool.EVENTS)


def pools(size):
    return Pools(pool(Event, size), **free(events=size))


@pytest.mark.parametrize("taker", [take_interpreted, take_compiled])
def test_every_row_is_handed_out_once_and_an_empty_pool_is_an_error(taker):
    found = pools(5)
    assert sorted(taker(found) for _ in range(5)) == list(range(5))
    assert found.free_count[Pool.EVENTS] == 0
    for _ in range(2):
        with pytest.raises(ValueError, match="a pool of the compiled engine is empty"):
            taker(found)
    assert found.free_count[Pool.EVENTS] == 0


@given(st.lists(st.sampled_from(["take", "give back", "grow"]), max_size=40), st.data())
@settings(max_examples=200, derandomize=True, database=None, deadline=None)
def test_a_row_in_use_is_nobody_elses_and_keeps_its_content_while_the_pool_grows(steps, data):
    arrays = {**pools(2)._asdict(), "due": np.zeros(2, np.int64)}
    in_use: dict[int, int] = {}
    for turn, step in enumerate(steps):
        territory = readable(arrays)
        if step == "grow" and len(arrays["events"]) < 64:
            simulation._double(arrays, Pool.EVENTS)
        elif step == "take" and len(in_use) < len(arrays["events"]):
            number = take(territory, territory.events, Pool.EVENTS)
            assert number not in in_use
            territory.events[number].item = in_use[number] = turn
        elif step == "give back" and in_use:
            number = data.draw(st.sampled_from(sorted(in_use)))
            give_back(territory, territory.events, Pool.EVENTS, number)
            del in_use[number]
        rows = arrays["events"]
        assert arrays["free_count"][Pool.EVENTS] == len(rows) - len(in_use)
        assert {number: rows["item"][number] for number in in_use} == in_use
    territory, unused = readable(arrays), len(arrays["events"]) - len(in_use)
    rest = {take(territory, territory.events, Pool.EVENTS) for _ in range(unused)}
    assert rest | set(in_use) == set(range(len(arrays["events"])))


@given(st.permutations(range(6)), st.permutations(range(6)))
@settings(max_examples=200, derandomize=True, database=None, deadline=None)
def test_a_chain_keeps_the_order_in_which_rows_came_whichever_leaves(comers, leavers):
    rows = readable({"events": pool(Event, 6)}).events
    first = NOTHING
    for number in comers:
        first = chain(rows, first, number)
    present = list(comers)
    assert chained(rows, first) == present
    for number in leavers:
        first = unchain(rows, first, number)
        present.remove(number)
        assert chained(rows, first) == present


def chained(rows, first):
    """Give the numbers of the rows of a chain in their order."""
    found = []
    while first != NOTHING:
        found.append(first)
        first = rows[first].next
    return found
