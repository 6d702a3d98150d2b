"""Everyone who is not simulated one by one: their requests to GPs, and their emergencies.

They are anonymous: a request either takes a slot or does not, and leaves nothing behind but a full
diary, a room in use, a bed in use.
"""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.access import NOBODY, accept, is_away
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
from parcours_sim.care.hospital import stay
from parcours_sim.care.parameters import TRIAGE
from parcours_sim.care.practices import acceptance_share
from parcours_sim.care.tallies import Count, count_other, count_other_at, count_other_wait
from parcours_sim.engine.kernels import duration, find_offer, lognormal

from .clock import Story
from .diaries import NO_OFFER, Offer
from .hospital import cared_for, in_hospital_bed, wait_for_room
from .state import Territory


def requests_to(territory: Territory, gp: int) -> Story:
    """The calls that a GP's practice gets from people not simulated one by one, day after day."""
    for offset in range(len(territory.day_codes)):
        mean = requests_on(territory, gp, offset)
        position, number = 0.0, 0
        while True:
            gap, kind, patience, lead = territory.draw(gp, OTHER_REQUEST, number, offset)
            position = next_arrival(position, gap, mean)
            if position >= 1.0:
                break
            yield territory.clock.at(request_time(territory, offset, position), order.REQUEST)
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
    demand, people, now = territory.demand, territory.people, territory.clock.now
    kind = kind_of_request(kind_mark, demand.symptomatic_share, demand.booked_share)
    unscheduled = kind == SYMPTOMATIC
    patience = lognormal(patience_mark, patience_median(demand, kind), demand.patience_sigma)
    wanted = now
    if kind == BOOKED_AHEAD:
        wanted += lognormal(lead_mark, demand.lead_days, demand.lead_sigma)
    no_gp, accepts, leaves, length = territory.draw(gp, OTHER_OUTCOME, address[1], address[0])
    is_own = no_gp >= people.without_gp_share
    count_other(territory, Count.GP_REQUESTS)
    offer = NO_OFFER
    if is_received(is_own, accepts, acceptance_share(territory)):
        offer = find_offer(territory, gp, wanted, patience, unscheduled, is_own)
    if offer[0] != NOBODY:
        serve(territory, offer, length)
        return
    count_other(territory, Count.GP_UNSERVED)
    if unscheduled and leaves < demand.unserved_to_ed_share:
        if not is_own or is_away(territory, gp):
            count_other(territory, Count.ED_VISITS_GP_ABSENT)
        territory.clock.tell(_wait_driven(territory, gp, address))


def serve(territory: Territory, offer: Offer, length_mark: float) -> None:
    """A request that is served: its wait counts by the request, the consultation by its date."""
    work, (gp, time, slot) = territory.work, offer
    length = duration(
        length_mark, work.consultation_law, work.consultation_days, work.consultation_sd_days
    )
    accept(territory, gp, time, slot, length)
    territory.contacts += 1
    count_other_wait(territory, territory.clock.now, time)
    count_other_at(territory, time, Count.GP_CONTACTS)
    count_other_at(territory, time, Count.GP_HOURS, 24.0 * length)


def emergencies(territory: Territory) -> Story:
    """Visits to the emergency department that no GP slot would have changed, day after day."""
    hospital, draw = territory.hospital, territory.draw
    for offset in range(len(territory.day_codes)):
        mean = emergencies_on(territory, offset)
        position, number = 0.0, 0
        while True:
            gap, acuity, admitted, care = draw(0, OTHER_EMERGENCY, number, offset)
            position = next_arrival(position, gap, mean)
            if position >= 1.0:
                break
            yield territory.clock.at(emergency_time(territory, offset, position), order.REQUEST)
            is_low = acuity < hospital.ed_low_acuity_share
            is_admitted = is_other_admitted(hospital, is_low, admitted)
            length, patience, *_ = draw(0, OTHER_STAY, number, offset)
            sent = hospital.doctor_first_shares[0]
            count_other(territory, Count.ED_VISITS_AFTER_DOCTOR, sent)
            visit = _visit(
                territory, care, patience, length, is_low=is_low, is_admitted=is_admitted
            )
            territory.clock.tell(visit)
            number += 1


def _wait_driven(territory: Territory, gp: int, address: tuple[int, int]) -> Story:
    """A visit of someone whom no slot on offer suited; of low acuity, so they go home after it."""
    count_other(territory, Count.ED_VISITS_WAIT_DRIVEN)
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
    hospital = territory.hospital
    triage = TRIAGE["low" if is_low else "standard"]
    visit = yield from wait_for_room(territory, None, triage, patience_mark)
    if visit is None:
        return
    bed = yield from cared_for(territory, None, visit, care_mark, is_admitted=is_admitted)
    if bed is not None:
        length = stay(stay_mark, hospital.other_stay_days, hospital.other_stay_sd_days)
        yield from in_hospital_bed(territory, bed, length)
