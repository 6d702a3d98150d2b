"""A resolved scenario with other values in place: the points of a sweep.

Changing the resolved scenario takes milliseconds where reading its files again takes tenths of a
second; what comes out is the same, to the hash.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pydantic import ValidationError

from .changes import change, parsed
from .checks import TOLERANCE, whole_findings
from .errors import Finding, ScenarioError, described
from .files import Tree
from .findings import schema_findings
from .identity import dump_scenario
from .scenario import Scenario

Value = float | str
OPTION = "--vary"
SPACED = ("low", "high", "points")
MOST_POINTS = 1_000
ENDS_OF_RANGES = (".low", ".high")
PRACTICE_SHARE = r"(organisation|before)\.practices\.(\w+)\.share(?:\.value)?"


def varied(
    scenario: Scenario, values: Mapping[str, Value], reach: Mapping[str, Iterable[Value]]
) -> Scenario:
    """Return a scenario with other values at some key paths.

    Where shares of practice models are moved, those of the others change in proportion, so that
    together they are still all GPs.

    Args:
        scenario: stays as it is.
        values: what to put at each key path; texts are read as `--set` reads them.
        reach: by key path, every value that it takes elsewhere in the same sweep. Plausible ranges
            are widened to hold them all, since the ceilings from which candidate episodes are drawn
            follow from ranges: so all points of a sweep share their random numbers.

    Raises:
        ScenarioError: a key path or a value can't be; the findings name the option `--vary`.
    """
    tree = json.loads(dump_scenario(scenario))
    findings: list[Finding] = []
    for key, value in values.items():
        for each in (*reach.get(key, ()), value):
            if finding := _put(tree, key, each):
                findings.append(finding)
                break
    if not findings:
        findings = _make_room(tree, values) or _wrong(tree)
    if findings:
        raise ScenarioError([replace(finding, file=OPTION) for finding in findings])
    return Scenario.model_validate(tree)


def _put(tree: Tree, key: str, value: Value) -> Finding | None:
    if key.endswith(ENDS_OF_RANGES):
        allowed = f"{key.rsplit('.', 1)[0]}: a plausible range changes no result"
        return Finding("", key, "an end of a plausible range", allowed, code="unknown-key")
    return change(tree, key, value, typed=isinstance(value, str))


def _make_room(tree: Tree, keys: Iterable[str]) -> list[Finding]:
    """Scale the shares of practice models that no key moves to what those that are moved leave."""
    findings = []
    for root, moved in _shares_moved(keys).items():
        practices = tree[root]["practices"]
        shares = {name: use["share"]["value"] for name, use in practices.items()}
        numbers = [shares[name] for name in moved if isinstance(shares[name], float)]
        taken = math.fsum(numbers)
        if len(numbers) < len(moved) or not all(0.0 <= share <= 1.0 for share in numbers):
            continue  # the schema says what is wrong
        if taken > 1.0 + TOLERANCE:
            found, allowed = f"{' and '.join(moved)} at {taken:.10g} in all", "at most 1 in all"
            findings.append(Finding("", f"{root}.practices", found, allowed, code="sum"))
            continue
        others = {name: share for name, share in shares.items() if name not in moved}
        total = math.fsum(others.values())
        for name, share in others.items():
            rest = share / total * max(0.0, 1.0 - taken) if total > 0.0 else share
            change(tree, f"{root}.practices.{name}.share", rest, typed=False)
    return findings


def _shares_moved(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the practice models whose share is moved, by the organisation that they are in."""
    moved: dict[str, list[str]] = {}
    for key in keys:
        if found := re.fullmatch(PRACTICE_SHARE, key):
            moved.setdefault(found[1], []).append(found[2])
    return moved


def _wrong(tree: Tree) -> list[Finding]:
    try:
        Scenario.model_validate(tree)
    except ValidationError:
        return [finding for _, finding in schema_findings(Scenario, tree)]
    return [finding for _, finding, _ in whole_findings(tree)]


def read_values(key: str, text: str) -> tuple[Value, ...]:
    """Read the values of an axis: low:high:points, evenly spaced, or several with commas.

    Raises ScenarioError for anything else.

    Example:
        >>> read_values("k", "0:1:5"), read_values("k", "always_open,none")
        ((0.0, 0.25, 0.5, 0.75, 1.0), ('always_open', 'none'))
    """
    parts = [part.strip() for part in text.split(":" if ":" in text else ",")]
    if ":" not in text:
        return _listed(key, [_read(part) for part in parts], text)
    numbers = [_read(part) for part in parts]
    low, high, points = numbers if len(numbers) == len(SPACED) else (None, None, None)
    if not (
        isinstance(low, float) and isinstance(high, float) and -math.inf < low < high < math.inf
    ):
        raise _refused(key, text)
    if not (isinstance(points, float) and points.is_integer() and 2 <= points <= MOST_POINTS):
        raise _refused(key, text)
    steps = int(points) - 1
    # Twelve digits hide what binary fractions make of 0.1 + 0.2.
    return tuple(float(f"{low + (high - low) * step / steps:.12g}") for step in range(steps + 1))


def listed_values(key: str, values: Iterable[object]) -> tuple[Value, ...]:
    """Return the values of an axis that a file lists; raises ScenarioError for wrong ones."""
    read = [float(one) if isinstance(one, int | float) else str(one) for one in values]
    return _listed(key, read, ", ".join(map(str, read)))


def _listed(key: str, values: list[Value], text: str) -> tuple[Value, ...]:
    if "" in values or not values or len(set(values)) < len(values):
        raise _refused(key, text)
    return tuple(values)


def _read(text: str) -> Value:
    read = parsed(text)
    return float(read) if isinstance(read, int | float) and not isinstance(read, bool) else text


def _refused(key: str, text: str) -> ScenarioError:
    spaced = f"low:high:points, such as 0:1:5 (2 to {MOST_POINTS} points)"
    allowed = f"{spaced}, or different values: a,b,c"
    return ScenarioError([Finding(OPTION, key, described(text), allowed, code="values")])
