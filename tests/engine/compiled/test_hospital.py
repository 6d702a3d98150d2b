"""Rooms and beds are granted as SimPy's priority resources grant them."""

from types import SimpleNamespace

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.compiled.rows import clock_row, free, pool, readable

from parcours_sim.engine.compiled.hospital import (
    ask_for_place,
    free_place,
    grant_place,
    let_go,
    new_visit,
)
from parcours_sim.engine.compiled.state import BEDS, NOBODY, NOTHING, ROOMS, Handed, Reason, Visit

PRIORITIES, MOST = 3, 40
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["comes", "comes", "comes", "gives back", "gives up"]),
        st.integers(0, PRIORITIES - 1),
        st.booleans(),
    ),
    max_size=MOST,
)
"""What somebody does, in which priority or who of those who could; whether an instant ends so."""


class Compiled:
    """The compiled engine's queue for rooms or beds, as plain Python reads it."""

    def __init__(self, resource, places):
        self.resource = resource
        self.arrays = {
            "clock": clock_row(),
            "visits": pool(Visit, MOST),
            **free(visits=MOST),
            "queue_first": np.full((2, PRIORITIES), NOTHING, np.int64),
            "queue_end": np.full((2, PRIORITIES), NOTHING, np.int64),
            "places_taken": np.zeros(2, np.int64),
            "handed": np.zeros((MOST, 2), np.int64),
        }
        self.territory = readable(self.arrays)
        capacities = {"ed_rooms": 99, "beds": 99, ("ed_rooms", "beds")[resource]: places}
        self.territory.hospital = SimpleNamespace(**capacities)
        self.names = {}
        self.told = []

    def comes(self, name, priority):
        place = new_visit(
            self.territory, Reason.OTHER_EMERGENCY, NOBODY, NOTHING, name, triage=priority
        )
        self.names[place] = name
        ask_for_place(self.territory, self.resource, place, priority)

    def gives_back(self, _name):
        free_place(self.territory, self.resource)

    def gives_up(self, name):
        place = next(place for place, other in self.names.items() if other == name)
        self.territory.visits[place].has_left = True
        let_go(self.territory, place)

    def settles(self):
        clock, ring = self.territory.clock, self.territory.handed
        while clock.handed_first < clock.handed_end:
            handed, subject = ring[clock.handed_first % len(ring)].tolist()
            clock.handed_first += 1
            if handed == Handed.PLACE_FREE:
                grant_place(self.territory, subject)
            else:
                assert self.territory.visits[subject].has_place
                self.told.append(self.names.pop(subject))
                let_go(self.territory, subject)  # they have been told
                let_go(self.territory, subject)  # and the test needs the row no longer


class Simpy:
    """The same by SimPy."""

    def __init__(self, places):
        self.clock = simpy.Environment()
        self.resource = simpy.PriorityResource(self.clock, places)
        self.requests = {}
        self.told = []

    def comes(self, name, priority):
        self.requests[name] = request = self.resource.request(priority=priority)
        request.callbacks.append(lambda _event: self.told.append(name))

    def gives_back(self, name):
        self.resource.release(self.requests[name])

    def gives_up(self, name):
        self.requests[name].cancel()

    def settles(self):
        self.clock.run()


@pytest.mark.parametrize("resource", [ROOMS, BEDS])
@given(st.integers(1, 3), STEPS)
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_places_are_granted_in_the_order_in_which_simpy_grants_them(resource, places, steps):
    ours, theirs = Compiled(resource, places), Simpy(places)
    waiting, holding, told = [], [], 0
    for name, (step, choice, ends_instant) in enumerate(steps):
        if step == "comes":
            waiting.append(name)
            for each in (ours, theirs):
                each.comes(name, choice)
        elif step == "gives back" and holding:
            whose = holding.pop(choice % len(holding))
            for each in (ours, theirs):
                each.gives_back(whose)
        elif step == "gives up" and waiting:
            whose = waiting[choice % len(waiting)]
            if theirs.requests[whose].triggered:  # granted, and not told yet
                continue
            waiting.remove(whose)
            for each in (ours, theirs):
                each.gives_up(whose)
        if ends_instant:
            for each in (ours, theirs):
                each.settles()
            assert ours.told == theirs.told
            for granted in ours.told[told:]:
                waiting.remove(granted)
                holding.append(granted)
            told = len(ours.told)
            assert ours.arrays["places_taken"][resource] == theirs.resource.count == len(holding)


def in_order(comers, *, leave=()):
    """Give in which order people come to the one room, after the first has left it."""
    found = Compiled(ROOMS, 1)
    found.comes(-1, 0)
    for name, priority in enumerate(comers):
        found.comes(name, priority)
    found.settles()
    for name in leave:
        found.gives_up(name)
    for _ in comers:
        found.gives_back(None)
        found.settles()
    return found


def test_who_waits_is_served_by_priority_and_then_by_arrival():
    assert in_order([2, 1, 0, 1, 2]).told == [-1, 2, 1, 3, 0, 4]


def test_who_has_left_is_passed_over_and_every_row_is_free_again():
    found = in_order([2, 0, 0, 2], leave=[0, 1])
    assert found.told == [-1, 2, 3]
    assert found.arrays["free_count"].sum() == MOST
    assert (found.arrays["queue_first"] == NOTHING).all()
    assert (found.arrays["queue_end"] == NOTHING).all()


def test_a_place_given_back_goes_to_the_next_in_a_turn_of_its_own():
    found = Compiled(ROOMS, 1)
    found.comes(0, 1)
    found.comes(1, 1)
    found.settles()
    found.gives_back(0)
    assert found.arrays["places_taken"][ROOMS] == 0
    found.comes(2, 0)  # of the same instant, and of a higher priority
    found.settles()
    assert found.told == [0, 2]
