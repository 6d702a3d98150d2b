"""What is measured: speed beside bare loops, memory, threads and processes, compilation.

Nothing is printed here; the tables are in `speed.py`. Where time goes is in `parts.py`.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.bare import BareLoop
from benchmarks.bare_compiled import run_bare_compiled
from benchmarks.clock import SEED, seconds_of, territory
from parcours_sim.engine import Engine, Replication, simulate
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.scenario import Scenario

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Plan:
    """What is measured: sizes of territory (inhabitants), horizons (years), rounds."""

    rounds: int
    compared: tuple[int, ...]
    """Sizes at which both engines run."""
    compared_years: float
    """Of warm-up, and as many counted: the reference engine takes its time."""
    sizes: tuple[int, ...]
    """Sizes at which the compiled engine runs over the standard horizon."""
    logged_up_to: int
    """Size up to which it also keeps the log, which takes memory."""
    years: float
    warm_up_years: float
    """The standard horizon."""
    standard_size: int
    part_rounds: int
    all_parts: bool
    memory_size: int
    flat_size: int
    flat_replications: int
    thread_replications: int
    process_size: int
    process_replications: int
    thread_rounds: int
    process_rounds: int
    cold: bool
    """Whether compiling afresh is measured, which takes a minute."""


FULL = Plan(
    rounds=3,
    compared=(2_000, 20_000, 100_000),
    compared_years=0.5,
    sizes=(2_000, 10_000, 20_000, 100_000),
    logged_up_to=20_000,
    years=5.0,
    warm_up_years=1.0,
    standard_size=20_000,
    part_rounds=7,
    all_parts=True,
    memory_size=100_000,
    flat_size=2_000,
    flat_replications=200,
    thread_replications=16,
    process_size=10_000,
    process_replications=8,
    thread_rounds=3,
    process_rounds=1,
    cold=True,
)
QUICK = Plan(
    rounds=1,
    compared=(1_000, 2_000),
    compared_years=0.1,
    sizes=(1_000, 2_000),
    logged_up_to=2_000,
    years=0.5,
    warm_up_years=0.1,
    standard_size=2_000,
    part_rounds=1,
    all_parts=False,
    memory_size=5_000,
    flat_size=1_000,
    flat_replications=30,
    thread_replications=4,
    process_size=1_000,
    process_replications=2,
    thread_rounds=1,
    process_rounds=1,
    cold=False,
)


@dataclass(frozen=True)
class Run:
    """One replication, in processor seconds, and as many contacts of a bare loop."""

    patients: int
    contacts: int
    events: int
    seconds: float
    bare_seconds: float

    @property
    def cost(self) -> float:
        """Seconds per contact."""
        return self.seconds / self.contacts

    @property
    def bare_cost(self) -> float:
        """Seconds per contact of the bare loop."""
        return self.bare_seconds / self.contacts

    @property
    def ratio(self) -> float:
        """Contacts per second, over those of the bare loop."""
        return self.bare_seconds / self.seconds


@dataclass(frozen=True)
class Both:
    """The same replication on both engines."""

    reference: Run
    compiled_seconds: float


@dataclass(frozen=True)
class Alone:
    """A replication on the compiled engine over the standard horizon; with the log, if kept."""

    run: Run
    logged_seconds: float | None


@dataclass(frozen=True)
class Spent:
    """Seconds that a study took: on the wall's clock, and of all its processes' processor time."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Started:
    """Seconds from the start of a process: imported, and a hamlet simulated."""

    is_cold: bool
    imported: float
    done: float


def patients_of(replication: Replication, scenario: Scenario) -> int:
    """How many people a replication simulated one by one."""
    values = {(outcome, group): value for outcome, group, value in replication.rows}
    days = max(1, round(365.25 * scenario.horizon.years.value))
    return round(values["person_years", "all"] / (days / 365.25))


def one_run(
    scenario: Scenario, number: int, engine: Engine, bare: Callable[[int, int], object]
) -> Run:
    """One replication, then as many contacts of a bare loop with as many people."""
    done: list[Replication] = []
    seconds = seconds_of(lambda: done.append(simulate(scenario, SEED, number, engine=engine)))
    patients, contacts = patients_of(done[0], scenario), done[0].contacts
    bare_seconds = seconds_of(partial(bare, patients, contacts))
    return Run(patients, contacts, done[0].events, seconds, bare_seconds)


def run_bare(people: int, contacts: int) -> None:
    """The bare SimPy loop from its setting up to its last contact."""
    BareLoop(people).run(contacts)


def both_engines(scenario: Scenario, number: int) -> Both:
    """The same replication on both engines, and the bare SimPy loop."""
    compiled = seconds_of(partial(simulate, scenario, SEED, number, engine="compiled"))
    return Both(one_run(scenario, number, "reference", run_bare), compiled)


def alone(scenario: Scenario, number: int, *, log: bool) -> Alone:
    """The compiled engine and the bare compiled loop; then again, keeping the log."""
    run = one_run(scenario, number, "compiled", run_bare_compiled)
    again = partial(simulate, scenario, SEED, number, log=True, engine="compiled")
    return Alone(run, seconds_of(again) if log else None)


def compared(plan: Plan) -> dict[int, list[Both]]:
    """Both engines by size; each round goes through all sizes."""
    scenarios = {size: territory(size, plan.compared_years) for size in plan.compared}
    found: dict[int, list[Both]] = {size: [] for size in scenarios}
    for number in range(plan.rounds):
        for size, scenario in scenarios.items():
            found[size].append(both_engines(scenario, number))
    return found


def over_standard_horizon(plan: Plan) -> dict[int, list[Alone]]:
    """The compiled engine by size; each round goes through all sizes."""
    scenarios = {size: territory(size, plan.years, plan.warm_up_years) for size in plan.sizes}
    found: dict[int, list[Alone]] = {size: [] for size in scenarios}
    for number in range(plan.rounds):
        for size, scenario in scenarios.items():
            found[size].append(alone(scenario, number, log=size <= plan.logged_up_to))
    return found


def shared_study(
    scenario: Scenario, engine: Engine, replications: int, rounds: int
) -> list[tuple[Spent, Spent]]:
    """What one study takes with one worker and with two, round by round, everything included."""
    study = Study((scenario,), None, replications, SEED)

    def run(workers: int) -> Spent:
        before = os.times()
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "study"
            run_study(study, place, How(workers, engine, progress=False))
        after = os.times()
        return Spent(after.elapsed - before.elapsed, math.fsum(after[:4]) - math.fsum(before[:4]))

    return [(run(1), run(2)) for _ in range(rounds)]


def bytes_per_inhabitant(plan: Plan) -> list[float]:
    """Additional resident memory at the peak of a replication, over both horizons."""
    size, half = plan.memory_size, plan.compared_years
    return [
        float(*_child("memory", size, years, warm_up)) / size
        for years, warm_up in ((half, half), (plan.years, plan.warm_up_years))
    ]


def memory_over_replications(plan: Plan) -> tuple[float, float]:
    """Resident bytes after the first replications, and after the last."""
    first, last = _child("flat", plan.flat_size, plan.flat_replications)
    return float(first), float(last)


def starts(plan: Plan) -> tuple[Started | None, list[Started]]:
    """A first start, with an empty folder of compiled code; then starts with what it left there."""
    with tempfile.TemporaryDirectory() as folder:
        place = {"XDG_CACHE_HOME": folder} if plan.cold else {}
        first = _start(place) if plan.cold else None
        return first, [_start(place) for _ in range(max(3, plan.rounds))]


def _start(environment: dict[str, str]) -> Started:
    began = perf_counter()
    lines = [(line, perf_counter() - began) for line in _lines("start", environment=environment)]
    (word, imported), (_, done) = lines
    return Started(word == "cold", imported, done)


def _child(*arguments: object) -> list[str]:
    return list(_lines(*arguments))


def _lines(*arguments: object, environment: dict[str, str] | None = None) -> Iterator[str]:
    """What a process of its own prints, line by line."""
    command = [sys.executable, "-m", "benchmarks.child", *map(str, arguments)]
    variables = {**os.environ, **(environment or {})}
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            yield line.strip()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
