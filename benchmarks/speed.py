"""Speed and memory of the engine beside a bare SimPy loop, measured in one run.

`make bench`, or `python -m benchmarks.speed [--quick]`. Rounds alternate engine and loop, and every
figure is the median over rounds: a machine that is slow for a while then slows both. Speeds are per
second of processor time, so other programs disturb them little; only the gain of a second process
is in wall-clock time. Nothing is written.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import tempfile
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table

from benchmarks.bare import BareLoop
from parcours_sim.engine import Replication, simulate
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

SEED, WIDTH = 1, 100


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


FULL = Plan((2_000, 10_000, 20_000), 0.5, 5, 0.25, 10_000, 8, 3)
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


def seconds_of(work: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """How long some work takes by a clock, from a clean memory."""
    gc.collect()
    started = clock()
    work()
    return clock() - started


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


def gain_of_a_second_process(plan: Plan) -> list[tuple[float, float]]:
    """Wall-clock seconds of one study on one process and on two, round by round."""
    scenario = territory(plan.shared_size, plan.years)
    study = Study((scenario,), None, plan.shared_replications, SEED)

    def run(workers: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run_study(study, Path(folder) / "study", workers=workers, progress=False)

    return [
        (seconds_of(partial(run, 1), perf_counter), seconds_of(partial(run, 2), perf_counter))
        for _ in range(plan.shared_rounds)
    ]


def speed_table(found: dict[int, list[Lap]]) -> Table:
    """Contacts per second by size of territory, beside the bare loop's."""
    table = Table(title="Speed by size of territory (medians over rounds; aim: ratio ≥ 0.25)")
    headers = ("Inhabitants", "Patients", "Contacts", "Events per\ncontact")
    for header in (*headers, "Contacts\nper second", "Bare loop,\nper second", "Ratio"):
        table.add_column(header, justify="right")
    for size, each in found.items():
        table.add_row(
            f"{size:,}",
            f"{each[0].patients:,}",
            f"{median(one.contacts for one in each):,.0f}",
            f"{median(one.events / one.contacts for one in each):.2f}",
            f"{median(1e6 / one.cost for one in each):,.0f}",
            f"{median(1e6 / one.bare_cost for one in each):,.0f}",
            f"{median(one.bare_cost / one.cost for one in each):.2f}",
        )
    return table


def growth(found: dict[int, list[Lap]]) -> tuple[float, float]:
    """How the cost per contact grows from the smallest territory to the largest: engine, loop."""
    small, *_, large = found.values()
    pairs = list(zip(small, large, strict=True))
    engine = median(last.cost / first.cost for first, last in pairs)
    return engine, median(last.bare_cost / first.bare_cost for first, last in pairs)


def other_table(
    plan: Plan,
    found: dict[int, list[Lap]],
    memory: tuple[float, float],
    shared: list[tuple[float, float]],
) -> Table:
    """Growth, memory and the second process."""
    engine, bare = growth(found)
    stretch = f"from {plan.sizes[0]:,} to {plan.sizes[-1]:,} inhabitants"
    one, two = (median(times) for times in zip(*shared, strict=True))
    gain = median(alone / both for alone, both in shared)
    table = Table(title="Growth, memory, processes")
    for header in ("Measure", "Engine", "Bare loop", "Ratio", "Aim"):
        table.add_column(header, justify="left" if header == "Measure" else "right")
    rows = [
        (f"Cost per contact, {stretch}", engine, bare, engine / bare, "≤ 1.2", ".2f"),
        ("Bytes per patient, peak (tracemalloc)", *memory, memory[0] / memory[1], "", ",.0f"),
    ]
    for title, ours, theirs, ratio, aim, form in rows:
        table.add_row(title, f"{ours:{form}}", f"{theirs:{form}}", f"{ratio:.2f}", aim)
    title = f"{plan.shared_replications} replications of {plan.shared_size:,}, one process and two"
    table.add_row(title, f"{one:.1f} s / {two:.1f} s", "", f"{gain:.2f}", "≥ 1.7")
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Speed and memory beside a bare SimPy loop.")
    parser.add_argument("--quick", action="store_true", help="a small round, only to see it work")
    plan = QUICK if parser.parse_args().quick else FULL
    console = Console()
    if not console.is_terminal:  # a pipe has no width of its own, and Rich would fold the columns
        console = Console(width=WIDTH)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    console.print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the "
        f"start; {plan.rounds} rounds of {2 * plan.years:g} simulated years"
    )
    simulate(territory(1_000, 0.05), SEED, 0)  # compiled functions are loaded once, not measured
    found = laps(plan)
    console.print(speed_table(found))
    console.print(other_table(plan, found, bytes_per_patient(plan), gain_of_a_second_process(plan)))


if __name__ == "__main__":
    main()
