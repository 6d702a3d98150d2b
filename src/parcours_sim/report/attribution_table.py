"""An attribution as data and as CSV files: what each channel avoids, and what each coalition has.

The same figures give the same bytes. The figure is in `attribution_figure.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from parcours_sim.analysis.attribution import Attribution, Played
from parcours_sim.analysis.intervals import Estimate, t_interval
from parcours_sim.report.tables import write_records

MEASURES = ("value", "percent", "share", "alone", "last")
TOTAL = "total"
COLUMNS = (
    *("scenario", "baseline", "parameter_set", "outcome", "group", "channel", "moves"),
    *(f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high")),
    "replications",
)
COALITION_COLUMNS = (
    *("scenario", "baseline", "parameter_set", "outcome", "group", "channels"),
    *("mean", "avoided", "avoided_low", "avoided_high", "replications"),
)


def rows_of(found: Attribution) -> Iterator[dict[str, Any]]:
    """Yield a row for each channel, then one for the total; figures are per replication.

    `percent` is of what the baseline has, `share` of the total.
    """
    about = {
        "scenario": found.scenario,
        "baseline": found.baseline,
        "parameter_set": found.parameter_set,
        "outcome": found.outcome,
        "group": found.group,
    }
    count = {"replications": found.total.replications}
    for each in found.credits:
        measured = (_bounds(name, getattr(each, name)) for name in MEASURES)
        merged = {key: value for part in measured for key, value in part.items()}
        yield {**about, "channel": each.channel, "moves": each.moves, **merged, **count}
    total = _bounds("value", found.total) | _bounds("percent", found.total_percent)
    yield {**about, "channel": TOTAL, "moves": True, **total, **count}


def write_attributions(every: Iterable[Attribution], path: Path) -> None:
    """Write the rows of several outcomes and groups; cells of what is unknown are empty.

    Raises FolderError where it can't be written; then a former file stays as it was.
    """
    write_records(path, COLUMNS, (row for found in every for row in rows_of(found)))


def write_coalitions(played: Played, every: Iterable[Attribution], path: Path) -> None:
    """Write what each coalition of channels has and avoids, per replication.

    Raises FolderError where it can't be written; then a former file stays as it was.
    """
    rows = (row for found in every for row in _coalition_rows(played, found))
    write_records(path, COALITION_COLUMNS, rows)


def _coalition_rows(played: Played, found: Attribution) -> Iterator[dict[str, Any]]:
    counts = played.counts(found.outcome, found.group)
    for number, own in enumerate(counts):
        avoided = t_interval(counts[0] - own)
        yield {
            "scenario": found.scenario,
            "baseline": found.baseline,
            "parameter_set": found.parameter_set,
            "outcome": found.outcome,
            "group": found.group,
            "channels": "+".join(played.members(number)),
            "mean": t_interval(own).value,
            **_bounds("avoided", avoided),
            "replications": avoided.replications,
        }


def _bounds(name: str, estimate: Estimate) -> dict[str, float | None]:
    values = {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return {key: value if math.isfinite(value) else None for key, value in values.items()}
