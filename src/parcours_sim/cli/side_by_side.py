"""What the command `diff` prints: two scenarios side by side, key by key.

In a wide terminal, a file or a pipe that is a table; in a narrow one each key has a line, and below
it what its values rest on.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import typer

from .tables import console, plain_table, print_table

if TYPE_CHECKING:
    from parcours_sim.scenario.difference import Difference, Side
    from parcours_sim.scenario.quantity import Quantity
    from parcours_sim.scenario.scenario import Scenario

WIDE = 140
"""Characters of a line that a table with keys and reasons needs."""
ABSENT = "absent"

Pair = tuple[str, str]


class Row(NamedTuple):
    """A line: a key with both values, or the name of the table that the next keys stand in."""

    key: str
    unit: str = ""
    left: str = ""
    right: str = ""
    rests_on: str = ""


def print_differences(
    found: Sequence[Difference], sides: tuple[Scenario, Scenario], labels: Pair, *, every: bool
) -> None:
    """Print what differs between two scenarios, and how much that is.

    Args:
        found: every key at which they differ.
        sides: the two.
        labels: what to call them.
        every: whether to show all that is known, also where values are the same.
    """
    for label, side in zip(labels, sides, strict=True):
        line = f"{label}: {side.title.en} (parameter set {side.parameter_set})"
        console().print(line, style="bold", highlight=False, markup=False)
    of_value = [each for each in found if each.of_value]
    of_basis = [each for each in found if not each.of_value]
    _print_rows(list(_rows(of_value, labels, every=every)), labels)
    if every and of_basis:
        typer.echo("The same values:")
        _print_rows(list(_rows(of_basis, labels, every=every)), labels)
    typer.echo("\n".join(_in_words(len(of_value), len(of_basis), sides)))
    if not every and (of_basis or any(each.absent_part for each in found)):
        typer.echo("--all lists every key.")


def unit(difference: Difference) -> str | None:
    """Return the unit of what differs, in words; texts and booleans have none."""
    from parcours_sim.scenario.quantity import Quantity
    from parcours_sim.scenario.units import unit_of

    side = difference.left or difference.right
    return unit_of(side.key) if side and isinstance(side.item, Quantity) else None


def origin(quantity: Quantity) -> str | None:
    """Return the origin of the row of evidence that a number rests on, if it rests on one."""
    from parcours_sim.scenario.evidence import load_ledger

    return load_ledger()[quantity.evidence].origin if quantity.evidence else None


def _print_rows(rows: Sequence[Row], labels: Pair) -> None:
    if not rows:
        return
    if console().width < WIDE:
        typer.echo("\n".join(["", *_lines(rows, console().width), ""]))
        return
    left, right = labels
    table = plain_table("Key", "Unit", left, right, "Rests on", right=(left, right))
    for row in rows:
        table.add_row(*row)
    table.columns[0].no_wrap = True
    print_table(table)


def _lines(rows: Iterable[Row], width: int) -> Iterator[str]:
    """Yield what a table would show, for a terminal too narrow for one."""
    for row in rows:
        values = f": {row.left} → {row.right}" if row.left else ""
        yield row.key + values + (f" ({row.unit})" if row.unit else "")
        for text in row.rests_on.splitlines():
            yield textwrap.fill(text, width, initial_indent=" " * 6, subsequent_indent=" " * 8)


def _rows(found: Sequence[Difference], labels: Pair, *, every: bool) -> Iterator[Row]:
    """Yield for each table its name and its keys, or how many keys a part has that one lacks."""
    from parcours_sim.scenario.difference import table_of

    tables: dict[str, list[Difference]] = {}
    for each in found:
        tables.setdefault(table_of(each.key), []).append(each)
    for name, inside in tables.items():
        if inside[0].absent_part and not every:
            counted = f"{len(inside)} keys"
            left, right = (ABSENT, counted) if inside[0].left is None else (counted, ABSENT)
            yield Row(name, left=left, right=right)
        else:
            yield Row(name)
            yield from (_row(each, name, labels, every=every) for each in inside)


def _row(difference: Difference, table: str, labels: Pair, *, every: bool) -> Row:
    sides = difference.left, difference.right
    left, right = (_shown(side, every=every) for side in sides)
    key = f"  {difference.key.removeprefix(f'{table}.')}"
    rests_on = _told_apart([_rests_on(side, every=every) for side in sides if side], labels)
    return Row(key, unit(difference) or "", left, right, rests_on)


def _shown(side: Side | None, *, every: bool) -> str:
    """Return a value as it is written in a file, with its range if all is to be shown."""
    from parcours_sim.scenario.quantity import Quantity

    if side is None:
        return ABSENT
    item = side.item
    if isinstance(item, Quantity):
        return f"{item.value:.12g}" + (f" [{item.low:.12g}, {item.high:.12g}]" if every else "")
    return str(item).lower() if isinstance(item, bool) else item


def _rests_on(side: Side, *, every: bool) -> str:
    from parcours_sim.scenario.quantity import Quantity

    item = side.item
    if not isinstance(item, Quantity):
        return ""
    row = f"{item.evidence} ({origin(item)})"
    text = row if item.evidence else f"assumption: {item.assumption}"
    if item.fitted:
        text = f"fitted to {item.fitted}; {text}"
    return f"{text}; note: {item.note}" if every and item.note else text


def _told_apart(texts: Sequence[str], labels: Pair) -> str:
    """Return what both values rest on, said once where it is the same, or where one is absent."""
    if len(set(texts)) == 1:
        return texts[0]
    return "\n".join(f"{label}: {text}" for label, text in zip(labels, texts, strict=True))


def _in_words(
    other_values: int, same_values: int, sides: tuple[Scenario, Scenario]
) -> Iterator[str]:
    """Yield how much differs."""
    from parcours_sim.scenario.resolve import flat_keys

    numbers = {0: "No effective parameter differs.", 1: "1 effective parameter differs."}
    yield numbers.get(other_values, f"{other_values} effective parameters differ.")
    if same_values:
        yield f"With the same value, but another range, source, reason or note: {same_values}."
    orders = [[key for key, _ in flat_keys(side)] for side in sides]
    if not other_values and orders[0] != orders[1]:
        yield "Their named parts come in another order."
