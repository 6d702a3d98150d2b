"""What an organisation does to whom as data and as a CSV file, a row for each outcome and group.

The same figures give the same bytes. The figure is in `quality_figure.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.criteria import Judged
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.report.tables import write_records

COLUMNS = (
    *("scenario", "baseline", "parameter_set", "criterion", "outcome", "definition", "group"),
    *("difference", "low", "high", "unit", "percent", "percent_low", "percent_high"),
    *("verdict", "replications"),
)


def row_of(judged: Judged) -> dict[str, Any]:
    """Return one change as data: per replication, NaN for what is unknown."""
    return {
        "criterion": judged.criterion,
        "outcome": judged.outcome,
        "definition": OUTCOMES[judged.outcome].definition,
        "group": judged.group,
        "difference": judged.difference.value,
        "low": judged.difference.low,
        "high": judged.difference.high,
        "unit": OUTCOMES[judged.outcome].unit,
        "percent": judged.percent.value,
        "percent_low": judged.percent.low,
        "percent_high": judged.percent.high,
        "verdict": judged.verdict,
        "replications": judged.difference.replications,
    }


def write_quality(judged: Iterable[Judged], comparison: Comparison, path: Path) -> None:
    """Write quality.csv; cells of what is unknown are empty.

    Raises FolderError where it can't be written; then a former file stays as it was.
    """
    about = {"baseline": comparison.baseline, "parameter_set": comparison.parameter_set}
    rows = ({"scenario": each.scenario, **about, **row_of(each)} for each in judged)
    write_records(path, COLUMNS, rows)
