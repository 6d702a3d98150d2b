"""Validation as data, as CSV and as a page: one line a row, with the same bytes each time.

What each row means is in `analysis/validation.py`; the figure is in `validation_figure.py`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.validation import Compared
from parcours_sim.experiment.files import replacing

COLUMNS = (
    *("evidence", "what", "unit", "role", "step", "scenario", "against"),
    *("simulated", "simulated_low", "simulated_high", "low", "high"),
    *("stated", "stated_low", "stated_high", "origin", "verdict", "best", "binding", "note"),
)
HEADERS = ("evidence", "what", "simulated (95 % interval)", "stated", "agrees within", "verdict")
"""Of the table for documents."""


def as_data(row: Compared) -> dict[str, Any]:
    """Return a row as plain data: numbers, texts, and nothing where there is none.

    `low` and `high` are what counts as agreeing; `simulated_low` and `simulated_high` the 95 %
    interval of the simulated figure; `stated_low` and `stated_high` the evidence's own range.
    """
    return {
        "evidence": row.evidence,
        "what": row.what.en,
        "unit": row.unit.en,
        "role": row.role,
        "step": row.step,
        "scenario": row.of,
        "against": row.against,
        **_simulated(row.simulated),
        "low": row.low,
        "high": row.high,
        "stated": row.stated,
        "stated_low": row.stated_low,
        "stated_high": row.stated_high,
        "origin": row.origin,
        "verdict": row.verdict,
        "best": row.best,
        "binding": list(row.binding),
        "note": row.note,
        "beside": [
            {"what": told.what.en, "unit": told.unit.en, **_simulated(told.simulated)}
            for told in row.beside
        ],
    }


def write_validation(rows: Sequence[Compared], path: Path) -> None:
    """Write a table of rows: floats in full, empty cells where there is nothing.

    Raises FolderError where it can't be written; then a former file stays as it was.
    """
    with replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            data = as_data(row)
            writer.writerow([_cell(data[column]) for column in COLUMNS])


def write_page(rows: Sequence[Compared], path: Path) -> None:
    """Write the rows as a table for documents (Markdown), with what was predicted beside them.

    Raises FolderError where it can't be written.
    """
    with replacing(path) as file:
        file.writelines(f"{line}\n" for line in page_lines(rows))


def page_lines(rows: Sequence[Compared]) -> list[str]:
    """Return the table for documents, line by line."""
    lines = ["| " + " | ".join(HEADERS) + " |", "|" + "---|" * len(HEADERS)]
    for row in rows:
        agrees = range_text(row.low, row.high)
        stated = "" if row.stated is None else f"{row.stated:g} {row.unit.en}".strip()
        lines.append(_line(row.evidence, row.what.en, row.simulated, stated, agrees, _verdict(row)))
        for told in row.beside:
            unit = told.unit.en
            lines.append(_line("", told.what.en, told.simulated, "", "", "predicted", unit))
    return lines


def range_text(low: float | None, high: float | None) -> str:
    """Return what counts as agreeing, in words.

    >>> range_text(None, 3.0), range_text(1.0, 2.0)
    ('3 or less', '1 to 2')
    """
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"{high:.3g} or less" if low is None else f"{low:.3g} or more"
    return f"{low:.3g} to {high:.3g}"


def interval_text(found: Estimate) -> str:
    """Return an interval in words, and a dash for one that one replication leaves unknown.

    >>> interval_text(Estimate(2.0, 1.0, 3.0, 4))
    '1 to 3'
    """
    return "–" if math.isnan(found.low) else f"{found.low:.3g} to {found.high:.3g}"


def _verdict(row: Compared) -> str:
    best = "" if row.best is None else f", {row.best:.3g} at best"
    step = "" if row.step is None else f", step {row.step}"
    return f"{row.role}{step}: {row.verdict}{best}"


def _line(
    evidence: str, what: str, found: Estimate, stated: str, agrees: str, said: str, unit: str = ""
) -> str:
    simulated = "–"
    if not math.isnan(found.value):
        figure = f"{found.value:.3g} {unit}".strip()
        simulated = f"{figure} ({interval_text(found)})"
    cells = (evidence, what, simulated, stated, agrees, said)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _simulated(found: Estimate) -> dict[str, float | None]:
    return {
        "simulated": _known(found.value),
        "simulated_low": _known(found.low),
        "simulated_high": _known(found.high),
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return repr(value) if isinstance(value, float) else str(value)
