"""A worsening episode: the race between its window and the response.

Here are its onset, its course, and its first sign to the patient; the response is in `warning.py`,
what a crisis leads to in `admission.py`.
"""

from __future__ import annotations

import math

from parcours_sim.care import order
from parcours_sim.care.decisions import CANDIDATE, COURSE
from parcours_sim.care.episodes import asks_after, window_of
from parcours_sim.care.hazard import hazard_of_onset, is_kept, is_spared, severity_of
from parcours_sim.care.parameters import PATIENT, Kind
from parcours_sim.care.population import place_of
from parcours_sim.care.practices import patient_delay_ratio
from parcours_sim.care.stays import follows_late_letter
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine.kernels import exponential
from parcours_sim.engine.record import Trace, What

from .admission import crisis
from .clock import Story
from .endings import close, close_in_crisis, level_of_control
from .state import Episode, Patient, Territory
from .warning import warn


def candidates(territory: Territory, patient: Patient, position: int) -> Story:
    """Candidate onsets of one kind over a life, at a ceiling; each is kept by its own mark.

    A candidate during the same kind of episode, a visit or a stay is discarded and counted.
    """
    kind = territory.kinds[position]
    severity, severity_ceiling = severity_of(territory, patient, kind)
    ceiling = kind.ceiling_per_day * severity_ceiling
    time, number = territory.begins, 0
    while ceiling > 0.0:
        gap, mark, sudden, length = territory.draw(patient.person, CANDIDATE, number, kind.id)
        time += exponential(gap, 1.0 / ceiling)
        yield territory.clock.at(time, order.ONSET)
        control = control_ratio(territory, patient, kind)
        hazard = hazard_of_onset(territory, patient, kind, severity, control)
        is_free = not patient.is_in_care and all(e.kind is not kind for e in patient.open_episodes)
        if is_kept(mark, hazard, ceiling):
            if is_free:
                begin(territory, patient, position, number, sudden, length)
            else:
                count_for(territory, patient, Count.CANDIDATES_DISCARDED, position)
        elif is_free and is_spared(territory, patient, kind, severity, control, mark, ceiling):
            territory.trace(Trace.SPARED, patient, position, number)
        number += 1


def control_ratio(territory: Territory, patient: Patient, kind: Kind) -> float:
    """What control of the patient's condition makes of the hazard of a kind now."""
    if not kind.depends_on_control or kind.condition < 0:
        return 1.0
    held = territory.held[place_of(patient, territory.held, kind.condition)]
    level = level_of_control(territory, patient, held)
    return territory.conditions[kind.condition].control_ratios[level]


def begin(
    territory: Territory,
    patient: Patient,
    position: int,
    occurrence: int,
    sudden_mark: float,
    window_mark: float,
) -> None:
    """The first usable sign: from here the window runs, and the patient may notice."""
    clock, kind = territory.clock, territory.kinds[position]
    days = window_of(kind, sudden_mark, window_mark)
    alone, notices, delay, _ = territory.draw(patient.person, COURSE, occurrence, kind.id)
    resolves_alone = alone < kind.resolves_alone_share
    episode = Episode(kind, position, occurrence, clock.now, clock.now + days, resolves_alone)
    patient.open_episodes.append(episode)
    if follows_late_letter(territory, patient):
        territory.trace(Trace.LETTER_LATE, patient, position, occurrence)
    count_for(territory, patient, Count.EPISODES, position)
    territory.note_episode(patient, What.EPISODE_BEGINS, episode)
    clock.tell(run_its_course(territory, patient, episode))
    after = asks_after(kind, notices, delay, patient_delay_ratio(territory, patient), days)
    if after < math.inf:
        clock.tell(patient_notices(territory, patient, episode, after))


def run_its_course(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """What comes of an episode that nobody ends before: it resolves alone, or becomes a crisis.

    In a hospital bed the crisis is dealt with there; in the emergency department for something
    else, it comes to light when that visit is over.
    """
    yield territory.clock.at(episode.crisis_at, order.CRISIS)
    if not episode.is_open:
        return
    if episode.resolves_alone:
        close(territory, patient, episode, Count.EPISODES_RESOLVED_ALONE, What.RESOLVES_ALONE)
        return
    if not episode.is_at_emergency:
        yield from window_closes(territory, patient, episode)


def window_closes(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """Nobody had an answer in time. Someone in the ED for something else is seen there first."""
    while patient.visit_is_over is not None:  # another crisis may have begun a new visit meanwhile
        yield patient.visit_is_over
    if episode.is_open and patient.is_in_bed:
        close(territory, patient, episode, Count.EPISODES_CUT_SHORT, What.OVERTAKEN_IN_HOSPITAL)
    elif episode.is_open:
        close_in_crisis(territory, patient, episode)
        yield from crisis(territory, patient, episode)


def patient_notices(
    territory: Territory, patient: Patient, episode: Episode, after_days: float
) -> Story:
    """The patient bears the signs for a while, then asks for help."""
    yield territory.clock.at(territory.clock.now + after_days, order.NOTICE)
    if episode.is_open and not episode.is_answered and not patient.is_in_care:
        territory.note_episode(patient, What.PATIENT_NOTICES, episode)
        warn(territory, patient, episode, PATIENT, episode.occurrence)
