"""Two lives of one patient: where they part, why a stay does, and which stay is the clearest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.analysis.lives import (
    BEGINS,
    CANDIDATE,
    EARLIER,
    KIND,
    KINDS,
    ONE_STAY,
    PATIENT,
    admitted,
    episode,
    replication,
)

from parcours_sim.analysis.twin import clearest, is_same, parting, thread, twin_of

AVERTED = episode((14.0, "treated"), (15.0, "averted"))


def avoided(first, second):
    """The one stay of the first life that the second lacks."""
    found, induced = clearest(replication(*first, stays=ONE_STAY), replication(*second), KINDS)
    assert induced is None
    assert found is not None
    return found


def answer(day: float, number: int = 50):
    return [(day, PATIENT, "gp consultation", "answer", number)]


# --- where lives part ---


def test_lives_part_at_the_first_event_that_only_one_has_or_has_then():
    first = replication(*EARLIER, *BEGINS, *admitted(16.0), stays=ONE_STAY)
    second = replication(*EARLIER, *BEGINS, *AVERTED)
    found = avoided([*EARLIER, *BEGINS, *admitted(16.0)], [*EARLIER, *BEGINS, *AVERTED])
    assert found.parting.time_days == 14.0
    assert [entry and entry.event for entry in found.parting.events] == [None, "treated"]
    assert len(found.lives[0]) == len(first.log)
    assert len(found.lives[1]) == len(second.log)


def test_what_happens_at_the_same_moment_in_both_is_told_of_both():
    found = avoided([*BEGINS, *admitted(14.0)], [*BEGINS, *AVERTED])
    assert [entry.event for entry in found.parting.events] == ["admitted", "treated"]


def test_the_position_of_a_slot_makes_no_difference_but_the_number_of_a_visit_does():
    one, other = (replication((1.0, 7, "gp consultation", "planned", n)).log[0] for n in (4, 9))
    assert is_same(one, other)
    one, other = (replication((1.0, 7, "nurse visit", "", n)).log[0] for n in (4, 9))
    assert not is_same(one, other)


def test_lives_that_are_the_same_do_not_part():
    entries = list(replication(*EARLIER, *BEGINS).log)
    assert parting(entries, entries) is None


# --- why ---


def test_an_episode_that_begins_in_one_life_only_is_explained_by_the_contacts_before():
    visits = [(float(day), PATIENT, "protocol visit", "", day) for day in (-400, 2, 4)]
    reason = avoided([*EARLIER, *BEGINS, *admitted(16.0)], [*EARLIER, *visits]).reason
    assert (reason.cause, reason.life, reason.event.event) == ("onset", 0, "episode begins")
    assert reason.contacts["protocol visit"] == (0, 2)
    assert reason.contacts["gp consultation"] == (1, 1)


@pytest.mark.parametrize(
    ("event", "cause", "day", "life"),
    [
        ((12.0, PATIENT, "nurse notices", KIND, CANDIDATE), "noticed", 12.0, 1),
        ((12.0, PATIENT, "message arrives", "nurse_to_gp", 9), "message", 12.0, 1),
        ((12.0, PATIENT, "message lost", "nurse_to_gp", 9), "message", 12.0, 1),
        ((12.0, PATIENT, "gp consultation", "answer", 9), "wait", 12.0, 1),
        ((14.0, PATIENT, "treated", KIND, CANDIDATE), "other", 14.0, 1),
    ],
)
def test_the_first_difference_within_the_episode_is_the_reason(event, cause, day, life):
    reason = avoided([*BEGINS, *admitted(16.0)], [*BEGINS, event, *AVERTED]).reason
    assert (reason.cause, reason.life, reason.event.time_days) == (cause, life, day)
    assert reason.elsewhere is None


def test_what_comes_later_in_the_other_life_is_told_with_it():
    first = [*BEGINS, *answer(15.5), *admitted(16.0)]
    reason = avoided(first, [*BEGINS, *answer(12.5, 80), *AVERTED]).reason
    assert (reason.cause, reason.life) == ("wait", 1)
    assert reason.elsewhere.time_days - reason.event.time_days == pytest.approx(3.0)


def test_routine_visits_and_messages_of_another_time_are_no_part_of_an_episode():
    other = [
        (12.0, PATIENT, "gp consultation", "planned", 3),
        (12.5, PATIENT, "nurse visit", "", 3),
        (9.0, PATIENT, "message arrives", "hospital_to_gp", 3),
        (12.0, PATIENT, "patient notices", "copd", CANDIDATE),
    ]
    life = list(replication(*BEGINS, *other, *answer(13.0), *AVERTED).log)
    events = [entry.event for entry in thread(life, KIND, CANDIDATE)]
    assert events == ["episode begins", "patient notices", "gp consultation", "treated", "averted"]


def test_an_episode_that_differs_in_nothing_told_has_no_reason():
    common = [*BEGINS, *admitted(16.0)]
    first = replication(*common, stays=ONE_STAY)
    (found,) = [each for each in clearest(first, replication(*common), KINDS) if each]
    assert (found.reason.cause, found.parting) == ("none", None)


# --- which one ---


def both(first, second, stays):
    return clearest(replication(*first, stays=stays), replication(*second), KINDS)[0]


def test_a_stay_whose_episode_begins_in_both_lives_is_clearer_than_one_that_begins_in_one():
    whose = {"person": 3}
    only_there = [*episode((2.0, "episode begins"), **whose), *admitted(3.0, **whose)]
    noise = [(float(day) / 8, PATIENT, "dispensing", "", day) for day in range(40)]
    first = [*only_there, *noise, *BEGINS, *admitted(16.0)]
    stays = (*ONE_STAY, (3, KIND, CANDIDATE))
    second = [(0.0, 3, "dispensing", "", 0), *BEGINS, *AVERTED]
    assert both([*second[:1], *first], second, stays).person == PATIENT
    assert both(only_there, [(0.0, 3, "dispensing", "", 0)], ((3, KIND, CANDIDATE),)).person == 3


def test_the_clearest_has_the_fewest_events_that_differ_before_its_end():
    whose = {"person": 3}
    begins = episode((10.0, "episode begins"), **whose)
    noise = [(float(day), 3, "gp consultation", "planned", day) for day in range(4, 9)]
    first = [*begins, *noise, *admitted(12.0, **whose), *BEGINS, *admitted(16.0)]
    stays = (*ONE_STAY, (3, KIND, CANDIDATE))
    assert both(first, [*begins, *BEGINS], stays).person == PATIENT
    without = [event for event in first if event not in noise]
    assert both(without, [*begins, *BEGINS], stays).person == 3  # equal, and earlier


def test_who_came_to_the_place_after_a_death_is_left_out():
    after = [(30.0, PATIENT, "dispensing", "", 0, 1)]
    death = [(20.0, PATIENT, "dies", "", -1)]
    found = avoided([*BEGINS, *admitted(16.0), *death, *after], [*BEGINS, *AVERTED])
    assert {entry.generation for life in found.lives for entry in life} == {0}


def test_a_stay_of_somebody_whom_the_other_life_does_not_know_comes_last():
    stranger = [
        (1.0, 3, "episode begins", KIND, CANDIDATE, 1),
        (2.0, 3, "admitted", KIND, CANDIDATE, 1),
    ]
    first = [*stranger, *EARLIER, *BEGINS, *admitted(16.0)]
    second = [(1.0, 3, "dispensing", "", 0), *EARLIER, (2.0, PATIENT, "protocol visit", "", 0)]
    assert both(first, second, ((3, KIND, CANDIDATE), *ONE_STAY)).person == PATIENT


def test_an_induced_stay_is_the_reverse_of_an_avoided_one():
    first, second = (
        replication(*BEGINS, *AVERTED),
        replication(*BEGINS, *admitted(16.0), stays=ONE_STAY),
    )
    none, induced = clearest(first, second, KINDS)
    assert none is None
    assert (induced.change, induced.person, induced.kind) == ("induced", PATIENT, KIND)


# --- one patient ---


def test_a_patient_who_is_asked_for_is_looked_at_where_a_stay_differs():
    first = replication(*EARLIER, *BEGINS, *admitted(16.0), stays=ONE_STAY)
    second = replication(*EARLIER, *BEGINS, *AVERTED)
    for one, other, change in ((first, second, "avoided"), (second, first, "induced")):
        found = twin_of(PATIENT, one, other, KINDS)
        assert (found.change, found.kind, found.occurrence) == (change, KIND, CANDIDATE)


def test_a_patient_with_the_same_stays_has_lives_and_no_episode_at_stake():
    first = replication(*EARLIER, *BEGINS, *admitted(16.0), stays=ONE_STAY)
    second = replication(*BEGINS, *admitted(16.0), stays=ONE_STAY)
    found = twin_of(PATIENT, first, second, KINDS)
    assert (found.change, found.kind, found.reason.cause) == ("asked", "", "none")
    assert found.parting.events[0].event == "gp consultation"
    assert found.span_days() is None
    assert twin_of(99, first, second, KINDS).lives == ((), ())


def test_a_replication_without_a_log_is_refused():
    bare = replace(replication(*BEGINS), log=None)
    with pytest.raises(ValueError, match="event logs"):
        clearest(bare, bare, KINDS)
