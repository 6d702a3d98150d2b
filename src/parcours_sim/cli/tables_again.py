"""Tables of a results folder made again from what is stored, and compared with those in it.

The digest of outcomes.csv, which holds the replications themselves, is `experiment/since.py`'s;
here are the tables that analysis makes of them: differences.csv and sweep.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from parcours_sim.experiment.errors import ExperimentError

if TYPE_CHECKING:
    from parcours_sim.experiment.reproduce import Record
    from parcours_sim.scenario.scenario import Scenario


def faults_of_tables(record: Record) -> Iterator[str]:
    """Say which table of a folder isn't the one that is made now of what the folder stores.

    Nothing is said where something else is wrong already, or where there is no such table.
    """
    table = record.results.path / ("sweep.csv" if record.manifest.axes else "differences.csv")
    if record.faults or not table.exists():
        return
    with TemporaryDirectory() as aside:
        again = Path(aside) / table.name
        make = _make_sweep if record.manifest.axes else _make_differences
        try:
            make(record, table, again)
        except (ExperimentError, KeyError) as error:
            yield f"{table.name}: can't be made again: {error}"
            return
        if table.read_bytes() != again.read_bytes():
            yield f"{table.name}: isn't the table that is made now of what is stored"


def _make_differences(record: Record, _table: Path, again: Path) -> None:
    from parcours_sim.experiment.result import StudyResult, read_replications
    from parcours_sim.experiment.run import study_of
    from parcours_sim.report.tables import write_differences

    from .study import Finished

    manifest, model = record.manifest, record.model
    study = study_of(record.results, manifest, record.plan.replications, model)
    replications = read_replications(record.store, study, manifest.key)
    result = StudyResult(study, replications, model.unit, record.results.path)
    finished = Finished(result, cast("tuple[Scenario, ...]", study.scenarios))
    write_differences(finished.comparison.differences, again)


def _make_sweep(record: Record, table: Path, again: Path) -> None:
    from parcours_sim.experiment.sweep import SweepResult, sweep_of

    from .sweep_finished import FinishedSweep

    with table.open(encoding="utf-8", newline="") as file:
        outcomes = list(dict.fromkeys(row["outcome"] for row in csv.DictReader(file)))
    sweep = sweep_of(record.results, record.manifest, record.model)
    result = SweepResult(sweep, record.results.path, record.manifest, 0, 0, store=record.store)
    FinishedSweep(result, outcomes[0]).write_rows(outcomes, again)
