"""Coming home: letters to the GP and the nurse, and who sees the patient afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from parcours_sim.care import order, routine
from parcours_sim.care.decisions import HOME, STAY
from parcours_sim.care.parameters import GP, HOSPITAL, NURSE
from parcours_sim.care.practices import recall_share
from parcours_sim.care.routine import contact_number, round_time_after
from parcours_sim.care.stays import come_home, nurse_is_written_to
from parcours_sim.care.tallies import count_message
from parcours_sim.engine.kernels import lognormal
from parcours_sim.engine.record import FIRST_ROLE, FOLLOW_UP, What

from .clock import Story
from .diaries import offer_to, take_up
from .messages import days_of_message, is_lost, links_from, travel
from .state import Episode, Patient, Territory


def comes_home(territory: Territory, patient: Patient, episode: Episode) -> None:
    """The day of discharge: letters leave, the patient plans a visit, a nurse may be ordered."""
    kind, after, now = episode.kind, territory.after, territory.clock.now
    number = contact_number(kind.id, episode.occurrence, routine.FOLLOW_UP)
    come_home(territory, patient, episode.position)
    territory.note_episode(patient, What.DISCHARGED, episode)
    visit, nurse_visit, _, patience = territory.draw(
        patient.person, HOME, episode.occurrence, kind.id
    )
    _, _, recalls, nurse = territory.draw(patient.person, STAY, episode.occurrence, kind.id)
    is_ordered = nurse < after.nurse_after_share
    if patient.has_gp:
        gp = partial(gp_reads, territory, patient, now, number, recalls, patience)
        send_letter(territory, patient, episode, GP, gp)
    if nurse_is_written_to(patient, is_ordered):
        send_letter(territory, patient, episode, NURSE, partial(nurse_reads, patient, now))
    plans_in = lognormal(visit, after.follow_up_days, after.follow_up_sigma)
    territory.clock.tell(own_follow_up(territory, patient, number, plans_in, patience))
    if is_ordered:
        number = contact_number(kind.id, episode.occurrence, routine.AFTER_STAY)
        comes_in = lognormal(nurse_visit, after.nurse_after_days, after.nurse_after_sigma)
        territory.clock.tell(nurse_after_discharge(territory, patient, number, comes_in))


def send_letter(
    territory: Territory,
    patient: Patient,
    episode: Episode,
    receiver: int,
    reads: Callable[[], None],
) -> None:
    """The hospital writes to the GP or the nurse; the letter may come late or never."""
    for link in links_from(territory, HOSPITAL, receiver):
        aspect, occurrence = episode.kind.link_ids[link], episode.occurrence
        lost = is_lost(territory, patient, link, aspect, occurrence, 1)
        count_message(territory, link, lost)
        if lost:
            patient.has_late_letter = True
            territory.note(patient, What.LETTER_LOST, FIRST_ROLE + receiver, occurrence)
        else:
            days = days_of_message(territory, patient, link, aspect, occurrence, urgent=False)
            patient.has_late_letter |= days > 0.0
            territory.clock.tell(travel(territory, patient, link, occurrence, days, reads))


def gp_reads(
    territory: Territory,
    patient: Patient,
    stay_ended: float,
    number: int,
    recall_mark: float,
    patience_mark: float,
) -> None:
    """The GP has the letter of the last stay, and may call the patient in."""
    if patient.discharged_at != stay_ended:
        return
    patient.gp_has_letter = True
    if recall_mark < recall_share(territory, patient) and not patient.is_in_care:
        plan_follow_up(territory, patient, number, patience_mark, unscheduled=True)


def nurse_reads(patient: Patient, stay_ended: float) -> None:
    """The nurse has the letter of the last stay."""
    if patient.discharged_at == stay_ended:
        patient.nurse_has_letter = True


def own_follow_up(
    territory: Territory, patient: Patient, number: int, in_days: float, patience_mark: float
) -> Story:
    """The patient asks for a visit by themselves, unless a GP has seen them by then."""
    stay_ended = patient.discharged_at
    yield territory.clock.at(stay_ended + in_days, order.REQUEST)
    if patient.discharged_at == stay_ended and not patient.is_in_care:
        plan_follow_up(territory, patient, number, patience_mark, unscheduled=False)


def plan_follow_up(
    territory: Territory,
    patient: Patient,
    number: int,
    patience_mark: float,
    *,
    unscheduled: bool,
) -> None:
    """Ask for a follow-up visit, unless there has been one or one is booked."""
    is_planned = any(held.purpose == FOLLOW_UP for held in patient.appointments)
    if not patient.awaits_follow_up or is_planned or not patient.is_accepted:
        return
    demand, now = territory.demand, territory.clock.now
    patience = lognormal(patience_mark, demand.other_patience_days, demand.patience_sigma)
    offer = offer_to(territory, patient, now, patience, unscheduled=unscheduled)
    take_up(territory, patient, offer, FOLLOW_UP, number)


def nurse_after_discharge(
    territory: Territory, patient: Patient, number: int, in_days: float
) -> Story:
    """A nurse ordered at discharge comes once."""
    stay_ended = patient.discharged_at
    comes = round_time_after(territory, patient, stay_ended, stay_ended + in_days)
    yield territory.clock.at(comes, order.ROUTINE)
    if patient.discharged_at == stay_ended and not patient.is_in_care:
        territory.nurse_calls(territory, patient, number)
