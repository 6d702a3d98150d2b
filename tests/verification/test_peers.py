"""The workload of `benchmarks/peers` in other libraries and on the engine: do all agree.

A comparison of speeds means nothing between programs that do different things. Means over runs are
compared with those of the program in SimPy, and the queues of the whole workload with theory. All
intervals of a test hold at once with 99 %, and have to be narrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from benchmarks.peers.agreement import compared, values
from benchmarks.peers.programs import BASE, COMPILED, ENGINES, PEERS, Program
from benchmarks.peers.tally import Run
from benchmarks.peers.workload import LOAD, MINUTES, Workload, three_queues, two_queues
from tests.verification.theory import interval, mean_wait

pytestmark = [pytest.mark.verify, pytest.mark.timeout(3600)]

PEOPLE, RUNS = 1_000, 20
PROGRAMS: dict[str, Program] = {**PEERS, COMPILED: ENGINES[COMPILED]}
SHORT_OF_ROOM = {"ED wait, minutes", "wait for a bed, hours", "rooms busy"}
"""What a few long stays decide where beds nearly always suffice."""
NARROW = {
    "GP contacts": 0.02,
    "nurse contacts": 0.02,
    "pharmacist contacts": 0.03,
    "GP wait, minutes": 0.25,
    "nurse wait, minutes": 0.25,
    "pharmacist wait, minutes": 0.25,
    "GP busy": 0.03,
    "nurse busy": 0.03,
    "pharmacist busy": 0.03,
    "contacts missed": 0.4,
    "ED visits": 0.1,
    "admissions": 0.15,
    "beds in use": 0.25,
    "ED wait, minutes": 0.5,
    "wait for a bed, hours": 0.5,
    "rooms busy": 0.25,
}
"""Half-widths allowed, over the mean, of the interval for a difference."""


def hospital_alone(people: int) -> Workload:
    """Hardly any contacts, and so few beds that rooms fill with people who wait for one."""
    workload = two_queues(people)
    rarely = tuple(replace(role, interval=7300.0) for role in workload.roles)
    return replace(workload, roles=rarely, rooms=6, beds=8)


WORKLOADS: dict[str, tuple[Callable[[int], Workload], int]] = {
    "three queues": (three_queues, PEOPLE),
    "two queues": (two_queues, PEOPLE),
    "hospital": (hospital_alone, 5 * PEOPLE),
}


@cache
def runs(name: str, workload: str) -> list[Run]:
    """Independent runs of a workload in one program."""
    make, people = WORKLOADS[workload]
    return [PROGRAMS[name](make(people), number) for number in range(RUNS)]


def differ(name: str, workload: str, among: int) -> dict[str, str]:
    """What a program and the one in SimPy do not agree on, or not narrowly enough."""
    found = {}
    for each in compared(runs(name, workload), runs(BASE, workload), among):
        print(
            f"{workload}, {each.statistic}: {BASE} {each.mean:.4g}, {name} "
            f"{each.difference:+.2g} (may be {each.low:+.2g} to {each.high:+.2g})"
        )
        if not each.agrees:
            found[each.statistic] = "differs"
        elif each.half_width > NARROW[each.statistic]:
            found[each.statistic] = f"within {each.half_width:.0%}"
    return found


@pytest.mark.parametrize("name", ["salabim", "Ciw"])
def test_libraries_agree_on_the_whole_workload(name):
    found = differ(name, "three queues", among=2)
    assert found.keys() <= SHORT_OF_ROOM
    assert "differs" not in found.values()


@pytest.mark.parametrize("name", ["salabim", "Ciw", COMPILED])
def test_libraries_and_the_engine_agree_on_what_tables_can_say(name):
    found = differ(name, "two queues", among=3)
    assert found.keys() <= SHORT_OF_ROOM
    assert "differs" not in found.values()


@pytest.mark.parametrize("name", ["salabim", "Ciw", COMPILED])
def test_libraries_and_the_engine_agree_on_a_hospital_short_of_beds(name):
    hospital = {"ED visits", "admissions", "beds in use", *SHORT_OF_ROOM}
    found = differ(name, "hospital", among=3)
    assert "differs" not in found.values()
    assert not found.keys() & hospital


@pytest.mark.parametrize("role", three_queues(PEOPLE).roles, ids=lambda role: role.name)
@pytest.mark.parametrize("name", PEERS)
def test_each_queue_of_the_whole_workload_waits_as_erlang_says(name, role):
    found = interval(values(runs(name, "three queues"), f"{role.name} wait, minutes"))
    theory = mean_wait(role.servers, LOAD, role.service / MINUTES)
    print(f"{name}, {role.name}: {found.mean:.1f} ± {found.half_width():.1f}, theory {theory:.1f}")
    assert found.contains(theory)
    assert found.half_width() < 0.1 * theory
