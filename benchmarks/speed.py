"""Speed and memory of both engines, beside bare loops, measured in one run.

`make bench`, or `python -m benchmarks.speed [--quick | --long]`. What is compared takes turns, and
every figure is the median over rounds: a machine that is slow for a while then slows all. Speeds
are per second of processor time, so other programs disturb them little; threads, processes and
starts are also, or only, measured by the clock. Nothing is written.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.bare_compiled import run_bare_compiled
from benchmarks.child import SETTLED_AFTER
from benchmarks.clock import SEED, territory
from benchmarks.measures import (
    FULL,
    QUICK,
    Alone,
    Both,
    Plan,
    Spent,
    Started,
    bytes_per_inhabitant,
    compared,
    memory_over_replications,
    over_standard_horizon,
    shared_study,
    starts,
)
from benchmarks.parts import Parts, Variants
from parcours_sim.engine import compile_engine, simulate

WIDTH = 100
LONG_REPLICATIONS = 1_000
SMALL, LARGE = 10_000, 100_000
"""Sizes between which growth is looked at."""


def table_of(title: str, *headers: str) -> Table:
    """An empty table: words in the first column, then numbers."""
    table = Table(title=title)
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place else "left")
    return table


def compared_table(plan: Plan, found: dict[int, list[Both]]) -> Table:
    """Contacts per second of both engines and of the bare SimPy loop, by size of territory."""
    years = 2 * plan.compared_years
    table = table_of(
        f"Both engines over {years:g} year(s), half of it warm-up: contacts per second",
        "Inhabitants", "Patients", "Contacts", "Reference", "Compiled", "Compiled\nover\nreference",
        "Bare SimPy\nloop", "Reference\nover bare\n(≥ 0.25)",
    )  # fmt: skip
    for size, rounds in found.items():
        runs = [each.reference for each in rounds]
        table.add_row(
            f"{size:,}",
            f"{runs[0].patients:,}",
            f"{median(each.contacts for each in runs):,.0f}",
            f"{median(1 / each.cost for each in runs):,.0f}",
            f"{median(each.reference.contacts / each.compiled_seconds for each in rounds):,.0f}",
            f"{median(each.reference.seconds / each.compiled_seconds for each in rounds):.0f}",
            f"{median(1 / each.bare_cost for each in runs):,.0f}",
            f"{median(each.ratio for each in runs):.2f}",
        )
    return table


def standard_table(plan: Plan, found: dict[int, list[Alone]]) -> Table:
    """Contacts per second of the compiled engine and of the bare compiled loop; the log."""
    table = table_of(
        f"Compiled engine over {plan.warm_up_years:g} + {plan.years:g} years: contacts per second",
        "Inhabitants", "Contacts", "Events per\ncontact", "Seconds", "Compiled",
        "Bare compiled\nloop", "Over bare\n(≥ 0.2)", "Log on\nover off\n(≥ 0.5)",
    )  # fmt: skip
    for size, rounds in found.items():
        runs = [each.run for each in rounds]
        logged = [
            each.run.seconds / each.logged_seconds
            for each in rounds
            if each.logged_seconds is not None
        ]
        table.add_row(
            f"{size:,}",
            f"{median(each.contacts for each in runs):,.0f}",
            f"{median(each.events / each.contacts for each in runs):.2f}",
            f"{median(each.seconds for each in runs):.2f}",
            f"{median(1 / each.cost for each in runs):,.0f}",
            f"{median(1 / each.bare_cost for each in runs):,.0f}",
            f"{median(each.ratio for each in runs):.2f}",
            f"{median(logged):.2f}" if logged else "–",
        )
    return table


def growth_table(found: dict[int, list[Alone]]) -> Table:
    """How the cost per contact grows with the territory, beside the bare loop's."""
    small = SMALL if SMALL in found else min(found)
    large = LARGE if LARGE in found else max(found)
    table = table_of(
        f"Cost per contact from {small:,} to {large:,} inhabitants",
        "Compiled engine (≤ 1.5)", "Bare compiled loop",
    )  # fmt: skip
    pairs = [(one.run, other.run) for one, other in zip(found[small], found[large], strict=True)]
    ours = median(other.cost / one.cost for one, other in pairs)
    bare = median(other.bare_cost / one.bare_cost for one, other in pairs)
    table.add_row(f"× {ours:.2f}", f"× {bare:.2f}")
    return table


def part_table(plan: Plan, found: list[Parts]) -> Table:
    """Where the compiled engine's time goes."""
    table = table_of(
        f"Where the time goes: {plan.standard_size:,} inhabitants, standard horizon",
        "Part", "ns per event", "Share",
    )  # fmt: skip
    parts = {
        "Rules (what remains)": [each.rules for each in found],
        "Tallies": [each.tallies for each in found],
        "Draws": [each.draws for each in found],
        "Event queue": [each.queue for each in found],
        "Setting up": [each.setting_up for each in found],
        "Whole": [each.whole for each in found],
    }
    for name, costs in parts.items():
        known = [cost for cost in costs if cost is not None]
        if known:
            shares = (cost / each.whole for cost, each in zip(known, found, strict=True))
            table.add_row(name, f"{median(known):.0f}", f"{median(shares):.0%}")
    if not plan.all_parts:
        table.caption = "tallies and draws not told from rules"
    return table


def memory_table(plan: Plan, by_horizon: list[float], over_runs: tuple[float, float]) -> Table:
    """Memory of the compiled engine: per inhabitant, and over many replications."""
    table = table_of("Memory of the compiled engine, log off", "Measure", "Found", "Aim")
    horizons = (2 * plan.compared_years, plan.warm_up_years + plan.years)
    for years, each in zip(horizons, by_horizon, strict=True):
        title = f"Bytes per inhabitant at the peak, {plan.memory_size:,} inhabitants, {years:g} y"
        table.add_row(title, f"{each:,.0f}", "≤ 1,000")
    first, last = over_runs
    title = f"After {plan.flat_replications:,} replications over after {SETTLED_AFTER}"
    table.add_row(f"{title} ({first / 1e6:.0f} MB)", f"{last / first:.3f}", "0.95 to 1.05")
    return table


def workers_table(title: str, aim: str, shared: list[tuple[Spent, Spent]]) -> Table:
    """What a second worker gains: by the clock, and if both had had a core to themselves."""
    table = table_of(title, "Measure", "One", "Two", f"Gain{aim}")
    for name, pairs in (
        ("By the clock", [(one.wall, two.wall) for one, two in shared]),
        ("Processor time of one", [(one.processor, two.processor / 2) for one, two in shared]),
    ):
        one, two = (median(times) for times in zip(*pairs, strict=True))
        gain = median(alone / both for alone, both in pairs)
        table.add_row(name, f"{one:.1f} s", f"{two:.1f} s", f"{gain:.2f}")
    return table


def start_table(cold: Started | None, warm: Iterable[Started]) -> Table:
    """Seconds from the start of a process to its imports and its first replication."""
    table = table_of(
        "Seconds by the clock from the start of a process", "Start", "Imported", "First replication"
    )
    if cold is not None:
        name = "nothing compiled" if cold.is_cold else "nothing compiled (not so: other folder)"
        table.add_row(name, f"{cold.imported:.2f}", f"{cold.done:.1f}")
    each = [(one.imported, one.done) for one in warm]
    imported, done = (median(times) for times in zip(*each, strict=True))
    table.add_row("compiled before (< 2)", f"{imported:.2f}", f"{done:.2f}")
    return table


def chosen_plan() -> Plan:
    """The plan that the command line asks for."""
    parser = argparse.ArgumentParser(description="Speed and memory of both engines.")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="a small round, only to see it work")
    how.add_argument(
        "--long",
        action="store_true",
        help=f"memory over {LONG_REPLICATIONS:,} replications instead of {FULL.flat_replications}",
    )
    asked = parser.parse_args()
    if asked.quick:
        return QUICK
    return replace(FULL, flat_replications=LONG_REPLICATIONS) if asked.long else FULL


def main() -> None:
    """Measure and print."""
    plan = chosen_plan()
    console = Console()
    if not console.is_terminal:  # a pipe has no width of its own, and Rich would fold the columns
        console = Console(width=WIDTH)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    console.print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the "
        f"start; {plan.rounds} round(s)"
    )
    compile_engine()  # compiled functions are loaded once, not measured
    hamlet = territory(100, 0.01)
    simulate(hamlet, SEED, 0, engine="reference")
    simulate(hamlet, SEED, 0, engine="compiled", log=True)
    run_bare_compiled(10, 10)

    cold, warm = starts(plan)
    console.print(start_table(cold, warm))
    console.print(compared_table(plan, compared(plan)))
    standard = over_standard_horizon(plan)
    console.print(standard_table(plan, standard), growth_table(standard), sep="\n")
    variants = Variants(all_of_them=plan.all_parts)
    variants.warm_up(hamlet)
    full_size = territory(plan.standard_size, plan.years, plan.warm_up_years)
    parts = [variants.round(full_size, number) for number in range(plan.part_rounds)]
    console.print(part_table(plan, parts))
    console.print(memory_table(plan, bytes_per_inhabitant(plan), memory_over_replications(plan)))
    threads = shared_study(full_size, "compiled", plan.thread_replications, plan.thread_rounds)
    title = f"{plan.thread_replications} replications of {plan.standard_size:,} inhabitants"
    console.print(workers_table(f"Threads (compiled): {title}", " (≥ 1.8)", threads))
    smaller = territory(plan.process_size, plan.compared_years)
    processes = shared_study(smaller, "reference", plan.process_replications, plan.process_rounds)
    title = f"{plan.process_replications} replications of {plan.process_size:,} inhabitants"
    console.print(workers_table(f"Processes (reference): {title}", "", processes))


if __name__ == "__main__":
    main()
