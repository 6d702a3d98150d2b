"""Routine care on each patient's own calendar; the twin of `reference/routine.py`.

Each calendar has one event planned at a time; its draws are made again when its time has come.
"""

from __future__ import annotations

import math

from parcours_sim.care import order, routine
from parcours_sim.care.access import receives_walk_ins
from parcours_sim.care.decisions import (
    CALENDAR,
    DISPENSING,
    GP_CONTACT,
    NURSE_CONTACT,
    PLANNED_GP_VISIT,
    PROTOCOL_VISIT,
)
from parcours_sim.care.distributions import lognormal
from parcours_sim.care.practices import (
    is_delegated,
    most_protocol_visits_per_year,
    protocol_visits_per_year,
)
from parcours_sim.care.routine import (
    PROTOCOL_CALENDAR_DAYS,
    contact_number,
    days_ahead,
    dispensing_begins,
    errand,
    is_planned,
    misses_visit,
    nurse_begins,
    nurse_has_room,
    opening,
    planned_time,
    round_time,
    waits_for_tomorrow,
)
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine.record import PLANNED

from .contacts import dispensing, nurse_visit, protocol_visit
from .diaries import offer_to, take_up
from .draws import draw
from .queue import plan
from .state import NOBODY, NOTHING, Step, Territory


def draw_phases(territory: Territory, patient: int) -> None:
    """Where each of a patient's calendars begins."""
    person = territory.patients[patient]
    visit, nurse, dispensing_phase, protocol = draw(territory, person.person, CALENDAR, 0, 0)
    person.visit_phase = visit
    person.nurse_phase = nurse
    person.dispensing_phase = dispensing_phase
    person.protocol_phase = protocol


def plan_visit_request(territory: Territory, patient: int, number: int) -> None:
    """Plan when the visit to the GP of this number is asked for, most of them ahead."""
    person = territory.patients[patient]
    if not (person.is_accepted and person.gp_interval_days < math.inf):
        return
    day, booked, lead, _ = draw(territory, person.person, PLANNED_GP_VISIT, number, 0)
    planned = time_of_visit(territory, patient, number, day)
    ahead = days_ahead(territory.people, territory.demand, booked, lead)
    plan(territory, planned - ahead, order.REQUEST, Step.VISIT_REQUEST, patient, number)


def time_of_visit(territory: Territory, patient: int, number: int, day_mark: float) -> float:
    """When a visit to the GP is planned."""
    person = territory.patients[patient]
    begins, interval = territory.begins, person.gp_interval_days
    return planned_time(begins, number, person.visit_phase, day_mark, interval)


def visit_request(territory: Territory, patient: int, number: int) -> None:
    """The time to ask for a planned visit; the next one is planned."""
    ask_for_visit(territory, patient, number)
    plan_visit_request(territory, patient, number + 1)


def ask_for_visit(territory: Territory, patient: int, number: int) -> None:
    """Ask for a planned visit; or the team's nurse makes it, where that is delegated."""
    person, demand, now = territory.patients[patient], territory.demand, territory.clock.now
    day, _, _, patience_mark = draw(territory, person.person, PLANNED_GP_VISIT, number, 0)
    planned = time_of_visit(territory, patient, number, day)
    address = contact_number(0, number, routine.PLANNED)
    delegates = draw(territory, person.person, GP_CONTACT, address, 0)[3]
    if is_delegated(territory, person, delegates):
        opens, generation = opening(territory, planned), person.generation
        plan(territory, opens, order.ROUTINE, Step.DELEGATED_VISIT, patient, number, generation)
        return
    wanted = max(now, planned)
    if misses_visit(person, wanted):
        count_for(territory, person, Count.MISSED_CONTACTS)
        return
    patience = lognormal(patience_mark, demand.other_patience_days, demand.patience_sigma)
    gp, time, slot = offer_to(territory, patient, wanted, patience, False)
    if gp == NOBODY and wanted > now and receives_walk_ins(territory, person.gp):
        plan(territory, planned, order.REQUEST, Step.VISIT_ON_THE_DAY, patient, number)
    elif not take_up(territory, patient, gp, time, slot, PLANNED, address, NOTHING):
        count_for(territory, person, Count.MISSED_CONTACTS)


def delegated_visit(territory: Territory, patient: int, number: int, generation: int) -> None:
    """A planned visit that the team's nurse makes instead of the GP, in opening hours."""
    person = territory.patients[patient]
    if person.generation != generation:
        return
    if person.is_in_care:
        count_for(territory, person, Count.MISSED_CONTACTS)
    else:
        protocol_visit(territory, patient, contact_number(0, number, routine.DELEGATED))


def time_of_nurse_visit(territory: Territory, patient: int, number: int) -> float:
    """When the nurse's visit of this number is due."""
    person = territory.patients[patient]
    time = territory.begins + (number + person.nurse_phase) * person.nurse_interval_days
    return round_time(territory, person, time)


def plan_nurse_visit(territory: Territory, patient: int, number: int) -> None:
    """Plan the nurse's visit of this number, where there is a nurse."""
    if territory.patients[patient].nurse_interval_days < math.inf:
        time = time_of_nurse_visit(territory, patient, number)
        plan(territory, time, order.ROUTINE, Step.NURSE_VISIT, patient, number)


def nurse_visit_due(territory: Territory, patient: int, number: int, is_again: bool) -> None:
    """The nurse's visit, on her round or at the office; a full round waits for tomorrow, once."""
    person = territory.patients[patient]
    has_room = nurse_has_room(territory, person.nurse)
    if not is_again and waits_for_tomorrow(person.nurse_interval_days, has_room):
        tomorrow = territory.clock.now + 1.0
        plan(territory, tomorrow, order.ROUTINE, Step.NURSE_VISIT_AGAIN, patient, number)
        return
    if person.is_in_care or not has_room:
        count_for(territory, person, Count.MISSED_CONTACTS)
    else:
        see_nurse(territory, patient, contact_number(0, number, routine.PLANNED))
    plan_nurse_visit(territory, patient, number + 1)


def see_nurse(territory: Territory, patient: int, number: int) -> None:
    """A visit: a place on the nurse's round, even a full one, or a turn at the office."""
    person = territory.patients[patient]
    protocol, mark, _, _ = draw(territory, person.person, NURSE_CONTACT, number, 0)
    wait = nurse_begins(territory, person.nurse, mark) - territory.clock.now
    count_for(territory, person, Count.NURSE_WAIT_DAYS, -1, wait)
    nurse_visit(territory, patient, number, protocol)


def nurse_after_stay(
    territory: Territory, patient: int, kind: int, occurrence: int, since: float
) -> None:
    """The visit of a nurse ordered at discharge, before others on the round."""
    person = territory.patients[patient]
    if person.discharged_at == since and not person.is_in_care:
        number = contact_number(territory.kinds[kind].id, occurrence, routine.AFTER_STAY)
        see_nurse(territory, patient, number)


def plan_protocol_visit(territory: Territory, patient: int, number: int) -> None:
    """Plan the next consultation, from this number on, that some organisation of care would add."""
    person = territory.patients[patient]
    most = most_protocol_visits_per_year(territory, person)
    while True:
        kept, _, day, _ = draw(territory, person.person, PROTOCOL_VISIT, number, 0)
        phase = person.protocol_phase
        time = planned_time(territory.begins, number, phase, day, PROTOCOL_CALENDAR_DAYS)
        if is_planned(kept, most):
            opens = opening(territory, time)
            plan(territory, opens, order.ROUTINE, Step.PROTOCOL_VISIT, patient, number)
            return
        if time > territory.ends:
            return
        number += 1


def protocol_visit_due(territory: Territory, patient: int, number: int) -> None:
    """A consultation on the common calendar: it takes place if the organisation of now keeps it."""
    person = territory.patients[patient]
    kept = draw(territory, person.person, PROTOCOL_VISIT, number, 0)[0]
    if is_planned(kept, protocol_visits_per_year(territory, person)):
        if person.is_in_care:
            count_for(territory, person, Count.MISSED_CONTACTS)
        else:
            protocol_visit(territory, patient, contact_number(0, number, routine.PROTOCOL))
    plan_protocol_visit(territory, patient, number + 1)


def plan_dispensing(territory: Territory, patient: int, number: int) -> None:
    """Plan when the treatment of this number is fetched at the pharmacy."""
    person = territory.patients[patient]
    interval = person.dispensing_interval_days
    if interval < math.inf:
        day = draw(territory, person.person, DISPENSING, number, 0)[0]
        phase = person.dispensing_phase
        planned = planned_time(territory.begins, number, phase, day, interval)
        arrival = errand(territory, planned, person.hour_mark)
        plan(territory, arrival, order.ROUTINE, Step.DISPENSING, patient, number)


def at_the_pharmacy(territory: Territory, patient: int, number: int) -> None:
    """A treatment fetched at the pharmacy, first come, first served within its opening hours."""
    person = territory.patients[patient]
    if person.is_in_care:
        count_for(territory, person, Count.MISSED_CONTACTS)
    else:
        _, protocol, _, mark = draw(territory, person.person, DISPENSING, number, 0)
        wait = dispensing_begins(territory, person.pharmacy, mark) - territory.clock.now
        count_for(territory, person, Count.PHARMACY_WAIT_DAYS, -1, wait)
        dispensing(territory, patient, number, protocol)
    plan_dispensing(territory, patient, number + 1)
