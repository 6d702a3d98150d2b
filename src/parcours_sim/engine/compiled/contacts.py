"""Contacts: a patient and a professional really meet; the twin of `reference/contacts.py`."""

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
from parcours_sim.care.distributions import duration
from parcours_sim.care.parameters import GP, NURSE, PHARMACIST
from parcours_sim.care.practices import practice_of
from parcours_sim.care.stays import follow_up
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine import record
from parcours_sim.engine.record import What

from .diaries import fall_through, unhold
from .draws import draw
from .endings import level_of_control
from .log import note
from .pools import give_back
from .state import NOTHING, Pool, Territory
from .warning import notice, treat


def time_has_come(territory: Territory, place: int) -> None:
    """An appointment's time: the consultation, unless it was given back."""
    if territory.appointments[place].is_held:
        unhold(territory, place)
        consult(territory, place)
    give_back(territory, territory.appointments, Pool.APPOINTMENTS, place)


def consult(territory: Territory, place: int) -> None:
    """A GP consultation: it treats what it was booked for, and may notice more."""
    appointment = territory.appointments[place]
    patient, episode, number = appointment.patient, appointment.episode, appointment.number
    person, work = territory.patients[patient], territory.work
    if person.is_in_care:
        fall_through(territory, place)
        count_for(territory, person, Count.MISSED_CONTACTS)
        return
    length, protocol, _, _ = draw(territory, person.person, GP_CONTACT, number, 0)
    days = duration(
        length, work.consultation_law, work.consultation_days, work.consultation_sd_days
    )
    territory.clock.contacts += 1
    count_for(territory, person, Count.GP_CONTACTS)
    count_for(territory, person, Count.GP_HOURS, -1, 24.0 * days)
    note(territory, patient, What.GP_CONSULTATION, appointment.purpose, appointment.slot)
    practice = territory.practices[practice_of(territory, person.gp)]
    is_own = person.has_gp and appointment.gp == person.gp
    if episode != NOTHING:
        territory.episodes[episode].appointment = NOTHING
        treat(territory, patient, episode)
    if person.first_episode != NOTHING:
        ratio = 1.0 if is_own else practice.colleague_noticing_ratio
        notice(territory, patient, GP, NOTICED_BY_GP, number, ratio)
    see_after_stay(territory, patient, person.gp_has_letter, True)
    if episode == NOTHING:
        share = practice.gp_protocol_share
        improve(territory, patient, GP_CONTACT, number, protocol, share)


def nurse_visit(territory: Territory, patient: int, number: int, protocol: float) -> None:
    """A nurse's visit, at home or at the office."""
    person = territory.patients[patient]
    territory.clock.contacts += 1
    count_for(territory, person, Count.NURSE_CONTACTS)
    note(territory, patient, What.NURSE_VISIT, record.NO_DETAIL, number)
    if person.first_episode != NOTHING:
        notice(territory, patient, NURSE, NOTICED_BY_NURSE, number, 1.0)
    see_after_stay(territory, patient, person.nurse_has_letter, False)
    share = nurse_protocol_share(territory, person)
    improve(territory, patient, NURSE_CONTACT, number, protocol, share)


def protocol_visit(territory: Territory, patient: int, number: int) -> None:
    """A consultation that a protocol adds, or takes over from the GP: always by the protocol."""
    person = territory.patients[patient]
    territory.clock.contacts += 1
    count_for(territory, person, Count.NURSE_CONTACTS)
    count_for(territory, person, Count.PROTOCOL_CONTACTS)
    note(territory, patient, What.PROTOCOL_VISIT, record.NO_DETAIL, number)
    if person.first_episode != NOTHING:
        notice(territory, patient, NURSE, NOTICED_BY_NURSE, number, 1.0)
    see_after_stay(territory, patient, person.nurse_has_letter, False)
    improve(territory, patient, PROTOCOL_VISIT, number, 0.0, 1.0)


def dispensing(territory: Territory, patient: int, number: int, protocol: float) -> None:
    """A month's treatment over the counter: the pharmacist sees the prescription, and them."""
    person = territory.patients[patient]
    territory.clock.contacts += 1
    count_for(territory, person, Count.PHARMACIST_CONTACTS)
    note(territory, patient, What.DISPENSING, record.NO_DETAIL, number)
    if person.first_episode != NOTHING:
        notice(territory, patient, PHARMACIST, NOTICED_BY_PHARMACIST, number, 1.0)
    share = protocol_share(territory, person, PHARMACIST)
    improve(territory, patient, DISPENSING, number, protocol, share)


def see_after_stay(territory: Territory, patient: int, is_informed: bool, by_gp: bool) -> None:
    """After a discharge a contact may be the follow-up, and relief if it is informed."""
    if follow_up(territory, territory.patients[patient], is_informed, by_gp):
        note(territory, patient, What.INFORMED_FOLLOW_UP)


def improve(
    territory: Territory,
    patient: int,
    decision: int,
    number: int,
    protocol_mark: float,
    share: float,
) -> None:
    """A contact that follows the protocol may move each of the patient's conditions up a step."""
    if protocol_mark >= share:
        return
    person = territory.patients[patient]
    for place in range(person.first_held, person.end_held):
        held = territory.held[place]
        condition = territory.conditions[held.condition]
        level = level_of_control(territory, patient, place)
        mark = draw(territory, person.person, decision, number, condition.id)[2]
        held.control = improved(level, protocol_mark, share, mark, condition.improvement_share)
