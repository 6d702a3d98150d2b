"""Counting: into which groups, from when on, and by which date."""

import pytest
from tests.care.world import counted, parameters, someone, territory

from parcours_sim.care.tallies import (
    ALL,
    OLDER,
    RESPONSE_BINS,
    UNDER_75,
    WAIT_BINS,
    Count,
    add,
    count,
    count_arrival,
    count_clipped,
    count_for,
    count_message,
    count_other,
    count_other_at,
    count_other_wait,
    count_response,
    count_wait,
)

KIND = 2


@pytest.fixture
def found():
    return territory(parameters("mixte"), now=10.0)


@pytest.fixture
def patient(found):
    return someone(
        found, age_group=OLDER, practice_group=found.practice_groups + 1, gp_group=found.gp_groups
    )


def groups_counted(found, what):
    """Give the groups in which something has been counted, with how much."""
    return {group: value for group, value in enumerate(counted(found, what)) if value != 0.0}


def groups_of(found, patient):
    """Give the groups of a patient, whatever something is about."""
    held = found.held[patient.first_held : patient.end_held]
    conditions = [found.condition_groups + each.condition for each in held]
    return (ALL, patient.age_group, patient.practice_group, patient.gp_group, *conditions)


def everything(found):
    return [*found.tallies, *found.waits, *found.response_times]


def test_a_sum_goes_to_its_own_group_and_to_no_other(found):
    count(found, Count.CRISES, 4, 2.5)
    count(found, Count.CRISES, 4)
    assert groups_counted(found, Count.CRISES) == {4: 3.5}
    assert sum(everything(found)) == 3.5


@pytest.mark.parametrize("conditions", [0, 1, 2])
def test_a_patient_counts_for_everyone_in_each_group_of_theirs_and_for_the_kind(found, conditions):
    patient = next(each for each in found.patients if each.end_held - each.first_held == conditions)
    count_for(found, patient, Count.EPISODES, KIND, 2.0)
    own = (*groups_of(found, patient), found.kind_groups + KIND)
    assert len(own) == 5 + conditions
    assert groups_counted(found, Count.EPISODES) == dict.fromkeys(own, 2.0)


def test_what_is_about_no_kind_counts_for_no_kind(found, patient):
    count_for(found, patient, Count.GP_CONTACTS)
    own = groups_of(found, patient)
    assert groups_counted(found, Count.GP_CONTACTS) == dict.fromkeys(own, 1.0)


def test_nothing_is_counted_before_time_0_and_time_0_is_counted(found, patient):
    found.clock.now = -1e-9
    count(found, Count.CRISES, ALL)
    count_for(found, patient, Count.CRISES, KIND)
    count_other(found, Count.CRISES)
    count_wait(found, patient, -1e-9, 3.0)
    count_other_wait(found, -1e-9, 3.0)
    count_response(found, patient, KIND, 1.0)
    count_message(found, 0, True)
    count_arrival(found, 0, 1.0)
    assert not any(everything(found))
    found.clock.now = 0.0
    count_for(found, patient, Count.CRISES, KIND)
    assert counted(found, Count.CRISES)[ALL] == 1.0


def test_what_is_added_at_the_end_counts_whatever_the_time(found, patient):
    found.clock.now = -1.0
    add(found, patient, Count.PERSON_YEARS, -1, 5.0)
    assert counted(found, Count.PERSON_YEARS)[ALL] == 5.0


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        (2.0, 5.0, 3.0),
        (-4.0, 5.0, 5.0),
        (-4.0, -1.0, 0.0),
        (360.0, 400.0, 5.0),
        (365.0, 400.0, 0.0),
    ],
)
def test_of_a_stay_only_what_lies_in_the_horizon_counts(found, patient, begin, end, days):
    assert found.ends == 365.0
    found.clock.now = begin  # a stay of the warm-up is told of when it begins
    count_clipped(found, patient, Count.BED_DAYS, KIND, begin, end)
    assert counted(found, Count.BED_DAYS)[ALL] == days
    assert counted(found, Count.BED_DAYS)[found.kind_groups + KIND] == days


def test_people_not_simulated_one_by_one_are_under_75_and_have_no_practice_group(found):
    count_other(found, Count.GP_REQUESTS, 2.0)
    assert groups_counted(found, Count.GP_REQUESTS) == {ALL: 2.0, UNDER_75: 2.0}


@pytest.mark.parametrize(("time", "amount"), [(-0.1, 0.0), (0.0, 3.0), (364.9, 3.0), (365.0, 0.0)])
def test_a_consultation_counts_by_its_own_date_not_by_that_of_the_request(found, time, amount):
    for now in (-5.0, 5.0):
        found.clock.now = now
        count_other_at(found, time, Count.GP_CONTACTS, 1.5)
    expected = {ALL: amount, UNDER_75: amount} if amount else {}
    assert groups_counted(found, Count.GP_CONTACTS) == expected


@pytest.mark.parametrize(
    ("requested", "time", "place", "soon", "late"),
    [
        (10.4, 10.9, 0, True, False),
        (10.9, 11.0, 1, True, False),  # a night is a calendar day, however short
        (10.0, 12.0, 2, False, False),
        (10.9, 15.1, 5, False, True),
        (10.0, 400.0, WAIT_BINS - 1, False, True),
    ],
)
def test_a_wait_counts_by_calendar_days_in_each_group_and_for_medians_by_age_band(
    found, patient, requested, time, place, soon, late
):
    count_wait(found, patient, requested, time)
    own = groups_of(found, patient)
    assert groups_counted(found, Count.GP_WAITS) == dict.fromkeys(own, 1.0)
    days = groups_counted(found, Count.GP_WAIT_DAYS)
    assert days == pytest.approx(dict.fromkeys(own, time - requested), rel=1e-12)
    assert groups_counted(found, Count.GP_SAME_OR_NEXT_DAY) == dict.fromkeys(own, 1.0) or not soon
    assert bool(groups_counted(found, Count.GP_SAME_OR_NEXT_DAY)) is soon
    assert bool(groups_counted(found, Count.GP_FIVE_DAYS_OR_MORE)) is late
    assert bins_of(found) == {ALL * WAIT_BINS + place: 1.0, OLDER * WAIT_BINS + place: 1.0}


def test_a_wait_of_someone_not_simulated_counts_under_75_and_in_no_other_group(found):
    count_other_wait(found, 10.0, 11.5)
    assert groups_counted(found, Count.GP_WAITS) == {ALL: 1.0, UNDER_75: 1.0}
    assert groups_counted(found, Count.GP_WAIT_DAYS) == {ALL: 1.5, UNDER_75: 1.5}
    assert groups_counted(found, Count.GP_SAME_OR_NEXT_DAY) == {ALL: 1.0, UNDER_75: 1.0}
    assert bins_of(found) == {ALL * WAIT_BINS + 1: 1.0, UNDER_75 * WAIT_BINS + 1: 1.0}


def bins_of(found):
    return {number: value for number, value in enumerate(found.waits) if value}


@pytest.mark.parametrize(
    ("days", "place"),
    [(0.0, 0), (0.24, 0), (0.25, 1), (2.6, 10), (59.99, 239), (60.0, 240), (900.0, 240)],
)
def test_a_response_counts_with_its_time_and_in_the_quarter_of_a_day_of_its_kind(
    found, patient, days, place
):
    count_response(found, patient, KIND, days)
    own = (*groups_of(found, patient), found.kind_groups + KIND)
    assert groups_counted(found, Count.RESPONSES) == dict.fromkeys(own, 1.0)
    assert counted(found, Count.RESPONSE_TIME_DAYS)[ALL] == days
    bins = {bin_: value for bin_, value in enumerate(found.response_times) if value}
    assert bins == {KIND * RESPONSE_BINS + place: 1.0}


def test_a_message_counts_for_everyone_and_its_link_and_so_does_its_loss(found):
    count_message(found, 1, False)
    count_message(found, 1, True)
    own = (ALL, found.link_groups + 1)
    assert groups_counted(found, Count.MESSAGES_SENT) == dict.fromkeys(own, 2.0)
    assert groups_counted(found, Count.MESSAGES_LOST) == dict.fromkeys(own, 1.0)


def test_an_arrival_counts_with_the_days_it_took(found):
    count_arrival(found, 0, 2.5)
    own = (ALL, found.link_groups)
    assert groups_counted(found, Count.MESSAGES_ARRIVED) == dict.fromkeys(own, 1.0)
    assert groups_counted(found, Count.MESSAGE_DAYS) == dict.fromkeys(own, 2.5)
