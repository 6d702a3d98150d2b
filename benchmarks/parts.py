"""Where the time of the compiled engine goes: parts of it left out, or run alone.

The loop is compiled again with other functions in the place of some of its own, which takes a
minute for each such variant. Tallies and the log feed nothing back, so that without tallies the
same things happen. With other draws something else happens, as often; so the variants are compared
by their cost per event, and with the loop compiled again as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import process_time
from typing import Any
from unittest.mock import patch

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import SEED, seconds_of
from parcours_sim.care import draws, tallies
from parcours_sim.care.flatten import flatten
from parcours_sim.care.tables import row_type
from parcours_sim.engine import Replication, kernels, simulate
from parcours_sim.engine.compiled import entries, loop, queue
from parcours_sim.engine.compiled.simulation import as_tuple, lay_out
from parcours_sim.engine.compiled.state import NOTHING, ClockRow
from parcours_sim.engine.compiled.view import view
from parcours_sim.engine.setting import settle
from parcours_sim.scenario.scenario import Scenario

Variant = dict[str, Any]
"""Compiled functions in the place of those of `entries.py`, by name."""

COUNTING = (
    tallies.count,
    tallies.count_for,
    tallies.add,
    tallies.count_clipped,
    tallies.count_other,
    tallies.count_other_at,
    tallies.count_wait,
    tallies.count_message,
    tallies.count_arrival,
)
GAPS = 4096


@dataclass(frozen=True)
class Parts:
    """What one event costs, in nanoseconds: altogether, and by part; None for not measured."""

    whole: float
    queue: float
    setting_up: float
    draws: float | None = None
    tallies: float | None = None

    @property
    def rules(self) -> float:
        """What remains: rules, with the inversions, the search for slots and everything else."""
        return self.whole - self.queue - self.setting_up - (self.draws or 0) - (self.tallies or 0)


class Variants:
    """The loop as it is and without some parts, compiled once for all rounds."""

    def __init__(self, *, all_of_them: bool) -> None:
        """Only the queue alone and setting up alone are measured unless `all_of_them`."""
        self.all_of_them = all_of_them
        self._as_it_is: Variant = {}
        if all_of_them:
            self._as_it_is = linked_with({})
            self._without_tallies = linked_with(dict.fromkeys(COUNTING, _nothing))
            self._cheap_draws = linked_with({draws.block: _mixed})

    def warm_up(self, hamlet: Scenario) -> None:
        """Compile what is not compiled yet."""
        self.round(hamlet, 0)

    def round(self, scenario: Scenario, number: int) -> Parts:
        """One replication by each variant in turn."""
        base, whole = _nanoseconds_per_event(scenario, number, self._as_it_is)
        setting_up, in_queue = _alone(scenario, number, base)
        if not self.all_of_them:
            return Parts(whole, in_queue, setting_up)
        silent, without_tallies = _nanoseconds_per_event(scenario, number, self._without_tallies)
        if (silent.contacts, silent.events) != (base.contacts, base.events):
            raise RuntimeError("without tallies something else happens")
        _, cheap = _nanoseconds_per_event(scenario, number, self._cheap_draws)
        return Parts(whole, in_queue, setting_up, whole - cheap, whole - without_tallies)


def linked_with(instead: dict[Any, Any]) -> Variant:
    """The loop's functions with others in the place of some of those that they call."""
    kernels.compiled.cache_clear()
    with patch.dict(kernels.IN_ONE_INSTRUCTION, instead):
        variant = {
            name: _called_by_python(kernels.compiled(getattr(loop, name)))
            for name in ("begin", "run", "finish")
        }
    kernels.compiled.cache_clear()
    return variant


def _called_by_python(function: Any) -> Callable[..., Any]:
    @numba.njit(nogil=True)
    def call(*arguments: Any) -> Any:
        return function(*arguments)

    return call


@contextmanager
def _in_use(variant: Variant) -> Iterator[None]:
    with patch.multiple(entries, **variant) if variant else patch.dict({}):
        yield


def _nanoseconds_per_event(
    scenario: Scenario, number: int, variant: Variant
) -> tuple[Replication, float]:
    done: list[Replication] = []
    with _in_use(variant):
        seconds = seconds_of(
            lambda: done.append(simulate(scenario, SEED, number, engine="compiled"))
        )
    return done[0], 1e9 * seconds / done[0].events


def _alone(scenario: Scenario, number: int, base: Replication) -> tuple[float, float]:
    """Setting up alone, and the queue alone, in nanoseconds per event.

    The queue begins with the first events that everyone has; each event taken plans another, so
    much later that altogether there are as many as in the replication `base`.
    """
    started = process_time()
    parameters = flatten(scenario)
    clock = np.zeros(1, row_type(ClockRow))[0]
    clock["now"] = parameters.begins
    arrays = lay_out(settle(parameters, clock, SEED, number), parameters, keeps_log=False)
    setting_up = process_time() - started
    entries.begin(as_tuple(arrays))
    clock["events"] = 0
    pending = len(arrays["events"]) - arrays["free_count"][-1]
    mean = pending * (parameters.ends - parameters.begins) / base.events
    gaps = -mean * np.log1p(-(np.arange(GAPS) + 0.5) / GAPS)
    in_queue = seconds_of(lambda: _turn_over(as_tuple(arrays), gaps, len(arrays["days"])))
    return 1e9 * setting_up / base.events, 1e9 * in_queue / int(clock["events"])


plan: Any = kernels.compiled(queue.plan)
next_event: Any = kernels.compiled(queue.next_event)
free_event: Any = kernels.compiled(queue.free_event)


@numba.njit(nogil=True)
def _turn_over(setting: Any, gaps: NDArray[np.float64], until_day: int) -> None:
    """Take events until the end, and for each plan another."""
    territory = view(setting)
    clock = territory.clock
    while True:
        number = next_event(territory, until_day)
        if number == NOTHING:
            return
        event = territory.events[number]
        clock.now = event.time
        mixed = (clock.inserted * 2654435761) >> 16
        gap = gaps[mixed % GAPS]
        order, step, subject = event.key >> queue.CLASS_BITS, event.step, event.subject
        free_event(territory, number)
        plan(territory, clock.now + gap, order, step, subject)


@numba.njit(nogil=True)
def _nothing(*_: Any) -> None:
    """In the place of what counts."""


@numba.njit(nogil=True)
def _mixed(
    seed: int, replication: int, entity: int, decision: int, occurrence: int, aspect: int
) -> tuple[float, float, float, float]:
    """Four numbers between 0 and 1 of an address, by a few multiplications: cheap and poor."""
    word = np.uint64(seed) + np.uint64(replication) * np.uint64(7919)
    word += np.uint64(entity) * np.uint64(0x9E3779B97F4A7C15)
    word += np.uint64(decision) * np.uint64(0xC2B2AE3D27D4EB4F)
    word += np.uint64(occurrence) * np.uint64(0x165667B19E3779F9)
    word += np.uint64(aspect) * np.uint64(0x27D4EB2F165667C5)
    word = (word ^ (word >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(32)
    second = word * np.uint64(0x94D049BB133111EB)
    third = second * np.uint64(0xD1342543DE82EF95)
    fourth = third * np.uint64(0xAF251AF3B0F025B5)
    return _unit(word), _unit(second), _unit(third), _unit(fourth)


@numba.njit(nogil=True)
def _unit(word: np.uint64) -> float:
    return (float(word >> np.uint64(12)) + 0.5) * 2.0**-52
