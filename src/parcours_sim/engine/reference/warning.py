"""The response: somebody notices, a message travels, a slot is found, treatment acts.

Each step can fail, and a later contact is another chance. How the response and the window race is
told in `worsening.py`.
"""

from __future__ import annotations

from functools import partial

from parcours_sim.care import order, routine
from parcours_sim.care.access import is_away
from parcours_sim.care.advice import NO_PLATFORM, count_answer, platform_of, send_case
from parcours_sim.care.decisions import ADVICE, ANSWER, COURSE, CRISIS, HOME
from parcours_sim.care.episodes import (
    is_effective,
    is_in_time,
    is_noticed,
    is_overtaken,
    needs_precaution,
    turns_to_emergency,
)
from parcours_sim.care.hospital import time_in_ed
from parcours_sim.care.parameters import GP, NURSE, PATIENT, PHARMACIST
from parcours_sim.care.practices import noticing_share
from parcours_sim.care.tallies import Count, count_for, count_message, count_response
from parcours_sim.engine import record
from parcours_sim.engine.kernels import lognormal
from parcours_sim.engine.record import Trace, What

from .admission import crisis, enter_care, leave_care, precautionary_stay, seen_in_crisis
from .clock import Story
from .diaries import offer_to, release, take_up
from .endings import close, close_in_crisis
from .hospital import LOW, cared_for, wait_for_room
from .messages import days_of_message, is_lost, links_from, travel
from .state import Episode, Patient, Territory

NOTICES = {
    GP: What.GP_NOTICES,
    NURSE: What.NURSE_NOTICES,
    PHARMACIST: What.PHARMACIST_NOTICES,
}


def notice(
    territory: Territory,
    patient: Patient,
    sender: int,
    decision: int,
    occurrence: int,
    continuity_ratio: float = 1.0,
) -> None:
    """A contact is an occasion to notice every open episode; a GP who notices treats at once."""
    for episode in tuple(patient.open_episodes):
        if episode.is_treated:
            continue
        kind = episode.kind
        mark = territory.draw(patient.person, decision, occurrence, kind.id)[0]
        share = noticing_share(territory, patient, episode.position, sender)
        if is_noticed(mark, share, continuity_ratio):
            territory.note_episode(patient, NOTICES[sender], episode)
            if sender == GP:
                treat(territory, patient, episode)
            elif not episode.is_answered:
                warn(territory, patient, episode, sender, occurrence)


def warn(
    territory: Territory, patient: Patient, episode: Episode, sender: int, occurrence: int
) -> None:
    """Tell the GP, over a link that delays and may lose the message.

    A link that lost a message about an episode stays lost for that episode. Where there is no usual
    GP, the message goes to the practice that the patient tries.
    """
    hampered = Trace.CALL_LATE if sender == PATIENT else Trace.PROFESSIONAL_LATE
    for link in links_from(territory, sender, GP):
        aspect = episode.kind.link_ids[link]
        lost = link in episode.lost_links or is_lost(
            territory, patient, link, aspect, episode.occurrence, 0
        )
        count_message(territory, link, lost)
        if lost:
            episode.lost_links.add(link)
            territory.trace(hampered, patient, episode.position, episode.occurrence)
            territory.note_link(patient, What.MESSAGE_LOST, link, episode.occurrence)
        else:
            urgent = episode.kind.urgent
            days = days_of_message(territory, patient, link, aspect, occurrence, urgent)
            if days > 0.0:
                territory.trace(hampered, patient, episode.position, episode.occurrence)
            arrives = partial(respond, territory, patient, episode)
            territory.clock.tell(travel(territory, patient, link, occurrence, days, arrives))


def respond(territory: Territory, patient: Patient, episode: Episode) -> None:
    """The GP knows: an appointment is found. The first message to arrive acts, later ones don't."""
    if not episode.is_open or episode.is_answered or patient.is_in_care:
        return
    kind, now, demand = episode.kind, territory.clock.now, territory.demand
    mark = territory.draw(patient.person, COURSE, episode.occurrence, kind.id)[3]
    patience = lognormal(mark, demand.symptomatic_patience_days, demand.patience_sigma)
    offer = offer_to(territory, patient, now, patience, unscheduled=True)
    number = routine.contact_number(kind.id, episode.occurrence, routine.ANSWER)
    if take_up(territory, patient, offer, record.ANSWER, number, episode):
        return
    leaves = territory.draw(patient.person, ANSWER, episode.occurrence, kind.id)[3]
    if turns_to_emergency(leaves, demand.unserved_to_ed_share, patient.has_gp):
        episode.is_answered = True
        if not patient.has_gp or is_away(territory, patient.gp):
            count_for(territory, patient, Count.ED_VISITS_GP_ABSENT, episode.position)
        territory.clock.tell(seek_emergency_care(territory, patient, episode))


def treat(territory: Territory, patient: Patient, episode: Episode) -> None:
    """A response in primary care: it works, or not; some are admitted to be on the safe side."""
    if not episode.is_open or episode.is_treated:
        return
    kind, now = episode.kind, territory.clock.now
    if episode.appointment is not None:  # an earlier answer frees the slot for others
        release(territory, patient, episode.appointment)
        episode.appointment = None
    count_response(territory, patient, episode.position, now - episode.onset)
    mark = territory.draw(patient.person, ANSWER, episode.occurrence, kind.id)[2]
    if needs_precaution(mark, kind.precaution_share) and not patient.is_in_care:
        territory.trace(Trace.ANSWERED_IN_TIME, patient, episode.position, episode.occurrence)
        close(territory, patient, episode, Count.EPISODES_PRECAUTION, What.ADMITTED_AS_A_PRECAUTION)
        territory.clock.tell(precautionary_stay(territory, patient, episode))
    else:
        give_treatment(territory, patient, episode)
        ask_expert(territory, patient, episode)


def give_treatment(territory: Territory, patient: Patient, episode: Episode) -> None:
    """Treatment, wherever it is given: if it works, it acts after a while."""
    kind = episode.kind
    episode.is_answered = episode.is_treated = True
    territory.note_episode(patient, What.TREATED, episode)
    acts, works, *_ = territory.draw(patient.person, ANSWER, episode.occurrence, kind.id)
    days = lognormal(acts, kind.treatment_days, kind.treatment_sigma)
    if is_in_time(territory.clock.now, days, episode.crisis_at):
        territory.trace(Trace.ANSWERED_IN_TIME, patient, episode.position, episode.occurrence)
    if is_effective(works, kind.efficacy_share):
        territory.clock.tell(recover(territory, patient, episode, days))


def ask_expert(territory: Territory, patient: Patient, episode: Episode) -> None:
    """Where there is a platform for it, the GP may ask an expert about what was just treated."""
    kind = episode.kind
    asked, answer, *_ = territory.draw(patient.person, ADVICE, episode.occurrence, kind.id)
    platform = platform_of(territory, patient, asked)
    if platform != NO_PLATFORM:
        territory.note_episode(patient, What.EXPERT_ASKED, episode)
        answers_at = send_case(territory, patient, episode.position, platform, answer)
        territory.clock.tell(expert_answers(territory, patient, episode, answers_at))


def expert_answers(
    territory: Territory, patient: Patient, episode: Episode, answers_at: float
) -> Story:
    """The answer is there: treatment is changed, and that may work where the first did not.

    Whoever is in hospital by then is treated there, and the answer comes too late for them.
    """
    asked_at = territory.clock.now
    yield territory.clock.at(answers_at, order.MESSAGE)
    count_answer(territory, patient, episode.position, answers_at - asked_at)
    if not episode.is_open or patient.is_in_care:
        return
    kind = episode.kind
    territory.note_episode(patient, What.EXPERT_ANSWERS, episode)
    *_, acts, works = territory.draw(patient.person, ADVICE, episode.occurrence, kind.id)
    if is_effective(works, territory.advice.efficacy_share):
        days = lognormal(acts, kind.treatment_days, kind.treatment_sigma)
        territory.clock.tell(recover(territory, patient, episode, days))


def recover(territory: Territory, patient: Patient, episode: Episode, days: float) -> Story:
    """Treatment acts: if the window has not closed before, the crisis is averted."""
    yield territory.clock.at(territory.clock.now + days, order.RECOVERY)
    if episode.is_open:
        close(territory, patient, episode, Count.EPISODES_AVOIDED, What.AVERTED)


def seek_emergency_care(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """No slot in time, or no GP: the emergency department treats as a GP would have.

    If the window closes before the visit is over, the visit is the crisis.
    """
    person, kind = patient.person, episode.kind
    count_for(territory, patient, Count.ED_VISITS_WAIT_DRIVEN, episode.position)
    enter_care(territory, patient)
    episode.is_at_emergency = True
    care = territory.draw(person, CRISIS, episode.occurrence, kind.id)[3]
    patience = territory.draw(person, HOME, episode.occurrence, kind.id)[2]
    visit = yield from wait_for_room(territory, patient, LOW, patience, episode.position)
    leaves_at = territory.clock.now
    if visit is not None:
        leaves_at += time_in_ed(territory.hospital, care, False)
    if episode.is_open and is_overtaken(episode.resolves_alone, episode.crisis_at, leaves_at):
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
