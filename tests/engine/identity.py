"""Whether two replications are the same to the bit, and if not, where they part."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from struct import pack
from typing import Any

from parcours_sim.engine.record import Entry, Log, Replication

NOTHING = object()
"""Stands where one of two sequences has ended."""


def first_difference(one: Replication, other: Replication) -> str | None:
    """Say where two replications first differ, or None where they are the same record.

    The logs come first: where they part, an outcome that differs is only what follows. `seconds` is
    no part of the record.
    """
    if (one.log is None) != (other.log is None):
        return f"one has a log and the other has none: {one.log is None} and {other.log is None}"
    found = difference_of_logs(one.log or (), other.log or ())
    if found is None:
        found = difference_of_rows(one.rows, other.rows)
    if found is None:
        found = difference_of_keys(one, other)
    for name in ("contacts", "events"):
        numbers = getattr(one, name), getattr(other, name)
        if found is None and not is_same(*numbers):
            found = f"{name}: {numbers[0]!r} and {numbers[1]!r}"
    return found


def is_same(one: Any, other: Any) -> bool:
    """Whether two values of a record are the same, floats by their bits (NumPy's are floats)."""
    if isinstance(one, float) and isinstance(other, float):
        return pack("<d", one) == pack("<d", other)
    return type(one) is type(other) and bool(one == other)


def is_same_line(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two lines of a log, or two outcomes, are the same in every column."""
    same_form = type(one) is type(other) and len(one) == len(other)
    return same_form and all(map(is_same, one, other))


def difference_of_logs(one: Sequence[Entry], other: Sequence[Entry]) -> str | None:
    """Say which is the first line of the event log that differs: when, whom, what."""
    if isinstance(one, Log) and one == other:  # by the bytes of all lines at once
        return None
    for line, (left, right) in enumerate(zip_longest(one, other, fillvalue=NOTHING)):
        if left is NOTHING or right is NOTHING:
            return f"log, line {line}: {told(left)} and {told(right)}"
        if not is_same_line(left, right):
            names = [
                name
                for name, *values in zip(Entry._fields, left, right, strict=False)
                if not is_same(*values)
            ]
            return f"log, line {line}: {told(left)} and {told(right)} ({', '.join(names)})"
    return None


def told(entry: Any) -> str:
    """Give a line of the log as (time, patient, event), with what tells like ones apart."""
    if entry is NOTHING:
        return "nothing more"
    if not isinstance(entry, Entry):
        return f"no entry but {entry!r}"
    detail = f", {entry.detail!r}, {entry.occurrence!r}"
    who = f"{entry.person!r}, generation {entry.generation!r}"
    return f"({entry.time_days!r}, {who}, {entry.event!r}{detail})"


def difference_of_rows(one: Sequence[Any], other: Sequence[Any]) -> str | None:
    """Say which is the first outcome that differs, or comes in another place."""
    for left, right in zip_longest(one, other, fillvalue=NOTHING):
        if left is NOTHING or right is NOTHING or not is_same_line(left, right):
            shown = ["nothing more" if row is NOTHING else repr(row) for row in (left, right)]
            return f"outcomes: {shown[0]} and {shown[1]}"
    return None


def difference_of_keys(one: Replication, other: Replication) -> str | None:
    """Say which is the first key of a stay, or of what was noted of an episode, that differs."""
    for name in ("stays", "traces"):
        left, right = getattr(one, name), getattr(other, name)
        if left.dtype != right.dtype:
            return f"{name}: {left.dtype} and {right.dtype}"
        for keys in zip_longest(left.tolist(), right.tolist()):
            if keys[0] != keys[1]:
                return f"{name}: {keys[0]} and {keys[1]}"
    return None
