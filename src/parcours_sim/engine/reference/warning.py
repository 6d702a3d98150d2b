"""The response: somebody notices, a message travels, a slot is found, treatment acts.

Each step can fail, and a later contact is another chance. How the response and the window race is
told in `worsening.py`.
"""

from __future__ import annotations

from functools import partial

from parcours_sim.care import order
from parcours_sim.care.decisions import ANSWER, COURSE, CRISIS, HOME
from parcours_sim.care.episodes import is_effective, is_noticed, needs_precaution
from parcours_sim.engine.kernels import lognormal

from .admission import precautionary_stay
from .clock import Story
from .diaries import book, count_wait, find_slot, owner_of, release, release_all
from .endings import close
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
    GP to tell, the patient is sent to look for help.
    """
    if not patient.who.has_gp:
        respond(territory, patient, episode)
        return
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
    p, now, person = territory.parameters, territory.clock.now, patient.who.person
    patience_mark = territory.draw(person, COURSE, episode.occurrence, episode.kind.id)[3]
    patience = lognormal(patience_mark, p.demand.symptomatic_patience_days, p.demand.patience_sigma)
    territory.count_for(patient, "gp_requests")
    slot = -1
    if patient.who.is_accepted:
        slot = find_slot(
            territory, patient.who.gp, now, patience, unscheduled=True, is_own=patient.who.has_gp
        )
    if slot >= 0:
        episode.is_answered = True
        gp = owner_of(territory, slot)
        episode.appointment = book(territory, patient, slot, gp, "answer", episode.occurrence)
        episode.appointment.episode = episode
        count_wait(territory, now, episode.appointment.time, patient.groups[:2])
        return
    territory.count_for(patient, "gp_unserved")
    leaves = territory.draw(person, ANSWER, episode.occurrence, episode.kind.id)[3]
    if leaves < p.demand.unserved_to_ed_share or not patient.who.has_gp:
        episode.is_answered = True
        territory.clock.tell(seek_emergency_care(territory, patient, episode))


def treat(territory: Territory, patient: Patient, episode: Episode) -> None:
    """A response in primary care: it works, or not; some are admitted to be on the safe side."""
    if not episode.is_open or episode.is_treated:
        return
    kind, now, clock = episode.kind, territory.clock.now, territory.clock
    episode.is_answered = episode.is_treated = True
    if episode.appointment is not None:  # an earlier answer frees the slot for others
        release(territory, patient, episode.appointment)
        episode.appointment = None
    territory.note(patient, "treated", kind.name, episode.occurrence)
    territory.count_for(patient, "responses", episode.position)
    territory.count_for(patient, "response_time_days", episode.position, now - episode.onset)
    acts, works, precaution, _ = territory.draw(
        patient.who.person, ANSWER, episode.occurrence, kind.id
    )
    if needs_precaution(precaution, kind.precaution_share) and not patient.is_in_care:
        territory.count_for(patient, "hospitalisations_precautionary", episode.position)
        clock.tell(precautionary_stay(territory, patient, episode))
    elif is_effective(works, kind.efficacy_share):
        days = lognormal(acts, kind.treatment_days, kind.treatment_sigma)
        clock.tell(recover(territory, patient, episode, days))


def recover(territory: Territory, patient: Patient, episode: Episode, days: float) -> Story:
    """Treatment acts: if the window has not closed before, the crisis is averted."""
    yield territory.clock.at(territory.clock.now + days, order.RECOVERY)
    if episode.is_open:
        close(territory, patient, episode, "episodes_avoided", "averted")


def seek_emergency_care(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """No slot in time, or no GP: the emergency department treats as a GP would have."""
    person, kind = patient.who.person, episode.kind
    territory.count_for(patient, "ed_visits_wait_driven", episode.position)
    release_all(territory, patient)
    patient.is_in_care = True
    care = territory.draw(person, CRISIS, episode.occurrence, kind.id)[3]
    patience = territory.draw(person, HOME, episode.occurrence, kind.id)[2]
    room = yield from wait_for_room(territory, patient, LOW, patience)
    if room is not None:
        yield from cared_for(territory, patient, room, care, is_admitted=False)
    patient.is_in_care = False
    if room is not None:
        treat(territory, patient, episode)
