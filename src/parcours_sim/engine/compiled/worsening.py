"""A worsening episode: onset, course, first sign; the twin of `reference/worsening.py`."""

from __future__ import annotations

import math

from parcours_sim.care import order
from parcours_sim.care.decisions import CANDIDATE, COURSE
from parcours_sim.care.distributions import exponential
from parcours_sim.care.episodes import asks_after, window_of
from parcours_sim.care.hazard import hazard_of_onset, is_kept, is_spared, severity_of
from parcours_sim.care.parameters import PATIENT
from parcours_sim.care.population import place_of
from parcours_sim.care.practices import patient_delay_ratio
from parcours_sim.care.stays import follows_late_letter
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine.record import Trace, What

from .admission import crisis
from .draws import draw
from .endings import close, close_in_crisis, level_of_control, open_episode
from .log import note_episode, trace
from .pools import chain, take
from .queue import plan
from .state import NOTHING, Pool, Step, Territory
from .warning import warn


def ceiling_of(territory: Territory, patient: int, kind: int) -> float:
    """The rate at which candidate onsets of a kind are drawn for a patient, per day."""
    row = territory.kinds[kind]
    _, severity_ceiling = severity_of(territory, territory.patients[patient], row)
    return float(row.ceiling_per_day * severity_ceiling)


def plan_onset(territory: Territory, patient: int, kind: int, time: float, number: int) -> None:
    """Plan the next candidate onset of a kind, `time` being that of the last."""
    ceiling = ceiling_of(territory, patient, kind)
    if ceiling > 0.0:
        person = territory.patients[patient].person
        gap = draw(territory, person, CANDIDATE, number, territory.kinds[kind].id)[0]
        time += exponential(gap, 1.0 / ceiling)
        plan(territory, time, order.ONSET, Step.CANDIDATE_ONSET, patient, number, kind)


def candidate_onset(territory: Territory, patient: int, kind: int, number: int) -> None:
    """A candidate onset; one during the same kind of episode, a visit or a stay is discarded."""
    person, row = territory.patients[patient], territory.kinds[kind]
    _, mark, sudden, length = draw(territory, person.person, CANDIDATE, number, row.id)
    severity, _ = severity_of(territory, person, row)
    control, ceiling = control_ratio(territory, patient, kind), ceiling_of(territory, patient, kind)
    is_free = not person.is_in_care and not has_open(territory, patient, kind)
    if is_kept(mark, hazard_of_onset(territory, person, row, severity, control), ceiling):
        if is_free:
            begin(territory, patient, kind, number, sudden, length)
        else:
            count_for(territory, person, Count.CANDIDATES_DISCARDED, kind)
    elif is_free and is_spared(territory, person, row, severity, control, mark, ceiling):
        trace(territory, Trace.SPARED, patient, kind, number)
    plan_onset(territory, patient, kind, territory.clock.now, number + 1)


def control_ratio(territory: Territory, patient: int, kind: int) -> float:
    """What control of the patient's condition makes of the hazard of a kind now."""
    row = territory.kinds[kind]
    if not row.depends_on_control or row.condition < 0:
        return 1.0
    place = place_of(territory.patients[patient], territory.held, row.condition)
    level = level_of_control(territory, patient, place)
    return float(territory.conditions[row.condition].control_ratios[level])


def has_open(territory: Territory, patient: int, kind: int) -> bool:
    """Whether a patient has an open episode of a kind."""
    place = territory.patients[patient].first_episode
    while place != NOTHING:
        if territory.episodes[place].kind == kind:
            return True
        place = territory.episodes[place].next
    return False


def begin(
    territory: Territory,
    patient: int,
    kind: int,
    occurrence: int,
    sudden_mark: float,
    window_mark: float,
) -> None:
    """The first usable sign: from here the window runs, and the patient may notice."""
    person, row, now = territory.patients[patient], territory.kinds[kind], territory.clock.now
    days = window_of(row, sudden_mark, window_mark)
    alone, notices, delay, _ = draw(territory, person.person, COURSE, occurrence, row.id)
    place = take(territory, territory.episodes, Pool.EPISODES)
    episode = territory.episodes[place]
    episode.kind = kind
    episode.occurrence = occurrence
    episode.onset = now
    episode.crisis_at = now + days
    episode.resolves_alone = alone < row.resolves_alone_share
    episode.is_answered = episode.is_treated = episode.is_at_emergency = False
    episode.lost_links = 0
    episode.appointment = NOTHING
    episode.waits_since = NOTHING
    person.first_episode = chain(territory.episodes, person.first_episode, place)
    if follows_late_letter(territory, person):
        trace(territory, Trace.LETTER_LATE, patient, kind, occurrence)
    count_for(territory, person, Count.EPISODES, kind)
    note_episode(territory, patient, What.EPISODE_BEGINS, kind, occurrence)
    plan(territory, episode.crisis_at, order.CRISIS, Step.WINDOW_END, patient, occurrence, kind)
    after = asks_after(row, notices, delay, patient_delay_ratio(territory, person), days)
    if after < math.inf:
        plan(territory, now + after, order.NOTICE, Step.NOTICE, patient, occurrence, kind)


def window_ends(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """What comes of an episode that nobody ended before: it resolves alone, or becomes a crisis."""
    place = open_episode(territory, patient, kind, occurrence)
    if place == NOTHING:
        return
    episode = territory.episodes[place]
    if episode.resolves_alone:
        what = What.RESOLVES_ALONE
        close(territory, patient, place, Count.EPISODES_RESOLVED_ALONE, what)
    elif not episode.is_at_emergency:
        window_closes(territory, patient, place)


def window_closes(territory: Territory, patient: int, place: int) -> None:
    """Nobody had an answer in time. Someone in the ED for something else is seen there first."""
    person, episode = territory.patients[patient], territory.episodes[place]
    if person.is_on_visit:
        territory.clock.turns += 1
        episode.waits_since = territory.clock.turns
    elif person.is_in_bed:
        what = What.OVERTAKEN_IN_HOSPITAL
        close(territory, patient, place, Count.EPISODES_CUT_SHORT, what)
    else:
        kind, occurrence, is_treated = episode.kind, episode.occurrence, episode.is_treated
        close_in_crisis(territory, patient, place)
        crisis(territory, patient, kind, occurrence, is_treated)


def visit_is_over(territory: Territory, patient: int) -> None:
    """Crises that waited for the end of a visit come to light in the order of their windows."""
    latest = territory.clock.turns
    place = next_to_wait(territory, patient, latest)
    while place != NOTHING:
        territory.episodes[place].waits_since = NOTHING
        window_closes(territory, patient, place)
        place = next_to_wait(territory, patient, latest)


def next_to_wait(territory: Territory, patient: int, latest: int) -> int:
    """Whose window closed first of a patient's episodes that wait, up to a turn; or NOTHING."""
    found, first = NOTHING, latest + 1
    place = territory.patients[patient].first_episode
    while place != NOTHING:
        since = territory.episodes[place].waits_since
        if since != NOTHING and since < first:
            found, first = place, since
        place = territory.episodes[place].next
    return found


def patient_notices(territory: Territory, patient: int, kind: int, occurrence: int) -> None:
    """The patient has borne the signs for a while, and asks for help."""
    place = open_episode(territory, patient, kind, occurrence)
    if place == NOTHING or territory.patients[patient].is_in_care:
        return
    if not territory.episodes[place].is_answered:
        note_episode(territory, patient, What.PATIENT_NOTICES, kind, occurrence)
        warn(territory, patient, place, PATIENT, occurrence)
