"""A replication of the compiled engine does not depend on how much room it begins with."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.engine.identity import first_difference
from tests.engine.small import busy

from parcours_sim.engine import Stopped, simulate
from parcours_sim.engine.compiled import simulation
from parcours_sim.engine.compiled.pools import free_rows
from parcours_sim.engine.compiled.state import Pool

SCENARIO = busy("msp")
NAMES = tuple(pool.name.lower() for pool in Pool)
WEEKS_4 = simulation.DAYS_AT_A_TIME


def compiled(replication=0, **named):
    return simulate(SCENARIO, 1, replication, log=True, engine="compiled", **named)


@pytest.fixture(scope="module")
def usual():
    """Give the replication as it usually is."""
    return compiled()


@pytest.fixture
def laid_out(monkeypatch):
    """Let a function change the arrays that replications begin with."""

    def let(change):
        def lay_out_changed(*arguments, **named):
            arrays = lay_out(*arguments, **named)
            change(arrays)
            return arrays

        lay_out = simulation.lay_out
        monkeypatch.setattr(simulation, "lay_out", lay_out_changed)

    return let


def cut(arrays, name, size):
    """Leave a pool this many rows; those beyond were free, and so are those that it still has."""
    in_use = len(arrays[name]) - arrays["free_count"][NAMES.index(name)]
    arrays[name] = arrays[name][:size].copy()
    if in_use < size:
        free_rows(arrays[name], in_use)
    arrays["free_first"][NAMES.index(name)] = in_use if in_use < size else -1
    arrays["free_count"][NAMES.index(name)] = size - in_use


def test_pools_that_begin_tiny_grow_and_lose_no_row(usual, laid_out, monkeypatch):
    kept, grown = [], []

    def begin_and_leave_little_room(territory):
        begin(territory)
        arrays = kept[0]
        planned = len(arrays["events"]) - arrays["free_count"][Pool.EVENTS]
        for name in NAMES:
            cut(arrays, name, planned if name == "events" else 1)
        arrays["due"] = np.zeros(planned, np.int64)
        arrays["stays"] = np.zeros(1, np.int64)

    def double_and_note(arrays, pool):
        grown.append(pool.name.lower())
        double(arrays, pool)

    begin, double = simulation.entries.begin, simulation._double
    monkeypatch.setattr(simulation.entries, "begin", begin_and_leave_little_room)
    monkeypatch.setattr(simulation, "_double", double_and_note)
    laid_out(kept.append)
    assert first_difference(usual, compiled()) is None
    assert set(grown) == set(NAMES)
    assert min(grown.count(name) for name in NAMES if name != "events") > 6  # from one row


def test_at_the_end_no_row_is_lost(laid_out):
    kept = []
    laid_out(kept.append)
    compiled()
    arrays = kept[0]
    for pool, name in zip(Pool, NAMES, strict=True):
        rows, free = arrays[name]["next"], []
        place = arrays["free_first"][pool]
        while place >= 0:
            free.append(place)
            place = rows[place]
        assert len(free) == len(set(free)) == arrays["free_count"][pool]
    episodes = arrays["free_count"][Pool.EPISODES]
    assert len(arrays["episodes"]) - episodes == sum(1 for _ in open_episodes(arrays))


def open_episodes(arrays):
    for place in arrays["patients"]["first_episode"]:
        while place >= 0:
            yield place
            place = arrays["episodes"]["next"][place]


def test_a_log_put_by_in_small_chunks_is_the_same_log(usual, monkeypatch):
    monkeypatch.setattr(simulation, "LINES_AT_ONCE", 1)
    assert len(usual.log) > 10 * simulation.SPARE_LINES
    assert first_difference(usual, compiled()) is None


def test_traces_that_begin_with_little_room_grow_and_are_the_same(usual, monkeypatch):
    monkeypatch.setattr(simulation, "FIRST_TRACES", 1)
    monkeypatch.setattr(simulation, "SPARE_LINES", 30)
    found = compiled()
    assert len(found.traces) > 10 * 30
    assert first_difference(usual, found) is None


def test_days_taken_in_other_portions_give_the_same(usual, monkeypatch):
    for days in (1, 11, 10_000):
        monkeypatch.setattr(simulation, "DAYS_AT_A_TIME", days)
        assert first_difference(usual, compiled()) is None


def test_whoever_asked_is_asked_every_four_weeks_and_no_answer_changes_anything(usual):
    asked = []
    found = compiled(stopped=lambda: bool(asked.append(1)))
    days = 365.25 * (SCENARIO.horizon.years.value + SCENARIO.horizon.warm_up_years.value)
    assert len(asked) == pytest.approx(days / WEEKS_4, abs=1)
    assert first_difference(usual, found) is None


@pytest.mark.parametrize("times", [1, 4])
def test_a_replication_stops_when_it_is_told_to_and_leaves_nothing_behind(usual, times):
    answers = iter([False] * (times - 1) + [True])
    with pytest.raises(Stopped):
        compiled(stopped=lambda: next(answers))
    assert list(answers) == []
    assert first_difference(usual, compiled()) is None


def test_four_threads_at_once_give_what_each_gives_alone(usual):
    alone = [usual, *(compiled(replication) for replication in (1, 2, 3))]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(compiled, [*range(4), *range(4)]))
    for one, other in zip([*alone, *alone], together, strict=True):
        assert first_difference(one, other) is None


def test_a_thread_that_is_stopped_disturbs_no_other(usual):
    with ThreadPoolExecutor(2) as threads:
        stopped = threads.submit(compiled, 1, stopped=lambda: True)
        found = threads.submit(compiled)
        assert first_difference(usual, found.result()) is None
        assert isinstance(stopped.exception(), Stopped)
