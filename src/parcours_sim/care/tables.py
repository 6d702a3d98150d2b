"""Tables of parameters: records of `parameters.py` as rows of arrays, which compile.

A rule that reads `kind.efficacy_share` reads it from a record or from a row alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

NUMBERS: dict[object, str] = {float: "f8", int: "i8", bool: "b1"}


@cache
def row_type(record: type) -> np.dtype[Any]:
    """The type of a row: a record's numbers, in order, and its tuples of a fixed length.

    Texts and tuples of any length have no place in a row.

    >>> from parcours_sim.care.parameters import SeverityClass
    >>> row_type(SeverityClass).names
    ('share', 'ratio', 'ceiling')
    """
    hints = get_type_hints(record)
    columns: list[Any] = []
    for field in fields(record):
        hint = hints[field.name]
        parts = get_args(hint)
        if hint in NUMBERS:
            columns.append((field.name, NUMBERS[hint]))
        elif get_origin(hint) is tuple and set(parts) <= set(NUMBERS):
            columns.append((field.name, NUMBERS[parts[0]], (len(parts),)))
    return np.dtype(columns, align=True)


def as_rows(records: Sequence[Any], record: type) -> NDArray[Any]:
    """Records of one type as an array with a row for each."""
    layout = row_type(record)
    rows = np.zeros(len(records), layout)
    for row, each in zip(rows, records, strict=True):
        for name in layout.names or ():
            row[name] = getattr(each, name)
    return rows
