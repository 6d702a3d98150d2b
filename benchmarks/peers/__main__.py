"""Whether the programs agree, and how fast they are, side by side.

`python -m benchmarks.peers [--quick]`. Programs take turns, and speeds are medians over rounds, per
second of processor time. Nothing is written. It takes about half an hour.
"""

from __future__ import annotations

import argparse
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from statistics import fmean, median

from rich.console import Console
from rich.table import Table
from scipy.stats import sem, t

from benchmarks.clock import seconds_of
from parcours_sim.engine import compile_engine

from .agreement import CONFIDENCE, compared, values
from .in_parcours import scenario
from .programs import BASE, COMPILED, ENGINES, PEERS, REFERENCE, Program
from .tally import Run
from .workload import YEAR, Workload, town

WIDTH = 130
Programs = dict[str, Program]


@dataclass(frozen=True)
class Plan:
    """What is measured: sizes of the population, how many days are counted, and how often."""

    sizes: tuple[int, ...]
    days: float
    rounds: int
    compared_size: int
    compared_runs: int


FULL = Plan((1_000, 10_000, 20_000), YEAR, 3, 1_000, 20)
QUICK = Plan((1_000,), 60.0, 1, 1_000, 4)


def agreement_table(plan: Plan, programs: Programs) -> Table:
    """Means over runs with their intervals, and which differences chance does not explain."""
    workload, runs = town(plan.compared_size, plan.days), range(plan.compared_runs)
    found = {name: [run(workload, number) for number in runs] for name, run in programs.items()}
    table = Table(title=f"{workload.people:,} people, {len(runs)} runs of {workload.days:g} days")
    table.add_column("Mean over runs")
    for name in found:
        table.add_column(name, justify="right")
    for statistic in found[BASE][0].statistics:
        samples = (values(each, statistic) for each in found.values())
        table.add_row(statistic, *map(mean_and_half_width, samples))
    table.caption = f"differences from {BASE} beyond chance: {beyond_chance(found)}"
    return table


def mean_and_half_width(sample: list[float]) -> str:
    """A mean with half of its 95 % interval."""
    mean, half = fmean(sample), float(sem(sample) * t.ppf(0.975, len(sample) - 1))
    digits = 0 if mean >= 1_000 else 1 if mean >= 10 else 3
    return f"{mean:,.{digits}f} ± {half:,.{digits}f}"


def beyond_chance(found: dict[str, list[Run]]) -> str:
    """Where programs do not agree, at a confidence that all comparisons have together."""
    others, statistics = [name for name in found if name != BASE], found[BASE][0].statistics
    differing = [
        f"{each.statistic} in {name}"
        for name in others
        for each in compared(found[name], found[BASE], statistics, len(others))
        if not each.agrees
    ]
    return f"{', '.join(differing) or 'none'} ({CONFIDENCE:.0%} for all)"


def speed_table(plan: Plan, programs: Programs) -> Table:
    """Contacts per second by size, and how many times as many the compiled engine makes."""
    times = [name for name in programs if name != COMPILED]
    ratios = [f"{COMPILED} over\n{name}" for name in times]
    table = Table(title=f"{plan.days:g} days and a warm-up: contacts per second")
    for header in ("people", "contacts", *programs, *ratios):
        table.add_column(header, justify="right")
    for people in plan.sizes:
        workload = town(people, plan.days)
        rounds = [one_round(workload, number, programs) for number in range(plan.rounds)]
        table.add_row(
            f"{people:,}",
            f"{median(each.contacts for each in rounds):,.0f}",
            *(f"{median(each.speeds[name] for each in rounds):,.0f}" for name in programs),
            *(
                f"{median(each.speeds[COMPILED] / each.speeds[name] for each in rounds):.0f}"
                for name in times
            ),
        )
    return table


@dataclass(frozen=True)
class Round:
    """A run in each program: contacts of the first, and contacts per second of each."""

    contacts: int
    speeds: dict[str, float]


def one_round(workload: Workload, number: int, programs: Programs) -> Round:
    """The same run in one program after the other."""
    scenario(workload)  # files are read once, beforehand
    done: list[Run] = []
    speeds = {}
    for name, run in programs.items():
        seconds = seconds_of(lambda run=run: done.append(run(workload, number)))
        speeds[name] = done[-1].contacts / seconds
    return Round(done[0].contacts, speeds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The same workload in other libraries.")
    parser.add_argument("--quick", action="store_true", help="a small round, only to see it work")
    plan = QUICK if parser.parse_args().quick else FULL
    console = Console()
    if not console.is_terminal:  # a pipe has no width of its own, and Rich would fold the columns
        console = Console(width=WIDTH)
    libraries = ", ".join(f"{name} {version(name)}" for name in PEERS)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    console.print(
        f"Python {platform.python_version()}, {libraries}; {os.cpu_count()} cores, load {load:.1f} "
        f"at the start; {plan.rounds} round(s)"
    )
    compile_engine()  # compiled functions are loaded once, not measured
    programs = {**PEERS, **ENGINES}
    for run in programs.values():
        run(town(1_000, QUICK.days), 0)
    compared_ones = {name: run for name, run in programs.items() if name != REFERENCE}
    console.print(agreement_table(plan, compared_ones))
    console.print(speed_table(plan, programs))


if __name__ == "__main__":
    main()
