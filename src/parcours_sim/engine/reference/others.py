"""Everyone who is not simulated one by one: their requests to GPs, and their emergencies.

They are anonymous: a request either takes a slot or does not, and leaves nothing behind but a full
diary, a room in use, a bed in use.
"""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.calendar import SATURDAY, season_factor
from parcours_sim.care.decisions import (
    OTHER_EMERGENCY,
    OTHER_OUTCOME,
    OTHER_REQUEST,
    OTHER_STAY,
    WAIT_DRIVEN_EMERGENCY,
)
from parcours_sim.care.demand import (
    BOOKED_AHEAD,
    SYMPTOMATIC,
    hour_of_emergency,
    hour_of_request,
    kind_of_request,
    next_arrival,
)
from parcours_sim.care.diary import day_weight
from parcours_sim.care.hospital import stay
from parcours_sim.care.parameters import DAYS_PER_YEAR, TRIAGE
from parcours_sim.care.tallies import ALL, UNDER_75
from parcours_sim.engine.kernels import duration, lognormal

from .clock import Story
from .diaries import Offer, accept, count_wait, find_offer
from .hospital import cared_for, in_hospital_bed, wait_for_room
from .state import Territory

GROUPS = (ALL, UNDER_75)


def requests_to(territory: Territory, gp: int, per_weight: float) -> Story:
    """The calls that a GP's practice gets from people not simulated one by one, day after day.

    `per_weight` is the mean number of requests on a day of weight 1 (a weekday).
    """
    p, clock, draw = territory.parameters, territory.clock, territory.draw
    for offset, code in enumerate(territory.day_codes):
        day = territory.first_day + offset
        season = season_factor(
            day, p.demand.winter_amplitude, p.demand.winter_peak_day, territory.start_day
        )
        mean = per_weight * day_weight(code, p.work.saturday_slot_share) * season
        closes = p.work.saturday_closes_hour if code == SATURDAY else p.work.closes_hour
        position, number = 0.0, 0
        while True:
            gap, kind, patience, lead = draw(gp, OTHER_REQUEST, number, offset)
            position = next_arrival(position, gap, mean)
            if position >= 1.0:
                break
            hour = hour_of_request(position, p.work.opens_hour, closes)
            yield clock.at(day + hour / 24.0, order.REQUEST)
            ask_for_slot(territory, gp, (offset, number), kind, patience, lead)
            number += 1


def ask_for_slot(
    territory: Territory,
    gp: int,
    address: tuple[int, int],
    kind_mark: float,
    patience_mark: float,
    lead_mark: float,
) -> None:
    """One request: it takes the slot on offer, or leaves: for the emergency department, or not."""
    p, now = territory.parameters, territory.clock.now
    kind = kind_of_request(kind_mark, p.demand.symptomatic_share, p.demand.booked_share)
    unscheduled = kind == SYMPTOMATIC
    median = p.demand.symptomatic_patience_days if unscheduled else p.demand.other_patience_days
    patience = lognormal(patience_mark, median, p.demand.patience_sigma)
    wanted = (
        now + lognormal(lead_mark, p.demand.lead_days, p.demand.lead_sigma)
        if kind == BOOKED_AHEAD
        else now
    )
    no_gp, accepts, leaves, length = territory.draw(gp, OTHER_OUTCOME, address[1], address[0])
    is_own = no_gp >= p.people.without_gp_share
    count(territory, "gp_requests")
    offer = None
    if is_own or accepts < p.demand.practice_accepts_share:
        offer = find_offer(territory, gp, wanted, patience, unscheduled=unscheduled, is_own=is_own)
    if offer is not None:
        serve(territory, offer, length)
        return
    count(territory, "gp_unserved")
    if unscheduled and leaves < p.demand.unserved_to_ed_share:
        territory.clock.tell(_wait_driven(territory, gp, address))


def serve(territory: Territory, offer: Offer, length_mark: float) -> None:
    """A request that is served: its wait counts by the request, the consultation by its date."""
    work = territory.parameters.work
    length = duration(
        length_mark, work.consultation_law, work.consultation_days, work.consultation_sd_days
    )
    accept(territory, offer, length)
    territory.contacts += 1
    count_wait(territory, territory.clock.now, offer.time, GROUPS)
    for group in GROUPS:
        territory.count_at(offer.time, "gp_contacts", group)
        territory.count_at(offer.time, "gp_hours", group, 24.0 * length)


def emergencies(territory: Territory) -> Story:
    """Visits to the emergency department that no GP slot would have changed, day after day."""
    p, clock, draw = territory.parameters, territory.clock, territory.draw
    mean = p.hospital.ed_visits_per_inhabitant_per_year * p.inhabitants / DAYS_PER_YEAR
    for offset in range(len(territory.day_codes)):
        day, position, number = territory.first_day + offset, 0.0, 0
        season = season_factor(
            day, p.demand.winter_amplitude, p.demand.winter_peak_day, territory.start_day
        )
        while True:
            gap, acuity, admitted, care = draw(0, OTHER_EMERGENCY, number, offset)
            position = next_arrival(position, gap, mean * season)
            if position >= 1.0:
                break
            hour = hour_of_emergency(position, p.hospital.ed_day_share)
            yield clock.at(day + hour / 24.0, order.REQUEST)
            is_low = acuity < p.hospital.ed_low_acuity_share
            is_admitted = not is_low and admitted * (1.0 - p.hospital.ed_low_acuity_share) < (
                p.hospital.ed_other_admitted_share
            )
            stay_mark, patience, *_ = draw(0, OTHER_STAY, number, offset)
            visit = _visit(
                territory, care, patience, stay_mark, is_low=is_low, is_admitted=is_admitted
            )
            clock.tell(visit)
            number += 1


def count(territory: Territory, name: str, amount: float = 1.0) -> None:
    """Count for everyone and for people under 75, to whom all of these belong."""
    for group in GROUPS:
        territory.count(name, group, amount)


def _wait_driven(territory: Territory, gp: int, address: tuple[int, int]) -> Story:
    """A visit of someone whom no slot on offer suited; of low acuity, so they go home after it."""
    count(territory, "ed_visits_wait_driven")
    care, patience, *_ = territory.draw(gp, WAIT_DRIVEN_EMERGENCY, address[1], address[0])
    return _visit(territory, care, patience, 0.5, is_low=True, is_admitted=False)


def _visit(
    territory: Territory,
    care_mark: float,
    patience_mark: float,
    stay_mark: float,
    *,
    is_low: bool,
    is_admitted: bool,
) -> Story:
    p = territory.parameters
    triage = TRIAGE["low" if is_low else "standard"]
    visit = yield from wait_for_room(territory, None, triage, patience_mark)
    if visit is None:
        return
    bed = yield from cared_for(territory, None, visit, care_mark, is_admitted=is_admitted)
    if bed is not None:
        length = stay(stay_mark, p.hospital.other_stay_days, p.hospital.other_stay_sd_days)
        yield from in_hospital_bed(territory, bed, length)
