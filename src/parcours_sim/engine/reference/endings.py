"""How things end: an episode closes, a life ends and its place is taken by somebody else."""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.control import drifted
from parcours_sim.care.decisions import CONTROL_DRIFT, DEATH, HAS_CONDITION
from parcours_sim.care.hazard import death_hazard, is_kept
from parcours_sim.care.hospital import is_readmission
from parcours_sim.care.population import is_at_risk, starting_control
from parcours_sim.engine.kernels import exponential

from .clock import Story
from .diaries import release, release_all
from .state import NEVER, Episode, Patient, Territory

ONE_YEAR = 365.0
"""Deaths count as following a stay within this many days of the discharge (L170)."""


def close(
    territory: Territory, patient: Patient, episode: Episode, outcome: str, words: str
) -> None:
    """End an episode; a slot held for it is free again."""
    episode.is_open = False
    patient.open_episodes.remove(episode)
    if episode.appointment is not None:
        release(territory, patient, episode.appointment)
        episode.appointment = None
    territory.count_for(patient, outcome, episode.position)
    territory.note(patient, words, episode.kind.name, episode.occurrence)


def close_in_crisis(territory: Territory, patient: Patient, episode: Episode) -> None:
    """The window has closed and nobody had an answer in time."""
    close(territory, patient, episode, "crises", "crisis")
    if episode.kind.drug_incident:
        territory.count_for(patient, "drug_incidents", episode.position)


def dying(territory: Territory, patient: Patient) -> Story:
    """Candidate deaths over the place's time; one in a visit or a stay is discarded and counted.

    Whoever is in hospital dies or not by the rule of the stay.
    """
    p, who = territory.parameters, patient.who
    ratios = [
        kind.death_ratio_ceiling for kind in p.kinds if is_at_risk(kind, who.older, who.conditions)
    ]
    highest = max(ratios, default=1.0)
    ceiling = who.death_rate_per_day * highest
    time, number = p.begins, 0
    while ceiling > 0.0:
        gap, mark, *_ = territory.draw(who.person, DEATH, number, 0)
        time += exponential(gap, 1.0 / ceiling)
        yield territory.clock.at(time, order.DEATH)
        ratio = 1.0 if patient.last_kind is None else patient.last_kind.death_ratio_after_stay
        since = territory.clock.now - patient.discharged_at
        hazard = death_hazard(who.death_rate_per_day, ratio, since, p.after.death_ratio_days)
        if is_kept(mark, hazard, ceiling):
            if patient.is_in_care:
                territory.count_for(patient, "candidates_discarded")
            else:
                die(territory, patient)
        number += 1


def die(territory: Territory, patient: Patient) -> None:
    """A death: everything the patient held is free, and a new person takes the place.

    The new one keeps age band, conditions and professionals, or heart failure would drain away.
    """
    for episode in tuple(patient.open_episodes):
        close(territory, patient, episode, "episodes_cut_short", "ends with death")
    release_all(territory, patient)
    territory.count_for(patient, "deaths")
    territory.note(patient, "dies")
    patient.generation += 1
    count_death_after_stay(territory, patient)
    patient.left_hospital_at.clear()
    patient.is_in_care = patient.is_in_bed = False
    patient.discharged_at, patient.last_kind = NEVER, None
    patient.is_relieved = patient.gp_has_letter = patient.nurse_has_letter = False
    patient.awaits_follow_up = False
    patient.hospitalised_years.clear()
    start_control(territory, patient)


def count_death_after_stay(territory: Territory, patient: Patient) -> None:
    """Count a death within a year of a stay: once for the patient, and for each kind of stay."""
    now = territory.clock.now
    kinds = [
        position
        for position, left in patient.left_hospital_at.items()
        if is_readmission(now, left, ONE_YEAR)
    ]
    if kinds:
        territory.count_for(patient, "deaths_after_stay")
    for position in kinds:
        territory.count("deaths_after_stay", territory.groups.kinds + position)


def start_control(territory: Territory, patient: Patient) -> None:
    """How well a person's conditions are held when they come into the simulation."""
    for place in range(len(patient.who.conditions)):
        level_of_control(territory, patient, place)  # drifts due before now were the predecessor's
    conditions = [territory.parameters.conditions[i] for i in patient.who.conditions]
    patient.control = [
        starting_control(
            condition,
            territory.draw(patient.who.person, HAS_CONDITION, patient.generation, condition.id)[2],
        )
        for condition in conditions
    ]


def level_of_control(territory: Territory, patient: Patient, place: int) -> int:
    """Control of one of the patient's conditions now, after the drifts that were due."""
    condition = territory.parameters.conditions[patient.who.conditions[place]]
    while patient.drifts_at[place] <= territory.clock.now:
        patient.control[place] = drifted(patient.control[place])
        plan_drift(territory, patient, place, condition.id, condition.drift_mean_days)
    return patient.control[place]


def plan_drift(
    territory: Territory, patient: Patient, place: int, condition_id: int, mean_days: float
) -> None:
    """When control of a condition next drifts down; drifts lie on absolute time."""
    mark = territory.draw(patient.who.person, CONTROL_DRIFT, patient.drifts[place], condition_id)[0]
    patient.drifts[place] += 1
    patient.drifts_at[place] += exponential(mark, mean_days)
