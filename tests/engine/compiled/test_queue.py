"""Events come by time, then class, then insertion, whenever they were planned: on both engines."""

import math
from collections import namedtuple
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from tests.engine.compiled.rows import Rows, clock_row, free, pool, readable

from parcours_sim.care import order
from parcours_sim.engine.compiled.queue import free_event, hand_over, next_event, plan
from parcours_sim.engine.compiled.state import NOTHING, Event, Handed
from parcours_sim.engine.compiled.view import view
from parcours_sim.engine.kernels import compiled
from parcours_sim.engine.reference.clock import Clock

BEGINS, ENDS, DAYS = -1.0, 4.0, 5
CLASSES = sorted(value for name, value in vars(order).items() if name.isupper())
AT_START = -1
PLAN = np.dtype([("by", "i8"), ("is_delay", "b1"), ("time", "f8"), ("order", "i8")])
"""An event: which event plans it, for what time or after what delay, in which class."""

Queue = namedtuple(
    "Queue", "clock begins ends first_day events free_first free_count days buckets due handed"
)

INSTANTS = st.sampled_from(
    [
        *(BEGINS + eighth / 8 for eighth in range(41)),
        *(math.nextafter(day, to) for day in (-1.0, 1.0, 2.0, 4.0) for to in (-9.0, 9.0)),
        *(math.nextafter(0.0, 9.0), 0.3, 1 / 3, 2.7, -math.inf, -7.0, 4.5, 99.0, math.inf),
    ]
)
DELAYS = st.sampled_from([0.0, 0.0, 0.0, 1e-9, 0.125, 0.5, 1.0, 1.875, 3.0, -0.5, math.inf])
PLANS = st.lists(
    st.one_of(
        st.tuples(st.just(AT_START), st.just(False), INSTANTS, st.sampled_from(CLASSES)),
        st.tuples(st.integers(0, 20), st.just(False), INSTANTS, st.sampled_from(CLASSES)),
        st.tuples(st.integers(0, 20), st.just(True), DELAYS, st.sampled_from(CLASSES)),
    ),
    max_size=60,
)


def queue(buckets=4, events=64):
    """Give an empty queue, for functions that are compiled."""
    found = Queue(
        clock=clock_row(BEGINS),
        begins=BEGINS,
        ends=ENDS,
        first_day=int(BEGINS),
        events=pool(Event, events),
        **free(events=events),
        days=np.full(DAYS, NOTHING, np.int64),
        buckets=np.full(buckets, NOTHING, np.int64),
        due=np.zeros(events, np.int64),
        handed=np.zeros((4, 2), np.int64),
    )
    found.clock["day"], found.clock["bucket"] = -1, buckets - 1
    return found


def play(territory, plans, days_at_a_time, happened):
    """Let events happen, some of which plan others meanwhile; return how many have happened."""
    count, until_day, by, number = 0, days_at_a_time, AT_START, NOTHING
    while True:
        for item in range(len(plans)):
            row = plans[item]
            if row.by == by:
                time = territory.clock.now + row.time if row.is_delay else row.time
                plan(territory, time, row.order, 0, 0, item)
        if number != NOTHING:
            free_event(territory, number)
        number = next_event(territory, min(until_day, DAYS))
        while number == NOTHING and until_day < DAYS:
            until_day += days_at_a_time
            number = next_event(territory, min(until_day, DAYS))
        if number == NOTHING:
            return count
        by, territory.clock.now = territory.events[number].item, territory.events[number].time
        happened[count, 0], happened[count, 1] = by, territory.clock.now
        count += 1


play_in_compiled_form = compiled(play)


@njit
def play_compiled(queue, plans, days_at_a_time, happened):
    return play_in_compiled_form(view(queue), plans, days_at_a_time, happened)


def play_interpreted(queue, plans, days_at_a_time, happened):
    return play(readable(queue._asdict()), Rows(plans), days_at_a_time, happened)


def play_by_simpy(_queue, plans, _days_at_a_time, happened):
    """Let the same events happen by the reference engine's clock."""
    clock, seen = Clock(initial_time=BEGINS), []

    def plan_those_of(by):
        for item, (by_whom, is_delay, time, its_class) in enumerate(plans.tolist()):
            if by_whom == by:
                event = clock.at(clock.now + time if is_delay else time, its_class)
                event.callbacks.append(partial(happen, item))

    def happen(item, _event):
        seen.append((item, clock.now))
        plan_those_of(item)

    plan_those_of(AT_START)
    clock.run(until=ENDS)
    happened[: len(seen)] = np.array(seen).reshape(-1, 2)
    return len(seen)


@pytest.fixture(scope="module", params=[play_interpreted, play_compiled, play_by_simpy])
def player(request):
    """Give the queue as it is read and as it is compiled, and the reference engine's clock."""
    return request.param


def order_of(player, plans, *, days_at_a_time=DAYS, buckets=4):
    """Give the events that happen as (number of the plan, time), in their order."""
    happened = np.zeros((len(plans), 2))
    count = player(queue(buckets), np.array(plans, PLAN), days_at_a_time, happened)
    return [(int(item), time) for item, time in happened[:count].tolist()]


def order_of_a_sorted_list(plans):
    """Give the same for a list that is put in order anew for every event."""
    waiting, happened, inserted, by, now = [], [], 0, AT_START, BEGINS
    while True:
        for item, (by_whom, is_delay, time, its_class) in enumerate(plans):
            at = now + time if is_delay else time
            if by_whom == by and at < ENDS:
                waiting.append((max(at, now), its_class, inserted, item))
                inserted += 1
        if not waiting:
            return happened
        waiting.sort()
        now, _, _, by = waiting.pop(0)
        happened.append((by, now))


@given(PLANS, st.sampled_from([1, 2, 3, DAYS]), st.sampled_from([1, 2, 8]))
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_events_happen_by_time_then_class_then_insertion(player, plans, days_at_a_time, buckets):
    found = order_of(player, plans, days_at_a_time=days_at_a_time, buckets=buckets)
    assert found == order_of_a_sorted_list(plans)


def test_events_of_an_instant_happen_by_class_and_then_as_they_were_planned(player):
    plans = [(AT_START, False, 1.5, each) for each in (*reversed(CLASSES), *CLASSES)]
    found = [item for item, _ in order_of(player, plans)]
    assert [plans[item][3] for item in found] == sorted(2 * CLASSES)
    assert found == sorted(found, key=lambda item: (plans[item][3], item))


@pytest.mark.parametrize("delay", [0.0, -3.0])
def test_what_is_planned_for_now_comes_before_events_of_now_of_a_higher_class(player, delay):
    now = [(AT_START, False, 1.5, each) for each in (order.DEATH, order.REQUEST)]
    plans = [*now, (0, True, delay, order.CRISIS), (0, True, delay, order.REQUEST)]
    assert [item for item, _ in order_of(player, plans)] == [0, 2, 1, 3]


@pytest.mark.parametrize("time", [ENDS, math.nextafter(ENDS, 9.0), math.inf])
def test_what_is_planned_for_the_end_or_beyond_is_counted_and_takes_no_row(time):
    found = queue(events=1)
    plan(readable(found._asdict()), time, order.ONSET, 0, 0)
    assert (found.clock["events"], found.clock["inserted"]) == (1, 0)
    assert found.free_count.sum() == 1


def test_the_last_instant_before_the_end_comes(player):
    assert order_of(player, [(AT_START, False, math.nextafter(ENDS, 0.0), 2)])


@pytest.mark.parametrize("time", [math.nextafter(0.0, -1.0), (-1.0 + 16 / 24) + 8 / 24])
def test_an_instant_that_rounds_to_the_next_day_comes_on_its_own_day(time):
    assert order_of(play_interpreted, [(AT_START, False, time, 2)]) == [(0, time)]


def test_no_event_of_a_later_day_is_given_before_the_loop_may_go_so_far():
    territory = readable(queue()._asdict())
    for time in (0.5, 2.5):
        plan(territory, time, order.ONSET, 0, 0, int(time))
    days = [day for day in range(1, DAYS + 1) if next_event(territory, day) != NOTHING]
    assert days == [2, 4]


@pytest.mark.parametrize("delay", [0.25, 0.0])
def test_room_for_two_events_is_enough_for_any_number_one_after_the_other(player, delay):
    plans = [(item - 1, item > 0, delay * (item > 0), 2) for item in range(12)]
    assert len(order_of(lambda found, *rest: player(queue(events=2), *rest), plans)) == 12


def test_what_is_handed_over_is_first_come_first_served():
    found = queue()
    territory, ring, clock = readable(found._asdict()), found.handed, found.clock
    taken = []
    for round_of_three in range(3):  # three times three turns go round a ring of four
        for each in range(3):
            hand_over(territory, Handed.PLACE_GRANTED, 3 * round_of_three + each)
        while clock["handed_first"] < clock["handed_end"]:
            taken.append(ring[clock["handed_first"] % len(ring), 1])
            clock["handed_first"] += 1
    assert taken == list(range(9))


def test_a_full_ring_is_an_error_and_loses_nobody():
    found = queue()
    territory = readable(found._asdict())
    for each in range(len(found.handed)):
        hand_over(territory, Handed.VISIT_OVER, each)
    with pytest.raises(ValueError, match="too many hand-overs at one instant"):
        hand_over(territory, Handed.VISIT_OVER, 99)
    assert found.handed[:, 1].tolist() == [0, 1, 2, 3]
