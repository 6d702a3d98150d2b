"""Who lives in the territory: patients, their conditions, and the professionals they use.

Everything here is drawn by address and belongs to the world: it is the same under every
organisation. Patients are the people simulated one by one: all who have a chronic condition, and
everyone aged 75 and over. The rest of the population is demand; see `demand.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .decisions import CONTROL_DRIFT, HAS_CONDITION, LIST_SIZE, PROFESSIONALS, TEAM
from .distributions import erlang4, exponential
from .draws import block
from .parameters import Condition, Demand, Kind, People, Work
from .person import Held, Person

Draw = Callable[[int, int, int, int], tuple[float, float, float, float]]
"""A draw of one replication: (entity, decision, occurrence, aspect) to four uniforms."""

GOOD, FAIR, POOR = 0, 1, 2


def list_weights(gps: int, draw: Draw) -> list[float]:
    """The size of each GP's list over the mean (gamma of shape 4; L027), in the order of GPs.

    The weights sum to the number of GPs.
    """
    sizes = [erlang4(*draw(gp, LIST_SIZE, 0, 0), 1.0) for gp in range(gps)]
    total = math.fsum(sizes)
    return [size * gps / total for size in sizes]


def rounded_shares(shares: Sequence[float], total: int) -> list[int]:
    """Whole numbers that sum to `total` in these shares, by largest remainder (first at ties).

    >>> rounded_shares([0.61, 0.39], 15)
    [9, 6]
    """
    exact = [share * total for share in shares]
    counts = [math.floor(amount + 1e-9) for amount in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for position in by_remainder[: total - sum(counts)]:
        counts[position] += 1
    return counts


def mark_holders(
    is_held: NDArray[np.bool_],
    seed: int,
    replication: int,
    condition_id: int,
    first: int,
    end: int,
    count: int,
) -> None:
    """Mark the `count` inhabitants among `first` to `end` - 1 who have a condition.

    Who has it is decided by a fixed mark within the age band: the smallest marks have it, so a
    higher prevalence holds everyone whom a lower one held.
    """
    marks = np.empty(end - first)
    for person in range(first, end):
        marks[person - first] = block(seed, replication, person, HAS_CONDITION, 0, condition_id)[0]
    by_mark = np.argsort(marks, kind="mergesort")
    for place in range(count):
        is_held[first + by_mark[place]] = True


def settle(
    seed: int,
    replication: int,
    begins: float,
    older: int,
    is_held: NDArray[np.bool_],
    conditions: Sequence[Condition],
    severities: NDArray[np.float64],
    list_shares: NDArray[np.float64],
    layer_ids: NDArray[np.int64],
    people: People,
    demand: Demand,
    work: Work,
    patients: Sequence[Person],
    held: Sequence[Held],
    layer_marks: NDArray[np.float64],
) -> None:
    """Fill in who the people simulated one by one are, in the order of their numbers.

    The first `older` inhabitants are those aged 75 and over; `is_held` (conditions x inhabitants)
    says who has what; `severities` are (share, ratio, ceiling) by class (conditions x classes x 3),
    `list_shares` the running shares of the GPs' lists. `patients`, `held` and `layer_marks` are
    filled; `patients[i].person` is given.
    """
    place = 0
    for number in range(len(patients)):
        patient = patients[number]
        person = patient.person
        patient.number = number
        patient.older = person < older
        patient.first_held = place
        for condition in range(len(conditions)):
            if is_held[condition, person]:
                _hold(
                    held[place], condition, conditions[condition], severities[condition],
                    seed, replication, person, begins,
                )  # fmt: skip
                place += 1
        patient.end_held = place
        _choose_professionals(patient, seed, replication, list_shares, people, demand, work)
        _set_pace(patient, seed, replication, held, conditions, people)
        _set_out(patient)
        for layer in range(len(layer_ids)):
            mark = block(seed, replication, person, TEAM, 0, layer_ids[layer])[2]
            layer_marks[number, layer] = mark


def is_at_risk(kind: Kind, older: bool, has_condition: bool) -> bool:
    """Whether this kind of episode can happen to such a person."""
    if kind.condition >= 0:
        return has_condition
    return older or not kind.older_only


def place_of(patient: Person, held: Sequence[Held], condition: int) -> int:
    """Where a condition stands among all that are held; -1 where the patient doesn't have it."""
    for place in range(patient.first_held, patient.end_held):
        if held[place].condition == condition:
            return place
    return -1


def starting_control(condition: Condition, mark: float) -> int:
    """How well a condition is held when a person comes into the simulation."""
    if mark < condition.starts_good_share:
        return GOOD
    return POOR if mark >= 1.0 - condition.starts_poor_share else FAIR


def running_shares(weights: Sequence[float]) -> list[float]:
    """Shares of a total, each added to those before.

    >>> running_shares([1.0, 3.0])
    [0.25, 1.0]
    """
    total, running = math.fsum(weights), 0.0
    shares = []
    for weight in weights:
        running += weight
        shares.append(running / total)
    return shares


def severity_class(severities: NDArray[np.float64], mark: float) -> int:
    """The class of severity of someone with this mark; `severities` are (share, …) by class."""
    reached = 0.0
    for number in range(len(severities) - 1):
        reached += severities[number, 0]
        if mark < reached:
            return number
    return len(severities) - 1


def _hold(
    held: Held,
    position: int,
    condition: Condition,
    severities: NDArray[np.float64],
    seed: int,
    replication: int,
    person: int,
    begins: float,
) -> None:
    _, severity, control, _ = block(seed, replication, person, HAS_CONDITION, 0, condition.id)
    chosen = severity_class(severities, severity)
    held.condition = position
    held.severity = severities[chosen, 1]
    held.severity_ceiling = severities[chosen, 2]
    held.control = starting_control(condition, control)
    gap = block(seed, replication, person, CONTROL_DRIFT, 0, condition.id)[0]
    held.drifts_at = begins + exponential(gap, condition.drift_mean_days)
    held.drifts = 1


def _choose_professionals(
    patient: Person,
    seed: int,
    replication: int,
    list_shares: NDArray[np.float64],
    people: People,
    demand: Demand,
    work: Work,
) -> None:
    gp, nurse, pharmacy, no_gp = block(seed, replication, patient.person, PROFESSIONALS, 0, 0)
    without_gp = people.patients_without_gp_share
    patient.gp = 0
    while patient.gp < work.gps - 1 and list_shares[patient.gp] < gp:
        patient.gp += 1
    patient.has_gp = no_gp >= without_gp
    patient.is_accepted = no_gp >= without_gp * (1.0 - demand.practice_accepts_share)
    patient.acceptance_mark = 0.0 if patient.has_gp else 1.0 - no_gp / without_gp
    patient.nurse = int(nurse * work.nurses)
    patient.pharmacy = int(pharmacy * work.pharmacies)
    nurse_mark, pharmacist_mark, _, hour_mark = block(seed, replication, patient.person, TEAM, 0, 0)
    patient.nurse_mark = nurse_mark
    patient.pharmacist_mark = pharmacist_mark
    patient.hour_mark = hour_mark


def _set_pace(
    patient: Person,
    seed: int,
    replication: int,
    held: Sequence[Held],
    conditions: Sequence[Condition],
    people: People,
) -> None:
    """How often the patient is seen by whom: the most that one of their conditions asks for."""
    gp_days = people.older_gp_interval_days if patient.older else math.inf
    pharmacy_days = people.older_dispensing_interval_days if patient.older else math.inf
    nurse_days, rate = math.inf, people.death_rates_per_day[1 if patient.older else 0]
    for place in range(patient.first_held, patient.end_held):
        condition = conditions[held[place].condition]
        gp_days = min(gp_days, condition.gp_interval_days)
        pharmacy_days = min(pharmacy_days, condition.dispensing_interval_days)
        rate = max(rate, condition.death_rate_per_day)
        follow = block(seed, replication, patient.person, HAS_CONDITION, 0, condition.id)[3]
        if follow < condition.nurse_followed_share:
            nurse_days = min(nurse_days, condition.nurse_interval_days)
    patient.gp_interval_days = gp_days
    patient.dispensing_interval_days = pharmacy_days
    patient.nurse_interval_days = nurse_days
    patient.death_rate_per_day = rate


def _set_out(patient: Any) -> None:
    """At the start everybody is at home, and nothing has happened yet."""
    patient.home_at = -math.inf
    patient.discharged_at = -math.inf
    patient.last_kind = -1
    patient.year_of_stay = -1
