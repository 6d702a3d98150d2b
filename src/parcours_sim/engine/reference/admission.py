"""After a crisis: the way into hospital, the stay, and the way out of it."""

from __future__ import annotations

import math

from simpy.resources.resource import PriorityRequest

from parcours_sim.care.calendar import WEEKDAY, clock_hour
from parcours_sim.care.decisions import CRISIS, HOME, STAY
from parcours_sim.care.hospital import goes_direct, is_readmission, stay
from parcours_sim.care.parameters import DAYS_PER_YEAR
from parcours_sim.engine.record import stay_key

from .clock import Story
from .diaries import give_back_until
from .discharge import comes_home
from .endings import die
from .hospital import Visit, cared_for, direct_bed, in_hospital_bed, wait_for_room
from .messages import layers_of
from .state import NEVER, Episode, Patient, Territory

ANY_STAY = -1
EMERGENCY, DIRECT = "hospitalisations_emergency", "hospitalisations_direct"


def enter_care(territory: Territory, patient: Patient) -> None:
    """The patient is on the way into hospital: no contact elsewhere until they come home.

    What is booked for the next day is given back at once; if they are admitted, the rest follows.
    """
    patient.is_in_care = True
    give_back_until(territory, patient, territory.clock.now + 1.0)
    patient.visit_is_over = territory.clock.event()


def leave_care(patient: Patient) -> None:
    """The patient goes home from the emergency department."""
    patient.is_in_care = False
    end_visit(patient)


def end_visit(patient: Patient) -> None:
    """The visit to the emergency department is over, one way or the other."""
    if patient.visit_is_over is not None:
        patient.visit_is_over.succeed()
        patient.visit_is_over = None


def crisis(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """The window has closed: to hospital, by the emergency department or straight to a bed."""
    kind, person = episode.kind, patient.who.person
    enter_care(territory, patient)
    doctor, admitted, direct, _ = territory.draw(person, CRISIS, episode.occurrence, kind.id)
    if episode.is_treated:
        doctor = 0.0  # a doctor has seen the patient for this very episode
    if admitted < kind.admitted_share and is_direct(territory, patient, doctor, direct):
        bed = yield from direct_bed(territory, patient)
        yield from hospital_stay(territory, patient, episode, bed, DIRECT)
        return
    patience = territory.draw(person, HOME, episode.occurrence, kind.id)[2]
    visit = yield from wait_for_room(territory, patient, kind.triage, patience, episode.position)
    if visit is None:
        leave_care(patient)
    else:
        yield from seen_in_crisis(territory, patient, episode, visit)


def seen_in_crisis(territory: Territory, patient: Patient, episode: Episode, visit: Visit) -> Story:
    """In a room of the emergency department with a crisis: home after care, or to a bed."""
    kind = episode.kind
    _, admitted, _, care = territory.draw(patient.who.person, CRISIS, episode.occurrence, kind.id)
    is_admitted = admitted < kind.admitted_share
    bed = yield from cared_for(territory, patient, visit, care, is_admitted=is_admitted)
    if bed is None:
        leave_care(patient)
        territory.note(patient, "goes home")
    else:
        yield from hospital_stay(territory, patient, episode, bed, EMERGENCY)


def precautionary_stay(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """A professional who answered a warning asks for a bed, to be on the safe side."""
    territory.count_for(patient, "hospitalisations_precautionary", episode.position)
    enter_care(territory, patient)
    bed = yield from direct_bed(territory, patient)
    yield from hospital_stay(territory, patient, episode, bed, DIRECT)


def is_direct(
    territory: Territory, patient: Patient, doctor_mark: float, direct_mark: float
) -> bool:
    """Whether this crisis goes straight to a bed, under what is organised for this patient now."""
    p, now = territory.parameters, territory.clock.now
    shares = [layer.direct_admission_share for layer in layers_of(territory, patient)]
    return goes_direct(
        doctor_mark,
        p.hospital.doctor_first_shares[patient.who.older],
        direct_mark,
        max([p.hospital.direct_admission_share, *shares]),
        clock_hour(now),
        territory.day_codes[math.floor(now) - territory.first_day] == WEEKDAY,
        p.hospital.direct_opens_hour,
        p.hospital.direct_closes_hour,
    )


def hospital_stay(
    territory: Territory, patient: Patient, episode: Episode, bed: PriorityRequest, route: str
) -> Story:
    """A stay, from the bed to the discharge or to death."""
    kind, now = episode.kind, territory.clock.now
    patient.is_in_bed = True
    end_visit(patient)
    count_admission(territory, patient, episode, route)
    length, dies, *_ = territory.draw(patient.who.person, STAY, episode.occurrence, kind.id)
    days = stay(length, kind.stay_days, kind.stay_sd_days)
    patient.home_at = now + days
    give_back_until(territory, patient, patient.home_at)
    territory.count_clipped(patient, "bed_days", episode.position, now, now + days)
    yield from in_hospital_bed(territory, bed, days)
    patient.is_in_care = patient.is_in_bed = False
    patient.left_hospital_at[episode.position] = territory.clock.now
    if dies < kind.hospital_death_share:
        territory.count_for(patient, "deaths_in_hospital", episode.position)
        die(territory, patient)
    else:
        comes_home(territory, patient, episode)


def count_admission(territory: Territory, patient: Patient, episode: Episode, route: str) -> None:
    """Count a stay by the day it begins, with its route, its cost, and whether it is a return."""
    kind, position, now = episode.kind, episode.position, territory.clock.now
    territory.note(patient, "admitted", kind.name, episode.occurrence)
    territory.count_for(patient, "hospitalisations", position)
    territory.count_for(patient, route, position)
    territory.count_for(patient, "hospitalisations_avoidable", position, kind.avoidable_share)
    territory.count_for(patient, "cost_care_eur", position, kind.stay_eur)
    for days in (30, 90):
        if is_readmission(now, patient.discharged_at, days):
            territory.count_for(patient, f"readmissions_{days}_days", position)
    left = patient.left_hospital_at.get(position, NEVER)
    for days in (30, 180, 365):
        if is_readmission(now, left, days):
            territory.count_for(patient, f"readmissions_same_kind_{days}_days", position)
    if now >= 0.0:
        territory.stays.append(stay_key(patient.who.person, position, episode.occurrence))
        year, seen = math.floor(now / DAYS_PER_YEAR), patient.hospitalised_years
        if (ANY_STAY, year) not in seen:
            territory.count_for(patient, "patients_hospitalised")
        if (position, year) not in seen:
            territory.count("patients_hospitalised", territory.groups.kinds + position)
        seen |= {(ANY_STAY, year), (position, year)}
