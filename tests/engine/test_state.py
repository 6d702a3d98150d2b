"""What the engine remembers makes sense at every moment, not only at the end.

The clock is stopped every other day or so, and each rule looked up in the state of every patient.
"""

import numpy as np
import pytest
from tests.engine.conftest import EXTREMES
from tests.engine.small import busy, dotless

from parcours_sim.care.flatten import flatten
from parcours_sim.engine.reference.simulation import begin_stories, build

WALK_IN = -1


def check(territory):
    """Look at every patient, and at what they hold."""
    now = territory.clock.now
    held = []
    for patient in territory.patients:
        assert patient.is_in_care or not patient.is_in_bed
        assert (patient.visit_is_over is not None) == (patient.is_in_care and not patient.is_in_bed)
        kinds = [episode.position for episode in patient.open_episodes]
        assert len(set(kinds)) == len(kinds)
        for episode in patient.open_episodes:
            assert episode.is_open
            assert episode.onset <= now
            check_answer(patient, episode)
        for appointment in patient.appointments:
            assert appointment.is_held
            assert appointment.time >= now
            assert appointment.episode is None or appointment.episode.is_open
            if appointment.slot != WALK_IN:
                assert territory.slot_taken[appointment.slot] == 1
                assert territory.slot_time[appointment.slot] == appointment.time
                held.append(appointment.slot)
    assert len(set(held)) == len(held)
    assert all(each.drifts_at > territory.begins for each in territory.held)
    check_places(territory)
    check_books(territory)


def check_answer(patient, episode):
    """What counts as answered has been treated, or its answer is on the way."""
    if episode.appointment is not None:
        assert episode.appointment in patient.appointments
        assert episode.appointment.episode is episode
    if episode.is_answered and not episode.is_treated:
        assert episode.is_at_emergency or episode.appointment is not None, episode


def check_books(territory):
    """Every day says how many of its slots nobody holds."""
    is_free = np.concatenate(([0], np.cumsum(territory.slot_taken == 0)))
    first = territory.day_first
    assert (territory.free_slots == is_free[first[:, 1:]] - is_free[first[:, :-1]]).all()


def check_places(territory):
    """Nobody waits while a place is free, and people in bed don't outnumber beds."""
    for resource in (territory.rooms, territory.beds):
        assert resource.count <= resource.capacity
        assert not resource.queue or resource.count == resource.capacity
    assert sum(patient.is_in_bed for patient in territory.patients) <= territory.beds.count


@pytest.mark.parametrize("name", ["msp", "paerpa", *EXTREMES])
def test_the_state_makes_sense_at_every_moment(name):
    changes = dotless(EXTREMES[name]) if name in EXTREMES else {}
    parameters = flatten(busy("isole" if name in EXTREMES else name, **changes))
    territory = build(parameters, 1, 1, keeps_log=False)
    begin_stories(territory)
    now = parameters.begins
    while now < parameters.ends:
        now += 2.37  # at ever different hours
        territory.clock.run(until=now)
        check(territory)
