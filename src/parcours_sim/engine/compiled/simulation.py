"""A replication from beginning to end: lay out the arrays, run the loop, count."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcours_sim.care.flatten import flatten
from parcours_sim.care.parameters import TRIAGE, Parameters
from parcours_sim.care.setting import Setting
from parcours_sim.care.tables import row_type
from parcours_sim.care.tallies import rows
from parcours_sim.engine.record import LINE, Log, Replication, Stopped, details_of
from parcours_sim.engine.setting import groups_of, settle
from parcours_sim.scenario.scenario import Scenario

from . import entries
from .loop import DONE, SHORT
from .pools import free_rows
from .state import (
    NOTHING,
    Appointment,
    ClockRow,
    Episode,
    Event,
    Message,
    Patient,
    Pool,
    TerritoryTuple,
    Visit,
)

DAYS_AT_A_TIME = 28
"""Simulated days after which, at the latest, whoever asked is asked whether to go on."""
SPARE_ROWS, SPARE_LINES = 64, 1024
"""What one event may take of a pool and write into the log, but for messages."""
FIRST_STAYS, FIRST_TRACES = 1024, 8192
TURNS_OF_HAND_OVERS = 1024
"""Hand-overs that may wait at one instant: an event causes a handful."""
INHABITANTS_PER_BUCKET = 20.0
"""So that a bucket of a working day holds one or two events."""
LINES_AT_ONCE = 1 << 18
POOLS: dict[Pool, type] = {
    Pool.EPISODES: Episode,
    Pool.APPOINTMENTS: Appointment,
    Pool.VISITS: Visit,
    Pool.MESSAGES: Message,
    Pool.EVENTS: Event,
}
"""What the rows of each pool hold; a territory knows a pool by the name in small letters."""

Named = dict[str, Any]


def run(
    scenario: Scenario,
    seed: int,
    replication: int,
    *,
    log: bool = False,
    stopped: Callable[[], bool] | None = None,
) -> Replication:
    """Simulate one replication of a scenario in compiled code.

    The same arguments give the same result, to the bit, as the reference engine. `stopped` is asked
    every few simulated weeks; Stopped is raised where it says yes.
    """
    started = perf_counter()
    parameters = flatten(scenario)
    clock = np.zeros(1, row_type(ClockRow))[0]
    clock["now"] = parameters.begins
    setting = settle(parameters, clock, seed, replication)
    arrays = lay_out(setting, parameters, keeps_log=log)
    chunks: list[NDArray[Any]] = []
    entries.begin(as_tuple(arrays))
    _run_to_the_end(arrays, chunks, stopped)
    entries.finish(as_tuple(arrays))
    tallies, waits = arrays["tallies"].tolist(), arrays["waits"].tolist()
    times = arrays["response_times"].tolist()
    return Replication(
        rows=tuple(rows(tallies, groups_of(parameters).labels, waits, times)),
        stays=np.sort(arrays["stays"][: clock["stays"]]),
        contacts=int(clock["contacts"]),
        events=int(clock["events"]),
        seconds=perf_counter() - started,
        log=Log(np.concatenate(chunks), details_of(parameters)) if log else None,
        traces=np.unique(arrays["traces"][: clock["traces"]]),
    )


def lay_out(setting: Setting, parameters: Parameters, *, keeps_log: bool) -> Named:
    """The arrays of a territory at the start of its warm-up, by name."""
    arrays = {field.name: getattr(setting, field.name) for field in fields(setting)}
    people, days = len(setting.patients), int(parameters.ends - parameters.begins)
    # At most, a contact sends a message over every link about every kind of episode.
    messages = (1 + len(parameters.kinds)) * (1 + len(parameters.links))
    spare_rows, spare_lines = SPARE_ROWS + messages, SPARE_LINES + 4 * messages
    # Everyone has an event of each calendar and kind to come; the others grow where this is short.
    first_events = people * (5 + len(parameters.kinds)) + parameters.work.gps
    sizes = dict.fromkeys(Pool, people // 20)
    sizes |= {Pool.APPOINTMENTS: people // 2, Pool.EVENTS: first_events}
    pools = {
        pool.name.lower(): np.zeros(2 * spare_rows + sizes[pool], row_type(POOLS[pool]))
        for pool in Pool
    }
    for pool in pools.values():
        free_rows(pool, 0)
    priorities = 1 + max(TRIAGE.values())
    buckets = 1 << math.ceil(math.log2(1.0 + parameters.inhabitants / INHABITANTS_PER_BUCKET))
    arrays["clock"]["day"] = -1
    arrays["clock"]["bucket"] = buckets - 1
    return (
        arrays
        | pools
        | {
            "patients": _with_lists(setting.patients),
            "spare_rows": spare_rows,
            "spare_lines": spare_lines,
            "free_first": np.zeros(len(Pool), np.int64),
            "free_count": np.array([len(pool) for pool in pools.values()]),
            "days": np.full(days, NOTHING, np.int64),
            "buckets": np.full(buckets, NOTHING, np.int64),
            "due": np.zeros(len(pools["events"]), np.int64),
            "handed": np.zeros((TURNS_OF_HAND_OVERS, 2), np.int64),
            "queue_first": np.full((2, priorities), NOTHING, np.int64),
            "queue_end": np.full((2, priorities), NOTHING, np.int64),
            "places_taken": np.zeros(2, np.int64),
            "stays": np.zeros(FIRST_STAYS, np.int64),
            "traces": np.zeros(FIRST_TRACES + spare_lines, np.int64),
            "lines": np.zeros(LINES_AT_ONCE + spare_lines if keeps_log else 0, LINE),
        }
    )


def as_tuple(arrays: Named) -> Any:
    """The arrays as compiled functions take them."""
    return TerritoryTuple(**arrays)


def _with_lists(people: Any) -> NDArray[Any]:
    """Patients who have no open episode and no appointment."""
    patients = np.zeros(len(people), row_type(Patient))
    for name in people.dtype.names:
        patients[name] = people[name]
    patients["first_episode"] = patients["first_appointment"] = NOTHING
    return patients


def _run_to_the_end(
    arrays: Named, chunks: list[NDArray[Any]], stopped: Callable[[], bool] | None
) -> None:
    days = len(arrays["days"])
    for until_day in range(DAYS_AT_A_TIME, days + DAYS_AT_A_TIME, DAYS_AT_A_TIME):
        ended = SHORT
        while ended != DONE:
            ended = entries.run(as_tuple(arrays), min(until_day, days))
            if ended == SHORT:
                _make_room(arrays, chunks)
            if stopped is not None and stopped():
                raise Stopped
    _take_lines(arrays, chunks)


def _make_room(arrays: Named, chunks: list[NDArray[Any]]) -> None:
    """Double what is nearly full, and put the log's lines by."""
    for pool in Pool:
        if arrays["free_count"][pool] < arrays["spare_rows"]:
            _double(arrays, pool)
    if len(arrays["stays"]) == arrays["clock"]["stays"]:
        arrays["stays"] = np.concatenate([arrays["stays"], np.zeros_like(arrays["stays"])])
    if len(arrays["traces"]) - arrays["clock"]["traces"] < arrays["spare_lines"]:
        arrays["traces"] = np.concatenate([arrays["traces"], np.zeros_like(arrays["traces"])])
    _take_lines(arrays, chunks)


def _double(arrays: Named, pool: Pool) -> None:
    name = pool.name.lower()
    rows, first_free = arrays[name], arrays["free_first"]
    larger = np.concatenate([rows, np.zeros_like(rows)])
    free_rows(larger, len(rows))
    larger["next"][-1] = first_free[pool]
    first_free[pool] = len(rows)
    arrays["free_count"][pool] += len(rows)
    arrays[name] = larger
    if pool == Pool.EVENTS:
        arrays["due"] = np.concatenate([arrays["due"], np.zeros_like(arrays["due"])])


def _take_lines(arrays: Named, chunks: list[NDArray[Any]]) -> None:
    """Put the log's lines by, so that there is room for more."""
    clock = arrays["clock"]
    chunks.append(arrays["lines"][: clock["lines"]].copy())
    clock["lines"] = 0
