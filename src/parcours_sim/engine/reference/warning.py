"""The response: somebody notices, a message travels, a slot is found, treatment acts.

Each step can fail, and a later contact is another chance. How the response and the window race is
told in `worsening.py`.
"""

from __future__ import annotations

from functools import partial

from parcours_sim.care import order
from parcours_sim.care import routine as calendar
from parcours_sim.care.decisions import ANSWER, COURSE, CRISIS, HOME
from parcours_sim.care.episodes import is_effective, is_noticed, needs_precaution
from parcours_sim.care.hospital import time_in_care
from parcours_sim.engine.kernels import lognormal

from . import diaries
from .admission import crisis, enter_care, leave_care, precautionary_stay, seen_in_crisis
from .clock import Story
from .diaries import book, count_wait, find_offer, release
from .endings import close, close_in_crisis
from .hospital import LOW, cared_for, wait_for_room
from .messages import count_sent, is_lost, links_from, travel
from .state import Episode, Patient, Territory


def notice(
    territory: Territory,
    patient: Patient,
    sender: str,
    decision: int,
    occurrence: int,
    continuity_ratio: float = 1.0,
) -> None:
    """A contact is an occasion to notice every open episode; a GP who notices treats at once."""
    for episode in tuple(patient.open_episodes):
        if episode.is_treated:
            continue
        kind = episode.kind
        share = {
            "gp": kind.gp_share,
            "nurse": kind.nurse_share,
            "pharmacist": kind.pharmacist_share,
        }[sender]
        mark = territory.draw(patient.who.person, decision, occurrence, kind.id)[0]
        if is_noticed(mark, share, continuity_ratio):
            territory.note(patient, f"{sender} notices", kind.name, episode.occurrence)
            if sender == "gp":
                treat(territory, patient, episode)
            elif not episode.is_answered:
                warn(territory, patient, episode, sender, occurrence)


def warn(
    territory: Territory, patient: Patient, episode: Episode, sender: str, occurrence: int
) -> None:
    """Tell the GP, over a link that delays and may lose the message.

    A link that lost a message about an episode stays lost for that episode. Where there is no usual
    GP, the message goes to the practice that the patient tries.
    """
    for link in links_from(territory, sender, "gp"):
        aspect = episode.kind.link_ids[link]
        lost = link in episode.lost_links or is_lost(
            territory, patient, link, aspect, episode.occurrence, 0
        )
        count_sent(territory, link, lost=lost)
        if lost:
            episode.lost_links.add(link)
            name = territory.parameters.links[link].name
            territory.note(patient, "message lost", name, episode.occurrence)
        else:
            arrives = partial(respond, territory, patient, episode)
            message = travel(
                territory, patient, link, aspect, occurrence, episode.kind.urgent, arrives
            )
            territory.clock.tell(message)


def respond(territory: Territory, patient: Patient, episode: Episode) -> None:
    """The GP knows: an appointment is found. The first message to arrive acts, later ones don't."""
    if not episode.is_open or episode.is_answered or patient.is_in_care:
        return
    kind, now, person = episode.kind, territory.clock.now, patient.who.person
    demand = territory.parameters.demand
    patience_mark = territory.draw(person, COURSE, episode.occurrence, kind.id)[3]
    patience = lognormal(patience_mark, demand.symptomatic_patience_days, demand.patience_sigma)
    territory.count_for(patient, "gp_requests")
    offer = None
    if patient.who.is_accepted:
        gp, is_own = patient.who.gp, patient.who.has_gp
        offer = find_offer(territory, gp, now, patience, unscheduled=True, is_own=is_own)
    if offer is not None:
        number = calendar.contact_number(kind.id, episode.occurrence, calendar.ANSWER)
        episode.is_answered = True
        episode.appointment = book(territory, patient, offer, diaries.ANSWER, number)
        episode.appointment.episode = episode
        count_wait(territory, now, offer.time, patient.groups[:2])
        return
    territory.count_for(patient, "gp_unserved")
    leaves = territory.draw(person, ANSWER, episode.occurrence, kind.id)[3]
    if leaves < demand.unserved_to_ed_share or not patient.who.has_gp:
        episode.is_answered = True
        territory.clock.tell(seek_emergency_care(territory, patient, episode))


def treat(territory: Territory, patient: Patient, episode: Episode) -> None:
    """A response in primary care: it works, or not; some are admitted to be on the safe side."""
    if not episode.is_open or episode.is_treated:
        return
    kind, now = episode.kind, territory.clock.now
    if episode.appointment is not None:  # an earlier answer frees the slot for others
        release(territory, patient, episode.appointment)
        episode.appointment = None
    territory.count_for(patient, "responses", episode.position)
    territory.count_for(patient, "response_time_days", episode.position, now - episode.onset)
    mark = territory.draw(patient.who.person, ANSWER, episode.occurrence, kind.id)[2]
    if needs_precaution(mark, kind.precaution_share) and not patient.is_in_care:
        close(territory, patient, episode, "episodes_precaution", "admitted as a precaution")
        territory.clock.tell(precautionary_stay(territory, patient, episode))
    else:
        give_treatment(territory, patient, episode)


def give_treatment(territory: Territory, patient: Patient, episode: Episode) -> None:
    """Treatment, wherever it is given: if it works, it acts after a while."""
    kind = episode.kind
    episode.is_answered = episode.is_treated = True
    territory.note(patient, "treated", kind.name, episode.occurrence)
    acts, works, *_ = territory.draw(patient.who.person, ANSWER, episode.occurrence, kind.id)
    if is_effective(works, kind.efficacy_share):
        days = lognormal(acts, kind.treatment_days, kind.treatment_sigma)
        territory.clock.tell(recover(territory, patient, episode, days))


def recover(territory: Territory, patient: Patient, episode: Episode, days: float) -> Story:
    """Treatment acts: if the window has not closed before, the crisis is averted."""
    yield territory.clock.at(territory.clock.now + days, order.RECOVERY)
    if episode.is_open:
        close(territory, patient, episode, "episodes_avoided", "averted")


def seek_emergency_care(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """No slot in time, or no GP: the emergency department treats as a GP would have.

    If the window closes before the visit is over, the visit is the crisis.
    """
    p, person, kind = territory.parameters, patient.who.person, episode.kind
    territory.count_for(patient, "ed_visits_wait_driven", episode.position)
    enter_care(territory, patient)
    episode.is_at_emergency = True
    care = territory.draw(person, CRISIS, episode.occurrence, kind.id)[3]
    patience = territory.draw(person, HOME, episode.occurrence, kind.id)[2]
    visit = yield from wait_for_room(territory, patient, LOW, patience, episode.position)
    lasts = time_in_care(care, p.hospital.ed_law, p.hospital.ed_home_days, p.hospital.ed_sd_ratio)
    leaves_at = territory.clock.now + (lasts if visit is not None else 0.0)
    if episode.is_open and not episode.resolves_alone and episode.crisis_at <= leaves_at:
        close_in_crisis(territory, patient, episode)
        if visit is not None:
            yield from seen_in_crisis(territory, patient, episode, visit)
        else:
            leave_care(patient)
            yield from crisis(territory, patient, episode)
        return
    if visit is not None:
        yield from cared_for(territory, patient, visit, care, is_admitted=False)
    leave_care(patient)
    episode.is_at_emergency = False
    if episode.is_open and visit is not None:
        give_treatment(territory, patient, episode)
    else:
        episode.is_answered = False
