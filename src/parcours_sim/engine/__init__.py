"""The engines: the same care run two ways, by SimPy (`reference/`) and by Numba (`compiled/`).

Both write the same record (`record.py`), bit for bit. Rules are in care/; here is only what
schedules, queues and remembers. Importing this package loads neither SimPy nor Numba; the first
replication does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from parcours_sim.scenario.scenario import Scenario

from .record import Entry, Replication, Stopped
from .version import model_version

Engine = Literal["reference", "compiled"]
"""SimPy's event loop, or the compiled one."""


def simulate(
    scenario: Scenario,
    seed: int,
    replication: int,
    *,
    log: bool = False,
    engine: Engine = "reference",
    stopped: Callable[[], bool] | None = None,
) -> Replication:
    """Simulate one replication of a resolved scenario.

    The result depends on the first three arguments alone: not on the engine, the machine's load,
    other replications, or the order in which they run. `log=True` keeps the event log. The compiled
    engine can run on several threads at once; it asks `stopped` every few simulated weeks, and
    raises Stopped where the answer is yes.
    """
    if engine == "compiled":
        from .compiled.simulation import run as run_compiled

        return run_compiled(scenario, seed, replication, log=log, stopped=stopped)
    from .reference.simulation import run

    return run(scenario, seed, replication, log=log)


def is_compiled() -> bool:
    """Whether the compiled engine is ready: it is in memory, or in the folder of compiled code."""
    from .compiled.readiness import is_compiled

    return is_compiled()


def compile_engine() -> None:
    """Have the compiled engine ready for use, compiling it if need be; minutes at the most."""
    from .compiled.readiness import compile_engine

    compile_engine()


__all__ = [
    "Engine",
    "Entry",
    "Replication",
    "Stopped",
    "compile_engine",
    "is_compiled",
    "model_version",
    "simulate",
]
