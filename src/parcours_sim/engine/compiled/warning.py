"""The response: who notices, the message, the slot, the treatment; the twin of
`reference/warning.py`.
"""

from __future__ import annotations

from parcours_sim.care import order, routine
from parcours_sim.care.access import is_away
from parcours_sim.care.advice import NO_PLATFORM, count_answer, platform_of, send_case
from parcours_sim.care.decisions import ADVICE, ANSWER, COURSE
from parcours_sim.care.distributions import lognormal
from parcours_sim.care.episodes import (
    is_effective,
    is_in_time,
    is_noticed,
    is_overtaken,
    needs_precaution,
    turns_to_emergency,
)
from parcours_sim.care.hospital import time_in_ed
from parcours_sim.care.parameters import GP, NURSE, PATIENT
from parcours_sim.care.practices import noticing_share
from parcours_sim.care.routine import contact_number
from parcours_sim.care.tallies import Count, count_for, count_message, count_response
from parcours_sim.engine import record
from parcours_sim.engine.record import Trace, What

from .admission import care_for_crisis, crisis, enter_care, leave_care, precautionary_stay
from .diaries import offer_to, release, take_up
from .draws import draw
from .endings import close, close_in_crisis, open_episode
from .hospital import LOW, arrive, begin_care, care_mark, new_visit
from .log import note_episode, note_link, trace
from .messages import days_of_message, loses, note_arrival, post
from .queue import plan
from .state import NOTHING, Reason, Receiver, Step, Territory


def notice(
    territory: Territory,
    patient: int,
    sender: int,
    decision: int,
    occurrence: int,
    continuity_ratio: float,
) -> None:
    """A contact is an occasion to notice every open episode; a GP who notices treats at once."""
    person = territory.patients[patient].person
    place = territory.patients[patient].first_episode
    while place != NOTHING:
        episode = territory.episodes[place]
        following = episode.next
        if not episode.is_treated:
            kind = territory.kinds[episode.kind]
            mark = draw(territory, person, decision, occurrence, kind.id)[0]
            row = territory.patients[patient]
            share = noticing_share(territory, row, episode.kind, sender)
            if is_noticed(mark, share, continuity_ratio):
                what = what_is_noticed(sender)
                note_episode(territory, patient, what, episode.kind, episode.occurrence)
                if sender == GP:
                    treat(territory, patient, place)
                elif not episode.is_answered:
                    warn(territory, patient, place, sender, occurrence)
        place = following


def what_is_noticed(sender: int) -> int:
    """What the log says of a professional who notices."""
    if sender == GP:
        return What.GP_NOTICES
    return What.NURSE_NOTICES if sender == NURSE else What.PHARMACIST_NOTICES


def warn(territory: Territory, patient: int, place: int, sender: int, occurrence: int) -> None:
    """Tell the GP, over a link that delays and may lose the message.

    A link that lost a message about an episode stays lost for that episode.
    """
    episode = territory.episodes[place]
    kind, number = episode.kind, episode.occurrence
    hampered = Trace.CALL_LATE if sender == PATIENT else Trace.PROFESSIONAL_LATE
    for link in range(len(territory.links)):
        row, bit = territory.links[link], 1 << link
        if row.sender != sender or row.receiver != GP:
            continue
        lost = (episode.lost_links & bit) != 0 or loses(territory, patient, link, kind, number, 0)
        count_message(territory, link, lost)
        if lost:
            episode.lost_links |= bit
            trace(territory, hampered, patient, kind, number)
            note_link(territory, patient, What.MESSAGE_LOST, link, number)
            continue
        urgent = territory.kinds[kind].urgent
        days = days_of_message(territory, patient, link, kind, occurrence, urgent)
        if days > 0.0:
            trace(territory, hampered, patient, kind, number)
            receiver = Receiver.GP_OF_WARNING
            post(territory, patient, link, kind, number, occurrence, receiver, days, 0.0)
        else:
            note_arrival(territory, patient, link, occurrence, days, True)
            respond(territory, patient, kind, number)


def respond(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """The GP knows: an appointment is found. The first message to arrive acts, later ones don't."""
    person, demand, row = territory.patients[patient], territory.demand, territory.kinds[kind]
    place = open_episode(territory, patient, kind, occurrence)
    if place == NOTHING or person.is_in_care or territory.episodes[place].is_answered:
        return
    mark = draw(territory, person.person, COURSE, occurrence, row.id)[3]
    patience = lognormal(mark, demand.symptomatic_patience_days, demand.patience_sigma)
    gp, time, slot = offer_to(territory, patient, territory.clock.now, patience, True)
    number = contact_number(row.id, occurrence, routine.ANSWER)
    if take_up(territory, patient, gp, time, slot, record.ANSWER, number, place):
        return
    leaves = draw(territory, person.person, ANSWER, occurrence, row.id)[3]
    if turns_to_emergency(leaves, demand.unserved_to_ed_share, person.has_gp):
        territory.episodes[place].is_answered = True
        if not person.has_gp or is_away(territory, person.gp):
            count_for(territory, person, Count.ED_VISITS_GP_ABSENT, kind)
        seek_emergency_care(territory, patient, place)


def treat(territory: Territory, patient: int, place: int) -> None:
    """A response in primary care: it works, or not; some are admitted to be on the safe side."""
    episode, person = territory.episodes[place], territory.patients[patient]
    if episode.is_treated:
        return
    kind, occurrence = episode.kind, episode.occurrence
    row = territory.kinds[kind]
    if episode.appointment != NOTHING:  # an earlier answer frees the slot for others
        release(territory, episode.appointment)
        episode.appointment = NOTHING
    count_response(territory, person, kind, territory.clock.now - episode.onset)
    mark = draw(territory, person.person, ANSWER, occurrence, row.id)[2]
    if needs_precaution(mark, row.precaution_share) and not person.is_in_care:
        trace(territory, Trace.ANSWERED_IN_TIME, patient, kind, occurrence)
        what = What.ADMITTED_AS_A_PRECAUTION
        close(territory, patient, place, Count.EPISODES_PRECAUTION, what)
        precautionary_stay(territory, patient, kind, occurrence)
    else:
        give_treatment(territory, patient, place)
        ask_expert(territory, patient, kind, occurrence)


def give_treatment(territory: Territory, patient: int, place: int) -> None:
    """Treatment, wherever it is given: if it works, it acts after a while."""
    episode, person = territory.episodes[place], territory.patients[patient]
    kind, occurrence = episode.kind, episode.occurrence
    row = territory.kinds[kind]
    episode.is_answered = episode.is_treated = True
    note_episode(territory, patient, What.TREATED, kind, occurrence)
    acts, works, _, _ = draw(territory, person.person, ANSWER, occurrence, row.id)
    days = lognormal(acts, row.treatment_days, row.treatment_sigma)
    if is_in_time(territory.clock.now, days, episode.crisis_at):
        trace(territory, Trace.ANSWERED_IN_TIME, patient, kind, occurrence)
    if is_effective(works, row.efficacy_share):
        acts_at = territory.clock.now + days
        plan(territory, acts_at, order.RECOVERY, Step.RECOVERY, patient, occurrence, kind)


def ask_expert(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """Where there is a platform for it, the GP may ask an expert about what was just treated."""
    person, row, now = territory.patients[patient], territory.kinds[kind], territory.clock.now
    asked, answer, _, _ = draw(territory, person.person, ADVICE, occurrence, row.id)
    platform = platform_of(territory, person, asked)
    if platform != NO_PLATFORM:
        note_episode(territory, patient, What.EXPERT_ASKED, kind, occurrence)
        answers_at = send_case(territory, person, kind, platform, answer)
        step = Step.EXPERT_ANSWER
        plan(territory, answers_at, order.MESSAGE, step, patient, occurrence, kind, now)


def expert_answers(
    territory: Territory, patient: int, kind: int, occurrence: int, asked_at: float
) -> None:
    """The answer is there: treatment is changed, and that may work where the first did not."""
    person, row, now = territory.patients[patient], territory.kinds[kind], territory.clock.now
    count_answer(territory, person, kind, now - asked_at)
    place = open_episode(territory, patient, kind, occurrence)
    if place == NOTHING or person.is_in_care:
        return
    note_episode(territory, patient, What.EXPERT_ANSWERS, kind, occurrence)
    _, _, acts, works = draw(territory, person.person, ADVICE, occurrence, row.id)
    if is_effective(works, territory.advice.efficacy_share):
        days = lognormal(acts, row.treatment_days, row.treatment_sigma)
        plan(territory, now + days, order.RECOVERY, Step.RECOVERY, patient, occurrence, kind)


def recover(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """Treatment acts: if the window has not closed before, the crisis is averted."""
    place = open_episode(territory, patient, kind, occurrence)
    if place != NOTHING:
        close(territory, patient, place, Count.EPISODES_AVOIDED, What.AVERTED)


def seek_emergency_care(territory: Territory, patient: int, place: int) -> None:
    """No slot in time, or no GP: the emergency department treats as a GP would have."""
    episode, person = territory.episodes[place], territory.patients[patient]
    kind, occurrence = episode.kind, episode.occurrence
    count_for(territory, person, Count.ED_VISITS_WAIT_DRIVEN, kind)
    enter_care(territory, patient)
    episode.is_at_emergency = True
    arrive(territory, new_visit(territory, Reason.UNSERVED, patient, kind, occurrence, LOW))


def shown_to_room(territory: Territory, visit: int) -> None:
    """In a room for what no GP had a slot for; it is a crisis if the window closes meanwhile."""
    row = territory.visits[visit]
    patient, kind, occurrence = row.patient, row.kind, row.occurrence
    leaves_at = territory.clock.now
    leaves_at += time_in_ed(territory.hospital, care_mark(territory, visit), False)
    if comes_too_late(territory, patient, kind, occurrence, leaves_at):
        place = open_episode(territory, patient, kind, occurrence)
        close_in_crisis(territory, patient, place)
        row.reason = Reason.CRISIS
        care_for_crisis(territory, visit)
    else:
        begin_care(territory, visit, False)


def comes_too_late(
    territory: Territory, patient: int, kind: int, occurrence: int, leaves_at: float
) -> bool:
    """Whether an episode is open and its window closes before the visit to the ED is over."""
    place = open_episode(territory, patient, kind, occurrence)
    if place == NOTHING:
        return False
    episode = territory.episodes[place]
    return is_overtaken(episode.resolves_alone, episode.crisis_at, leaves_at)


def left_unseen(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """Nobody saw the patient: a crisis if the window has closed, else other answers are open."""
    place = open_episode(territory, patient, kind, occurrence)
    if comes_too_late(territory, patient, kind, occurrence, territory.clock.now):
        is_treated = territory.episodes[place].is_treated
        close_in_crisis(territory, patient, place)
        leave_care(territory, patient)
        crisis(territory, patient, kind, occurrence, is_treated)
        return
    leave_care(territory, patient)
    if place != NOTHING:
        territory.episodes[place].is_at_emergency = False
        territory.episodes[place].is_answered = False


def treated_at_emergency(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """Home from the emergency department, which has treated as a GP would have."""
    leave_care(territory, patient)
    place = open_episode(territory, patient, kind, occurrence)
    if place != NOTHING:
        territory.episodes[place].is_at_emergency = False
        give_treatment(territory, patient, place)
