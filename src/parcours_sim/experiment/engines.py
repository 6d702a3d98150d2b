"""Which engine a study runs on: the one asked for, or the one that would be done first.

Light by intention: the command line imports it before it knows what is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from parcours_sim.experiment.model import Model
    from parcours_sim.experiment.study import StudyScenario

Used = Literal["reference", "compiled", "both"]
"""What a replication runs on; `both` compares the two engines."""
Choice = Literal["auto", "reference", "compiled", "both"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

# Only auto rests on these two: they decide how long a study takes, never what comes out. Both are
# processor time, measured on a machine of two cores that others used too, with Python 3.11 and
# Numba 0.68. The compiled engine's own time, some hundredth of the other's, is left out.
REFERENCE_SECONDS_PER_INHABITANT_YEAR = 0.35e-3
"""isole and msp, 20,000 inhabitants over 1.5 years: 0.25 to 0.35 ms."""
COMPILING_SECONDS = 50.0
"""compile_engine() with an empty folder of compiled code: 57 s, of which 6 s for what the
reference engine needs too."""

COMPILING = "Compiling the engine (once for this version, about a minute)…"


def chosen_engine(asked: Choice, model: Model, sizes: Sequence[float], workers: int) -> Used:
    """Return the engine to use for replications, given the inhabitant-years of each.

    Left to choose, take the compiled engine, except where the reference engine would be done on
    the processors there are before the other is compiled.
    """
    if asked != "auto":
        return asked
    if model.is_compiled():
        return "compiled"
    seconds = REFERENCE_SECONDS_PER_INHABITANT_YEAR * sum(sizes)
    at_once = max(1, min(workers, len(sizes), processors()))
    return "reference" if seconds / at_once < COMPILING_SECONDS else "compiled"


def inhabitant_years(scenario: StudyScenario) -> float:
    """Return how much there is to simulate in one replication, its warm-up included."""
    years = scenario.horizon.years.value + scenario.horizon.warm_up_years.value
    return scenario.territory.inhabitants.value * years


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_ready(engine: Used, model: Model, say: Callable[[str], None]) -> None:
    """Have an engine ready before workers need it; if it must be compiled first, say so."""
    if engine == "reference":
        return
    if not model.is_compiled():
        say(COMPILING)
    model.compile_engine()
