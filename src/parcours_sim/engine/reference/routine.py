"""Routine care: the visits, nursing and dispensing on each patient's own calendar.

Contacts are planned on absolute time, not chained to when the last one ended; where an organisation
sees patients less often, planned contacts are left out, never stretched.
"""

from __future__ import annotations

import math

from parcours_sim.care import order, routine
from parcours_sim.care.access import NOBODY, receives_walk_ins
from parcours_sim.care.decisions import (
    CALENDAR,
    DISPENSING,
    GP_CONTACT,
    NURSE_CONTACT,
    PLANNED_GP_VISIT,
    PROTOCOL_VISIT,
)
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
from parcours_sim.engine.kernels import lognormal
from parcours_sim.engine.record import PLANNED

from .clock import Story
from .contacts import dispensing, nurse_visit, protocol_visit
from .diaries import offer_to, take_up
from .state import Patient, Territory


def gp_visits(territory: Territory, patient: Patient) -> Story:
    """Visits to the GP at the pace of the patient's conditions, most of them booked ahead."""
    demand, begins = territory.demand, territory.begins
    phase = territory.draw(patient.person, CALENDAR, 0, 0)[0]
    number = 0
    while patient.is_accepted and patient.gp_interval_days < math.inf:
        day, booked, lead, patience = territory.draw(patient.person, PLANNED_GP_VISIT, number, 0)
        planned = planned_time(begins, number, phase, day, patient.gp_interval_days)
        ahead = days_ahead(territory.people, demand, booked, lead)
        yield territory.clock.at(planned - ahead, order.REQUEST)
        ask_for_visit(territory, patient, number, planned, patience)
        number += 1


def ask_for_visit(
    territory: Territory, patient: Patient, number: int, planned: float, patience_mark: float
) -> None:
    """Ask for the visit planned next; or the team's nurse makes it, where that is delegated."""
    demand, now = territory.demand, territory.clock.now
    address = contact_number(0, number, routine.PLANNED)
    delegates = territory.draw(patient.person, GP_CONTACT, address, 0)[3]
    if is_delegated(territory, patient, delegates):
        territory.clock.tell(delegated_visit(territory, patient, number, planned))
        return
    wanted = max(now, planned)
    if misses_visit(patient, wanted):
        count_for(territory, patient, Count.MISSED_CONTACTS)
        return
    patience = lognormal(patience_mark, demand.other_patience_days, demand.patience_sigma)
    offer = offer_to(territory, patient, wanted, patience, unscheduled=False)
    if offer[0] == NOBODY and wanted > now and receives_walk_ins(territory, patient.gp):
        territory.clock.tell(come_on_the_day(territory, patient, number, planned, patience_mark))
    elif not take_up(territory, patient, offer, PLANNED, address):
        count_for(territory, patient, Count.MISSED_CONTACTS)


def come_on_the_day(
    territory: Territory, patient: Patient, number: int, planned: float, patience_mark: float
) -> Story:
    """A planned visit to a practice that receives without appointment."""
    yield territory.clock.at(planned, order.REQUEST)
    ask_for_visit(territory, patient, number, planned, patience_mark)


def delegated_visit(territory: Territory, patient: Patient, number: int, planned: float) -> Story:
    """A planned visit that the team's nurse makes instead of the GP, in opening hours."""
    generation = patient.generation
    yield territory.clock.at(opening(territory, planned), order.ROUTINE)
    if patient.generation != generation:
        return
    if patient.is_in_care:
        count_for(territory, patient, Count.MISSED_CONTACTS)
    else:
        protocol_visit(territory, patient, contact_number(0, number, routine.DELEGATED))


def nurse_visits(territory: Territory, patient: Patient) -> Story:
    """The nurse's visits, day by day or week by week: on her round, or at the office."""
    clock, interval = territory.clock, patient.nurse_interval_days
    phase = territory.draw(patient.person, CALENDAR, 0, 0)[1]
    number = 0
    while interval < math.inf:
        time = round_time(territory, patient, territory.begins + (number + phase) * interval)
        yield clock.at(time, order.ROUTINE)
        if waits_for_tomorrow(interval, nurse_has_room(territory, patient.nurse)):
            yield clock.at(clock.now + 1.0, order.ROUTINE)
        if patient.is_in_care or not nurse_has_room(territory, patient.nurse):
            count_for(territory, patient, Count.MISSED_CONTACTS)
        else:
            see_nurse(territory, patient, contact_number(0, number, routine.PLANNED))
        number += 1


def see_nurse(territory: Territory, patient: Patient, number: int) -> None:
    """A visit: a place on the nurse's round, even a full one, or a turn at the office."""
    protocol, mark, _, _ = territory.draw(patient.person, NURSE_CONTACT, number, 0)
    wait = nurse_begins(territory, patient.nurse, mark) - territory.clock.now
    count_for(territory, patient, Count.NURSE_WAIT_DAYS, -1, wait)
    nurse_visit(territory, patient, number, protocol)


def protocol_visits(territory: Territory, patient: Patient) -> Story:
    """Consultations that the practice's or a layer's protocol adds, on a common calendar.

    The calendar is monthly for everyone; an organisation decides by a fixed mark which of its
    consultations take place, so a protocol with more of them holds those of one with fewer.
    """
    clock, begins, ends = territory.clock, territory.begins, territory.ends
    phase = territory.draw(patient.person, CALENDAR, 0, 0)[3]
    most = most_protocol_visits_per_year(territory, patient)
    number = 0
    while True:
        kept, _, day, _ = territory.draw(patient.person, PROTOCOL_VISIT, number, 0)
        time = planned_time(begins, number, phase, day, PROTOCOL_CALENDAR_DAYS)
        if is_planned(kept, most):
            yield clock.at(opening(territory, time), order.ROUTINE)
            if is_planned(kept, protocol_visits_per_year(territory, patient)):
                if patient.is_in_care:
                    count_for(territory, patient, Count.MISSED_CONTACTS)
                else:
                    protocol_visit(territory, patient, contact_number(0, number, routine.PROTOCOL))
        elif time > ends:  # nothing was waited for, so the end is not told
            return
        number += 1


def dispensings(territory: Territory, patient: Patient) -> Story:
    """A treatment fetched at the pharmacy, first come, first served within its opening hours."""
    interval = patient.dispensing_interval_days
    phase = territory.draw(patient.person, CALENDAR, 0, 0)[2]
    number = 0
    while interval < math.inf:
        day, protocol, _, mark = territory.draw(patient.person, DISPENSING, number, 0)
        planned = planned_time(territory.begins, number, phase, day, interval)
        arrival = errand(territory, planned, patient.hour_mark)
        yield territory.clock.at(arrival, order.ROUTINE)
        if patient.is_in_care:
            count_for(territory, patient, Count.MISSED_CONTACTS)
        else:
            wait = dispensing_begins(territory, patient.pharmacy, mark) - territory.clock.now
            count_for(territory, patient, Count.PHARMACY_WAIT_DAYS, -1, wait)
            dispensing(territory, patient, number, protocol)
        number += 1
