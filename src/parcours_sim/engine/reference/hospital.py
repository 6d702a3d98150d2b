"""The emergency department and the hospital beds: rooms, triage, boarding, stays.

Both are SimPy resources with a finite capacity. An admitted patient keeps the room until a bed is
free; boarders come before direct admissions. Who leaves a queue gives the place back.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import simpy
from simpy.resources.resource import PriorityRequest

from parcours_sim.care import order
from parcours_sim.care.hospital import BOARDER, DIRECT, boarding_hours, time_in_ed
from parcours_sim.care.parameters import TRIAGE
from parcours_sim.care.tallies import Count, count_for, count_other
from parcours_sim.engine.kernels import lognormal
from parcours_sim.engine.record import What

from .clock import Story
from .state import Patient, Territory

LOW = TRIAGE["low"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to the emergency department: since when, and the room asked for."""

    arrived: float
    room: PriorityRequest
    kind: int
    """Position of the kind of episode that brought the patient, -1 for anyone else."""


def wait_for_room(
    territory: Territory,
    patient: Patient | None,
    triage: int,
    patience_mark: float,
    kind: int = -1,
) -> Generator[simpy.Event, None, Visit | None]:
    """Arrive at the emergency department and wait for a room, by triage and then by arrival.

    Returns None for someone of low acuity who left at the end of their patience.
    """
    hospital, clock = territory.hospital, territory.clock
    visit = Visit(clock.now, territory.rooms.request(priority=triage), kind)
    territory.contacts += 1
    count(territory, patient, visit, Count.ED_VISITS)
    territory.note(patient, What.ARRIVES_AT_EMERGENCY_DEPARTMENT)
    if triage == LOW:
        count(territory, patient, visit, Count.ED_VISITS_UNSCHEDULED)
        patience = lognormal(patience_mark, hospital.ed_patience_days, hospital.ed_patience_sigma)
        yield visit.room | clock.at(visit.arrived + patience, order.PATIENCE)
        if not visit.room.triggered:
            visit.room.cancel()
            count(territory, patient, visit, Count.ED_LEFT_UNSEEN)
            territory.note(patient, What.LEAVES_EMERGENCY_DEPARTMENT_UNSEEN)
            return None
    else:
        yield visit.room
    count(territory, patient, visit, Count.ED_ROOMS_GRANTED)
    count(territory, patient, visit, Count.ED_WAIT_DAYS, clock.now - visit.arrived)
    territory.note(patient, What.GETS_A_ROOM)
    return visit


def cared_for(
    territory: Territory,
    patient: Patient | None,
    visit: Visit,
    care_mark: float,
    *,
    is_admitted: bool,
) -> Generator[simpy.Event, None, PriorityRequest | None]:
    """Care in a room, then home (None), or boarding in the room until a bed is free (the bed)."""
    clock = territory.clock
    care = time_in_ed(territory.hospital, care_mark, is_admitted)
    yield clock.at(clock.now + care, order.END_OF_CARE)
    bed = None
    if is_admitted:
        count(territory, patient, visit, Count.ED_VISITS_ADMITTED)
        ready = clock.now
        bed = territory.beds.request(priority=BOARDER)
        yield bed
        hours = boarding_hours(ready, clock.now)
        count(territory, patient, visit, Count.BOARDING_HOURS, hours)
        territory.note(patient, What.GETS_A_BED)
    territory.rooms.release(visit.room)
    count(territory, patient, visit, Count.ED_LEFT)
    count(territory, patient, visit, Count.ED_STAY_DAYS, clock.now - visit.arrived)
    territory.note(patient, What.LEAVES_EMERGENCY_DEPARTMENT)
    return bed


def count(
    territory: Territory, patient: Patient | None, visit: Visit, what: Count, amount: float = 1.0
) -> None:
    """Count a visit for its patient's groups, or among the rest of the population."""
    if patient is not None:
        count_for(territory, patient, what, visit.kind, amount)
    else:
        count_other(territory, what, amount)


def direct_bed(
    territory: Territory, patient: Patient
) -> Generator[simpy.Event, None, PriorityRequest]:
    """Wait for a bed without passing through the emergency department, and take it."""
    bed = territory.beds.request(priority=DIRECT)
    yield bed
    territory.note(patient, What.GETS_A_BED)
    return bed


def in_hospital_bed(territory: Territory, bed: PriorityRequest, length_days: float) -> Story:
    """A stay: the bed is free again at its end."""
    yield territory.clock.at(territory.clock.now + length_days, order.END_OF_CARE)
    territory.beds.release(bed)
