"""A replication from beginning to end: put the territory together, tell the stories, count."""

from __future__ import annotations

import math
from functools import partial
from time import perf_counter

import numpy as np

from parcours_sim.care.calendar import day_codes
from parcours_sim.care.decisions import HAS_CONDITION, TEAM
from parcours_sim.care.diary import DAYS_BEYOND, day_weight, open_books
from parcours_sim.care.flatten import flatten
from parcours_sim.care.parameters import DAYS_PER_YEAR, Parameters
from parcours_sim.care.population import (
    Draw,
    Inhabitant,
    is_at_risk,
    list_weights,
    settle,
    starting_control,
)
from parcours_sim.care.practices import joins_at, teams
from parcours_sim.care.tallies import ALL, OLDER, UNDER_75, groups, rows
from parcours_sim.engine import kernels
from parcours_sim.engine.record import Replication
from parcours_sim.scenario.scenario import Scenario

from .accounts import close_accounts
from .clock import Clock
from .contacts import consult
from .endings import dying, plan_drift
from .others import emergencies, requests_to
from .routine import dispensings, gp_visits, nurse_after_stay, nurse_round, protocol_visits
from .state import Patient, Territory
from .worsening import candidates


def run(scenario: Scenario, seed: int, replication: int, *, log: bool = False) -> Replication:
    """Simulate one replication of a scenario with SimPy.

    The same arguments give the same result, to the bit.
    """
    started = perf_counter()
    parameters = flatten(scenario)
    territory = build(parameters, partial(kernels.block, seed, replication), keeps_log=log)
    begin_stories(territory)
    territory.clock.run(until=parameters.ends)
    close_accounts(territory)
    return Replication(
        rows=tuple(rows(territory.tallies, territory.groups.labels, territory.waits)),
        stays=np.array(sorted(territory.stays), np.int64),
        contacts=territory.contacts,
        events=territory.clock.events,
        seconds=perf_counter() - started,
        log=None if territory.log is None else tuple(territory.log),
    )


def build(parameters: Parameters, draw: Draw, *, keeps_log: bool) -> Territory:
    """The territory at the start of its warm-up: people at home, books empty, nobody waiting."""
    p = parameters
    days = math.ceil(p.ends - p.begins) + DAYS_BEYOND
    codes = day_codes(p.start, int(p.begins), days, p.work.always_open)
    weights = list_weights(p.work.gps, draw)
    before, after = (teams(shares, p, draw) for shares in p.practice_shares)
    joins = [joins_at(gp, p, draw) for gp in range(p.work.gps)]
    territory = Territory(
        p,
        draw,
        Clock(initial_time=p.begins),
        open_books(p, codes, weights, before, after, joins, draw),
        (before, after),
        joins,
        codes,
        groups(
            *(
                [row.name for row in family]
                for family in (p.kinds, p.practices, p.links, p.conditions)
            )
        ),
        keeps_log=keeps_log,
    )
    territory.consult = consult
    territory.nurse_calls = nurse_after_stay
    territory.patients = [person_at_home(territory, who) for who in settle(p, draw)]
    territory.list_weights = weights
    return territory


def person_at_home(territory: Territory, who: Inhabitant) -> Patient:
    """A patient at the start: at home, control as drawn, nothing open."""
    draw, p = territory.draw, territory.parameters
    model = territory.teams[1][who.gp].model
    conditions = [p.conditions[position] for position in who.conditions]
    marks = [draw(who.person, HAS_CONDITION, 0, condition.id)[2] for condition in conditions]
    patient = Patient(
        who=who,
        groups=(ALL, OLDER if who.older else UNDER_75, territory.groups.practices + model),
        marks=draw(who.person, TEAM, 0, 0),
        layer_marks=tuple(draw(who.person, TEAM, 0, layer.id)[2] for layer in p.layers),
        control=[starting_control(c, mark) for c, mark in zip(conditions, marks, strict=True)],
        drifts_at=[p.begins] * len(conditions),
        drifts=[0] * len(conditions),
    )
    for place, condition in enumerate(conditions):
        plan_drift(territory, patient, place, condition.id, condition.drift_mean_days)
    return patient


def begin_stories(territory: Territory) -> None:
    """Everyone's stories start: patients' in the order of their numbers, then everyone else's."""
    p, tell = territory.parameters, territory.clock.tell
    for patient in territory.patients:
        tell(gp_visits(territory, patient))
        tell(nurse_round(territory, patient))
        tell(dispensings(territory, patient))
        tell(protocol_visits(territory, patient))
        tell(dying(territory, patient))
        for position, kind in enumerate(p.kinds):
            if is_at_risk(kind, patient.who.older, patient.who.conditions):
                tell(candidates(territory, patient, position))
    for gp, weight in enumerate(territory.list_weights):
        tell(requests_to(territory, gp, weight * requests_per_weight(territory) / p.work.gps))
    tell(emergencies(territory))


def requests_per_weight(territory: Territory) -> float:
    """Requests of everyone who is not simulated one by one, on a day of weight 1.

    All requests of the territory (L022, L020) less the planned visits of those who are simulated.
    """
    p = territory.parameters
    planned = math.fsum(
        DAYS_PER_YEAR / patient.who.gp_interval_days for patient in territory.patients
    )
    others = max(0.0, p.demand.requests_per_inhabitant_per_year * p.inhabitants - planned)
    weights = math.fsum(
        day_weight(code, p.work.saturday_slot_share) for code in territory.day_codes
    )
    return others / (weights / len(territory.day_codes) * DAYS_PER_YEAR)
