"""Which slots GPs offer follows from the calendar, their lists and leave, and their practice."""

import doctest
import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from tests.care.world import draws, parameters, settled, with_practice

from parcours_sim.care import diary
from parcours_sim.care.appointments import ORDINARY, SHARED, URGENT
from parcours_sim.care.calendar import CLOSED, SATURDAY, WEEKDAY
from parcours_sim.care.diary import (
    ADDED,
    KEPT,
    OFFERED,
    SHARED_BY_LAYERS,
    capacity_ratios,
    carry,
    day_of_slots,
    is_kept_slot,
    leave_days,
)
from parcours_sim.care.parameters import DAYS_PER_YEAR


def kinds(found):
    return [int((found.slot_kind == kind).sum()) for kind in (ORDINARY, URGENT, SHARED)]


@pytest.fixture(scope="module")
def isolated():
    return parameters(organisation__ramp_months=0.0, territory__professionals__gp_leave_weeks=2.0)


@pytest.fixture(scope="module")
def shared():
    return parameters(
        "cpts",
        organisation__ramp_months=0.0,
        organisation__layers__cpts__uptake_share=1.0,
    )


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(diary).failed == 0


def test_the_gps_of_a_territory_offer_the_slots_of_a_year_together(isolated):
    found = settled(isolated)
    years = len(found.day_table) / DAYS_PER_YEAR
    expected = isolated.work.slots_per_year * isolated.work.gps * isolated.work.gp_capacity_ratio
    assert len(found.slot_time) == pytest.approx(expected * years, rel=0.002)


def test_slots_lie_in_the_opening_hours_of_working_days(isolated):
    found, work = settled(isolated), isolated.work
    of_day = dict(enumerate(found.day_table.tolist(), found.first_day))
    for time in found.slot_time.tolist():
        day = math.floor(time)
        hour = (time - day) * 24.0
        closes = {WEEKDAY: work.closes_hour, SATURDAY: work.saturday_closes_hour, CLOSED: 0.0}
        assert work.opens_hour - 1e-6 <= hour < closes[of_day[day]]


def test_a_book_is_in_the_order_of_time_and_its_days_begin_where_they_say(isolated):
    found = settled(isolated)
    for gp in range(isolated.work.gps):
        first, last = found.day_first[gp, 0], found.day_first[gp, -1]
        times = found.slot_time[first:last]
        assert (np.diff(times) > 0.0).all()
        days = np.arange(found.day_first.shape[1]) + found.first_day
        assert (found.day_first[gp] == first + np.searchsorted(times, days)).all()


def test_every_slot_is_free_before_anybody_asks_and_each_day_says_how_many_there_are(isolated):
    found = settled(isolated)
    assert not found.slot_taken.any()
    assert (found.free_slots == np.diff(found.day_first, axis=1)).all()
    assert found.free_slots.sum() == len(found.slot_time) == len(found.slot_kind)


def test_nobody_offers_a_slot_on_leave(isolated):
    found = settled(isolated)
    begins, days = found.first_day, found.day_first.shape[1] - 1
    for gp in range(isolated.work.gps):
        away = leave_days(gp, begins, begins + days, isolated.work.leave_days, draws())
        slots = found.slot_time[found.day_first[gp, 0] : found.day_first[gp, -1]]
        assert away
        assert away.isdisjoint(np.floor(slots).astype(int).tolist())


def test_leave_is_two_stretches_a_year_and_none_where_there_is_none():
    assert leave_days(0, 0, 365, 0.0, draws()) == frozenset()
    for gp in range(20):
        days = sorted(leave_days(gp, 0, 364, 14.0, draws()))
        stretches = 1 + sum(b > a + 1 for a, b in itertools.pairwise(days))
        assert stretches <= 2
        assert 7 <= len(days) <= 14


def test_leave_does_not_move_when_the_warm_up_is_longer():
    short = leave_days(3, -91, 730, 14.0, draws())
    long = leave_days(3, -365, 730, 14.0, draws())
    assert {day for day in long if day >= 0} == {day for day in short if day >= 0}


def test_larger_lists_mean_more_slots_but_less_than_in_proportion():
    ratios = capacity_ratios([0.5, 1.0, 1.5], 0.83)
    assert math.fsum(ratios) == pytest.approx(3.0)
    assert ratios[2] / ratios[0] == pytest.approx(3.0**0.83, rel=1e-12)
    assert capacity_ratios([0.5, 1.5], 0.0) == [1.0, 1.0]


@pytest.mark.parametrize("share", [0.05, 0.15, 0.5])
def test_slots_are_kept_for_urgent_requests_in_their_share(isolated, share):
    ordinary, urgent, shared = kinds(settled(with_practice(isolated, urgent_slot_share=share)))
    assert urgent / (ordinary + urgent) == pytest.approx(share, abs=0.005)
    assert shared == 0


def test_coordination_takes_its_share_of_slots_and_counts_as_time(isolated):
    all_slots = len(settled(isolated).slot_time)
    found = settled(with_practice(isolated, coordination_share=0.1))
    assert len(found.slot_time) == pytest.approx(0.9 * all_slots, rel=0.002)
    slots_of_a_year = isolated.work.slots_per_year * isolated.work.gps
    slots_of_a_year *= isolated.work.gp_capacity_ratio
    days = 0.1 * slots_of_a_year * isolated.work.consultation_days
    assert found.coordination_days == pytest.approx(days, rel=0.05)
    assert settled(isolated).coordination_days == 0.0


def test_a_layer_shares_slots_inside_the_diaries_without_adding_any(shared):
    without = replace(shared, layers=(replace(shared.layers[0], shared_slots_per_day=0.0),))
    found, former = settled(shared), settled(without)
    assert np.array_equal(found.slot_time, former.slot_time)
    weights = sum(
        diary.day_weight(code, shared.work.saturday_slot_share)
        for day, code in enumerate(found.day_table.tolist(), found.first_day)
        if day >= 0
    )
    expected = shared.layers[0].shared_slots_per_day * weights * shared.work.gps
    assert kinds(found)[2] == pytest.approx(expected, rel=0.1)
    assert kinds(former)[2] == 0


def test_added_slots_leave_every_former_slot_where_it_was(shared):
    layer = replace(shared.layers[0], added_slots_per_day=1.5)
    former = set(settled(shared).slot_time.tolist())
    found = settled(replace(shared, layers=(layer,)))
    assert former < set(found.slot_time.tolist())
    assert kinds(found)[:2] == kinds(settled(shared))[:2]


def test_a_layer_shares_nothing_before_time_0_nor_without_uptake(shared):
    found = settled(shared)
    assert found.slot_time[found.slot_kind == SHARED].min() >= 0.0
    nobody = replace(shared, layers=(replace(shared.layers[0], uptake=(0.0, 0.0)),))
    assert kinds(settled(nobody))[2] == 0


def test_a_walk_in_day_has_a_session_of_the_same_capacity_instead_of_slots(isolated):
    found = settled(with_practice(isolated, walk_in_days_per_week=2.0))
    weekday = (isolated.start.weekday() + np.floor(found.slot_time).astype(int)) % 7
    assert weekday.min() == 2
    days = np.arange(found.walk_in_closes.shape[1]) + found.first_day
    has_session = np.isfinite(found.walk_in_closes[0])
    assert has_session.any()
    assert ((isolated.start.weekday() + days[has_session]) % 7 < 2).all()
    lengths = found.walk_in_closes[0][has_session] - days[has_session]
    assert (lengths > isolated.work.opens_hour / 24.0).all()
    assert (lengths <= isolated.work.closes_hour / 24.0 + 1e-9).all()


def day_of(isolated, offered=0, kept=0, shared=0, added=0, closes_hour=19.0):
    """Give the slots of day 3, as (time, kind)."""
    time, kind = np.zeros(200), np.zeros(200, np.int8)
    today = np.zeros(4, np.int32)
    today[[OFFERED, KEPT, SHARED_BY_LAYERS, ADDED]] = offered, kept, shared, added
    end = day_of_slots(time, kind, 0, 3, closes_hour, today, isolated.work)
    return list(zip(time[:end].tolist(), kind[:end].tolist(), strict=True))


def test_the_slots_of_a_day_are_evenly_spread_and_the_last_ordinary_ones_are_shared(isolated):
    slots = day_of(isolated, offered=8, kept=2, shared=3)
    opens, step = isolated.work.opens_hour, (19.0 - isolated.work.opens_hour) / 8
    assert [time for time, _ in slots] == pytest.approx(
        [3 + (opens + j * step) / 24.0 for j in range(8)], rel=1e-12
    )
    assert [kind for _, kind in slots] == [
        *(ORDINARY, ORDINARY, ORDINARY, URGENT),
        *(SHARED, SHARED, SHARED, URGENT),
    ]


def test_no_more_is_shared_than_the_diary_has(isolated):
    kinds = [kind for _, kind in day_of(isolated, offered=4, kept=1, shared=9)]
    assert kinds == [SHARED, SHARED, SHARED, URGENT]
    assert day_of(isolated, shared=9) == []


def test_added_slots_follow_one_after_the_other_from_closing_time_and_end_at_midnight(isolated):
    length = isolated.work.consultation_days
    times = [time for time, kind in day_of(isolated, added=3) if kind == SHARED]
    assert times == pytest.approx([3 + 19.0 / 24.0 + i * length for i in range(3)], rel=1e-12)
    late = [time for time, _ in day_of(isolated, added=199)]
    assert len(late) == math.ceil((5.0 / 24.0) / length)
    assert late[-1] < 4.0


@pytest.mark.parametrize("count", [1, 7, 24])
def test_slots_are_kept_in_their_number_whatever_it_is(count):
    for kept in range(count + 1):
        assert sum(is_kept_slot(j, kept, count) for j in range(count)) == kept


def test_fractions_of_slots_are_carried_from_day_to_day_for_each_sort_by_itself():
    carried = np.zeros(4)
    days = [(carry(carried, OFFERED, 2.25), carry(carried, KEPT, 0.375)) for _ in range(48)]
    assert (sum(day[0] for day in days), sum(day[1] for day in days)) == (108, 18)
    assert {day[0] for day in days} == {2, 3}
