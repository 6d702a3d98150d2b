"""The workload in Ciw: a network of nodes; its records of all visits are the statistics.

Customers of Ciw are visits, not people. So calendars are those of nobody in particular, and whether
a contact finds its person in hospital is a matter of how many are there: they baulk in that share.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import merge
from random import Random
from typing import Any

import ciw

from .tally import Run, Tally
from .workload import (
    ADMITTED_SHARE,
    EMERGENCY_CARE,
    EPISODE_INTERVAL,
    STAY_MU,
    STAY_SIGMA,
    Role,
    Workload,
)


class Calendars(ciw.dists.Distribution):
    """Times between arrivals where everybody has a calendar of their own."""

    def __init__(self, role: Role, people: int, number: int) -> None:
        """Calendars of the run of this number."""
        self.role, self.people, self.number = role, people, number

    def sample(self, t: float = 0.0, ind: ciw.Individual | None = None) -> float:
        """How long after the last arrival, which is now, the next one comes."""
        return next(self.due) - t

    @cached_property
    def due(self) -> Iterator[float]:
        """All arrivals; made when they are first asked for, since Ciw copies distributions."""
        random = Random(f"Ciw {self.number} {self.role.name}")
        return merge(*(self.role.calendar(random) for _ in range(self.people)))


def arrivals(role: Role, people: int, number: int) -> ciw.dists.Distribution:
    """Calendars at random are a Poisson process together."""
    if role.is_regular:
        return Calendars(role, people, number)
    return ciw.dists.Exponential(people / role.interval)


def services(role: Role) -> ciw.dists.Distribution:
    """How long contacts take; where nobody waits, they are over at once."""
    if not role.servers:
        return ciw.dists.Deterministic(0.0)
    if role.is_regular:
        return ciw.dists.Deterministic(role.service)
    return ciw.dists.Exponential(1.0 / role.service)


def network(workload: Workload, number: int) -> ciw.network.Network:
    """A node for each role, then the emergency department, and behind it the beds.

    Nobody waits at the beds: who finds none blocks the room.
    """
    roles, people = workload.roles, workload.people
    inf = float("inf")

    def share_in_hospital(_: int, Q: ciw.Simulation, **__: Any) -> float:  # noqa: N803
        return sum(node.number_of_individuals for node in Q.transitive_nodes[-2:]) / people

    return ciw.create_network(
        arrival_distributions=[
            *(arrivals(role, people, number) for role in roles),
            ciw.dists.Exponential(people / EPISODE_INTERVAL),
            None,
        ],
        service_distributions=[
            *map(services, roles),
            ciw.dists.Exponential(1.0 / EMERGENCY_CARE),
            ciw.dists.Lognormal(STAY_MU, STAY_SIGMA),
        ],
        number_of_servers=[
            *(role.servers or inf for role in roles),
            workload.rooms,
            workload.beds,
        ],
        queue_capacities=[*(inf for _ in roles), inf, 0],
        baulking_functions=[*(share_in_hospital for _ in roles), share_in_hospital, None],
        routing=ciw.routing.NetworkRouting(
            [
                *(ciw.routing.Leave() for _ in roles),
                ciw.routing.Probabilistic([len(roles) + 2], [ADMITTED_SHARE]),
                ciw.routing.Leave(),
            ]
        ),
    )


def run(workload: Workload, number: int) -> Run:
    """One run of the workload; those of different numbers are independent."""
    ciw.seed(number)
    simulation = ciw.Simulation(network(workload, number))
    simulation.simulate_until_max_time(workload.ends)
    tally = Tally(workload)
    roles = dict(enumerate(workload.roles, start=1))
    emergency = len(roles) + 1
    for record in simulation.get_all_records(include_incomplete=True):
        arrived, started, left = record.arrival_date, record.service_start_date, record.exit_date
        if record.record_type == "baulk":
            if record.node in roles:
                tally.miss(arrived)
        elif started is None:
            pass  # still waiting
        elif record.node in roles:
            tally.contact(roles[record.node], arrived, started, record.service_time or 0.0)
        elif record.node == emergency:
            tally.visit(arrived, started)
            if left is not None:
                tally.room(started, left)
                if record.destination == emergency + 1:
                    tally.admission(record.service_end_date, left)
        else:
            tally.stay(started, left or workload.ends)
    return tally.run()
