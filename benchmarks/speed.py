"""Speed and memory of the engine beside a bare SimPy loop, measured in one run.

`make bench`, or `python -m benchmarks.speed [--quick]`. Rounds alternate engine and loop, and every
figure is the median over rounds: a machine that is slow for a while then slows both. Speeds are per
second of processor time, so other programs disturb them little; the gain of a second process is
also given by the clock. Nothing is written.
"""

from __future__ import annotations

import argparse
import os
import platform
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.measures import (
    FULL,
    QUICK,
    SEED,
    Lap,
    Plan,
    Spent,
    bytes_per_patient,
    growth,
    laps,
    shared_study,
    territory,
)
from parcours_sim.engine import simulate

WIDTH = 100


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


def other_table(
    plan: Plan,
    found: dict[int, list[Lap]],
    memory: tuple[float, float],
) -> Table:
    """Growth from the smallest territory to the largest, and memory."""
    stretch = f"from {plan.sizes[0]:,} to {plan.sizes[-1]:,} inhabitants"
    table = Table(title="Growth and memory")
    for header in ("Measure", "Engine", "Bare loop", "Ratio", "Aim"):
        table.add_column(header, justify="left" if header == "Measure" else "right")
    rows = [
        (f"Cost per contact, {stretch}", *growth(found), "≤ 1.2", ".2f"),
        ("Bytes per patient, peak (tracemalloc)", *memory, memory[0] / memory[1], "", ",.0f"),
    ]
    for title, ours, theirs, ratio, aim, form in rows:
        table.add_row(title, f"{ours:{form}}", f"{theirs:{form}}", f"{ratio:.2f}", aim)
    return table


def process_table(plan: Plan, shared: list[tuple[Spent, Spent]]) -> Table:
    """What a second process gains: by the clock, and if both had had a core to themselves."""
    table = Table(
        title=f"{plan.shared_replications} replications of {plan.shared_size:,} inhabitants"
    )
    for header in ("Measure", "One process", "Two processes", "Gain (aim ≥ 1.7)"):
        table.add_column(header, justify="left" if header == "Measure" else "right")
    for title, pairs in (
        ("By the clock", [(one.wall, two.wall) for one, two in shared]),
        (
            "Processor time of a process",
            [(one.processor, two.processor / 2) for one, two in shared],
        ),
    ):
        one, two = (median(times) for times in zip(*pairs, strict=True))
        gain = median(alone / both for alone, both in pairs)
        table.add_row(title, f"{one:.1f} s", f"{two:.1f} s", f"{gain:.2f}")
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
    console.print(other_table(plan, found, bytes_per_patient(plan)))
    console.print(process_table(plan, shared_study(plan)))


if __name__ == "__main__":
    main()
