"""Territories of the compiled engine as plain Python reads them: tables of rows with attributes."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from parcours_sim.care.tables import row_type
from parcours_sim.engine.compiled.pools import free_rows
from parcours_sim.engine.compiled.state import ClockRow, Pool


class Row:
    """A row whose columns are its attributes, to read and to write."""

    __slots__ = ("_row",)

    def __init__(self, row: Any) -> None:
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        value = self._row[name]
        return value if isinstance(value, np.ndarray) else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        self._row[name] = value


class Rows:
    """A table that gives a Row by its number, and knows nothing of numbers below 0."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: int) -> Row:
        assert number >= 0
        return Row(self.rows[number])


def readable(arrays: dict[str, Any]) -> Any:
    """Give arrays by name as a territory that functions of the engine take uncompiled."""
    return SimpleNamespace(**{name: _readable(value) for name, value in arrays.items()})


def _readable(value: Any) -> Any:
    if isinstance(value, np.void):
        return Row(value)
    return Rows(value) if isinstance(value, np.ndarray) and value.dtype.names else value


def clock_row(now: float = 0.0) -> Any:
    """Give the row of a clock."""
    clock = np.zeros(1, row_type(ClockRow))[0]
    clock["now"] = now
    return clock


def pool(record: type, size: int) -> Any:
    """Give a pool of rows, all of them free."""
    rows = np.zeros(size, row_type(record))
    free_rows(rows, 0)
    return rows


def free(**sizes: int) -> dict[str, Any]:
    """Give what is known of free rows in pools of these sizes."""
    count = np.array([sizes.get(each.name.lower(), 0) for each in Pool])
    return {"free_first": np.where(count > 0, 0, -1), "free_count": count}
