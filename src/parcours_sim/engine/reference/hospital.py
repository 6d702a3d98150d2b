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
from parcours_sim.care.hospital import time_in_care
from parcours_sim.care.parameters import TRIAGE
from parcours_sim.care.tallies import ALL, UNDER_75
from parcours_sim.engine.kernels import lognormal

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


BOARDER, DIRECT = 0, 1
"""Priority for a bed: who waits in a room of the emergency department comes first."""


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
    p, clock = territory.parameters, territory.clock
    visit = Visit(clock.now, territory.rooms.request(priority=triage), kind)
    territory.contacts += 1
    count(territory, patient, visit, "ed_visits")
    territory.note(patient, "arrives at emergency department")
    if triage == LOW:
        count(territory, patient, visit, "ed_visits_unscheduled")
        patience = lognormal(
            patience_mark, p.hospital.ed_patience_days, p.hospital.ed_patience_sigma
        )
        yield visit.room | clock.at(visit.arrived + patience, order.PATIENCE)
        if not visit.room.triggered:
            visit.room.cancel()
            count(territory, patient, visit, "ed_left_unseen")
            territory.note(patient, "leaves emergency department unseen")
            return None
    else:
        yield visit.room
    count(territory, patient, visit, "ed_rooms_granted")
    count(territory, patient, visit, "ed_wait_days", clock.now - visit.arrived)
    territory.note(patient, "gets a room")
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
    p, clock = territory.parameters, territory.clock
    mean = p.hospital.ed_admitted_days if is_admitted else p.hospital.ed_home_days
    care = time_in_care(care_mark, p.hospital.ed_law, mean, p.hospital.ed_sd_ratio)
    yield clock.at(clock.now + care, order.END_OF_CARE)
    bed = None
    if is_admitted:
        count(territory, patient, visit, "ed_visits_admitted")
        ready = clock.now
        bed = territory.beds.request(priority=BOARDER)
        yield bed
        count(territory, patient, visit, "boarding_hours", 24.0 * (clock.now - max(ready, 0.0)))
        territory.note(patient, "gets a bed")
    territory.rooms.release(visit.room)
    count(territory, patient, visit, "ed_left")
    count(territory, patient, visit, "ed_stay_days", clock.now - visit.arrived)
    territory.note(patient, "leaves emergency department")
    return bed


def count(
    territory: Territory, patient: Patient | None, visit: Visit, name: str, amount: float = 1.0
) -> None:
    """Count a visit for its patient's groups; the rest of the population is under 75."""
    if patient is not None:
        territory.count_for(patient, name, visit.kind, amount)
    else:
        territory.count(name, ALL, amount)
        territory.count(name, UNDER_75, amount)


def direct_bed(
    territory: Territory, patient: Patient
) -> Generator[simpy.Event, None, PriorityRequest]:
    """Wait for a bed without passing through the emergency department, and take it."""
    bed = territory.beds.request(priority=DIRECT)
    yield bed
    territory.note(patient, "gets a bed")
    return bed


def in_hospital_bed(territory: Territory, bed: PriorityRequest, length_days: float) -> Story:
    """A stay: the bed is free again at its end."""
    yield territory.clock.at(territory.clock.now + length_days, order.END_OF_CARE)
    territory.beds.release(bed)
