"""Everyone who is not simulated one by one; the twin of `reference/others.py`."""

from __future__ import annotations

import math

from parcours_sim.care import order
from parcours_sim.care.access import accept, find_offer, is_away
from parcours_sim.care.decisions import OTHER_EMERGENCY, OTHER_OUTCOME, OTHER_REQUEST
from parcours_sim.care.demand import (
    BOOKED_AHEAD,
    SYMPTOMATIC,
    emergencies_on,
    emergency_time,
    is_other_admitted,
    is_received,
    kind_of_request,
    next_arrival,
    patience_median,
    request_time,
    requests_on,
)
from parcours_sim.care.distributions import duration, lognormal
from parcours_sim.care.parameters import TRIAGE
from parcours_sim.care.practices import acceptance_share
from parcours_sim.care.tallies import Count, count_other, count_other_at, count_other_wait

from .draws import draw
from .hospital import LOW, arrive, new_visit
from .queue import plan
from .state import NOBODY, NOTHING, Reason, Step, Territory

STANDARD = TRIAGE["standard"]


def plan_request(territory: Territory, gp: int, offset: int, number: int, position: float) -> None:
    """Plan the next request to a GP: a day's `number`-th after `position`, or a later day's."""
    while offset < len(territory.day_table):
        gap = draw(territory, gp, OTHER_REQUEST, number, offset)[0]
        position = next_arrival(position, gap, requests_on(territory, gp, offset))
        if position < 1.0:
            time = request_time(territory, offset, position)
            step = Step.OTHER_REQUEST
            plan(territory, time, order.REQUEST, step, gp, number, offset, position)
            return
        offset, number, position = offset + 1, 0, 0.0


def request(territory: Territory, gp: int, offset: int, number: int, position: float) -> None:
    """A request to a GP; the next one is planned."""
    ask_for_slot(territory, gp, offset, number)
    plan_request(territory, gp, offset, number + 1, position)


def ask_for_slot(territory: Territory, gp: int, offset: int, number: int) -> None:
    """One request: it takes the slot on offer, or leaves: for the emergency department, or not."""
    demand, people, now = territory.demand, territory.people, territory.clock.now
    _, kind_mark, patience_mark, lead_mark = draw(territory, gp, OTHER_REQUEST, number, offset)
    kind = kind_of_request(kind_mark, demand.symptomatic_share, demand.booked_share)
    unscheduled = kind == SYMPTOMATIC
    patience = lognormal(patience_mark, patience_median(demand, kind), demand.patience_sigma)
    wanted = now
    if kind == BOOKED_AHEAD:
        wanted += lognormal(lead_mark, demand.lead_days, demand.lead_sigma)
    no_gp, accepts, leaves, length = draw(territory, gp, OTHER_OUTCOME, number, offset)
    is_own = no_gp >= people.without_gp_share
    count_other(territory, Count.GP_REQUESTS)
    found, time, slot = NOBODY, math.inf, NOTHING
    if is_received(is_own, accepts, acceptance_share(territory)):
        found, time, slot = find_offer(territory, gp, wanted, patience, unscheduled, is_own)
    if found != NOBODY:
        serve(territory, found, time, slot, length)
        return
    count_other(territory, Count.GP_UNSERVED)
    if unscheduled and leaves < demand.unserved_to_ed_share:
        count_other(territory, Count.ED_VISITS_WAIT_DRIVEN)
        if not is_own or is_away(territory, gp):
            count_other(territory, Count.ED_VISITS_GP_ABSENT)
        place = new_visit(territory, Reason.OTHER_UNSERVED, NOBODY, NOTHING, number, LOW)
        territory.visits[place].address = gp
        territory.visits[place].offset = offset
        arrive(territory, place)


def serve(territory: Territory, gp: int, time: float, slot: int, length_mark: float) -> None:
    """A request that is served: its wait counts by the request, the consultation by its date."""
    work = territory.work
    length = duration(
        length_mark, work.consultation_law, work.consultation_days, work.consultation_sd_days
    )
    accept(territory, gp, time, slot, length)
    territory.clock.contacts += 1
    count_other_wait(territory, territory.clock.now, time)
    count_other_at(territory, time, Count.GP_CONTACTS)
    count_other_at(territory, time, Count.GP_HOURS, 24.0 * length)


def plan_emergency(territory: Territory, offset: int, number: int, position: float) -> None:
    """Plan the next emergency: the `number`-th of a day, after `position`, or a later day's."""
    while offset < len(territory.day_table):
        gap = draw(territory, 0, OTHER_EMERGENCY, number, offset)[0]
        position = next_arrival(position, gap, emergencies_on(territory, offset))
        if position < 1.0:
            time = emergency_time(territory, offset, position)
            step = Step.OTHER_EMERGENCY
            plan(territory, time, order.REQUEST, step, 0, number, offset, position)
            return
        offset, number, position = offset + 1, 0, 0.0


def emergency(territory: Territory, offset: int, number: int, position: float) -> None:
    """A visit to the emergency department that no GP slot would have changed."""
    hospital = territory.hospital
    _, acuity, admitted, _ = draw(territory, 0, OTHER_EMERGENCY, number, offset)
    is_low = acuity < hospital.ed_low_acuity_share
    triage = LOW if is_low else STANDARD
    place = new_visit(territory, Reason.OTHER_EMERGENCY, NOBODY, NOTHING, number, triage)
    visit = territory.visits[place]
    visit.offset = offset
    visit.is_admitted = is_other_admitted(hospital, is_low, admitted)
    count_other(territory, Count.ED_VISITS_AFTER_DOCTOR, hospital.doctor_first_shares[0])
    arrive(territory, place)
    plan_emergency(territory, offset, number + 1, position)
