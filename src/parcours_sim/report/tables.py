"""Tables as files: written whole or not at all, with the same bytes for the same figures."""

import csv
import math
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
    with replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(DIFFERENCE_COLUMNS)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(float(value))
    return str(value)
