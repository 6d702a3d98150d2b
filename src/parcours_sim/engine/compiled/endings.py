"""How things end: an episode closes, a life ends; the twin of `reference/endings.py`."""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.control import drifted
from parcours_sim.care.decisions import CONTROL_DRIFT, DEATH, HAS_CONDITION
from parcours_sim.care.distributions import exponential
from parcours_sim.care.hazard import death_ceiling, hazard_of_death, is_kept
from parcours_sim.care.population import starting_control
from parcours_sim.care.stays import leave_place
from parcours_sim.care.tallies import Count, count_for
from parcours_sim.engine.record import What

from .diaries import release, release_all
from .draws import draw
from .log import note, note_episode
from .pools import give_back, unchain
from .queue import plan
from .state import NOTHING, Pool, Step, Territory


def open_episode(territory: Territory, patient: int, kind: int, occurrence: int) -> int:
    """The number of a patient's open episode, or NOTHING if it is closed."""
    place = territory.patients[patient].first_episode
    while place != NOTHING:
        episode = territory.episodes[place]
        if episode.kind == kind and episode.occurrence == occurrence:
            return int(place)
        place = episode.next
    return NOTHING


def close(territory: Territory, patient: int, place: int, outcome: int, what: int) -> None:
    """End an episode; a slot held for it is free again."""
    episode, person = territory.episodes[place], territory.patients[patient]
    person.first_episode = unchain(territory.episodes, person.first_episode, place)
    if episode.appointment != NOTHING:
        release(territory, episode.appointment)
    count_for(territory, person, outcome, episode.kind)
    note_episode(territory, patient, what, episode.kind, episode.occurrence)
    give_back(territory, territory.episodes, Pool.EPISODES, place)


def close_in_crisis(territory: Territory, patient: int, place: int) -> None:
    """The window has closed and nobody had an answer in time."""
    kind = territory.episodes[place].kind
    close(territory, patient, place, Count.CRISES, What.CRISIS)
    if territory.kinds[kind].drug_incident:
        count_for(territory, territory.patients[patient], Count.DRUG_INCIDENTS, kind)


def plan_death(territory: Territory, patient: int, time: float, number: int) -> None:
    """Plan the next candidate death of a place in the population, `time` being that of the last."""
    person = territory.patients[patient]
    ceiling = death_ceiling(territory, person)
    if ceiling > 0.0:
        gap = draw(territory, person.person, DEATH, number, 0)[0]
        time += exponential(gap, 1.0 / ceiling)
        plan(territory, time, order.DEATH, Step.CANDIDATE_DEATH, patient, number)


def candidate_death(territory: Territory, patient: int, number: int) -> None:
    """A candidate death; one in a visit or a stay is discarded and counted."""
    person = territory.patients[patient]
    mark = draw(territory, person.person, DEATH, number, 0)[1]
    ceiling = death_ceiling(territory, person)
    if is_kept(mark, hazard_of_death(territory, person), ceiling):
        if person.is_in_care:
            count_for(territory, person, Count.CANDIDATES_DISCARDED)
        else:
            die(territory, patient)
    plan_death(territory, patient, territory.clock.now, number + 1)


def die(territory: Territory, patient: int) -> None:
    """A death: everything the patient held is free, and a new person takes the place."""
    person = territory.patients[patient]
    while person.first_episode != NOTHING:
        first = person.first_episode
        close(territory, patient, first, Count.EPISODES_CUT_SHORT, What.ENDS_WITH_DEATH)
    release_all(territory, patient)
    note(territory, patient, What.DIES)
    leave_place(territory, person)
    start_control(territory, patient)


def start_control(territory: Territory, patient: int) -> None:
    """How well a person's conditions are held when they come into the simulation."""
    person = territory.patients[patient]
    for place in range(person.first_held, person.end_held):
        level_of_control(territory, patient, place)  # drifts due were the predecessor's
        held = territory.held[place]
        condition = territory.conditions[held.condition]
        marks = draw(territory, person.person, HAS_CONDITION, person.generation, condition.id)
        held.control = starting_control(condition, marks[2])


def level_of_control(territory: Territory, patient: int, place: int) -> int:
    """Control of one of the patient's conditions now, after the drifts that were due."""
    held, person = territory.held[place], territory.patients[patient].person
    condition = territory.conditions[held.condition]
    while held.drifts_at <= territory.clock.now:
        held.control = drifted(held.control)
        mark = draw(territory, person, CONTROL_DRIFT, held.drifts, condition.id)[0]
        held.drifts += 1
        held.drifts_at += exponential(mark, condition.drift_mean_days)
    return int(held.control)
