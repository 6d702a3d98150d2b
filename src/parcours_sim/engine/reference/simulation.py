"""A replication from beginning to end: put the territory together, tell the stories, count."""

from __future__ import annotations

from functools import partial
from time import perf_counter

import numpy as np

from parcours_sim.care.accounts import close_accounts
from parcours_sim.care.flatten import flatten
from parcours_sim.care.hazard import can_happen_to
from parcours_sim.care.parameters import Parameters
from parcours_sim.care.tallies import Count, add, rows
from parcours_sim.engine import kernels
from parcours_sim.engine.record import LINE, Log, Replication, details_of
from parcours_sim.engine.setting import groups_of, settle
from parcours_sim.scenario.scenario import Scenario

from .clock import Clock
from .contacts import consult
from .endings import dying
from .others import emergencies, requests_to
from .routine import dispensings, gp_visits, nurse_visits, protocol_visits, see_nurse
from .state import Territory
from .worsening import candidates


def run(scenario: Scenario, seed: int, replication: int, *, log: bool = False) -> Replication:
    """Simulate one replication of a scenario with SimPy.

    The same arguments give the same result, to the bit.
    """
    started = perf_counter()
    parameters = flatten(scenario)
    territory = build(parameters, seed, replication, keeps_log=log)
    begin_stories(territory)
    territory.clock.run(until=parameters.ends)
    count_open(territory)
    close_accounts(territory)
    labels = groups_of(parameters).labels
    return Replication(
        rows=tuple(rows(territory.tallies, labels, territory.waits, territory.response_times)),
        stays=np.array(sorted(territory.stays), np.int64),
        contacts=territory.contacts,
        events=territory.clock.events,
        seconds=perf_counter() - started,
        log=log_of(territory, parameters),
        traces=np.array(sorted(territory.traces), np.int64),
    )


def build(parameters: Parameters, seed: int, replication: int, *, keeps_log: bool) -> Territory:
    """The territory at the start of its warm-up: people at home, books empty, nobody waiting."""
    clock = Clock(initial_time=parameters.begins)
    setting = settle(parameters, clock, seed, replication)
    draw = partial(kernels.block, seed, replication)
    territory = Territory(setting, parameters, draw, keeps_log=keeps_log)
    territory.consult = consult
    territory.nurse_calls = see_nurse
    return territory


def begin_stories(territory: Territory) -> None:
    """Everyone's stories start: patients' in the order of their numbers, then everyone else's."""
    tell = territory.clock.tell
    for patient in territory.patients:
        tell(gp_visits(territory, patient))
        tell(nurse_visits(territory, patient))
        tell(dispensings(territory, patient))
        tell(protocol_visits(territory, patient))
        tell(dying(territory, patient))
        for position, kind in enumerate(territory.kinds):
            if can_happen_to(territory, patient, kind):
                tell(candidates(territory, patient, position))
    for gp in range(territory.work.gps):
        tell(requests_to(territory, gp))
    tell(emergencies(territory))


def count_open(territory: Territory) -> None:
    """Episodes that are still open at the end."""
    for patient in territory.patients:
        for episode in patient.open_episodes:
            add(territory, patient, Count.EPISODES_OPEN, episode.position, 1.0)


def log_of(territory: Territory, parameters: Parameters) -> Log | None:
    """The event log, where one was kept."""
    if territory.log is None:
        return None
    return Log(np.array(territory.log, LINE), details_of(parameters))
