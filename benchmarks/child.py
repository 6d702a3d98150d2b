"""What is measured in a process of its own: memory, and the time to the first replication.

`python -m benchmarks.child WHAT ...`, started by `measures.py`; prints numbers, one a line.
"""

from __future__ import annotations

import gc
import resource
import sys
from contextlib import suppress
from pathlib import Path

from benchmarks.clock import SEED, territory
from parcours_sim.engine import is_compiled, simulate

SETTLED_AFTER = 20
"""Replications after which memory should grow no more."""


def say(value: object) -> None:
    """Print at once: the parent takes the time."""
    print(value, flush=True)


def run(inhabitants: int, years: float, warm_up_years: float, number: int = 0) -> None:
    """One replication on the compiled engine, its results thrown away."""
    scenario = territory(inhabitants, years, warm_up_years)
    simulate(scenario, SEED, number, engine="compiled")


def start() -> None:
    """Say once imported whether compiled code was there, and say when a hamlet has run."""
    from parcours_sim.engine.compiled import simulation

    assert simulation.run
    say("ready" if is_compiled() else "cold")
    run(100, 0.01, 0.0)
    say("done")


def memory(inhabitants: int, years: float, warm_up_years: float) -> None:
    """Additional bytes at the peak of a replication, over what is there after a hamlet's."""
    run(100, 0.01, 0.0)
    before = resident()
    begin_peak()
    run(inhabitants, years, warm_up_years)
    say(peak() - before)


def flat(inhabitants: int, replications: int) -> None:
    """Bytes after a few replications, and after all of them."""
    for number in range(replications):
        run(inhabitants, 0.25, 0.25, number)
        if number + 1 in (min(SETTLED_AFTER, replications), replications):
            gc.collect()
            say(resident())


def resident() -> int:
    """Bytes of this process in memory now; where the system doesn't tell, at the peak so far."""
    gc.collect()
    return _told_by_linux("VmRSS") or _peak_by_usage()


def begin_peak() -> None:
    """Forget the peak so far, on a system that can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Most bytes of this process in memory since `begin_peak`, or else ever."""
    return _told_by_linux("VmHWM") or _peak_by_usage()


def _told_by_linux(name: str) -> int:
    """A size of this process in bytes; 0 on another system."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _peak_by_usage() -> int:
    """The peak as POSIX tells it; some systems count that of the parent in."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    if what == "start":
        start()
    elif what == "memory":
        memory(int(numbers[0]), float(numbers[1]), float(numbers[2]))
    else:
        flat(int(numbers[0]), int(numbers[1]))
