"""After a crisis: the way into hospital, the stay, and the way out of it."""

from __future__ import annotations

from simpy.resources.resource import PriorityRequest

from parcours_sim.care.decisions import CRISIS, HOME, STAY
from parcours_sim.care.hospital import stay
from parcours_sim.care.stays import count_admission, is_direct, is_sent_by_doctor, leave_bed
from parcours_sim.care.tallies import Count, count_clipped, count_for, is_measured
from parcours_sim.engine.record import What, stay_key

from .clock import Story
from .diaries import give_back_until
from .discharge import comes_home
from .endings import die
from .hospital import Visit, cared_for, direct_bed, in_hospital_bed, wait_for_room
from .state import Episode, Patient, Territory

EMERGENCY, DIRECT = Count.HOSPITALISATIONS_EMERGENCY, Count.HOSPITALISATIONS_DIRECT


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
    kind, person = episode.kind, patient.person
    enter_care(territory, patient)
    doctor, admitted, direct, _ = territory.draw(person, CRISIS, episode.occurrence, kind.id)
    goes_direct = is_direct(territory, patient, doctor, direct, episode.is_treated)
    if admitted < kind.admitted_share and goes_direct:
        bed = yield from direct_bed(territory, patient)
        yield from hospital_stay(territory, patient, episode, bed, DIRECT)
        return
    if is_sent_by_doctor(territory, patient, doctor, episode.is_treated):
        count_for(territory, patient, Count.ED_VISITS_AFTER_DOCTOR, episode.position)
    patience = territory.draw(person, HOME, episode.occurrence, kind.id)[2]
    visit = yield from wait_for_room(territory, patient, kind.triage, patience, episode.position)
    if visit is None:
        leave_care(patient)
    else:
        yield from seen_in_crisis(territory, patient, episode, visit)


def seen_in_crisis(territory: Territory, patient: Patient, episode: Episode, visit: Visit) -> Story:
    """In a room of the emergency department with a crisis: home after care, or to a bed."""
    kind = episode.kind
    _, admitted, _, care = territory.draw(patient.person, CRISIS, episode.occurrence, kind.id)
    is_admitted = admitted < kind.admitted_share
    bed = yield from cared_for(territory, patient, visit, care, is_admitted=is_admitted)
    if bed is None:
        leave_care(patient)
        territory.note(patient, What.GOES_HOME)
    else:
        yield from hospital_stay(territory, patient, episode, bed, EMERGENCY)


def precautionary_stay(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """A professional who answered a warning asks for a bed, to be on the safe side."""
    count_for(territory, patient, Count.HOSPITALISATIONS_PRECAUTIONARY, episode.position)
    enter_care(territory, patient)
    bed = yield from direct_bed(territory, patient)
    yield from hospital_stay(territory, patient, episode, bed, DIRECT)


def hospital_stay(
    territory: Territory, patient: Patient, episode: Episode, bed: PriorityRequest, through: Count
) -> Story:
    """A stay, from the bed to the discharge or to death."""
    kind, position, now = episode.kind, episode.position, territory.clock.now
    patient.is_in_bed = True
    end_visit(patient)
    territory.note_episode(patient, What.ADMITTED, episode)
    count_admission(territory, patient, position, through)
    if is_measured(territory):
        territory.stays.append(stay_key(patient.person, position, episode.occurrence))
    length, dies, *_ = territory.draw(patient.person, STAY, episode.occurrence, kind.id)
    days = stay(length, kind.stay_days, kind.stay_sd_days)
    patient.home_at = now + days
    give_back_until(territory, patient, patient.home_at)
    count_clipped(territory, patient, Count.BED_DAYS, position, now, now + days)
    yield from in_hospital_bed(territory, bed, days)
    leave_bed(territory, patient, position)
    if dies < kind.hospital_death_share:
        count_for(territory, patient, Count.DEATHS_IN_HOSPITAL, position)
        die(territory, patient)
    else:
        comes_home(territory, patient, episode)
