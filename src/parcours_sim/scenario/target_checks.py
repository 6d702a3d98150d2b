"""Rules of targets and rows that one table alone can't show: names that exist, figures, repeats.

Each rule yields every place that breaks it. What one table may contain lives in `target_file.py`;
who asks for the rules is `targets.py`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from .errors import Collecting, Finding, described, key_path, listed, nearest
from .evidence import load_ledger
from .file_kinds import PARTS
from .files import named_scenarios, packaged_names, shown
from .findings import Location
from .library import packaged_numbers
from .merge import placed
from .outcome_groups import groups_of, outcome_names
from .resolve import load_scenario
from .scenario import Scenario
from .target_file import Beside, Measure, NotComparable, Row, Rows, Step, Target, stated

Key = TypeVar("Key", bound=Hashable)
Table = Measure | NotComparable
At = tuple[Path, Location]
"""A file and a place in it."""
LEAST_TOLERANCE = 1e-6
"""Of the figure stated: by so little no figure over random worlds can be told from another."""
SIGNED = ("percent", "points")
"""Kinds of measure of which a sign says something: a level or a ratio is never below 0."""


@dataclass
class Named:
    """Named scenarios, each loaded when it is first asked for; what is wrong in them is kept."""

    findings: list[Finding]
    names: list[str] = field(default_factory=named_scenarios)
    _loaded: dict[str, Scenario | None] = field(default_factory=dict)

    def scenario(self, name: str) -> Scenario | None:
        """Return a named scenario, or None where there is none, or a wrong one."""
        if name in self.names and name not in self._loaded:
            self._loaded[name] = None
            with Collecting(self.findings):
                self._loaded[name] = load_scenario(name, fitted=False)
        return self._loaded.get(name)


def findings_of(file: Step | Rows, named: Named) -> Iterator[Finding]:
    """Yield what is wrong with a file on its own; the findings leave open which file it is."""
    for place, table in _tables(file):
        yield from _unknown_evidence(table, place)
        if isinstance(table, Measure):
            yield from _of_measure(table, place, named)
        if isinstance(table, Target):
            yield from _of_target(table, place)
        if isinstance(table, Row):
            yield from _of_row(table, place)
    if isinstance(file, Step):
        yield from _of_sets(file)
        for place, text in _free_keys(file):
            yield from _of_free_key(text, place)


def repeats(files: Mapping[Path, Step | Rows]) -> Iterator[Finding]:
    """Yield what files repeat, of each other or of themselves, each at the later of two places."""
    tables = ((path, *each) for path, file in files.items() for each in _tables(file))
    names = (((table.evidence, table.what.en), (path, at)) for path, at, table in tables)
    for (evidence, what), again, first in _twice(names):
        found = f"{described(what)} of {evidence} a second time"
        allowed = f"words by which to tell it from {_at(first)}"
        yield _again((again[0], (*again[1], "what", "en")), found, allowed)
    steps = {path: file for path, file in files.items() if isinstance(file, Step)}
    numbers = ((step.step, (path, ("step",))) for path, step in steps.items())
    for number, again, first in _twice(numbers):
        yield _again(again, str(number), f"another number than that of {shown(first[0])}")
    freed = (
        ((parameter_set, text), (path, place))
        for path, step in steps.items()
        for parameter_set in step.sets
        for place, text in _free_keys(step)
    )
    for (_, text), again, first in _twice(freed):
        found = f"{described(text)} a second time"
        yield _again(again, found, f"a parameter that isn’t free already at {_at(first)}")


def _tables(file: Step | Rows) -> Iterator[tuple[Location, Table]]:
    if isinstance(file, Step):
        yield from ((("target", number), table) for number, table in enumerate(file.target))
        return
    yield from ((("row", number), table) for number, table in enumerate(file.row))
    absent = enumerate(file.not_comparable)
    yield from ((("not_comparable", number), table) for number, table in absent)


def _free_keys(step: Step) -> Iterator[tuple[Location, str]]:
    for number, free in enumerate(step.free):
        yield from ((("free", number, "keys", at), text) for at, text in enumerate(free.keys))


def _unknown_evidence(table: Table, place: Location) -> Iterator[Finding]:
    ledger = load_ledger()
    if table.evidence not in ledger:
        close = ledger.nearest(table.evidence)
        yield _unknown((*place, "evidence"), table.evidence, "a row of evidence.toml", close)


# --- measures ---


def _of_measure(measure: Measure, place: Location, named: Named) -> Iterator[Finding]:
    for key, name in (("of", measure.of), ("against", measure.against)):
        if name is not None and name not in named.names:
            close = nearest(name, named.names)
            yield _unknown((*place, key), name, listed(named.names), close)
    if measure.of == measure.against:
        found = f"{described(measure.of)}, whose own figure it is"
        yield _found((*place, "against"), found, "another scenario", "twice")
    if measure.low is not None and measure.high is not None and measure.low > measure.high:
        found = f"{measure.low:g} before {measure.high:g}"
        yield _found((*place, "low"), found, "the lower end first", "out-of-bounds")
    yield from _of_outcomes(measure, measure, place, named)
    for number, beside in enumerate(measure.beside):
        here = (*place, "beside", number)
        if beside.kind != "level" and measure.against is None:
            found = f"{described(beside.kind)}, and nothing that {key_path(place)} is against"
            yield _found((*here, "kind"), found, described("level"), "missing-key")
        yield from _of_outcomes(beside, measure, here, named)


def _of_outcomes(
    asked: Measure | Beside, measure: Measure, place: Location, named: Named
) -> Iterator[Finding]:
    """Check what is counted, in the scenarios that it is read of."""
    names = [measure.of, *([measure.against] if measure.against and asked.kind != "level" else [])]
    scenarios = [scenario for name in names if (scenario := named.scenario(name))]
    for key, texts in (("above", asked.above), ("below", asked.below)):
        for number, text in enumerate(texts):
            yield from _of_outcome(text, scenarios, (*place, key, number))


def _of_outcome(text: str, scenarios: list[Scenario], place: Location) -> Iterator[Finding]:
    outcome, _, group = text.removeprefix("-").partition(" ")
    names = outcome_names()
    if outcome not in names:
        yield _unknown(place, outcome, "an outcome", nearest(outcome, names))
    elif scenarios and group not in (groups := groups_of(outcome, scenarios)):
        # A condition may be called like a kind of episode, and be taken for it.
        name = group.rpartition(":")[2]
        close = next((each for each in groups if each.endswith(f":{name}")), None)
        allowed = f"a group of {outcome}: {listed(groups)}"
        yield _unknown(place, group, allowed, close or nearest(group, groups))


# --- steps ---


def _of_target(target: Target, place: Location) -> Iterator[Finding]:
    where = (*place, "tolerance_points")
    if target.tolerance_points is not None and target.tolerance_percent is not None:
        yield _found(where, "tolerance_percent beside it", "one of the two", "both")
        return
    if target.evidence not in load_ledger():
        return
    figure = stated(target)[0]
    if figure is None:
        found = f"nothing, and no value in row {target.evidence}"
        yield _found((*place, "stated"), found, "the figure to be fitted to", "missing-key")
    elif figure == 0.0 and target.tolerance_points is None:
        allowed = "a tolerance in the figure’s own unit: none is near 0 by per cent of it"
        yield _found(where, "nothing, and a stated 0", allowed, "missing-key")
    else:
        yield from _too_small_a_tolerance(target, figure, place)


def _too_small_a_tolerance(target: Target, figure: float, place: Location) -> Iterator[Finding]:
    """Check a tolerance beside the figure stated: no figure simulated is as exact as some."""
    percent, points = target.tolerance_percent, target.tolerance_points
    if percent is not None and percent < 100.0 * LEAST_TOLERANCE:
        allowed = f"{100.0 * LEAST_TOLERANCE:g} per cent of the figure or more"
        yield _found((*place, "tolerance_percent"), f"{percent:g}", allowed, "out-of-bounds")
    least = LEAST_TOLERANCE * (abs(figure) or 1.0)
    if points is not None and points < least:
        allowed = f"{least:g} or more, a millionth of the figure stated"
        allowed = allowed if figure else f"{least:g} or more beside a stated 0"
        yield _found((*place, "tolerance_points"), f"{points:g}", allowed, "out-of-bounds")


def _of_sets(step: Step) -> Iterator[Finding]:
    """Check that targets are of the step's sets, and that each set has one to be fitted to."""
    for number, target in enumerate(step.target):
        given = target.sets if "sets" in target.model_fields_set else ()
        for at, name in enumerate(given):
            if name not in step.sets:
                place, allowed = ("target", number, "sets", at), f"{listed(step.sets)}, as the step"
                yield _found(place, described(name), allowed, "unknown-choice")
    for at, name in enumerate(step.sets):
        if not any(name in target.sets for target in step.target):
            found = f"{described(name)}, and no target under it"
            yield _found(("sets", at), found, "a set with a target", "missing-key")


def _of_free_key(text: str, place: Location) -> Iterator[Finding]:
    part, _, key = text.partition(" ")
    numbers = packaged_numbers(*part.split("/"))
    if key in numbers:
        number = numbers[key]
        if number["low"] == number["high"]:
            found = f"{described(text)}, which is {number['value']:g} and nothing else"
            yield _found(place, found, "a number with a range", "out-of-bounds")
    elif numbers:
        close = nearest(key, numbers)
        allowed = f"a number of {part}: {listed(numbers)}"
        yield _unknown(place, text, allowed, close and f"{part} {close}", "unknown-key")
    else:
        parts = [f"{folder}/{name}" for folder in PARTS for name in packaged_names(folder)]
        close = nearest(part, parts)
        allowed = f"a number of a part of the library: {listed(parts)}"
        yield _unknown(place, text, allowed, close and f"{close} {key}")


# --- rows ---


def _of_row(row: Row, place: Location) -> Iterator[Finding]:
    has_own = row.low is not None or row.high is not None
    where = (*place, "sign")
    if row.sign and has_own:
        yield _found(where, "a range beside it", "one of the two", "both")
    if row.sign and row.kind not in SIGNED:
        found = f"{described(row.sign)} of a {row.kind}"
        yield _found(where, found, "a sign of a change by per cent or points", "out-of-bounds")
    is_known = row.evidence in load_ledger()
    if is_known and not row.sign and stated(row)[1:] == (None, None):
        found = f"neither a range nor a sign, and none that row {row.evidence} gives it"
        yield _found(place, found, "`low`, `high` or both, or a `sign`", "missing-key")


# --- findings ---


def _unknown(
    place: Location, name: str, allowed: str, close: str | None, code: str = "unknown-name"
) -> Finding:
    return Finding("", key_path(place), described(name), allowed, close, code)


def _found(place: Location, found: str, allowed: str, code: str) -> Finding:
    return Finding("", key_path(place), found, allowed, code=code)


def _again(at: At, found: str, allowed: str) -> Finding:
    path, place = at
    return placed(_found(place, found, allowed, "twice"), path)


def _at(at: At) -> str:
    return f"{shown(at[0])}: {key_path(at[1])}"


def _twice(items: Iterable[tuple[Key, At]]) -> Iterator[tuple[Key, At, At]]:
    """Yield what is there again, where that is, and where it was first."""
    first: dict[Key, At] = {}
    for key, at in items:
        if key in first:
            yield key, at, first[key]
        first.setdefault(key, at)
