"""The programs by their names: those of other libraries, and the two engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from . import in_ciw, in_parcours, in_salabim, in_simpy
from .tally import Run
from .workload import Workload

Program = Callable[[Workload, int], Run]
"""Runs a workload; runs of different numbers are independent."""

BASE = "SimPy"
"""The program whose statistics those of others are compared with."""
PEERS: dict[str, Program] = {
    BASE: in_simpy.run,
    "salabim": in_salabim.run,
    "Ciw": in_ciw.run,
}
REFERENCE, COMPILED = "reference", "compiled"
ENGINES: dict[str, Program] = {
    REFERENCE: partial(in_parcours.run, engine=REFERENCE),
    COMPILED: partial(in_parcours.run, engine=COMPILED),
}
