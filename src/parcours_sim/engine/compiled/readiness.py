"""Whether the compiled engine is ready, and making it so.

A note in the folder of compiled code says which version of Numba compiled it for which processor.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import llvmlite.binding
import numba

from parcours_sim.engine import kernels

_compiling = threading.Lock()
_ready: list[bool] = []


def is_compiled() -> bool:
    """Whether compiled code is in memory, or in the folder of compiled code."""
    return bool(_ready) or _note().exists()


def compile_engine() -> None:
    """Load the compiled code or, where there is none, compile it, by running a hamlet for a day.

    Where several threads ask, one compiles and the others wait. Several processes each compile,
    and the files of the last to finish stay: they are the same, and are put in place whole.
    """
    with _compiling:
        if not _ready:
            _run_a_day()
            _note().touch()
            _ready.append(True)


@cache
def _note() -> Path:
    processor = llvmlite.binding.get_host_cpu_name()
    return kernels.cache_folder() / f"ready-{numba.__version__}-{processor}"


def _run_a_day() -> None:
    from parcours_sim.scenario.resolve import load_scenario

    from .simulation import run

    hamlet = {"territory.inhabitants": 100, "horizon.years": 0.003, "horizon.warm_up_years": 0.0}
    run(load_scenario("isole", changes=dict(hamlet)), 0, 0)
