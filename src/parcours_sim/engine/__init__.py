"""The engine: the model of care, run by SimPy (`reference/`).

It writes a record (`record.py`). Rules are in care/; here is only what schedules, queues and
remembers. Importing this package loads neither SimPy nor Numba; the first replication does.
"""

from __future__ import annotations

from parcours_sim.scenario.scenario import Scenario

from .record import Entry, Replication
from .version import model_version


def simulate(scenario: Scenario, seed: int, replication: int, *, log: bool = False) -> Replication:
    """Simulate one replication of a resolved scenario.

    The result depends on the arguments alone: not on the machine's load, other replications, or
    the order in which they run. `log=True` keeps the event log.
    """
    from .reference.simulation import run

    return run(scenario, seed, replication, log=log)


__all__ = ["Entry", "Replication", "model_version", "simulate"]
