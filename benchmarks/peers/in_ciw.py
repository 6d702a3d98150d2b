"""The workload in Ciw: a network of nodes; its records of all visits are the statistics.

Customers of Ciw are visits, not people. Calendars of very many people together are nearly a Poisson
process, which is its natural way and its fastest. Whether a contact finds its person in hospital is
a matter of how many are there: visits baulk in that share.
"""

from __future__ import annotations

from typing import Any

import ciw

from .tally import Run, Tally
from .workload import (
    ADMITTED_SHARE,
    EMERGENCY_CARE,
    EPISODE_INTERVAL,
    STAY_MU,
    STAY_SIGMA,
    Workload,
)


def network(workload: Workload) -> ciw.network.Network:
    """A node for each role, then the emergency department, and behind it the beds.

    Nobody waits at the beds: who finds none blocks the room.
    """
    roles, people = workload.roles, workload.people
    inf = float("inf")

    def share_in_hospital(_: int, Q: ciw.Simulation, **__: Any) -> float:  # noqa: N803
        return sum(node.number_of_individuals for node in Q.transitive_nodes[-2:]) / people

    return ciw.create_network(
        arrival_distributions=[
            *(ciw.dists.Exponential(people / role.interval) for role in roles),
            ciw.dists.Exponential(people / EPISODE_INTERVAL),
            None,
        ],
        service_distributions=[
            *(ciw.dists.Exponential(1.0 / role.service) for role in roles),
            ciw.dists.Exponential(1.0 / EMERGENCY_CARE),
            ciw.dists.Lognormal(STAY_MU, STAY_SIGMA),
        ],
        number_of_servers=[
            *(role.servers for role in roles),
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
    simulation = ciw.Simulation(network(workload))
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
