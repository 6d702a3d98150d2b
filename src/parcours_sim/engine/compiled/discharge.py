"""Coming home: letters, follow-up, a nurse; the twin of `reference/discharge.py`."""

from __future__ import annotations

from parcours_sim.care import order, routine
from parcours_sim.care.decisions import HOME, STAY
from parcours_sim.care.distributions import lognormal
from parcours_sim.care.parameters import GP, HOSPITAL, NURSE
from parcours_sim.care.practices import recall_share
from parcours_sim.care.routine import contact_number, round_time_after
from parcours_sim.care.stays import come_home, nurse_is_written_to
from parcours_sim.care.tallies import count_message
from parcours_sim.engine.record import FIRST_ROLE, FOLLOW_UP, What

from .diaries import holds, offer_to, take_up
from .draws import draw
from .log import note, note_episode
from .messages import days_of_message, loses, note_arrival, post
from .queue import plan
from .state import NOTHING, Receiver, Step, Territory


def comes_home(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """The day of discharge: letters leave, the patient plans a visit, a nurse may be ordered."""
    person, after, row = territory.patients[patient], territory.after, territory.kinds[kind]
    now = territory.clock.now
    come_home(territory, person, kind)
    note_episode(territory, patient, What.DISCHARGED, kind, occurrence)
    visit, nurse_visit, _, _ = draw(territory, person.person, HOME, occurrence, row.id)
    nurse = draw(territory, person.person, STAY, occurrence, row.id)[3]
    is_ordered = nurse < after.nurse_after_share
    if person.has_gp:
        send_letter(territory, patient, kind, occurrence, GP)
    if nurse_is_written_to(person, is_ordered):
        send_letter(territory, patient, kind, occurrence, NURSE)
    plans_in = lognormal(visit, after.follow_up_days, after.follow_up_sigma)
    plan(
        territory, now + plans_in, order.REQUEST, Step.OWN_FOLLOW_UP, patient, occurrence, kind, now
    )
    if is_ordered:
        comes_in = lognormal(nurse_visit, after.nurse_after_days, after.nurse_after_sigma)
        comes = round_time_after(territory, person, now, now + comes_in)
        plan(territory, comes, order.ROUTINE, Step.NURSE_AFTER_STAY, patient, occurrence, kind, now)


def send_letter(
    territory: Territory, patient: int, kind: int, occurrence: int, receiver: int
) -> None:
    """The hospital writes to the GP or the nurse; the letter may come late or never."""
    since = territory.patients[patient].discharged_at
    reader = Receiver.GP_OF_LETTER if receiver == GP else Receiver.NURSE_OF_LETTER
    for link in range(len(territory.links)):
        row = territory.links[link]
        if row.sender != HOSPITAL or row.receiver != receiver:
            continue
        lost = loses(territory, patient, link, kind, occurrence, 1)
        count_message(territory, link, lost)
        if lost:
            territory.patients[patient].has_late_letter = True
            note(territory, patient, What.LETTER_LOST, FIRST_ROLE + receiver, occurrence)
            continue
        days = days_of_message(territory, patient, link, kind, occurrence, False)
        if days > 0.0:
            territory.patients[patient].has_late_letter = True
            post(territory, patient, link, kind, occurrence, occurrence, reader, days, since)
        else:
            note_arrival(territory, patient, link, occurrence, days, True)
            read_letter(territory, patient, kind, occurrence, reader, since)


def read_letter(
    territory: Territory, patient: int, kind: int, occurrence: int, reader: int, since: float
) -> None:
    """The GP or the nurse has the letter of the last stay; a GP may call the patient in."""
    person = territory.patients[patient]
    if person.discharged_at != since:
        return
    if reader == Receiver.NURSE_OF_LETTER:
        person.nurse_has_letter = True
        return
    person.gp_has_letter = True
    recalls = draw(territory, person.person, STAY, occurrence, territory.kinds[kind].id)[2]
    if recalls < recall_share(territory, person) and not person.is_in_care:
        plan_follow_up(territory, patient, kind, occurrence, True)


def own_follow_up(
    territory: Territory, patient: int, kind: int, occurrence: int, since: float
) -> None:
    """The patient asks for a visit by themselves, unless a GP has seen them by then."""
    person = territory.patients[patient]
    if person.discharged_at == since and not person.is_in_care:
        plan_follow_up(territory, patient, kind, occurrence, False)


def plan_follow_up(
    territory: Territory, patient: int, kind: int, occurrence: int, unscheduled: bool
) -> None:
    """Ask for a follow-up visit, unless there has been one or one is booked."""
    person, demand = territory.patients[patient], territory.demand
    is_planned = holds(territory, patient, FOLLOW_UP)
    if not person.awaits_follow_up or is_planned or not person.is_accepted:
        return
    row = territory.kinds[kind]
    mark = draw(territory, person.person, HOME, occurrence, row.id)[3]
    patience = lognormal(mark, demand.other_patience_days, demand.patience_sigma)
    gp, time, slot = offer_to(territory, patient, territory.clock.now, patience, unscheduled)
    number = contact_number(row.id, occurrence, routine.FOLLOW_UP)
    take_up(territory, patient, gp, time, slot, FOLLOW_UP, number, NOTHING)
