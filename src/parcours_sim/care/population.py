"""Who lives in the territory: patients, their conditions, and the professionals they use.

Everything here is drawn by address and belongs to the world: it is the same under every
organisation. Patients are the people simulated one by one: all who have a chronic condition, and
everyone aged 75 and over. The rest of the population is demand; see `demand.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .decisions import HAS_CONDITION, LIST_SIZE, PROFESSIONALS
from .distributions import erlang4
from .parameters import OLDER, Condition, Kind, Parameters

Draw = Callable[[int, int, int, int], tuple[float, float, float, float]]
"""A draw of one replication: (entity, decision, occurrence, aspect) to four uniforms."""

GOOD, FAIR, POOR = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """A place in the population that is simulated one by one; people who die are replaced in it."""

    person: int
    """Number of the inhabitant in the territory, the entity of all their draws."""
    older: bool
    """Aged 75 and over."""
    conditions: tuple[int, ...]
    severities: tuple[float, ...]
    """Hazard ratio of the person's class of severity, for each of `conditions`."""
    severity_ceilings: tuple[float, ...]
    gp: int
    """Usual GP; for people without one, the GP of the practice that they try."""
    has_gp: bool
    is_accepted: bool
    """Whether the practice sees them: always for its own patients, for some of the others."""
    nurse: int
    pharmacy: int
    nurse_interval_days: float
    """Infinite where no nurse comes."""
    gp_interval_days: float
    dispensing_interval_days: float
    death_rate_per_day: float


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


def settle(parameters: Parameters, draw: Draw) -> list[Inhabitant]:
    """The people simulated one by one, in the order of their numbers.

    The first inhabitants are those aged 75 and over. Who has a condition is decided by a fixed mark
    within the age band: the smallest marks have it, as many as the prevalence says, so a higher
    prevalence holds everyone whom a lower one held.
    """
    older = round(parameters.people.older_share * parameters.inhabitants)
    who = [
        _with_condition(condition, older, parameters, draw) for condition in parameters.conditions
    ]
    weights = _running_total(list_weights(parameters.work.gps, draw))
    people = []
    for person in range(parameters.inhabitants):
        conditions = tuple(i for i, members in enumerate(who) if person in members)
        if conditions or person < older:
            people.append(
                _inhabitant(person, person < older, conditions, weights, parameters, draw)
            )
    return people


def is_at_risk(kind: Kind, older: bool, conditions: Sequence[int]) -> bool:
    """Whether this kind of episode can happen to such a person."""
    if kind.condition >= 0:
        return kind.condition in conditions
    return older or kind.at_risk != OLDER


def starting_control(condition: Condition, mark: float) -> int:
    """How well a condition is held when a person comes into the simulation."""
    if mark < condition.starts_good_share:
        return GOOD
    return POOR if mark >= 1.0 - condition.starts_poor_share else FAIR


def _with_condition(
    condition: Condition, older: int, parameters: Parameters, draw: Draw
) -> frozenset[int]:
    members: list[int] = []
    bands = (range(older, parameters.inhabitants), range(older))
    for band, prevalence in zip(bands, condition.prevalence, strict=True):
        count = round(prevalence * len(band))
        marks = [(draw(person, HAS_CONDITION, 0, condition.id)[0], person) for person in band]
        members += [person for _, person in sorted(marks)[:count]]
    return frozenset(members)


def _running_total(weights: Sequence[float]) -> list[float]:
    total, running = math.fsum(weights), 0.0
    shares = []
    for weight in weights:
        running += weight
        shares.append(running / total)
    return shares


def _severity(condition: Condition, mark: float) -> tuple[float, float]:
    reached = 0.0
    for row in condition.severities:
        reached += row.share
        if mark < reached:
            return row.ratio, row.ceiling
    last = condition.severities[-1]
    return last.ratio, last.ceiling


def _inhabitant(
    person: int,
    older: bool,
    held: tuple[int, ...],
    list_shares: Sequence[float],
    parameters: Parameters,
    draw: Draw,
) -> Inhabitant:
    conditions = [parameters.conditions[i] for i in held]
    marks = [draw(person, HAS_CONDITION, 0, condition.id) for condition in conditions]
    severities = [_severity(c, mark[1]) for c, mark in zip(conditions, marks, strict=True)]
    gp_mark, nurse_mark, pharmacy_mark, no_gp_mark = draw(person, PROFESSIONALS, 0, 0)
    gp_days = [condition.gp_interval_days for condition in conditions]
    pharmacy_days = [condition.dispensing_interval_days for condition in conditions]
    without_gp = parameters.people.patients_without_gp_share
    nurse_days = [
        condition.nurse_interval_days
        for condition, mark in zip(conditions, marks, strict=True)
        if mark[3] < condition.nurse_followed_share
    ]
    if older:
        gp_days.append(parameters.people.older_gp_interval_days)
        pharmacy_days.append(parameters.people.older_dispensing_interval_days)
    rates = [condition.death_rate_per_day for condition in conditions]
    return Inhabitant(
        person=person,
        older=older,
        conditions=held,
        severities=tuple(ratio for ratio, _ in severities),
        severity_ceilings=tuple(ceiling for _, ceiling in severities),
        gp=sum(share < gp_mark for share in list_shares[:-1]),
        has_gp=no_gp_mark >= without_gp,
        is_accepted=no_gp_mark >= without_gp * (1.0 - parameters.demand.practice_accepts_share),
        nurse=int(nurse_mark * parameters.work.nurses),
        pharmacy=int(pharmacy_mark * parameters.work.pharmacies),
        nurse_interval_days=min(nurse_days, default=math.inf),
        gp_interval_days=min(gp_days, default=math.inf),
        dispensing_interval_days=min(pharmacy_days, default=math.inf),
        death_rate_per_day=max([parameters.people.death_rates_per_day[older], *rates]),
    )
