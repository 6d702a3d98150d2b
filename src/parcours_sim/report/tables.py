"""Tables as files: written whole or not at all, with the same bytes for the same figures."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from parcours_sim.analysis.paired import DIFFERENCE_COLUMNS
from parcours_sim.experiment.files import replacing


def write_differences(differences: pd.DataFrame, path: Path) -> None:
    """Write differences.csv: fixed columns, floats in full (repr), empty cells for NaN.

    The file appears under its name only when it is complete; a failure leaves a former one as
    it was. Raises FolderError where it can't be written, KeyError where a column is missing.
    """
    rows = differences[list(DIFFERENCE_COLUMNS)].itertuples(index=False, name=None)
    write_rows(path, DIFFERENCE_COLUMNS, rows)


def write_records(
    path: Path, columns: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Write records as write_rows() does rows; cells of what a record lacks are empty."""
    write_rows(path, columns, ([record.get(name) for name in columns] for record in records))


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file row by row: floats in full (repr), empty cells for NaN and None.

    Raises FolderError where it can't be written, and whatever `rows` raises; then a former file
    stays as it was.
    """
    with replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(float(value))
    return "" if value is None else str(value)
