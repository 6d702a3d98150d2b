"""How things end: an episode closes, a life ends and its place is taken by somebody else."""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.control import drifted
from parcours_sim.care.decisions import CONTROL_DRIFT, DEATH, HAS_CONDITION
from parcours_sim.care.hazard import death_ceiling, hazard_of_death, is_kept
from parcours_sim.care.person import Held
from parcours_sim.care.population import starting_control
from parcours_sim.care.stays import leave_place
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine.kernels import exponential
from parcours_sim.engine.record import What

from .clock import Story
from .diaries import release, release_all
from .state import Episode, Patient, Territory


def close(
    territory: Territory, patient: Patient, episode: Episode, outcome: Count, what: What
) -> None:
    """End an episode; a slot held for it is free again."""
    episode.is_open = False
    patient.open_episodes.remove(episode)
    if episode.appointment is not None:
        release(territory, patient, episode.appointment)
        episode.appointment = None
    count_for(territory, patient, outcome, episode.position)
    territory.note_episode(patient, what, episode)


def close_in_crisis(territory: Territory, patient: Patient, episode: Episode) -> None:
    """The window has closed and nobody had an answer in time."""
    close(territory, patient, episode, Count.CRISES, What.CRISIS)
    if episode.kind.drug_incident:
        count_for(territory, patient, Count.DRUG_INCIDENTS, episode.position)


def dying(territory: Territory, patient: Patient) -> Story:
    """Candidate deaths over the place's time; one in a visit or a stay is discarded and counted.

    Whoever is in hospital dies or not by the rule of the stay.
    """
    ceiling = death_ceiling(territory, patient)
    time, number = territory.begins, 0
    while ceiling > 0.0:
        gap, mark, *_ = territory.draw(patient.person, DEATH, number, 0)
        time += exponential(gap, 1.0 / ceiling)
        yield territory.clock.at(time, order.DEATH)
        if is_kept(mark, hazard_of_death(territory, patient), ceiling):
            if patient.is_in_care:
                count_for(territory, patient, Count.CANDIDATES_DISCARDED)
            else:
                die(territory, patient)
        number += 1


def die(territory: Territory, patient: Patient) -> None:
    """A death: everything the patient held is free, and a new person takes the place.

    The new one keeps age band, conditions and professionals, or heart failure would drain away.
    """
    for episode in tuple(patient.open_episodes):
        close(territory, patient, episode, Count.EPISODES_CUT_SHORT, What.ENDS_WITH_DEATH)
    release_all(territory, patient)
    territory.note(patient, What.DIES)
    leave_place(territory, patient)
    start_control(territory, patient)


def start_control(territory: Territory, patient: Patient) -> None:
    """How well a person's conditions are held when they come into the simulation."""
    for place in range(patient.first_held, patient.end_held):
        held = territory.held[place]
        level_of_control(territory, patient, held)  # drifts due before now were the predecessor's
        condition = territory.conditions[held.condition]
        marks = territory.draw(patient.person, HAS_CONDITION, patient.generation, condition.id)
        held.control = starting_control(condition, marks[2])


def level_of_control(territory: Territory, patient: Patient, held: Held) -> int:
    """Control of one of the patient's conditions now, after the drifts that were due.

    Drifts lie on absolute time, and come down to what is read when someone asks.
    """
    condition = territory.conditions[held.condition]
    while held.drifts_at <= territory.clock.now:
        held.control = drifted(held.control)
        mark = territory.draw(patient.person, CONTROL_DRIFT, held.drifts, condition.id)[0]
        held.drifts += 1
        held.drifts_at += exponential(mark, condition.drift_mean_days)
    return held.control
