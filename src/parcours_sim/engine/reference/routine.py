"""Routine care: the visits, nursing and dispensing on each patient's own calendar.

Contacts are planned on absolute time, not chained to when the last one ended; where an organisation
sees patients less often, planned contacts are left out, never stretched.
"""

from __future__ import annotations

import math

from parcours_sim.care import order
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
    is_planned,
    planned_time,
    round_capacity,
    time_of_day,
)
from parcours_sim.engine.kernels import lognormal

from .clock import Story
from .contacts import PLANNED, dispensing, nurse_visit, practice_of, protocol_visit
from .diaries import book, count_wait, find_slot, owner_of
from .messages import layers_of
from .state import Patient, Territory


def gp_visits(territory: Territory, patient: Patient) -> Story:
    """Visits to the GP at the pace of the patient's conditions, most of them booked ahead."""
    p, who = territory.parameters, patient.who
    phase = territory.draw(who.person, CALENDAR, 0, 0)[0]
    number = 0
    while who.is_accepted and who.gp_interval_days < math.inf:
        day, booked, lead, patience = territory.draw(who.person, PLANNED_GP_VISIT, number, 0)
        planned = planned_time(p.begins, number, phase, day, who.gp_interval_days)
        ahead = (
            lognormal(lead, p.demand.lead_days, p.demand.lead_sigma)
            if booked < p.people.planned_booked_share
            else 0
        )
        yield territory.clock.at(planned - ahead, order.REQUEST)
        ask_for_visit(territory, patient, number, planned, patience)
        number += 1


def ask_for_visit(
    territory: Territory, patient: Patient, number: int, planned: float, patience_mark: float
) -> None:
    """Ask for the visit planned next; or the team's nurse makes it, where that is delegated."""
    p, now = territory.parameters, territory.clock.now
    practice = practice_of(territory, patient)
    delegates = territory.draw(patient.who.person, GP_CONTACT, 4 * number, 0)[3]
    if delegates < practice.delegated_share and patient.marks[0] < practice.nurse_in_team_share:
        territory.clock.tell(delegated_visit(territory, patient, number, planned))
        return
    wanted = max(now, planned)
    patience = lognormal(patience_mark, p.demand.other_patience_days, p.demand.patience_sigma)
    territory.count_for(patient, "gp_requests")
    slot = find_slot(
        territory,
        patient.who.gp,
        wanted,
        patience,
        unscheduled=False,
        is_own=patient.who.has_gp,
    )
    if slot < 0:
        territory.count_for(patient, "gp_unserved")
        territory.count_for(patient, "missed_contacts")
        return
    held = book(territory, patient, slot, owner_of(territory, slot), PLANNED, number)
    count_wait(territory, now, held.time, patient.groups[:2])


def delegated_visit(territory: Territory, patient: Patient, number: int, planned: float) -> Story:
    """A planned visit that the team's nurse makes instead of the GP."""
    yield territory.clock.at(planned, order.ROUTINE)
    if patient.is_in_care:
        territory.count_for(patient, "missed_contacts")
    else:
        protocol_visit(territory, patient, 4 * number + 1)


def nurse_round(territory: Territory, patient: Patient) -> Story:
    """The nurse's visits at home, day by day or week by week; a full round waits for tomorrow."""
    p, who, clock = territory.parameters, patient.who, territory.clock
    phase = territory.draw(who.person, CALENDAR, 0, 0)[1]
    number = 0
    while who.nurse_interval_days < math.inf:
        time = time_of_day(p.begins + (number + phase) * who.nurse_interval_days, patient.marks[3])
        yield clock.at(time, order.ROUTINE)
        if not has_place(territory, who.nurse, time):
            time += 1.0
            if who.nurse_interval_days > 1.0:
                yield clock.at(time, order.ROUTINE)
            if who.nurse_interval_days <= 1.0 or not has_place(territory, who.nurse, time):
                territory.count_for(patient, "missed_contacts")
                number += 1
                continue
        if patient.is_in_care:
            territory.count_for(patient, "missed_contacts")
        else:
            day = math.floor(time)
            key = (who.nurse, day)
            territory.nurse_rounds[key] = territory.nurse_rounds.get(key, 0) + 1
            nurse_visit(territory, patient, 4 * number)
        number += 1


def has_place(territory: Territory, nurse: int, time: float) -> bool:
    """Whether a nurse's round of that day still has a place."""
    day = math.floor(time)
    capacity = round_capacity(territory.parameters.work.nurse_visits_per_day, day)
    return territory.nurse_rounds.get((nurse, day), 0) < capacity


def nurse_after_stay(territory: Territory, patient: Patient, occurrence: int) -> None:
    """The visit of a nurse ordered at a discharge; it finds its place on the round."""
    nurse_visit(territory, patient, 4 * occurrence + 2)


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
        if is_planned(kept, highest_per_year(territory, patient)):
            yield clock.at(time, order.ROUTINE)
            if is_planned(kept, protocol_visits_per_year(territory, patient)):
                if patient.is_in_care:
                    territory.count_for(patient, "missed_contacts")
                else:
                    protocol_visit(territory, patient, 4 * number + 3)
        elif time > territory.parameters.ends:
            return
        number += 1


def protocol_visits_per_year(territory: Territory, patient: Patient) -> float:
    """How many protocol consultations a patient has a year, as things are organised now."""
    practice = practice_of(territory, patient)
    layers = layers_of(territory, patient)
    in_team = patient.marks[0] < practice.nurse_in_team_share
    own = practice.protocol_visits_per_year if in_team and patient.who.conditions else 0.0
    return own + sum(layer.protocol_visits_per_year for layer in layers)


def highest_per_year(territory: Territory, patient: Patient) -> float:
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
        opening = next_opening(
            territory.day_table,
            territory.first_day,
            planned,
            p.work.pharmacy_opens_hour,
            p.work.pharmacy_closes_hour,
            p.work.saturday_closes_hour,
        )
        yield territory.clock.at(opening, order.ROUTINE)
        if patient.is_in_care:
            territory.count_for(patient, "missed_contacts")
        else:
            server = first_start(territory.counters, begin, begin + p.work.counters, opening)
            start = start_time(territory.counters, server, opening)
            serve(territory.counters, server, start, p.work.dispensing_days)
            dispensing(territory, patient, number, protocol)
        number += 1
