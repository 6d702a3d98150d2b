"""What is measured: laps of the engine beside the bare loop, memory, and a second process.

Nothing is printed here; the tables are in `speed.py`.
"""

from __future__ import annotations

import gc
import math
import os
import tempfile
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.bare import BareLoop
from parcours_sim.engine import Replication, simulate
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

SEED = 1


@dataclass(frozen=True)
class Plan:
    """What is measured: sizes of territory (inhabitants), horizon (years), rounds."""

    sizes: tuple[int, ...]
    years: float
    rounds: int
    memory_years: float
    shared_size: int
    """Inhabitants in the study that one and two processes share."""
    shared_replications: int
    shared_rounds: int


FULL = Plan((2_000, 10_000, 20_000), 0.5, 5, 0.25, 10_000, 16, 2)
QUICK = Plan((1_000, 2_000), 0.1, 1, 0.05, 1_000, 2, 1)


@dataclass(frozen=True)
class Lap:
    """One run of the engine and as many contacts of the bare loop, in processor seconds."""

    patients: int
    contacts: int
    events: int
    seconds: float
    bare_seconds: float

    @property
    def cost(self) -> float:
        """Microseconds per contact of the engine."""
        return 1e6 * self.seconds / self.contacts

    @property
    def bare_cost(self) -> float:
        """Microseconds per contact of the bare loop."""
        return 1e6 * self.bare_seconds / self.contacts


@dataclass(frozen=True)
class Spent:
    """Seconds that a study took: on the wall's clock, and of all its processes' processor time."""

    wall: float
    processor: float


def territory(inhabitants: int, years: float) -> Scenario:
    """The baseline at a size, with a warm-up as long as the horizon."""
    return load_scenario(
        "isole",
        changes={
            "territory.inhabitants": inhabitants,
            "horizon.years": years,
            "horizon.warm_up_years": years,
        },
    )


def patients_of(replication: Replication, scenario: Scenario) -> int:
    """How many people a replication simulated one by one."""
    values = {(outcome, group): value for outcome, group, value in replication.rows}
    days = max(1, round(365.25 * scenario.horizon.years.value))
    return round(values["person_years", "all"] / (days / 365.25))


def seconds_of(work: Callable[[], object]) -> float:
    """Processor seconds that some work takes, from a clean memory."""
    gc.collect()
    started = process_time()
    work()
    return process_time() - started


def lap(scenario: Scenario, number: int) -> Lap:
    """One run of the engine, then as many contacts of a loop with as many live processes."""
    done: list[Replication] = []
    seconds = seconds_of(lambda: done.append(simulate(scenario, SEED, number)))
    patients, contacts = patients_of(done[0], scenario), done[0].contacts
    bare = seconds_of(partial(run_bare, patients, contacts))
    return Lap(patients, contacts, done[0].events, seconds, bare)


def run_bare(people: int, contacts: int) -> None:
    """The bare loop from its setting up to its last contact."""
    BareLoop(people).run(contacts)


def laps(plan: Plan) -> dict[int, list[Lap]]:
    """All laps by size of territory; each round goes through all sizes."""
    scenarios = {size: territory(size, plan.years) for size in plan.sizes}
    found: dict[int, list[Lap]] = {size: [] for size in plan.sizes}
    for number in range(plan.rounds):
        for size, scenario in scenarios.items():
            found[size].append(lap(scenario, number))
    return found


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that Python holds during some work, as traced by tracemalloc."""
    gc.collect()
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def bytes_per_patient(plan: Plan) -> tuple[float, float]:
    """What one more patient takes at the peak, in the engine and as a process of the bare loop.

    The difference between the largest and the smallest territory, over that in patients: what does
    not grow is left out, and the territory's own share (books, the demand of others) is left in.
    """
    sizes = [territory(size, plan.memory_years) for size in (plan.sizes[0], plan.sizes[-1])]
    patients = [patients_of(simulate(each, SEED, 0), each) for each in sizes]
    peaks = [peak_bytes(partial(simulate, each, SEED, 0)) for each in sizes]
    bare = [peak_bytes(partial(run_bare, count, count)) for count in patients]
    more = patients[1] - patients[0]
    return (peaks[1] - peaks[0]) / more, (bare[1] - bare[0]) / more


def shared_study(plan: Plan) -> list[tuple[Spent, Spent]]:
    """What one study takes on one process and on two, round by round, workers' start included."""
    scenario = territory(plan.shared_size, plan.years)
    study = Study((scenario,), None, plan.shared_replications, SEED)

    def run(workers: int) -> Spent:
        before = os.times()
        with tempfile.TemporaryDirectory() as folder:
            run_study(study, Path(folder) / "study", workers=workers, progress=False)
        after = os.times()
        return Spent(after.elapsed - before.elapsed, math.fsum(after[:4]) - math.fsum(before[:4]))

    return [(run(1), run(2)) for _ in range(plan.shared_rounds)]


def growth(found: dict[int, list[Lap]]) -> tuple[float, float, float]:
    """How the cost per contact grows from the smallest territory to the largest.

    The engine's growth, the bare loop's, and the one over the other, compared round by round.
    """
    small, *_, large = found.values()
    engine = [last.cost / first.cost for first, last in zip(small, large, strict=True)]
    bare = [last.bare_cost / first.bare_cost for first, last in zip(small, large, strict=True)]
    ratios = [ours / theirs for ours, theirs in zip(engine, bare, strict=True)]
    return median(engine), median(bare), median(ratios)
