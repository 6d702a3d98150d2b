"""A worsening episode: the race between its window and the response.

Here are its onset, its course, and its first sign to the patient; the response is in `warning.py`,
what a crisis leads to in `admission.py`.
"""

from __future__ import annotations

import math

from parcours_sim.care import order
from parcours_sim.care.calendar import season_factor
from parcours_sim.care.decisions import CANDIDATE, COURSE
from parcours_sim.care.episodes import window
from parcours_sim.care.hazard import excess_after_discharge, is_kept, onset_hazard
from parcours_sim.care.parameters import UNCHANGED, Kind
from parcours_sim.engine.kernels import exponential, lognormal

from .admission import crisis
from .clock import Story
from .endings import close, close_in_crisis, level_of_control
from .state import Episode, Patient, Territory
from .warning import warn


def candidates(territory: Territory, patient: Patient, position: int) -> Story:
    """Candidate onsets of one kind over a life, at a ceiling; each is kept by its own mark.

    A candidate during the same kind of episode, a visit or a stay is discarded and counted.
    """
    kind = territory.parameters.kinds[position]
    severity, severity_ceiling = severity_of(patient, kind)
    ceiling = kind.ceiling_per_day * severity_ceiling
    time, number = territory.parameters.begins, 0
    while ceiling > 0.0:
        gap, mark, sudden, length = territory.draw(patient.who.person, CANDIDATE, number, kind.id)
        time += exponential(gap, 1.0 / ceiling)
        yield territory.clock.at(time, order.ONSET)
        if is_kept(mark, hazard_of(territory, patient, kind, severity), ceiling):
            if patient.is_in_care or any(e.kind is kind for e in patient.open_episodes):
                territory.count_for(patient, "candidates_discarded", position)
            else:
                begin(territory, patient, position, number, sudden, length)
        number += 1


def severity_of(patient: Patient, kind: Kind) -> tuple[float, float]:
    """Hazard ratio of the patient's class of severity for a kind, and its highest plausible one."""
    if kind.condition < 0:
        return 1.0, 1.0
    place = patient.who.conditions.index(kind.condition)
    return patient.who.severities[place], patient.who.severity_ceilings[place]


def hazard_of(territory: Territory, patient: Patient, kind: Kind, severity: float) -> float:
    """The hazard of an onset at this moment, per day."""
    p, now = territory.parameters, territory.clock.now
    control = 1.0
    if kind.depends_on_control and kind.condition >= 0:
        place = patient.who.conditions.index(kind.condition)
        level = level_of_control(territory, patient, place)
        control = p.conditions[kind.condition].control_ratios[level]
    excess = 0.0
    if kind.after_discharge != UNCHANGED and patient.discharged_at > -math.inf:
        excess = excess_after_discharge(
            now - patient.discharged_at,
            p.after.excess_ratio,
            p.after.excess_decay_days,
            p.after.informed_relief_share,
            patient.is_relieved,
        )
    season = season_factor(
        now, kind.winter_amplitude, p.demand.winter_peak_day, territory.start_day
    )
    return onset_hazard(kind.rate_per_day, severity, control, season, kind.after_discharge, excess)


def begin(
    territory: Territory,
    patient: Patient,
    position: int,
    occurrence: int,
    sudden_mark: float,
    window_mark: float,
) -> None:
    """The first usable sign: from here the window runs, and the patient may notice."""
    clock, kind = territory.clock, territory.parameters.kinds[position]
    days = window(
        sudden_mark,
        window_mark,
        kind.sudden_share,
        kind.sudden_days,
        kind.sudden_sigma,
        kind.gradual_days,
        kind.gradual_sigma,
    )
    alone, notices, delay, _ = territory.draw(patient.who.person, COURSE, occurrence, kind.id)
    resolves_alone = alone < kind.resolves_alone_share
    episode = Episode(kind, position, occurrence, clock.now, clock.now + days, resolves_alone)
    patient.open_episodes.append(episode)
    territory.count_for(patient, "episodes", position)
    territory.note(patient, "episode begins", kind.name, occurrence)
    clock.tell(run_its_course(territory, patient, episode))
    if notices < kind.patient_share:
        after = lognormal(delay, kind.patient_delay_days, kind.patient_delay_sigma)
        if after < days:
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
        close(territory, patient, episode, "episodes_resolved_alone", "resolves alone")
        return
    if not episode.is_at_emergency:
        yield from window_closes(territory, patient, episode)


def window_closes(territory: Territory, patient: Patient, episode: Episode) -> Story:
    """Nobody had an answer in time. Someone in the ED for something else is seen there first."""
    while patient.visit_is_over is not None:  # another crisis may have begun a new visit meanwhile
        yield patient.visit_is_over
    if episode.is_open and patient.is_in_bed:
        close(territory, patient, episode, "episodes_cut_short", "overtaken in hospital")
    elif episode.is_open:
        close_in_crisis(territory, patient, episode)
        yield from crisis(territory, patient, episode)


def patient_notices(
    territory: Territory, patient: Patient, episode: Episode, after_days: float
) -> Story:
    """The patient bears the signs for a while, then asks for help."""
    yield territory.clock.at(territory.clock.now + after_days, order.NOTICE)
    if episode.is_open and not episode.is_answered and not patient.is_in_care:
        territory.note(patient, "patient notices", episode.kind.name, episode.occurrence)
        warn(territory, patient, episode, "patient", episode.occurrence)
