"""After a crisis: the way into hospital, and the stay; the twin of `reference/admission.py`."""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.decisions import CRISIS, STAY
from parcours_sim.care.hospital import DIRECT, stay
from parcours_sim.care.stays import count_admission, is_direct, is_sent_by_doctor, leave_bed
from parcours_sim.care.tallies import Count, count_clipped, count_for, is_measured
from parcours_sim.engine.record import What, stay_key

from .diaries import give_back_until
from .discharge import comes_home
from .draws import draw
from .endings import die
from .hospital import arrive, ask_for_place, begin_care, new_visit
from .log import note_episode
from .queue import hand_over, plan
from .state import BEDS, Handed, Reason, Stage, Step, Territory


def enter_care(territory: Territory, patient: int) -> None:
    """The patient is on the way into hospital: no contact elsewhere until they come home.

    What is booked for the next day is given back at once; if they are admitted, the rest follows.
    """
    person = territory.patients[patient]
    person.is_in_care = True
    give_back_until(territory, patient, territory.clock.now + 1.0)
    person.is_on_visit = True


def leave_care(territory: Territory, patient: int) -> None:
    """The patient goes home from the emergency department."""
    territory.patients[patient].is_in_care = False
    end_visit(territory, patient)


def end_visit(territory: Territory, patient: int) -> None:
    """The visit to the emergency department is over, one way or the other."""
    person = territory.patients[patient]
    if person.is_on_visit:
        person.is_on_visit = False
        hand_over(territory, Handed.VISIT_OVER, patient)


def crisis(
    territory: Territory, patient: int, kind: int, occurrence: int, is_treated: bool
) -> None:
    """The window has closed: to hospital, by the emergency department or straight to a bed."""
    person, row = territory.patients[patient], territory.kinds[kind]
    enter_care(territory, patient)
    doctor, admitted, direct, _ = draw(territory, person.person, CRISIS, occurrence, row.id)
    visit = new_visit(territory, Reason.CRISIS, patient, kind, occurrence, row.triage)
    goes_direct = is_direct(territory, person, doctor, direct, is_treated)
    if admitted < row.admitted_share and goes_direct:
        wait_for_direct_bed(territory, visit)
    else:
        if is_sent_by_doctor(territory, person, doctor, is_treated):
            count_for(territory, person, Count.ED_VISITS_AFTER_DOCTOR, kind)
        arrive(territory, visit)


def wait_for_direct_bed(territory: Territory, visit: int) -> None:
    """Wait for a bed without passing through the emergency department."""
    territory.visits[visit].stage = Stage.WAITS_FOR_DIRECT_BED
    ask_for_place(territory, BEDS, visit, DIRECT)


def care_for_crisis(territory: Territory, place: int) -> None:
    """In a room of the emergency department with a crisis: home after care, or to a bed."""
    visit = territory.visits[place]
    person, row = territory.patients[visit.patient], territory.kinds[visit.kind]
    admitted = draw(territory, person.person, CRISIS, visit.occurrence, row.id)[1]
    begin_care(territory, place, admitted < row.admitted_share)


def precautionary_stay(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """A professional who answered a warning asks for a bed, to be on the safe side."""
    person, row = territory.patients[patient], territory.kinds[kind]
    count_for(territory, person, Count.HOSPITALISATIONS_PRECAUTIONARY, kind)
    enter_care(territory, patient)
    visit = new_visit(territory, Reason.PRECAUTION, patient, kind, occurrence, row.triage)
    wait_for_direct_bed(territory, visit)


def begin_stay(territory: Territory, place: int, through: int) -> None:
    """A stay begins with the bed; it ends with a discharge or with death."""
    visit, clock = territory.visits[place], territory.clock
    patient, kind, occurrence = visit.patient, visit.kind, visit.occurrence
    person, row = territory.patients[patient], territory.kinds[kind]
    visit.stage = Stage.IN_BED
    person.is_in_bed = True
    end_visit(territory, patient)
    note_episode(territory, patient, What.ADMITTED, kind, occurrence)
    count_admission(territory, person, kind, through)
    if is_measured(territory):
        territory.stays[clock.stays] = stay_key(person.person, kind, occurrence)
        clock.stays += 1
    length = draw(territory, person.person, STAY, occurrence, row.id)[0]
    days = stay(length, row.stay_days, row.stay_sd_days)
    person.home_at = clock.now + days
    give_back_until(territory, patient, person.home_at)
    count_clipped(territory, person, Count.BED_DAYS, kind, clock.now, clock.now + days)
    plan(territory, clock.now + days, order.END_OF_CARE, Step.END_OF_CARE, place)


def end_stay(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """The bed has been left: home, or dead."""
    person, row = territory.patients[patient], territory.kinds[kind]
    leave_bed(territory, person, kind)
    dies = draw(territory, person.person, STAY, occurrence, row.id)[1]
    if dies < row.hospital_death_share:
        count_for(territory, person, Count.DEATHS_IN_HOSPITAL, kind)
        die(territory, patient)
    else:
        comes_home(territory, patient, kind, occurrence)
