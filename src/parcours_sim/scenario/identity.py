"""What a loaded scenario is: its hash, its dump as JSON, and its keys one by one.

Names, titles, sources and reasons are about a scenario; they never change what happens in it, so
they don't enter the hash. Loading from files lives in `resolve.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from .checks import whole_findings
from .errors import Finding, ScenarioError
from .findings import schema_findings
from .quantity import Quantity
from .scenario import Scenario

ABOUT = frozenset({"name", "title", "description", "evidence", "assumption", "note", "fitted"})
"""Fields that say something about a scenario without changing it."""

UNSETTABLE = frozenset({"name", "title", "description", "parameter_set"})
"""Fields of the scenario itself that no key path leads to."""


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256, in hexadecimal, of all that can change what happens.

    The order of named parts counts, since an engine may number them; the order of keys inside a
    table doesn't, since the model gives it.
    """
    text = json.dumps(_substance(scenario), separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _substance(item: Any) -> Any:
    # By field, not by key: a condition that someone calls `note` counts like any other.
    if isinstance(item, BaseModel):
        fields = [name for name in type(item).model_fields if name not in ABOUT]
        return {name: _substance(getattr(item, name)) for name in fields}
    if isinstance(item, dict):
        return {name: _substance(inside) for name, inside in item.items()}
    return item


def dump_scenario(scenario: Scenario) -> str:
    """Return a scenario as JSON, from which `load_dump` makes an equal one."""
    return scenario.model_dump_json(indent=1, exclude_none=True)


def load_dump(text: str) -> Scenario:
    """Return the scenario that `dump_scenario` wrote.

    Raises:
        ScenarioError: the text is not JSON, or not that of a scenario of this version.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        found = [Finding("dump", "", "something else", "JSON", code="not-json")]
        raise ScenarioError(found) from None
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError:
        wrong = [finding for _, finding in schema_findings(Scenario, tree)]
    else:
        wrong = [finding for _, finding, _ in whole_findings(tree)]
    if wrong:
        raise ScenarioError([replace(finding, file="dump") for finding in wrong])
    return scenario


def flat_keys(scenario: Scenario) -> Iterator[tuple[str, Quantity | str | bool]]:
    """Yield every key path with the quantity, text or boolean that it names, in a fixed order."""
    for name in type(scenario).model_fields:
        if name not in UNSETTABLE:
            yield from _below(name, getattr(scenario, name))


def _below(path: str, item: Any) -> Iterator[tuple[str, Quantity | str | bool]]:
    if isinstance(item, Quantity | str | bool):
        yield path, item
    else:
        # Iterating over a pydantic model gives its fields and their values, in order.
        for key, part in item.items() if isinstance(item, dict) else item:
            yield from _below(f"{path}.{key}", part)
