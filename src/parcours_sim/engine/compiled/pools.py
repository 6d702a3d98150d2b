"""Pools of rows: taking a free one, giving one back; and chains of the rows that are in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .state import NOTHING, Territory


def free_rows(rows: NDArray[Any], first: int) -> None:
    """Chain rows from `first` on, all of them free."""
    rows["next"][first:] = np.arange(first + 1, len(rows) + 1)
    rows["next"][-1:] = NOTHING


def take(territory: Territory, rows: Sequence[Any], pool: int) -> int:
    """Take a free row of a pool and return its number."""
    number = territory.free_first[pool]
    if number < 0:
        raise ValueError("a pool of the compiled engine is empty")
    territory.free_first[pool] = rows[number].next
    territory.free_count[pool] -= 1
    return int(number)


def give_back(territory: Territory, rows: Sequence[Any], pool: int, number: int) -> None:
    """Give a row back to its pool."""
    rows[number].next = territory.free_first[pool]
    territory.free_first[pool] = number
    territory.free_count[pool] += 1


def chain(rows: Sequence[Any], first: int, number: int) -> int:
    """Put a row last in the chain that begins with `first`; return where the chain begins now."""
    rows[number].next = NOTHING
    if first == NOTHING:
        return number
    last = first
    while rows[last].next != NOTHING:
        last = rows[last].next
    rows[last].next = number
    return first


def unchain(rows: Sequence[Any], first: int, number: int) -> int:
    """Strike a row from the chain that begins with `first`; return where the chain begins now."""
    following = rows[number].next
    if first == number:
        return int(following)
    before = first
    while rows[before].next != number:
        before = rows[before].next
    rows[before].next = following
    return first
