"""The workload of `benchmarks/peers` in other libraries and on the engine: whether all agree.

A comparison of speeds means nothing between programs that do different things. Means over runs are
compared with those of the program in SimPy, at 99 % for all intervals of a workload together, and
the queues of the whole workload with theory. Intervals have to be narrow, where it says how narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache

import pytest
from benchmarks.peers.agreement import CONFIDENCE, compared, values
from benchmarks.peers.programs import BASE, COMPILED, ENGINES, PEERS, Program
from benchmarks.peers.tally import Run
from benchmarks.peers.workload import LOAD, MINUTES, YEAR, Workload, town
from tests.verification.theory import interval, mean_wait

pytestmark = [pytest.mark.verify, pytest.mark.timeout(3600)]

PROGRAMS: dict[str, Program] = {**PEERS, COMPILED: ENGINES[COMPILED]}
NARROW = {
    "GP contacts": 0.02,
    "GP wait, minutes": 0.15,
    "GP busy": 0.02,
    "nurse contacts": 0.02,
    "nurse wait, minutes": 0.25,
    "nurse busy": 0.03,
    "pharmacist contacts": 0.03,
    "pharmacist wait, minutes": 0.25,
    "pharmacist busy": 0.03,
    "contacts missed": 0.4,
    "ED visits": 0.15,
    "admissions": 0.25,
    "beds in use": 0.3,
}
"""Half-widths, over the mean, of the interval for a difference in a town of 1,000.

Waits for rooms and beds are left to the hospital alone: here a few long stays decide them.
"""
NARROW_IN_HOSPITAL = {
    "ED visits": 0.03,
    "ED wait, minutes": 0.8,
    "rooms busy": 0.2,
    "admissions": 0.05,
    "wait for a bed, hours": 0.35,
    "beds in use": 0.05,
}


def hospital_alone() -> Workload:
    """Hardly any contacts for ten years, and so few beds that people wait for them in the rooms."""
    workload = town(5_000, 10 * YEAR)
    rarely = tuple(replace(role, interval=20 * YEAR) for role in workload.roles)
    return replace(workload, roles=rarely, rooms=4, beds=9)


WORKLOADS: dict[str, tuple[Callable[[], Workload], int]] = {
    "town": (lambda: town(1_000), 20),
    "larger town": (lambda: town(10_000, 120.0), 8),
    "hospital": (hospital_alone, 16),
}
"""Each with a number of runs."""


@cache
def runs(name: str, workload: str) -> list[Run]:
    """Independent runs of a workload in one program."""
    make, number_of_runs = WORKLOADS[workload]
    return [PROGRAMS[name](make(), number) for number in range(number_of_runs)]


def at_odds(
    name: str, workload: str, statistics: Collection[str], narrow: dict[str, float], among: int
) -> dict[str, str]:
    """In what a program does not agree with the one in SimPy, or not narrowly enough."""
    found = {}
    for each in compared(runs(name, workload), runs(BASE, workload), statistics, among):
        print(
            f"{workload}, {each.statistic}: {BASE} {each.mean:.4g}, {name} by "
            f"{each.difference:+.2g} ({each.low:+.2g} to {each.high:+.2g}) more"
        )
        if not each.agrees:
            found[each.statistic] = "differs"
        elif each.half_width > narrow.get(each.statistic, float("inf")):
            found[each.statistic] = f"known to {each.half_width:.0%} only"
    return found


@pytest.mark.parametrize("name", ["salabim", "Ciw", COMPILED])
def test_libraries_and_the_engine_agree_on_a_town(name):
    statistics = runs(name, "town")[0].statistics
    assert at_odds(name, "town", statistics, NARROW, among=3) == {}


@pytest.mark.parametrize("name", ["salabim", "Ciw", COMPILED])
def test_libraries_and_the_engine_agree_on_a_hospital_short_of_beds(name):
    assert at_odds(name, "hospital", NARROW_IN_HOSPITAL, NARROW_IN_HOSPITAL, among=3) == {}


@pytest.mark.parametrize("place", range(3), ids=["GP", "nurse", "pharmacist"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_each_queue_of_a_larger_town_waits_as_erlang_says(name, place):
    role = town(10_000).roles[place]
    found = interval(values(runs(name, "larger town"), f"{role.name} wait, minutes"))
    theory = mean_wait(role.servers, LOAD, role.service / MINUTES)
    print(f"{name}, {role.name}: {found.mean:.2f} ± {found.half_width():.2f}, theory {theory:.2f}")
    assert found.contains(theory, 1.0 - (1.0 - CONFIDENCE) / (3 * len(PROGRAMS)))
    assert found.half_width() < 0.15 * theory
