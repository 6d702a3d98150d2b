"""Rooms and beds: who waits for one, by priority and then by arrival; who gets one, and leaves it.

The twin of `reference/hospital.py`. As in SimPy, a place is granted at once if one is free, and who
waits for it goes on after the present event; a place given back goes to the next in a turn of its
own. What somebody does next with a room or a bed is in `visits.py`.
"""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.decisions import (
    CRISIS,
    HOME,
    OTHER_EMERGENCY,
    OTHER_STAY,
    WAIT_DRIVEN_EMERGENCY,
)
from parcours_sim.care.distributions import lognormal
from parcours_sim.care.hospital import BOARDER, boarding_hours, time_in_ed
from parcours_sim.care.parameters import TRIAGE
from parcours_sim.care.tallies import Count, count_for, count_other
from parcours_sim.engine.record import What

from .draws import draw
from .log import note
from .pools import give_back, take
from .queue import hand_over, plan
from .state import BEDS, NOBODY, NOTHING, ROOMS, Handed, Pool, Reason, Stage, Step, Territory

LOW = TRIAGE["low"]


def new_visit(
    territory: Territory, reason: int, patient: int, kind: int, occurrence: int, triage: int
) -> int:
    """Somebody comes to the hospital; return the visit's number."""
    place = take(territory, territory.visits, Pool.VISITS)
    visit = territory.visits[place]
    visit.reason = reason
    visit.patient = patient
    visit.kind = kind
    visit.occurrence = occurrence
    visit.triage = triage
    visit.arrived = territory.clock.now
    visit.ready = 0.0
    visit.holders = 1
    visit.is_admitted = False
    visit.has_place = False
    visit.has_left = False
    visit.is_decided = False
    return place


def let_go(territory: Territory, place: int) -> None:
    """One holder less of a visit's row; without any it is free for others."""
    visit = territory.visits[place]
    visit.holders -= 1
    if visit.holders == 0:
        give_back(territory, territory.visits, Pool.VISITS, place)


def arrive(territory: Territory, place: int) -> None:
    """Arrive at the emergency department, and wait for a room by triage and then by arrival."""
    visit, hospital, clock = territory.visits[place], territory.hospital, territory.clock
    visit.stage = Stage.WAITS_FOR_ROOM
    ask_for_place(territory, ROOMS, place, visit.triage)
    clock.contacts += 1
    count_visit(territory, place, Count.ED_VISITS, 1.0)
    note(territory, visit.patient, What.ARRIVES_AT_EMERGENCY_DEPARTMENT)
    if visit.triage != LOW:
        return
    count_visit(territory, place, Count.ED_VISITS_UNSCHEDULED, 1.0)
    mark = patience_mark(territory, place)
    patience = lognormal(mark, hospital.ed_patience_days, hospital.ed_patience_sigma)
    ends = visit.arrived + patience
    if ends < territory.ends:
        visit.holders += 1
    plan(territory, ends, order.PATIENCE, Step.END_OF_PATIENCE, place)


def patience_mark(territory: Territory, place: int) -> float:
    """The mark of somebody's patience in the waiting room."""
    visit = territory.visits[place]
    if visit.reason == Reason.OTHER_EMERGENCY:
        return draw(territory, 0, OTHER_STAY, visit.occurrence, visit.offset)[1]
    if visit.reason == Reason.OTHER_UNSERVED:
        decision = WAIT_DRIVEN_EMERGENCY
        return draw(territory, visit.address, decision, visit.occurrence, visit.offset)[1]
    person, kind = territory.patients[visit.patient].person, territory.kinds[visit.kind]
    return draw(territory, person, HOME, visit.occurrence, kind.id)[2]


def care_mark(territory: Territory, place: int) -> float:
    """The mark of how long care in a room takes."""
    visit = territory.visits[place]
    if visit.reason == Reason.OTHER_EMERGENCY:
        return draw(territory, 0, OTHER_EMERGENCY, visit.occurrence, visit.offset)[3]
    if visit.reason == Reason.OTHER_UNSERVED:
        decision = WAIT_DRIVEN_EMERGENCY
        return draw(territory, visit.address, decision, visit.occurrence, visit.offset)[0]
    person, kind = territory.patients[visit.patient].person, territory.kinds[visit.kind]
    return draw(territory, person, CRISIS, visit.occurrence, kind.id)[3]


def get_room(territory: Territory, place: int) -> None:
    """Somebody who waited is shown to a room."""
    visit, now = territory.visits[place], territory.clock.now
    visit.stage = Stage.IN_ROOM
    count_visit(territory, place, Count.ED_ROOMS_GRANTED, 1.0)
    count_visit(territory, place, Count.ED_WAIT_DAYS, now - visit.arrived)
    note(territory, visit.patient, What.GETS_A_ROOM)


def leave_unseen(territory: Territory, place: int) -> None:
    """Somebody of low acuity leaves at the end of their patience; their turn lapses."""
    visit = territory.visits[place]
    visit.has_left = True
    count_visit(territory, place, Count.ED_LEFT_UNSEEN, 1.0)
    note(territory, visit.patient, What.LEAVES_EMERGENCY_DEPARTMENT_UNSEEN)


def begin_care(territory: Territory, place: int, is_admitted: bool) -> None:
    """Care in a room begins; at its end somebody goes home, or waits there for a bed."""
    visit = territory.visits[place]
    visit.is_admitted = is_admitted
    care = time_in_ed(territory.hospital, care_mark(territory, place), is_admitted)
    ends = territory.clock.now + care
    plan(territory, ends, order.END_OF_CARE, Step.END_OF_CARE, place)


def board(territory: Territory, place: int) -> None:
    """Care is over, and somebody waits in the room for a bed."""
    visit = territory.visits[place]
    visit.stage = Stage.WAITS_FOR_BED
    count_visit(territory, place, Count.ED_VISITS_ADMITTED, 1.0)
    visit.ready = territory.clock.now
    ask_for_place(territory, BEDS, place, BOARDER)


def end_boarding(territory: Territory, place: int) -> None:
    """A bed is there."""
    visit = territory.visits[place]
    hours = boarding_hours(visit.ready, territory.clock.now)
    count_visit(territory, place, Count.BOARDING_HOURS, hours)
    note(territory, visit.patient, What.GETS_A_BED)


def leave_room(territory: Territory, place: int) -> None:
    """Somebody leaves the emergency department, to go home or to a bed."""
    visit, now = territory.visits[place], territory.clock.now
    free_place(territory, ROOMS)
    count_visit(territory, place, Count.ED_LEFT, 1.0)
    count_visit(territory, place, Count.ED_STAY_DAYS, now - visit.arrived)
    note(territory, visit.patient, What.LEAVES_EMERGENCY_DEPARTMENT)


def count_visit(territory: Territory, place: int, what: int, amount: float) -> None:
    """Count a visit for its patient's groups, or among the rest of the population."""
    visit = territory.visits[place]
    if visit.patient == NOBODY:
        count_other(territory, what, amount)
    else:
        count_for(territory, territory.patients[visit.patient], what, visit.kind, amount)


def ask_for_place(territory: Territory, resource: int, place: int, priority: int) -> None:
    """Queue for a room or a bed; who comes first gets one that is free."""
    visit = territory.visits[place]
    visit.next = NOTHING
    visit.has_place = False
    visit.holders += 1
    last = territory.queue_end[resource, priority]
    if last == NOTHING:
        territory.queue_first[resource, priority] = place
    else:
        territory.visits[last].next = place
    territory.queue_end[resource, priority] = place
    grant_place(territory, resource)


def free_place(territory: Territory, resource: int) -> None:
    """A room or a bed is free; the next in the queue gets it in a turn of its own."""
    territory.places_taken[resource] -= 1
    hand_over(territory, Handed.PLACE_FREE, resource)


def grant_place(territory: Territory, resource: int) -> None:
    """If a place is free, grant it to the first in the queue, who goes on in their own turn."""
    hospital = territory.hospital
    places = hospital.ed_rooms if resource == ROOMS else hospital.beds
    if territory.places_taken[resource] >= places:
        return
    place = first_in_queue(territory, resource)
    if place == NOTHING:
        return
    territory.places_taken[resource] += 1
    territory.visits[place].has_place = True
    hand_over(territory, Handed.PLACE_GRANTED, place)


def first_in_queue(territory: Territory, resource: int) -> int:
    """Take the first in a queue out of it, by priority and then by arrival; NOTHING for nobody.

    The row of someone who has left the queue is let go when their turn comes. The row of someone
    who is granted a place stays held until they have been told.
    """
    for priority in range(territory.queue_first.shape[1]):
        while territory.queue_first[resource, priority] != NOTHING:
            place = territory.queue_first[resource, priority]
            territory.queue_first[resource, priority] = territory.visits[place].next
            if territory.queue_first[resource, priority] == NOTHING:
                territory.queue_end[resource, priority] = NOTHING
            if not territory.visits[place].has_left:
                return int(place)
            let_go(territory, place)
    return NOTHING
