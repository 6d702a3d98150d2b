"""Holding an appointment with a GP, giving it back, and what happens when its time has come.

What a request is offered is the rule of `care/access.py`.
"""

from __future__ import annotations

import math
from functools import partial

import simpy

from parcours_sim.care import order
from parcours_sim.care.access import NOBODY, WALK_IN, accept, hand_back
from parcours_sim.care.decisions import GP_CONTACT
from parcours_sim.care.practices import is_seen
from parcours_sim.care.tallies import Count, count_for, count_wait
from parcours_sim.engine.kernels import duration, find_offer
from parcours_sim.engine.record import PLANNED, What

from .state import Appointment, Episode, Patient, Territory

Offer = tuple[int, float, int]
"""GP, time, slot; see `find_offer`."""
NO_OFFER: Offer = (NOBODY, math.inf, NOBODY)


def offer_to(
    territory: Territory,
    patient: Patient,
    wanted: float,
    patience_days: float,
    *,
    unscheduled: bool,
) -> Offer:
    """What the patient's practice has for them, from the time it is wanted."""
    if not is_seen(territory, patient):
        return NO_OFFER
    return find_offer(territory, patient.gp, wanted, patience_days, unscheduled, patient.has_gp)


def take_up(
    territory: Territory,
    patient: Patient,
    offer: Offer,
    purpose: int,
    number: int,
    episode: Episode | None = None,
) -> bool:
    """A request is counted, and the offer taken if there is one; return whether there was.

    `number` addresses the draws of the consultation (`care/routine.py`).
    """
    gp, time, slot = offer
    count_for(territory, patient, Count.GP_REQUESTS)
    if gp == NOBODY:
        count_for(territory, patient, Count.GP_UNSERVED)
        return False
    appointment = Appointment(slot, gp, time, purpose, number, episode=episode)
    book(territory, patient, appointment)
    if episode is not None:
        episode.is_answered = True
        episode.appointment = appointment
    count_wait(territory, patient, territory.clock.now, time)
    return True


def book(territory: Territory, patient: Patient, appointment: Appointment) -> None:
    """Accept an offer for a patient; the consultation comes by itself unless it is given back."""
    length = time_needed(territory, patient, appointment)
    accept(territory, appointment.gp, appointment.time, appointment.slot, length)
    patient.appointments.append(appointment)
    territory.note(patient, What.APPOINTMENT_BOOKED, appointment.purpose, appointment.slot)
    event = territory.clock.at(appointment.time, order.CONSULTATION)
    event.callbacks.append(partial(_time_has_come, territory, patient, appointment))


def time_needed(territory: Territory, patient: Patient, appointment: Appointment) -> float:
    """How long a walk-in keeps the GP; a slot has no length of its own."""
    work = territory.work
    if appointment.slot != WALK_IN:
        return 0.0
    mark = territory.draw(patient.person, GP_CONTACT, appointment.number, 0)[0]
    return duration(mark, work.consultation_law, work.consultation_days, work.consultation_sd_days)


def release(territory: Territory, patient: Patient, appointment: Appointment) -> None:
    """Give an appointment back, for others to take."""
    if appointment.is_held:
        appointment.is_held = False
        patient.appointments.remove(appointment)
        hand_back(territory, appointment.gp, appointment.time, appointment.slot)
        territory.note(patient, What.APPOINTMENT_GIVEN_BACK, appointment.purpose, appointment.slot)


def release_all(territory: Territory, patient: Patient) -> None:
    """Give back all of a patient's appointments, at a death."""
    for appointment in tuple(patient.appointments):
        release(territory, patient, appointment)


def fall_through(appointment: Appointment) -> None:
    """An appointment does not take place: its episode is open to other answers again."""
    episode = appointment.episode
    if episode is not None:
        episode.appointment = None
        episode.is_answered = episode.is_treated


def give_back_until(territory: Territory, patient: Patient, time: float) -> None:
    """Give back what is booked up to `time`: someone in hospital until then cannot come.

    A planned visit among them is missed.
    """
    for appointment in tuple(patient.appointments):
        if appointment.time > time:
            continue
        fall_through(appointment)
        if appointment.purpose == PLANNED:
            count_for(territory, patient, Count.MISSED_CONTACTS)
        release(territory, patient, appointment)


def _time_has_come(
    territory: Territory, patient: Patient, appointment: Appointment, _event: simpy.Event
) -> None:
    if appointment.is_held:
        appointment.is_held = False
        patient.appointments.remove(appointment)
        territory.consult(territory, patient, appointment)
