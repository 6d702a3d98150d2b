"""Free parameters of a calibration: where they stand in the library, and how far they may go.

Some parameters move together, by the same part of the way from the library's value to the low or
the high end of the plausible range: at 0 all are as the library has them, at −1 and 1 at the ends.
How far is best is for `calibration.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parcours_sim.scenario.errors import Finding, ScenarioError, described, listed
from parcours_sim.scenario.files import find_part, scenario_folder
from parcours_sim.scenario.fitted import Fitted, FittedValue
from parcours_sim.scenario.library import read_part
from parcours_sim.scenario.targets import Free, Step

from .intervals import FloatArray

DIGITS = 4
"""Significant digits of a fitted value: what is simulated is what the file says."""
EFFECT = 0.05
"""What a whole way must move, in tolerances, for a parameter to be said to help at all."""
AT_END = 1e-6


@dataclass(frozen=True, slots=True)
class Place:
    """A number of the library: where it stands, with the library's value and range."""

    folder: str
    part: str
    key: str
    value: float
    low: float
    high: float

    def at(self, way: float) -> float:
        """The number some part of the way to the low (below 0) or high end (above) of its range."""
        end = self.high if way >= 0.0 else self.low
        moved = self.value + abs(way) * (end - self.value)
        return min(self.high, max(self.low, float(f"{moved:.{DIGITS}g}")))

    def ways_to(self, value: float) -> tuple[float, float]:
        """Between which ways the number is written like this, the range's ends apart."""
        digit = float(f"1e{math.floor(math.log10(abs(value) or 1.0)) + 1 - DIGITS}")
        half = 0.5 * digit * (1.0 + 1e-9)
        return self.way(value - half), self.way(value + half)

    def way(self, value: float) -> float:
        """The way to a value; to the end, where the range has nothing on its side."""
        side = -1.0 if value < self.value else 1.0
        span = (self.high if side > 0.0 else self.low) - self.value
        return side * (value - self.value) / span if span else side

    @property
    def name(self) -> str:
        """As a target file writes it."""
        return f"{self.folder}/{self.part} {self.key}"


@dataclass(frozen=True, slots=True)
class Knob:
    """Parameters that move together."""

    places: tuple[Place, ...]
    why: str

    @property
    def low(self) -> float:
        """How far down they can go: −1, or 0 where the library's values are the lowest."""
        return -1.0 if any(place.low < place.value for place in self.places) else 0.0

    @property
    def high(self) -> float:
        """How far up they can go: 1, or 0 where the library's values are the highest."""
        return 1.0 if any(place.high > place.value for place in self.places) else 0.0

    def written(self, way: float) -> float:
        """The way that the digits of the values leave of one."""
        for place in self.places:
            if (place.high if way >= 0.0 else place.low) != place.value:
                return place.way(place.at(way))
        return 0.0

    def may_be_at(self, values: Sequence[float]) -> bool:
        """Whether the parameters have these values some same part of their ways."""
        ways = [place.ways_to(value) for place, value in zip(self.places, values, strict=True)]
        return max(low for low, _ in ways) <= min(high for _, high in ways)

    @property
    def name(self) -> str:
        """The first of them, and how many others."""
        more = len(self.places) - 1
        return self.places[0].name + (f" (and {more} more)" if more else "")


def knobs_of(step: Step) -> list[Knob]:
    """Return the free parameters of a step.

    Raises:
        ScenarioError: a part or a key isn't one of the packaged library.
    """
    return [_knob(free, step.step) for free in step.free]


def fitted_values(
    knobs: Sequence[Knob], ways: Iterable[float], said: str
) -> dict[tuple[str, str], dict[str, FittedValue]]:
    """Return the values of parameters that have gone some part of their ways, by part and key.

    `said` is what they were fitted to. Intervals are added when the fit is done.
    """
    values: dict[tuple[str, str], dict[str, FittedValue]] = {}
    for knob, way in zip(knobs, ways, strict=True):
        for place in knob.places:
            value = place.at(way)
            found = FittedValue(value=value, interval=[value, value], fitted=said)
            values.setdefault((place.folder, place.part), {})[place.key] = found
    return values


def written(knobs: Sequence[Knob], ways: FloatArray) -> FloatArray:
    """Return the ways that the digits of values leave of these: what is simulated of them."""
    return np.array([knob.written(float(way)) for knob, way in zip(knobs, ways, strict=True)])


def corner(knobs: Sequence[Knob], helps: FloatArray, ways: FloatArray) -> FloatArray:
    """Return the ways at which each parameter that helps is at its end; others stay.

    `helps` says how much, in tolerances, by going up a whole way; below 0 by going down.
    """
    return np.array(
        [
            (knob.high if help_up > 0.0 else knob.low) if abs(help_up) >= EFFECT else way
            for knob, help_up, way in zip(knobs, helps, ways, strict=True)
        ]
    )


def ends_of(knobs: Sequence[Knob], helps: FloatArray, ways: FloatArray) -> tuple[str, ...]:
    """Return the ends of ranges that keep parameters from helping more, such as `… x ≤ 0.8`."""
    ends: list[str] = []
    for knob, help_up, way in zip(knobs, helps, ways, strict=True):
        if help_up >= EFFECT and knob.high - way < AT_END:
            ends += [at_most(place) for place in knob.places]
        elif help_up <= -EFFECT and way - knob.low < AT_END:
            ends += [at_least(place) for place in knob.places]
    return tuple(ends)


def at_most(place: Place) -> str:
    """Return the upper end of a range in words."""
    return f"{place.name} ≤ {place.high:g}"


def at_least(place: Place) -> str:
    """Return the lower end of a range in words."""
    return f"{place.name} ≥ {place.low:g}"


def together(*parts: Mapping[tuple[str, str], Mapping[str, FittedValue]]) -> Fitted:
    """Return the values of several fits, the later ones before the earlier."""
    values: dict[tuple[str, str], dict[str, FittedValue]] = {}
    for part in parts:
        for name, keys in part.items():
            values.setdefault(name, {}).update(keys)
    return Fitted("the present fit", values)


def _knob(free: Free, step: int) -> Knob:
    return Knob(tuple(_place(text, step) for text in free.keys), free.why)


def _place(text: str, step: int) -> Place:
    part, _, key = text.partition(" ")
    folder, _, name = part.partition("/")
    path = find_part(folder, name, scenario_folder())
    item: Any = None
    if path is not None:
        item = read_part(folder, path, [])
        for each in key.split("."):
            item = item.get(each) if isinstance(item, dict) else None
    if not isinstance(item, dict) or "value" not in item:
        allowed = f"a number of {listed(['episodes', 'layers', 'practices', 'territories'])}"
        found = Finding(f"step {step}", "free.keys", described(text), allowed, code="unknown-key")
        raise ScenarioError([found])
    return Place(folder, name, key, item["value"], item["low"], item["high"])
