"""What all measurements share: the seed, the territories, and how time is taken."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time

from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

SEED = 1


def territory(inhabitants: int, years: float, warm_up_years: float | None = None) -> Scenario:
    """The baseline at a size; the warm-up is as long as the horizon unless it is given."""
    return load_scenario(
        "isole",
        changes={
            "territory.inhabitants": inhabitants,
            "horizon.years": years,
            "horizon.warm_up_years": years if warm_up_years is None else warm_up_years,
        },
    )


def seconds_of(work: Callable[[], object]) -> float:
    """Processor seconds that some work takes, from a clean memory."""
    gc.collect()
    started = process_time()
    work()
    return process_time() - started
