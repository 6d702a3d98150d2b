"""Whether the compiled engine is ready, and making it so."""

from __future__ import annotations

import threading

from parcours_sim.engine import kernels

from . import entries

_compiling = threading.Lock()
_ready: list[bool] = []


def is_compiled() -> bool:
    """Whether compiled code is in memory, or in the folder of compiled code."""
    kept = (entries.begin, entries.run, entries.finish)
    return bool(_ready) or all(kernels.is_kept(each) for each in kept)


def compile_engine() -> None:
    """Load the compiled code or, where there is none, compile it, by running a hamlet for a day.

    Where several threads ask, one compiles and the others wait. Several processes each compile,
    and the files of the last to finish stay: they are the same, and are put in place whole.
    """
    with _compiling:
        if not _ready:
            _run_a_day()
            _ready.append(True)


def _run_a_day() -> None:
    from parcours_sim.scenario.resolve import load_scenario

    from .simulation import run

    hamlet = {"territory.inhabitants": 100, "horizon.years": 0.003, "horizon.warm_up_years": 0.0}
    run(load_scenario("isole", changes=dict(hamlet)), 0, 0)
