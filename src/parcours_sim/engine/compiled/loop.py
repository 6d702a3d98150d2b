"""The main loop: the next hand-over or event is taken, the clock set, and what is due done.

Order: what is handed over at this instant, then events by time, class and insertion (`queue.py`).
"""

from __future__ import annotations

from parcours_sim.care.accounts import close_accounts
from parcours_sim.care.hazard import can_happen_to
from parcours_sim.care.tallies import Count, add

from .contacts import time_has_come
from .discharge import own_follow_up, read_letter
from .endings import candidate_death, plan_death
from .hospital import grant_place
from .messages import note_arrival
from .others import emergency, plan_emergency, plan_request, request
from .pools import give_back
from .queue import free_event, next_event
from .routine import (
    ask_for_visit,
    at_the_pharmacy,
    delegated_visit,
    draw_phases,
    nurse_after_stay,
    nurse_visit_due,
    plan_dispensing,
    plan_nurse_visit,
    plan_protocol_visit,
    plan_visit_request,
    protocol_visit_due,
    visit_request,
)
from .state import NOTHING, Handed, Pool, Receiver, Step, Territory
from .view import view
from .visits import care_ends, patience_ends, place_granted, wait_decided
from .warning import expert_answers, recover, respond
from .worsening import candidate_onset, patient_notices, plan_onset, visit_is_over, window_ends

DONE, SHORT, PAUSED = 0, 1, 2
"""Why the loop has stopped: no event left till the day asked for; something is nearly full; enough
for once."""
TURNS_AT_A_TIME = 1 << 17
"""Hand-overs and events between two pauses: some hundredths of a second."""


def begin(setting: Territory) -> None:
    """Plan everyone's first events: patients' in the order of their numbers, then everyone else's.

    `setting` is a tuple of a territory's arrays.
    """
    territory: Territory = view(setting)
    for patient in range(len(territory.patients)):
        draw_phases(territory, patient)
        plan_visit_request(territory, patient, 0)
        plan_nurse_visit(territory, patient, 0)
        plan_dispensing(territory, patient, 0)
        plan_protocol_visit(territory, patient, 0)
        plan_death(territory, patient, territory.begins, 0)
        for kind in range(len(territory.kinds)):
            if can_happen_to(territory, territory.patients[patient], territory.kinds[kind]):
                plan_onset(territory, patient, kind, territory.begins, 0)
    for gp in range(territory.work.gps):
        plan_request(territory, gp, 0, 0, 0.0)
    plan_emergency(territory, 0, 0, 0.0)


def run(setting: Territory, until_day: int) -> int:
    """Let events happen until the day `until_day` (from 0), or something is nearly full.

    Return DONE, PAUSED or SHORT; after SHORT there is to be made room, and the loop run on.
    """
    territory: Territory = view(setting)
    clock = territory.clock
    for _ in range(TURNS_AT_A_TIME):
        if is_short(territory):
            return SHORT
        if clock.handed_first < clock.handed_end:
            place = clock.handed_first % len(territory.handed)
            clock.handed_first += 1
            take_over(territory, territory.handed[place, 0], territory.handed[place, 1])
            continue
        number = next_event(territory, until_day)
        if number == NOTHING:
            return DONE
        clock.now = territory.events[number].time
        happen(territory, number)
        free_event(territory, number)
    return PAUSED


def finish(setting: Territory) -> None:
    """Close the accounts at the end of the horizon, and count what is still open."""
    territory: Territory = view(setting)
    for patient in range(len(territory.patients)):
        person = territory.patients[patient]
        place = person.first_episode
        while place != NOTHING:
            add(territory, person, Count.EPISODES_OPEN, territory.episodes[place].kind, 1.0)
            place = territory.episodes[place].next
    close_accounts(territory)


def is_short(territory: Territory) -> bool:
    """Whether the next event might not find the rows it needs."""
    for pool in range(len(territory.free_count)):
        if territory.free_count[pool] < territory.spare_rows:
            return True
    clock, lines = territory.clock, len(territory.lines)
    if len(territory.traces) - clock.traces < territory.spare_lines:
        return True
    if lines > 0 and lines - clock.lines < territory.spare_lines:
        return True
    return clock.stays == len(territory.stays)


def take_over(territory: Territory, handed: int, subject: int) -> None:
    """What was handed over at this instant."""
    if handed == Handed.PLACE_GRANTED:
        place_granted(territory, subject)
    elif handed == Handed.PLACE_FREE:
        grant_place(territory, subject)
    elif handed == Handed.WAIT_DECIDED:
        wait_decided(territory, subject)
    else:
        visit_is_over(territory, subject)


def happen(territory: Territory, number: int) -> None:
    """What an event does."""
    event = territory.events[number]
    step, subject, item, extra = event.step, event.subject, event.item, event.extra
    if step == Step.OTHER_REQUEST:
        request(territory, subject, extra, item, event.since)
    elif step == Step.NURSE_VISIT:
        nurse_visit_due(territory, subject, item, False)
    elif step == Step.CONSULTATION:
        time_has_come(territory, subject)
    elif step == Step.DISPENSING:
        at_the_pharmacy(territory, subject, item)
    elif step == Step.VISIT_REQUEST:
        visit_request(territory, subject, item)
    elif step == Step.END_OF_CARE:
        care_ends(territory, subject)
    elif step == Step.OTHER_EMERGENCY:
        emergency(territory, extra, item, event.since)
    elif step == Step.END_OF_PATIENCE:
        patience_ends(territory, subject)
    elif step == Step.CANDIDATE_ONSET:
        candidate_onset(territory, subject, extra, item)
    elif step == Step.PROTOCOL_VISIT:
        protocol_visit_due(territory, subject, item)
    elif step == Step.CANDIDATE_DEATH:
        candidate_death(territory, subject, item)
    elif step == Step.MESSAGE:
        message_arrives(territory, subject)
    elif step == Step.WINDOW_END:
        window_ends(territory, subject, extra, item)
    elif step == Step.NOTICE:
        patient_notices(territory, subject, extra, item)
    elif step == Step.RECOVERY:
        recover(territory, subject, extra, item)
    elif step == Step.EXPERT_ANSWER:
        expert_answers(territory, subject, extra, item, event.since)
    elif step == Step.OWN_FOLLOW_UP:
        own_follow_up(territory, subject, extra, item, event.since)
    elif step == Step.NURSE_AFTER_STAY:
        nurse_after_stay(territory, subject, extra, item, event.since)
    elif step == Step.DELEGATED_VISIT:
        delegated_visit(territory, subject, item, extra)
    elif step == Step.NURSE_VISIT_AGAIN:
        nurse_visit_due(territory, subject, item, True)
    else:
        ask_for_visit(territory, subject, item)


def message_arrives(territory: Territory, place: int) -> None:
    """A message is there; whoever it is for reads it, if the patient is still the same person."""
    message = territory.messages[place]
    patient, kind, episode = message.patient, message.kind, message.episode
    is_same = territory.patients[patient].generation == message.generation
    note_arrival(territory, patient, message.link, message.occurrence, message.days, is_same)
    if is_same and message.receiver == Receiver.GP_OF_WARNING:
        respond(territory, patient, kind, episode)
    elif is_same:
        read_letter(territory, patient, kind, episode, message.receiver, message.since)
    give_back(territory, territory.messages, Pool.MESSAGES, place)
