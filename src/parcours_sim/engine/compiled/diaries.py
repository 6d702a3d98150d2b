"""Holding an appointment with a GP, giving it back; the twin of `reference/diaries.py`."""

from __future__ import annotations

import math

from parcours_sim.care import order
from parcours_sim.care.access import WALK_IN, accept, find_offer, hand_back
from parcours_sim.care.decisions import GP_CONTACT
from parcours_sim.care.distributions import duration
from parcours_sim.care.practices import is_seen
from parcours_sim.care.tallies import Count, count_for, count_wait
from parcours_sim.engine.record import PLANNED, What

from .draws import draw
from .log import note
from .pools import chain, give_back, take, unchain
from .queue import plan
from .state import NOBODY, NOTHING, Pool, Step, Territory


def offer_to(
    territory: Territory, patient: int, wanted: float, patience_days: float, unscheduled: bool
) -> tuple[int, float, int]:
    """What the patient's practice has for them: (GP, time, slot); the GP is NOBODY for nothing."""
    person = territory.patients[patient]
    if not is_seen(territory, person):
        return NOBODY, math.inf, NOTHING
    return find_offer(territory, person.gp, wanted, patience_days, unscheduled, person.has_gp)


def take_up(
    territory: Territory,
    patient: int,
    gp: int,
    time: float,
    slot: int,
    purpose: int,
    number: int,
    episode: int,
) -> bool:
    """A request is counted, and the offer taken if there is one; return whether there was."""
    person = territory.patients[patient]
    count_for(territory, person, Count.GP_REQUESTS)
    if gp == NOBODY:
        count_for(territory, person, Count.GP_UNSERVED)
        return False
    appointment = book(territory, patient, gp, time, slot, purpose, number, episode)
    if episode != NOTHING:
        territory.episodes[episode].is_answered = True
        territory.episodes[episode].appointment = appointment
    count_wait(territory, person, territory.clock.now, time)
    return True


def book(
    territory: Territory,
    patient: int,
    gp: int,
    time: float,
    slot: int,
    purpose: int,
    number: int,
    episode: int,
) -> int:
    """Accept an offer for a patient and return the appointment's number."""
    accept(territory, gp, time, slot, time_needed(territory, patient, slot, number))
    place = take(territory, territory.appointments, Pool.APPOINTMENTS)
    appointment = territory.appointments[place]
    appointment.patient = patient
    appointment.slot = slot
    appointment.gp = gp
    appointment.time = time
    appointment.purpose = purpose
    appointment.number = number
    appointment.episode = episode
    appointment.is_held = True
    person = territory.patients[patient]
    person.first_appointment = chain(territory.appointments, person.first_appointment, place)
    note(territory, patient, What.APPOINTMENT_BOOKED, purpose, slot)
    plan(territory, time, order.CONSULTATION, Step.CONSULTATION, place)
    return place


def time_needed(territory: Territory, patient: int, slot: int, number: int) -> float:
    """How long a walk-in keeps the GP; a slot has no length of its own."""
    work = territory.work
    if slot != WALK_IN:
        return 0.0
    mark = draw(territory, territory.patients[patient].person, GP_CONTACT, number, 0)[0]
    return duration(mark, work.consultation_law, work.consultation_days, work.consultation_sd_days)


def unhold(territory: Territory, place: int) -> None:
    """Strike an appointment from those that its patient holds."""
    appointment = territory.appointments[place]
    appointment.is_held = False
    person = territory.patients[appointment.patient]
    person.first_appointment = unchain(territory.appointments, person.first_appointment, place)


def release(territory: Territory, place: int) -> None:
    """Give an appointment back, for others to take; its row lasts until its time has come."""
    appointment = territory.appointments[place]
    if not appointment.is_held:
        return
    unhold(territory, place)
    hand_back(territory, appointment.gp, appointment.time, appointment.slot)
    patient = appointment.patient
    note(territory, patient, What.APPOINTMENT_GIVEN_BACK, appointment.purpose, appointment.slot)
    if appointment.time >= territory.ends:  # its time never comes
        give_back(territory, territory.appointments, Pool.APPOINTMENTS, place)


def release_all(territory: Territory, patient: int) -> None:
    """Give back all of a patient's appointments, at a death."""
    while territory.patients[patient].first_appointment != NOTHING:
        release(territory, territory.patients[patient].first_appointment)


def fall_through(territory: Territory, place: int) -> None:
    """An appointment does not take place: its episode is open to other answers again."""
    episode = territory.appointments[place].episode
    if episode != NOTHING:
        territory.episodes[episode].appointment = NOTHING
        territory.episodes[episode].is_answered = territory.episodes[episode].is_treated


def give_back_until(territory: Territory, patient: int, time: float) -> None:
    """Give back what is booked up to `time`: someone in hospital until then cannot come.

    A planned visit among them is missed.
    """
    place = territory.patients[patient].first_appointment
    while place != NOTHING:
        appointment = territory.appointments[place]
        following = appointment.next
        if appointment.time <= time:
            fall_through(territory, place)
            if appointment.purpose == PLANNED:
                count_for(territory, territory.patients[patient], Count.MISSED_CONTACTS)
            release(territory, place)
        place = following


def holds(territory: Territory, patient: int, purpose: int) -> bool:
    """Whether a patient holds an appointment for this purpose."""
    place = territory.patients[patient].first_appointment
    while place != NOTHING:
        if territory.appointments[place].purpose == purpose:
            return True
        place = territory.appointments[place].next
    return False
