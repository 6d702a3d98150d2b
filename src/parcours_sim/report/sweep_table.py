"""A sweep as a file: sweep.csv, one row for each point, scenario and outcome.

Rows are written as they come, so that a sweep of any number of points takes no more memory than a
short one.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from parcours_sim.analysis.sweep import SweptRow
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.files import sha256
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.sweep_view import SweepAbout
from parcours_sim.report.tables import write_rows

BEFORE_AXES = ("scenario", "baseline", "parameter_set")
AFTER_AXES = (
    *("outcome", "unit"),
    *("mean", "mean_low", "mean_high"),
    "baseline_mean",
    *("mean_difference", "low", "high"),
    *("percent", "percent_low", "percent_high"),
    "replications",
)


def sweep_columns(axes: Sequence[Axis]) -> tuple[str, ...]:
    """Return the columns of sweep.csv; each axis has one, named by its key path."""
    return (*BEFORE_AXES, *(axis.key for axis in axes), *AFTER_AXES)


def write_sweep(
    rows: Iterable[SweptRow], axes: Sequence[Axis], about: SweepAbout, path: Path
) -> str:
    """Write sweep.csv row by row and return the SHA-256 of its bytes.

    Values are per replication, in the outcome's unit; mean_difference is scenario minus baseline.
    Floats are written in full (repr); cells of what is unknown are empty, for the baseline and
    without one those of a comparison, its name among them. replications is how many are behind
    the difference, or behind the mean where there is no difference.

    The file appears under its name only when it is complete; a failure leaves a former one as it
    was. Raises FolderError where it can't be written, and whatever `rows` raises.
    """
    write_rows(path, sweep_columns(axes), (_values(row, about) for row in rows))
    return sha256(path)


def _values(row: SweptRow, about: SweepAbout) -> tuple[object, ...]:
    level, difference, percent = row.level, row.difference, row.percent
    is_compared = about.baseline is not None and row.scenario != about.baseline
    return (
        row.scenario,
        about.baseline if is_compared else "",
        about.parameter_set,
        *row.point,
        row.outcome,
        OUTCOMES[row.outcome].unit,
        *(level.value, level.low, level.high),
        row.baseline_mean,
        *(difference.value, difference.low, difference.high),
        *(percent.value, percent.low, percent.high),
        difference.replications or level.replications,
    )
