"""Contacts: what happens when a patient and a professional really meet.

Each contact is an occasion to notice a worsening, and to hold a condition better; the first one
after a discharge is the follow-up.
"""

from __future__ import annotations

from parcours_sim.care.control import improved, nurse_protocol_share, protocol_share
from parcours_sim.care.decisions import (
    DISPENSING,
    GP_CONTACT,
    NOTICED_BY_GP,
    NOTICED_BY_NURSE,
    NOTICED_BY_PHARMACIST,
    NURSE_CONTACT,
    PROTOCOL_VISIT,
)
from parcours_sim.care.parameters import GP, NURSE, PHARMACIST
from parcours_sim.care.practices import practice_of
from parcours_sim.care.stays import follow_up
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine.kernels import duration
from parcours_sim.engine.record import NO_DETAIL, What

from .diaries import fall_through
from .endings import level_of_control
from .state import Appointment, Patient, Territory
from .warning import notice, treat


def consult(territory: Territory, patient: Patient, appointment: Appointment) -> None:
    """A GP consultation: it treats what it was booked for, and may notice more."""
    if patient.is_in_care:
        fall_through(appointment)
        count_for(territory, patient, Count.MISSED_CONTACTS)
        return
    work, episode = territory.work, appointment.episode
    number = appointment.number
    length, protocol, _, _ = territory.draw(patient.person, GP_CONTACT, number, 0)
    days = duration(
        length, work.consultation_law, work.consultation_days, work.consultation_sd_days
    )
    territory.contacts += 1
    count_for(territory, patient, Count.GP_CONTACTS)
    count_for(territory, patient, Count.GP_HOURS, -1, 24.0 * days)
    territory.note(patient, What.GP_CONSULTATION, appointment.purpose, appointment.slot)
    practice = territory.practices[practice_of(territory, patient.gp)]
    is_own = patient.has_gp and appointment.gp == patient.gp
    if episode is not None:
        episode.appointment = None
        treat(territory, patient, episode)
    if patient.open_episodes:
        ratio = 1.0 if is_own else practice.colleague_noticing_ratio
        notice(territory, patient, GP, NOTICED_BY_GP, number, ratio)
    see_after_stay(territory, patient, patient.gp_has_letter, by_gp=True)
    if episode is None:
        improve(territory, patient, GP_CONTACT, number, protocol, practice.gp_protocol_share)


def nurse_visit(territory: Territory, patient: Patient, number: int, protocol: float) -> None:
    """A nurse's visit, at home or at the office."""
    territory.contacts += 1
    count_for(territory, patient, Count.NURSE_CONTACTS)
    territory.note(patient, What.NURSE_VISIT, NO_DETAIL, number)
    if patient.open_episodes:
        notice(territory, patient, NURSE, NOTICED_BY_NURSE, number)
    see_after_stay(territory, patient, patient.nurse_has_letter, by_gp=False)
    share = nurse_protocol_share(territory, patient)
    improve(territory, patient, NURSE_CONTACT, number, protocol, share)


def protocol_visit(territory: Territory, patient: Patient, number: int) -> None:
    """A consultation that a protocol adds, or takes over from the GP: always by the protocol."""
    territory.contacts += 1
    for what in (Count.NURSE_CONTACTS, Count.PROTOCOL_CONTACTS):
        count_for(territory, patient, what)
    territory.note(patient, What.PROTOCOL_VISIT, NO_DETAIL, number)
    if patient.open_episodes:
        notice(territory, patient, NURSE, NOTICED_BY_NURSE, number)
    see_after_stay(territory, patient, patient.nurse_has_letter, by_gp=False)
    improve(territory, patient, PROTOCOL_VISIT, number, 0.0, 1.0)


def dispensing(territory: Territory, patient: Patient, number: int, protocol: float) -> None:
    """A month's treatment over the counter: the pharmacist sees the prescription, and them."""
    territory.contacts += 1
    count_for(territory, patient, Count.PHARMACIST_CONTACTS)
    territory.note(patient, What.DISPENSING, NO_DETAIL, number)
    if patient.open_episodes:
        notice(territory, patient, PHARMACIST, NOTICED_BY_PHARMACIST, number)
    share = protocol_share(territory, patient, PHARMACIST)
    improve(territory, patient, DISPENSING, number, protocol, share)


def see_after_stay(
    territory: Territory, patient: Patient, is_informed: bool, *, by_gp: bool
) -> None:
    """After a discharge a contact may be the follow-up, and relief if it is informed."""
    if follow_up(territory, patient, is_informed, by_gp):
        territory.note(patient, What.INFORMED_FOLLOW_UP)


def improve(
    territory: Territory,
    patient: Patient,
    decision: int,
    number: int,
    protocol_mark: float,
    share: float,
) -> None:
    """A contact that follows the protocol may move each of the patient's conditions up a step."""
    if protocol_mark >= share:
        return
    for place in range(patient.first_held, patient.end_held):
        held = territory.held[place]
        condition = territory.conditions[held.condition]
        level = level_of_control(territory, patient, held)
        mark = territory.draw(patient.person, decision, number, condition.id)[2]
        held.control = improved(level, protocol_mark, share, mark, condition.improvement_share)
