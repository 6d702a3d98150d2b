"""Contacts: what happens when a patient and a professional really meet.

Each contact is an occasion to notice a worsening, and to hold a condition better; the first one
after a discharge is the follow-up.
"""

from __future__ import annotations

from parcours_sim.care.control import improved
from parcours_sim.care.decisions import (
    DISPENSING,
    GP_CONTACT,
    NOTICED_BY_GP,
    NOTICED_BY_NURSE,
    NOTICED_BY_PHARMACIST,
    NURSE_CONTACT,
    PROTOCOL_VISIT,
)
from parcours_sim.care.routine import PROTOCOL_CALENDAR_DAYS
from parcours_sim.engine.kernels import duration

from .diaries import fall_through
from .endings import level_of_control
from .messages import is_followed_by, practice_of
from .state import Appointment, Patient, Territory
from .warning import notice, treat

FOLLOW_UP_DAYS = 15.0


def consult(territory: Territory, patient: Patient, appointment: Appointment) -> None:
    """A GP consultation: it treats what it was booked for, and may notice more."""
    if patient.is_in_care:
        fall_through(appointment)
        territory.count_for(patient, "missed_contacts")
        return
    p, episode = territory.parameters, appointment.episode
    number = appointment.number
    length, protocol, _, _ = territory.draw(patient.who.person, GP_CONTACT, number, 0)
    days = duration(
        length, p.work.consultation_law, p.work.consultation_days, p.work.consultation_sd_days
    )
    territory.contacts += 1
    territory.count_for(patient, "gp_contacts")
    territory.count_for(patient, "gp_hours", -1, 24.0 * days)
    territory.note(patient, "gp consultation", appointment.purpose, appointment.slot)
    practice = practice_of(territory, patient)
    is_own = patient.who.has_gp and appointment.gp == patient.who.gp
    if episode is not None:
        episode.appointment = None
        treat(territory, patient, episode)
    if patient.open_episodes:
        ratio = 1.0 if is_own else practice.colleague_noticing_ratio
        notice(territory, patient, "gp", NOTICED_BY_GP, number, ratio)
    follow_up(territory, patient, informed=patient.gp_has_letter, by_gp=True)
    if episode is None:
        share = practice.gp_protocol_share
        improve(territory, patient, GP_CONTACT, number, protocol, share)


def nurse_visit(territory: Territory, patient: Patient, number: int) -> None:
    """A nurse's visit at home."""
    territory.contacts += 1
    territory.count_for(patient, "nurse_contacts")
    territory.note(patient, "nurse visit", "", number)
    if patient.open_episodes:
        notice(territory, patient, "nurse", NOTICED_BY_NURSE, number)
    follow_up(territory, patient, informed=patient.nurse_has_letter, by_gp=False)
    protocol = territory.draw(patient.who.person, NURSE_CONTACT, number, 0)[0]
    share = protocol_share(territory, patient, "nurse")
    # A protocol review once a month at most, however often a nurse comes.
    share *= min(1.0, patient.who.nurse_interval_days / PROTOCOL_CALENDAR_DAYS)
    improve(territory, patient, NURSE_CONTACT, number, protocol, share)


def protocol_visit(territory: Territory, patient: Patient, number: int) -> None:
    """A consultation that a protocol adds, or takes over from the GP: always by the protocol."""
    territory.contacts += 1
    for name in ("nurse_contacts", "protocol_contacts"):
        territory.count_for(patient, name)
    territory.note(patient, "protocol visit", "", number)
    if patient.open_episodes:
        notice(territory, patient, "nurse", NOTICED_BY_NURSE, number)
    follow_up(territory, patient, informed=patient.nurse_has_letter, by_gp=False)
    improve(territory, patient, PROTOCOL_VISIT, number, 0.0, 1.0)


def dispensing(territory: Territory, patient: Patient, number: int, protocol: float) -> None:
    """A month's treatment over the counter: the pharmacist sees the prescription, and them."""
    territory.contacts += 1
    territory.count_for(patient, "pharmacist_contacts")
    territory.note(patient, "dispensing", "", number)
    if patient.open_episodes:
        notice(territory, patient, "pharmacist", NOTICED_BY_PHARMACIST, number)
    share = protocol_share(territory, patient, "pharmacist")
    improve(territory, patient, DISPENSING, number, protocol, share)


def protocol_share(territory: Territory, patient: Patient, role: str) -> float:
    """Share of contacts that follow the protocol: what is done anywhere, or more in a team."""
    work, practice = territory.parameters.work, practice_of(territory, patient)
    anywhere, in_team = {
        "nurse": (work.nurse_protocol_share, practice.nurse_protocol_share),
        "pharmacist": (work.pharmacist_protocol_share, practice.pharmacist_protocol_share),
    }[role]
    return max(anywhere, in_team) if is_followed_by(patient, practice, role) else anywhere


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
    for place, position in enumerate(patient.who.conditions):
        condition = territory.parameters.conditions[position]
        level = level_of_control(territory, patient, place)
        mark = territory.draw(patient.who.person, decision, number, condition.id)[2]
        patient.control[place] = improved(
            level, protocol_mark, share, mark, condition.improvement_share
        )


def follow_up(territory: Territory, patient: Patient, *, informed: bool, by_gp: bool) -> None:
    """What a contact means after a discharge: the follow-up, and relief if it is informed."""
    if by_gp and patient.awaits_follow_up:
        patient.awaits_follow_up = False
        days = territory.clock.now - patient.discharged_at
        kind = patient.last_position
        territory.count_for(patient, "follow_ups", kind)
        territory.count_for(patient, "follow_up_time_days", kind, days)
        if days <= FOLLOW_UP_DAYS:
            territory.count_for(patient, "follow_ups_15", kind)
    if informed and not patient.is_relieved:
        patient.is_relieved = True
        territory.count_for(patient, "follow_ups_informed", patient.last_position)
        territory.note(patient, "informed follow-up")
