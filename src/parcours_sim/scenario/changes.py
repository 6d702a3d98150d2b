"""Key paths: what they name in a scenario, and putting something else there.

Here live the paths themselves (`territory.inhabitants`), the reading of values from the command
line, the change of one key, and the variants of a parameter set. Which changes apply to what, and
in which order, lives in `assemble.py` and `resolve.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .errors import Finding, nearest
from .files import Tree
from .findings import unknown_key

ROOTS = ("horizon", "territory", "episodes", "before", "organisation")
"""The tables of a resolved scenario that key paths lead into."""

NUMBERS = ("value", "low", "high")
BY_USER = "set by the user"


def is_quantity(item: object) -> bool:
    """Return whether a table is a quantity; a condition or a link called `value` is none."""
    return isinstance(item, dict) and "value" in item and not isinstance(item["value"], dict)


def bare(path: str) -> str:
    """Return a key path as it is without the word `value`, which a quantity's may end with.

    Example:
        >>> bare("horizon.years.value"), bare("horizon.years.low")
        ('horizon.years', 'horizon.years.low')
    """
    return path.removesuffix(".value")


def leaves(tree: Tree, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each key path below a table, with the quantity or plain value that it names."""
    for key, item in tree.items():
        path = f"{prefix}{key}"
        if isinstance(item, dict) and not is_quantity(item):
            yield from leaves(item, f"{path}.")
        else:
            yield path, item


def flattened(changes: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the changes of a file by key path, also where tables stand instead of dotted keys."""
    for key, item in changes.items():
        path = f"{prefix}{key}"
        # An empty table is a change like any other, to be refused, not passed over.
        if isinstance(item, dict) and item and not is_quantity(item):
            yield from flattened(item, f"{path}.")
        else:
            yield path, item


def parsed(text: str) -> Any:
    """Return the number, boolean or table that a text from the command line writes, or the text.

    Numbers are read as in a TOML file, so also 1_000, 1e3 and, in base 16, 0x10.

    Example:
        >>> parsed("3000"), parsed("0x10"), parsed("2025-01-01"), parsed("always_open")
        (3000, 16, '2025-01-01', 'always_open')
    """
    try:
        tables = tomllib.loads(f"it = {text}")
    except (ValueError, RecursionError):
        return text
    plain = len(tables) == 1 and isinstance(tables["it"], bool | int | float | str | dict)
    return tables["it"] if plain else text


def in_place(item: Any, parameter_set: str) -> Any:
    """Return tables with every `literature` variant put in place, or left out for `documents`."""
    if not isinstance(item, dict):
        return item
    if is_quantity(item):
        variant = item.get("literature")
        if parameter_set == "literature" and isinstance(variant, dict):
            return dict(variant)
        return {key: inside for key, inside in item.items() if key != "literature"}
    return {key: in_place(inside, parameter_set) for key, inside in item.items()}


def change(tree: Tree, path: str, new: Any, *, typed: bool) -> Finding | None:
    """Put something else where a key path leads; return what is wrong with the path, if anything.

    A number replaces a quantity's value, widens its range and takes the user as its reason; a
    table replaces the quantity. Whether what is put there is allowed is for the schema to say.

    Args:
        tree: the scenario's tables, changed in place.
        path: such as `territory.inhabitants`, or `….low` for a part of a quantity.
        new: what to put there.
        typed: whether it is text typed on a command line, still to be read.
    """
    table, passed = tree, 0
    keys = path.split(".")
    if keys[0] not in ROOTS:
        return _unknown(tree, keys, 0, table)
    while passed < len(keys) - 1 and _is_table(table.get(keys[passed])):
        table, passed = table[keys[passed]], passed + 1
    key, rest = keys[passed], keys[passed + 1 :]
    if key not in table:
        return _unknown(tree, keys, passed, table)
    item = table[key]
    if is_quantity(item):
        if len(rest) > 1 or (rest and rest[0] not in NUMBERS):
            return _unknown(tree, keys, passed + 1, dict.fromkeys(NUMBERS))
        read = parsed(new) if typed else new
        if isinstance(read, dict) and (rest or not is_quantity(read)):
            return _no_number(path)
        table[key] = _part_set(item, rest[0], read) if rest else _set(item, read)
    elif rest:
        return _unknown(tree, keys, passed + 1, {})
    elif isinstance(item, dict):
        return _whole_table(path, item)
    else:
        # What is a text stays the text that was typed, even where it looks like a number.
        table[key] = parsed(new) if typed and not isinstance(item, str) else new
    return None


def _is_table(item: object) -> bool:
    return isinstance(item, dict) and not is_quantity(item)


def _set(quantity: Tree, new: Any) -> Tree:
    if isinstance(new, dict):
        return {key: inside for key, inside in new.items() if key != "literature"}
    # An earlier change may have put a table here that lacks an end.
    low, high = quantity.get("low"), quantity.get("high")
    if all(_is_number(number) for number in (new, low, high)):
        low, high = min(new, low), max(new, high)
    return {"value": new, "low": low, "high": high, "assumption": BY_USER}


def _part_set(quantity: Tree, part: str, new: Any) -> Tree:
    return _set(quantity, new) if part == "value" else {**quantity, part: new}


def _is_number(new: object) -> bool:
    # False also for NaN, infinities and whole numbers too large for a float.
    return isinstance(new, int | float) and not isinstance(new, bool) and abs(new) < 1e300


def _unknown(tree: Tree, keys: list[str], passed: int, table: Mapping[str, Any]) -> Finding:
    """Return the finding for a path whose key number `passed` doesn't exist."""
    here = [name for name in table if passed or name in ROOTS]
    organised = keys[0] in ("organisation", "before")
    finding = unknown_key(".".join(keys), keys[passed], here, organised=organised)
    if finding.code == "forbidden-effect":
        return finding
    paths = [path for path, _ in leaves({root: tree[root] for root in ROOTS if root in tree})]
    if finding.nearest is None:
        return replace(finding, nearest=_alike(keys, paths))
    start = [*keys[:passed], finding.nearest]
    mended = ".".join([*start, *keys[passed + 1 :]])
    return replace(finding, nearest=mended if mended in paths else ".".join(start))


def _alike(keys: list[str], paths: list[str]) -> str | None:
    """Return an existing path with the same last key, or else one that looks like the whole."""
    path = ".".join(keys)
    same_end = [each for each in paths if each.split(".")[-1] == keys[-1]]
    return nearest(path, same_end, closeness=0.0) or nearest(path, paths, closeness=0.75)


def _no_number(path: str) -> Finding:
    allowed = "a number, or a table with value, low, high and evidence or assumption"
    return Finding("", path, "another table", allowed, code="wrong-type")


def _whole_table(path: str, table: Tree) -> Finding:
    allowed = f"one key of it, such as {next(leaves(table, f'{path}.'), (path, None))[0]}"
    return Finding("", path, "the path of a whole table", allowed, code="wrong-type")
