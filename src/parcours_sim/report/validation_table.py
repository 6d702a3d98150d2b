"""Validation as data, as CSV and as a page: one line a figure, with the same bytes each time.

What each row means is in `analysis/validation.py`, how it is said in `validation_words.py`; the
figure is in `validation_figure.py`. Data and page are in English.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.validation import Compared
from parcours_sim.experiment.files import replacing

from .validation_words import (
    figure_text,
    interval_text,
    range_text,
    role_text,
    stated_text,
    verdict_text,
)

COLUMNS = (
    *("evidence", "what", "unit", "role", "step", "scenario", "against"),
    *("simulated", "simulated_low", "simulated_high", "replications", "low", "high"),
    *("stated", "stated_low", "stated_high", "sign", "origin", "verdict", "best", "binding"),
    *("note", "parameter_set", "seed", "model"),
)
HEADERS = ("evidence", "what", "simulated (95 % interval)", "stated", "agrees within", "verdict")
"""Of the table for documents."""


@dataclass(frozen=True)
class Source:
    """What the figures of a table were simulated with."""

    parameter_set: str
    seed: int
    model: str
    """Version of the model."""
    fit_doubts: Sequence[str] = ()
    """Why what was fitted may no longer be right, in sentences; in data only."""


def as_data(row: Compared, source: Source) -> dict[str, Any]:
    """Return a row as plain data: numbers, texts, and nothing where there is none.

    `low` and `high` are what counts as agreeing; `simulated_low` and `simulated_high` the 95 %
    interval of the simulated figure; `stated_low` and `stated_high` the evidence's own range;
    `sign` the direction, where evidence states no more.
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
        "sign": row.sign,
        "origin": row.origin,
        "verdict": row.verdict,
        "best": row.best,
        "binding": list(row.binding),
        "note": "; ".join(note.en for note in row.notes),
        **asdict(source),
        "fit_doubts": list(source.fit_doubts),
        "beside": [
            {"what": told.what.en, "unit": told.unit.en, **_simulated(told.simulated)}
            for told in row.beside
        ],
    }


def lines_of(row: Compared, source: Source) -> Iterator[dict[str, Any]]:
    """Yield a row's data, and that of each figure beside it: predicted, with nothing stated."""
    data = as_data(row, source)
    yield data
    same = ("evidence", "scenario", "against", "parameter_set", "seed", "model")
    for told in data["beside"]:
        yield {"role": "predicted", **{key: data[key] for key in same}, **told}


def write_validation(rows: Sequence[Compared], source: Source, path: Path) -> None:
    """Write a table of rows and of what is predicted: floats in full, empty where there is nothing.

    Raises FolderError where it can't be written; then a former file stays as it was.
    """
    with replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            for line in lines_of(row, source):
                writer.writerow([_cell(line.get(column)) for column in COLUMNS])


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
        agrees, stated = range_text(row.low, row.high), stated_text(row)
        said = f"{role_text(row)}: {verdict_text(row)}"
        lines.append(_line(row.evidence, row.what.en, row.simulated, stated, agrees, said))
        for told in row.beside:
            unit = told.unit.en
            lines.append(_line("", told.what.en, told.simulated, "", "", "predicted", unit))
    return lines


def _line(
    evidence: str, what: str, found: Estimate, stated: str, agrees: str, said: str, unit: str = ""
) -> str:
    simulated = "–"
    if not math.isnan(found.value):
        figure = f"{figure_text(found.value)} {unit}".strip()
        simulated = f"{figure} ({interval_text(found)})"
    cells = (evidence, what, simulated, stated, agrees, said)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _simulated(found: Estimate) -> dict[str, float | None]:
    return {
        "simulated": _known(found.value),
        "simulated_low": _known(found.low),
        "simulated_high": _known(found.high),
        "replications": found.replications or None,
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return repr(value) if isinstance(value, float) else str(value)
