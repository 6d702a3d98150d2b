"""Routine care: the visits, nursing and dispensing on each patient's own calendar.

Contacts are planned on absolute time, not chained to when the last one ended; where an organisation
sees patients less often, planned contacts are left out, never stretched.
"""

from __future__ import annotations

import math

from parcours_sim.care import order, routine
from parcours_sim.care.calendar import next_opening
from parcours_sim.care.counter import first_start, serve, start_time
from parcours_sim.care.decisions import (
    CALENDAR,
    DISPENSING,
    GP_CONTACT,
    PLANNED_GP_VISIT,
    PROTOCOL_VISIT,
)
from parcours_sim.care.routine import (
    PROTOCOL_CALENDAR_DAYS,
    contact_number,
    is_planned,
    planned_time,
    round_capacity,
    time_of_day,
)
from parcours_sim.engine.kernels import lognormal

from .clock import Story
from .contacts import dispensing, nurse_visit, protocol_visit
from .diaries import PLANNED, book, count_wait, find_offer, receives_walk_ins
from .messages import is_followed_by, layers_of, practice_of
from .state import Patient, Territory


def gp_visits(territory: Territory, patient: Patient) -> Story:
    """Visits to the GP at the pace of the patient's conditions, most of them booked ahead."""
    p, who = territory.parameters, patient.who
    phase = territory.draw(who.person, CALENDAR, 0, 0)[0]
    number = 0
    while who.is_accepted and who.gp_interval_days < math.inf:
        day, booked, lead, patience = territory.draw(who.person, PLANNED_GP_VISIT, number, 0)
        planned = planned_time(p.begins, number, phase, day, who.gp_interval_days)
        is_booked = booked < p.people.planned_booked_share
        ahead = lognormal(lead, p.demand.lead_days, p.demand.lead_sigma) if is_booked else 0.0
        yield territory.clock.at(planned - ahead, order.REQUEST)
        ask_for_visit(territory, patient, number, planned, patience)
        number += 1


def ask_for_visit(
    territory: Territory, patient: Patient, number: int, planned: float, patience_mark: float
) -> None:
    """Ask for the visit planned next; or the team's nurse makes it, where that is delegated."""
    demand, now = territory.parameters.demand, territory.clock.now
    practice = practice_of(territory, patient)
    address = contact_number(0, number, routine.PLANNED)
    delegates = territory.draw(patient.who.person, GP_CONTACT, address, 0)[3]
    if delegates < practice.delegated_share and is_followed_by(patient, practice, "nurse"):
        territory.clock.tell(delegated_visit(territory, patient, number, planned))
        return
    wanted = max(now, planned)
    if patient.is_in_bed and wanted <= patient.home_at:
        territory.count_for(patient, "missed_contacts")
        return
    patience = lognormal(patience_mark, demand.other_patience_days, demand.patience_sigma)
    is_own = patient.who.has_gp
    offer = find_offer(
        territory, patient.who.gp, wanted, patience, unscheduled=False, is_own=is_own
    )
    if offer is None and wanted > now and receives_walk_ins(territory, patient.who.gp):
        territory.clock.tell(come_on_the_day(territory, patient, number, planned, patience_mark))
        return
    territory.count_for(patient, "gp_requests")
    if offer is None:
        territory.count_for(patient, "gp_unserved")
        territory.count_for(patient, "missed_contacts")
        return
    book(territory, patient, offer, PLANNED, address)
    count_wait(territory, now, offer.time, patient.groups[:2])


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
        territory.count_for(patient, "missed_contacts")
    else:
        protocol_visit(territory, patient, contact_number(0, number, routine.DELEGATED))


def opening(territory: Territory, time: float) -> float:
    """The first instant from `time` on at which practices are open."""
    work = territory.parameters.work
    return next_opening(
        territory.day_table,
        territory.first_day,
        time,
        work.opens_hour,
        work.closes_hour,
        work.saturday_closes_hour,
    )


def nurse_round(territory: Territory, patient: Patient) -> Story:
    """The nurse's visits at home, day by day or week by week; a full round waits for tomorrow."""
    p, who, clock = territory.parameters, patient.who, territory.clock
    phase = territory.draw(who.person, CALENDAR, 0, 0)[1]
    number = 0
    while who.nurse_interval_days < math.inf:
        time = round_time(territory, patient, p.begins + (number + phase) * who.nurse_interval_days)
        yield clock.at(time, order.ROUTINE)
        if who.nurse_interval_days > 1.0 and not has_place(territory, who.nurse, time):
            time += 1.0
            yield clock.at(time, order.ROUTINE)
        if patient.is_in_care or not has_place(territory, who.nurse, time):
            territory.count_for(patient, "missed_contacts")
        else:
            take_place(territory, who.nurse, time)
            nurse_visit(territory, patient, contact_number(0, number, routine.PLANNED))
        number += 1


def round_time(territory: Territory, patient: Patient, time: float) -> float:
    """That day, at the hour at which the nurse comes to this patient."""
    work = territory.parameters.work
    hours = (work.nurse_round_begins_hour, work.nurse_round_ends_hour)
    return time_of_day(time, patient.marks[3], *hours)


def has_place(territory: Territory, nurse: int, time: float) -> bool:
    """Whether a nurse's round of that day still has a place."""
    day = math.floor(time)
    capacity = round_capacity(territory.parameters.work.nurse_visits_per_day, day)
    return territory.nurse_rounds.get((nurse, day), 0) < capacity


def take_place(territory: Territory, nurse: int, time: float) -> None:
    """One more visit on a nurse's round of that day."""
    key = (nurse, math.floor(time))
    territory.nurse_rounds[key] = territory.nurse_rounds.get(key, 0) + 1


def nurse_after_stay(territory: Territory, patient: Patient, number: int) -> None:
    """The visit of a nurse ordered at a discharge; it takes a place on the round before others."""
    take_place(territory, patient.who.nurse, territory.clock.now)
    nurse_visit(territory, patient, number)


def protocol_visits(territory: Territory, patient: Patient) -> Story:
    """Consultations that the practice's or a layer's protocol adds, on a common calendar.

    The calendar is monthly for everyone; an organisation decides by a fixed mark which of its
    consultations take place, so a protocol with more of them holds those of one with fewer.
    """
    who, clock = patient.who, territory.clock
    phase = territory.draw(who.person, CALENDAR, 0, 0)[3]
    number = 0
    while True:
        kept, _, day, _ = territory.draw(who.person, PROTOCOL_VISIT, number, 0)
        begins = territory.parameters.begins
        time = planned_time(begins, number, phase, day, PROTOCOL_CALENDAR_DAYS)
        if is_planned(kept, most_protocol_visits_per_year(territory, patient)):
            yield clock.at(opening(territory, time), order.ROUTINE)
            if is_planned(kept, protocol_visits_per_year(territory, patient)):
                if patient.is_in_care:
                    territory.count_for(patient, "missed_contacts")
                else:
                    protocol_visit(territory, patient, contact_number(0, number, routine.PROTOCOL))
        elif time > territory.parameters.ends:  # nothing was waited for, so the end is not told
            return
        number += 1


def protocol_visits_per_year(territory: Territory, patient: Patient) -> float:
    """How many protocol consultations a patient has a year, as things are organised now."""
    practice = practice_of(territory, patient)
    layers = layers_of(territory, patient)
    in_team = is_followed_by(patient, practice, "nurse")
    own = practice.protocol_visits_per_year if in_team and patient.who.conditions else 0.0
    return own + sum(layer.protocol_visits_per_year for layer in layers)


def most_protocol_visits_per_year(territory: Territory, patient: Patient) -> float:
    """The most protocol consultations a year that this patient can ever have in this scenario."""
    p, gp = territory.parameters, patient.who.gp
    models = {teams[gp].model for teams in territory.teams}
    return max(p.practices[model].protocol_visits_per_year for model in models) + sum(
        layer.protocol_visits_per_year for layer in p.layers
    )


def dispensings(territory: Territory, patient: Patient) -> Story:
    """A treatment fetched at the pharmacy, first come, first served within its opening hours."""
    p, who = territory.parameters, patient.who
    phase = territory.draw(who.person, CALENDAR, 0, 0)[2]
    begin = who.pharmacy * p.work.counters
    number = 0
    while who.dispensing_interval_days < math.inf:
        day, protocol, *_ = territory.draw(who.person, DISPENSING, number, 0)
        planned = planned_time(p.begins, number, phase, day, who.dispensing_interval_days)
        arrival = errand(territory, planned, patient.marks[3])
        yield territory.clock.at(arrival, order.ROUTINE)
        if patient.is_in_care:
            territory.count_for(patient, "missed_contacts")
        else:
            server = first_start(territory.counters, begin, begin + p.work.counters, arrival)
            start = start_time(territory.counters, server, arrival)
            territory.count_for(patient, "pharmacy_wait_days", -1, start - arrival)
            serve(territory.counters, server, start, p.work.dispensing_days)
            dispensing(territory, patient, number, protocol)
        number += 1


def errand(territory: Territory, planned: float, mark: float) -> float:
    """When a patient goes to the pharmacy: at their usual hour, on the first day it is open then.

    Infinite beyond the calendar of the simulation.
    """
    work = territory.parameters.work
    hours = (work.pharmacy_opens_hour, work.pharmacy_closes_hour)
    time = time_of_day(planned, mark, *hours)
    while True:
        opens = next_opening(
            territory.day_table, territory.first_day, time, *hours, work.saturday_closes_hour
        )
        if opens in (time, math.inf):
            return opens
        time = time_of_day(max(opens, time + 1.0), mark, *hours)
