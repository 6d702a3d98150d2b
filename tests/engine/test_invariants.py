"""What holds in every run: people and places are conserved, and nothing happens out of turn.

Checked on the event log of small territories under pressure, under every named scenario and where
the rare paths are the usual ones.
"""

from collections import Counter

import numpy as np
import pytest
from tests.engine.small import CONTACTS, ENDS, RATES, busy, run

from parcours_sim.care.parameters import TRIAGE
from parcours_sim.engine.record import stay_key

ARRIVES, UNSEEN, LEAVES = (
    "arrives at emergency department",
    "leaves emergency department unseen",
    "leaves emergency department",
)
IN_BED, WAITING, IN_ROOM, AT_HOME = "in a bed", "waiting for a room", "in a room", "at home"
BECOMES = {
    ARRIVES: ({AT_HOME}, WAITING),
    "gets a room": ({WAITING}, IN_ROOM),
    UNSEEN: ({WAITING}, AT_HOME),
    "gets a bed": ({IN_ROOM, AT_HOME}, IN_BED),
    LEAVES: ({IN_ROOM, IN_BED}, None),
    "discharged": ({IN_BED}, AT_HOME),
    "dies": ({AT_HOME, IN_BED}, AT_HOME),
}
"""Event: where somebody may be before it, and where they are after it (None: see `moves`)."""


ONLY_HEART_FAILURE = {
    **{f"episodes__{kind}__rate_per_year": 0.0 for kind in RATES if kind != "heart_failure"},
    "territory__conditions__heart_failure__nurse_followed_share": 1.0,
    "territory__conditions__heart_failure__nurse_visits_per_week": 7.0,
    "territory__links__nurse_to_gp__loss_share": 0.5,
    "territory__professionals__nurse_visits_per_day": 200.0,
}


def moves(found):
    """Give (entry, where its person was, where they are then) for people simulated one by one."""
    place = {}
    for entry in found.log:
        if entry.person < 0:
            continue
        before = place.get(entry.person, AT_HOME)
        after = before
        if entry.event in BECOMES:
            allowed, after = BECOMES[entry.event]
            assert before in allowed, entry
            if after is None:
                after = IN_BED if before == IN_BED else AT_HOME
        place[entry.person] = after
        yield entry, before, after


def test_the_runs_are_under_pressure(pressed):
    assert pressed.count("ed_wait_minutes") > 1.0
    assert pressed.count("boarding_hours") > 1.0
    for outcome in ("ed_left_unseen", "deaths_in_hospital", "hospitalisations_direct", "deaths"):
        assert pressed.count(outcome) > 0, outcome
    assert pressed.count("hospitalisations") > 100


def test_time_never_runs_back(any_run):
    times = [entry.time_days for entry in any_run.log]
    assert times == sorted(times)
    assert any_run.territory.begins <= times[0]
    assert times[-1] < any_run.territory.ends


def test_a_death_is_followed_by_the_next_person_in_the_same_place(any_run):
    generation = Counter()
    for entry in any_run.log:
        if entry.person >= 0:
            assert entry.generation == generation[entry.person], entry
            if entry.event == "dies":
                generation[entry.person] += 1
    for patient in any_run.territory.patients:
        assert patient.generation == generation[patient.person]


def test_there_are_as_many_people_at_the_end_as_at_the_start(any_run):
    years = any_run.territory.ends / 365.25
    people = any_run.count("person_years") / years
    assert people == pytest.approx(len(any_run.territory.patients))
    assert len({patient.person for patient in any_run.territory.patients}) == round(people)


def test_everyone_goes_from_place_to_place_as_one_can(any_run):
    assert sum(1 for _ in moves(any_run)) > 0


def test_nobody_has_a_contact_elsewhere_while_in_hospital(any_run):
    met = [(entry, place) for entry, place, _ in moves(any_run) if entry.event in CONTACTS]
    assert met
    assert [entry for entry, place in met if place != AT_HOME] == []


def test_whoever_is_in_hospital_at_the_end_is_there_for_the_engine_too(any_run):
    place = {entry.person: after for entry, _, after in moves(any_run)}
    for patient in any_run.territory.patients:
        where = place.get(patient.person, AT_HOME)
        assert patient.is_in_bed == (where == IN_BED)
        assert patient.is_in_care or where == AT_HOME


def test_an_episode_begins_once_and_ends_once(any_run):
    state = {}
    for entry in any_run.of("episode begins", *ENDS):
        key = (entry.person, entry.generation, entry.detail, entry.occurrence)
        expected = None if entry.event == "episode begins" else "episode begins"
        assert state.get(key) == expected, entry
        state[key] = entry.event
    still_open = {
        (patient.person, patient.generation, episode.kind.name, episode.occurrence)
        for patient in any_run.territory.patients
        for episode in patient.open_episodes
    }
    assert still_open == {key for key, event in state.items() if event == "episode begins"}


def test_no_two_episodes_of_a_kind_are_open_at_once(any_run):
    is_open = set()
    for entry in any_run.of("episode begins", *ENDS):
        key = (entry.person, entry.detail)
        if entry.event == "episode begins":
            assert key not in is_open
            is_open.add(key)
        else:
            is_open.remove(key)


def test_episodes_are_those_that_ended_and_those_still_open(any_run):
    open_at_0 = sum(
        (entry.event == "episode begins") - (entry.event in ENDS)
        for entry in any_run.of("episode begins", *ENDS)
        if entry.time_days < 0.0
    )
    ended = sum(any_run.count(outcome) for outcome in set(ENDS.values()))
    assert any_run.count("episodes") + open_at_0 == ended + any_run.count("episodes_open")


def test_an_episode_that_ended_is_neither_noticed_nor_treated(any_run):
    is_open = set()
    for entry in any_run.log:
        key = (entry.person, entry.detail, entry.occurrence)
        if entry.event == "episode begins":
            is_open.add(key)
        elif entry.event in ENDS:
            is_open.discard(key)
        elif entry.event.endswith("notices") or entry.event == "treated":
            assert key in is_open, entry


def test_no_episode_is_treated_twice(any_run):
    treated = Counter(entry[1:] for entry in any_run.of("treated"))
    assert set(treated.values()) <= {1}


def test_only_a_hospital_bed_overtakes_an_episode(any_run):
    for entry, before, _ in moves(any_run):
        if entry.event == "overtaken in hospital":
            assert before == IN_BED, entry


def test_every_stay_follows_its_own_crisis_or_precaution(any_run):
    reason = {}
    for entry in any_run.of("crisis", "admitted as a precaution", "admitted"):
        if entry.event == "admitted":
            assert reason.pop(entry.person) == (entry.detail, entry.occurrence), entry
        else:
            reason[entry.person] = (entry.detail, entry.occurrence)


def test_a_stay_has_a_key_of_its_own(any_run):
    kinds = [kind.name for kind in any_run.territory.kinds]
    keys = [
        stay_key(entry.person, kinds.index(entry.detail), entry.occurrence)
        for entry in any_run.of("admitted")
    ]
    assert len(set(keys)) == len(keys)
    measured = [
        stay_key(entry.person, kinds.index(entry.detail), entry.occurrence)
        for entry in any_run.of("admitted")
        if entry.time_days >= 0.0
    ]
    assert any_run.replication.stays.tolist() == sorted(measured)


def test_hospitalisations_are_emergency_and_direct_ones(any_run):
    routes = any_run.count("hospitalisations_emergency") + any_run.count("hospitalisations_direct")
    assert any_run.count("hospitalisations") == routes
    assert any_run.count("hospitalisations") == len(any_run.replication.stays)


def test_no_room_is_used_twice_and_every_room_is_given_back(any_run):
    capacity, in_use, most = any_run.territory.rooms.capacity, 0, 0
    for entry in any_run.of("gets a room", LEAVES):
        in_use += 1 if entry.event == "gets a room" else -1
        most = max(most, in_use)
        assert 0 <= in_use <= capacity
    assert most == capacity
    assert any_run.territory.rooms.count == in_use


def test_nobody_waits_while_a_room_is_free(any_run):
    capacity, in_use, waiting, idle_since = any_run.territory.rooms.capacity, 0, 0, None
    for entry in any_run.of(ARRIVES, UNSEEN, "gets a room", LEAVES):
        if idle_since is not None and entry.time_days > idle_since:
            raise AssertionError(f"a room is free while somebody waits, before {entry}")
        waiting += {ARRIVES: 1, UNSEEN: -1, "gets a room": -1}.get(entry.event, 0)
        in_use += {"gets a room": 1, LEAVES: -1}.get(entry.event, 0)
        idle_since = entry.time_days if waiting and in_use < capacity else None
    assert len(any_run.territory.rooms.queue) == waiting


def test_nobody_is_called_before_someone_more_urgent(any_run):
    triage = {kind.name: kind.triage for kind in any_run.territory.kinds}
    urgency, waiting, called = {}, {}, 0
    for entry in any_run.of("crisis", ARRIVES, UNSEEN, "gets a room", "gets a bed"):
        if entry.person < 0:
            continue
        if entry.event == "crisis":
            urgency[entry.person] = triage[entry.detail]
        elif entry.event == ARRIVES:
            waiting[entry.person] = (urgency.pop(entry.person, TRIAGE["low"]), entry.time_days)
        elif entry.event == "gets a bed":
            urgency.pop(entry.person, None)
        else:
            own, _ = waiting.pop(entry.person)
            before = [level for level, since in waiting.values() if since < entry.time_days]
            if entry.event == "gets a room" and before:
                called += 1
                assert min(before) >= own, entry
    assert called > 10


def test_every_bed_is_given_back(alone):
    capacity, in_use, most = alone.territory.beds.capacity, 0, 0
    for entry, before, after in moves(alone):
        in_use += (after == IN_BED) - (before == IN_BED)
        most = max(most, in_use)
        assert 0 <= in_use <= capacity, entry
    assert most == capacity
    assert alone.territory.beds.count == in_use > 0


def test_slots_taken_ahead_are_exactly_those_that_somebody_holds(alone):
    territory = alone.territory
    taken = {
        slot
        for slot in range(len(territory.slot_time))
        if territory.slot_taken[slot] and territory.slot_time[slot] >= territory.ends
    }
    held = [
        appointment.slot
        for patient in alone.territory.patients
        for appointment in patient.appointments
    ]
    assert len(set(held)) == len(held) > 0
    assert taken == set(held)


def test_a_slot_is_held_by_one_person_at_a_time(any_run):
    holder = {}
    for entry in any_run.of("appointment booked", "appointment given back", "gp consultation"):
        if entry.occurrence < 0:  # a walk-in has no slot
            continue
        owner = (entry.person, entry.generation, entry.detail)
        if entry.event == "appointment booked":
            assert entry.occurrence not in holder, entry
            holder[entry.occurrence] = owner
        else:
            assert holder[entry.occurrence] == owner, entry
            if entry.event == "appointment given back":
                del holder[entry.occurrence]


def test_everything_held_for_the_time_of_a_stay_or_beyond_a_death_is_given_back(any_run):
    slot_time, held, since = any_run.territory.slot_time, {}, {}
    booking = ("appointment booked", "appointment given back")
    for entry in any_run.of(*booking, "admitted", "discharged", "dies"):
        mine = held.setdefault(entry.person, set())
        if entry.person < 0 or (entry.event in booking and entry.occurrence < 0):
            continue
        if entry.event == "appointment booked":
            mine.add(entry.occurrence)
        elif entry.event == "appointment given back":
            mine.remove(entry.occurrence)
        elif entry.event == "admitted":
            since[entry.person] = entry.time_days
        else:
            began = since.pop(entry.person, entry.time_days)
            until = np.inf if entry.event == "dies" else entry.time_days
            assert not [slot for slot in mine if began < slot_time[slot] <= until], entry
            mine -= {slot for slot in mine if slot_time[slot] <= until}


def test_nothing_is_counted_in_the_warm_up(any_run):
    counted = {
        "hospitalisations": ["admitted"],
        "episodes": ["episode begins"],
        "crises": ["crisis"],
        "episodes_avoided": ["averted"],
        "deaths": ["dies"],
        "discharges": ["discharged"],
        "ed_visits": [ARRIVES],
        "ed_left_unseen": [UNSEEN],
        "pharmacist_contacts": ["dispensing"],
        "nurse_contacts": ["nurse visit", "protocol visit"],
        "protocol_contacts": ["protocol visit"],
        "follow_ups_informed": ["informed follow-up"],
    }
    for outcome, events in counted.items():
        logged = any_run.of(*events)
        measured = [entry for entry in logged if entry.time_days >= 0.0]
        assert any_run.count(outcome) == len(measured), outcome
        if outcome != "protocol_contacts":  # those begin with the organisation
            assert any_run.count(outcome) < len(logged) or len(logged) < 20, outcome


@pytest.mark.parametrize("outcome", ["episodes", "hospitalisations", "crises", "bed_days"])
def test_groups_add_up_to_everyone(any_run, outcome):
    sums = Counter()
    for name, group, number in any_run.replication.rows:
        if name == outcome:
            sums[group.split(":")[0]] += number
    assert sums["age"] == pytest.approx(sums["all"])
    assert sums["kind"] == pytest.approx(sums["all"])
    assert sums["practice"] == pytest.approx(sums["all"])


def test_a_death_in_or_after_a_stay_counts_once(any_run):
    stayed, after_stay, inside = set(), 0, 0
    for entry, before, _ in moves(any_run):
        if entry.event == "discharged":
            stayed.add(entry.person)
        elif entry.event == "dies":
            after_stay += entry.time_days >= 0.0 and (before == IN_BED or entry.person in stayed)
            inside += entry.time_days >= 0.0 and before == IN_BED
            stayed.discard(entry.person)
    assert any_run.territory.ends - any_run.territory.begins < 365.0
    assert any_run.count("deaths_after_stay") == after_stay
    assert any_run.count("deaths_in_hospital") == inside


def test_a_lost_link_stays_lost_for_its_episode():
    found = run(busy("isole", **ONLY_HEART_FAILURE))
    lost, ended, sent = {}, [], {}
    for entry in found.of("nurse visit", "message lost", "episode begins", *ENDS):
        if entry.event == "nurse visit":
            sent[entry.person, entry.occurrence] = entry.time_days
        elif entry.event in ENDS:
            ended.append((entry.person, lost.pop(entry.person, entry.time_days), entry.time_days))
        elif entry.detail == "nurse_to_gp":
            lost.setdefault(entry.person, entry.time_days)
    arrivals = [entry for entry in found.of("message arrives") if entry.detail == "nurse_to_gp"]
    assert len(arrivals) > 5
    assert sum(end > since for _, since, end in ended) > 5
    for entry in arrivals:
        when = sent[entry.person, entry.occurrence]
        assert not [row for row in ended if row[0] == entry.person and row[1] <= when < row[2]]
