"""Coming home: letters to the GP and the nurse, and who sees the patient afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from parcours_sim.care import order, routine
from parcours_sim.care.decisions import HOME, STAY
from parcours_sim.care.routine import (
    contact_number,
    time_of_day,
)
from parcours_sim.engine.kernels import lognormal

from .clock import Story
from .diaries import FOLLOW_UP, book, count_wait, find_offer
from .messages import count_sent, is_lost, layers_of, links_from, practice_of, travel
from .state import Episode, Patient, Territory


def comes_home(territory: Territory, patient: Patient, episode: Episode) -> None:
    """The day of discharge: letters leave, the patient plans a visit, a nurse may be ordered."""
    kind, who, now = episode.kind, patient.who, territory.clock.now
    p = territory.parameters
    follow_up = contact_number(kind.id, episode.occurrence, routine.FOLLOW_UP)
    after_stay = contact_number(kind.id, episode.occurrence, routine.AFTER_STAY)
    patient.discharged_at, patient.last_kind = now, kind
    patient.last_position = episode.position
    patient.is_relieved = patient.gp_has_letter = patient.nurse_has_letter = False
    patient.awaits_follow_up = True
    territory.count_for(patient, "discharges", episode.position)
    territory.note(patient, "discharged", kind.name, episode.occurrence)
    visit, nurse_visit, _, patience = territory.draw(who.person, HOME, episode.occurrence, kind.id)
    _, _, recalls, nurse = territory.draw(who.person, STAY, episode.occurrence, kind.id)
    if patient.who.has_gp:
        gp = partial(gp_reads, territory, patient, now, follow_up, recalls, patience)
        send_letter(territory, patient, episode, "gp", gp)
    if nurse < p.after.nurse_after_share or who.nurse_interval_days < math.inf:
        send_letter(territory, patient, episode, "nurse", partial(nurse_reads, patient, now))
    plans_in = lognormal(visit, p.after.follow_up_days, p.after.follow_up_sigma)
    territory.clock.tell(own_follow_up(territory, patient, follow_up, plans_in, patience))
    if nurse < p.after.nurse_after_share:
        comes_in = lognormal(nurse_visit, p.after.nurse_after_days, p.after.nurse_after_sigma)
        territory.clock.tell(nurse_after_discharge(territory, patient, after_stay, comes_in))


def send_letter(
    territory: Territory,
    patient: Patient,
    episode: Episode,
    receiver: str,
    reads: Callable[[], None],
) -> None:
    """The hospital writes to the GP or the nurse; the letter may come late or never."""
    for link in links_from(territory, "hospital", receiver):
        aspect = episode.kind.link_ids[link]
        lost = is_lost(territory, patient, link, aspect, episode.occurrence, 1)
        count_sent(territory, link, lost=lost)
        if lost:
            territory.note(patient, "letter lost", receiver, episode.occurrence)
        else:
            letter = travel(
                territory, patient, link, aspect, episode.occurrence, urgent=False, arrives=reads
            )
            territory.clock.tell(letter)


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


def recall_share(territory: Territory, patient: Patient) -> float:
    """Probability that a patient is called in: the most that practice or a layer does about it."""
    p = territory.parameters
    practice = practice_of(territory, patient)
    shares = [layer.recall_share for layer in layers_of(territory, patient)]
    return max([p.after.recall_share, practice.recall_share, *shares])


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
    if not patient.awaits_follow_up or is_planned or not patient.who.is_accepted:
        return
    demand, now = territory.parameters.demand, territory.clock.now
    patience = lognormal(patience_mark, demand.other_patience_days, demand.patience_sigma)
    territory.count_for(patient, "gp_requests")
    offer = find_offer(
        territory,
        patient.who.gp,
        now,
        patience,
        unscheduled=unscheduled,
        is_own=patient.who.has_gp,
    )
    if offer is None:
        territory.count_for(patient, "gp_unserved")
        return
    book(territory, patient, offer, FOLLOW_UP, number)
    count_wait(territory, now, offer.time, patient.groups[:2])


def nurse_after_discharge(
    territory: Territory, patient: Patient, number: int, in_days: float
) -> Story:
    """A nurse ordered at discharge comes once."""
    stay_ended = patient.discharged_at
    mark = patient.marks[3]
    work = territory.parameters.work
    hours = (work.nurse_round_begins_hour, work.nurse_round_ends_hour)
    comes = time_of_day(stay_ended + in_days, mark, *hours)
    if comes < stay_ended:  # the hour has passed on the day of the discharge
        comes += 1.0
    yield territory.clock.at(comes, order.ROUTINE)
    if patient.discharged_at == stay_ended and not patient.is_in_care:
        territory.nurse_calls(territory, patient, number)
