"""A sweep whose replications are all stored: its table, its figures, and what is printed of it.

Rows are in `analysis/sweep.py`; how they are written and drawn is in `report`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .tables import MAIN_OUTCOMES, known, print_files, print_json, print_work_done

if TYPE_CHECKING:
    from parcours_sim.analysis.sweep import SweptRow
    from parcours_sim.experiment.sweep import SweepResult
    from parcours_sim.report.sweep_view import SweepAbout
    from parcours_sim.scenario.scenario import Scenario


def finish_sweep(result: SweepResult, outcome: str, *, as_json: bool) -> None:
    """Write the table and the figures of a sweep whose replications are stored, and print it."""
    from parcours_sim.report.sweep_console import print_sweep
    from parcours_sim.report.sweep_figure import draw_sweep

    finished = FinishedSweep(result, outcome)
    kept = finished.write_table()
    files = [finished.path]
    if not finished.is_of_territories:
        figures = result.folder / "figures"
        for language in ("en", "fr"):
            files += draw_sweep(kept, result.sweep.axes, finished.about, figures, language)
    if as_json:
        print_json(finished.document(kept, files))
        return
    print_sweep(kept, result.sweep.axes, finished.about)
    print_work_done(result.simulated, result.total, result.agreement)
    print_files(result.folder, files)


@dataclass(frozen=True)
class FinishedSweep:
    """A sweep whose replications are all stored, and the outcome that is shown of it."""

    result: SweepResult
    outcome: str

    @property
    def path(self) -> Path:
        """Where its table is."""
        return self.result.folder / "sweep.csv"

    @property
    def is_of_territories(self) -> bool:
        """Whether an axis goes through territories, too many for a figure."""
        return any(axis.moves for axis in self.result.sweep.axes)

    @cached_property
    def about(self) -> SweepAbout:
        """What its rows don't say of themselves."""
        from parcours_sim.analysis.paired import Exposure
        from parcours_sim.report.sweep_view import SweepAbout, exposure_along
        from parcours_sim.report.titles import titles_of

        study = self.result.sweep.study
        scenarios = cast("tuple[Scenario, ...]", study.scenarios)
        titles = titles_of(scenarios)
        horizon, territory = scenarios[0].horizon, scenarios[0].territory
        unmoved = Exposure(territory.inhabitants.value, horizon.years.value)
        return SweepAbout(
            scenarios[0].parameter_set,
            study.baseline,
            exposure_along(self.result.sweep.axes, unmoved),
            titles,
        )

    def write_table(self) -> list[SweptRow]:
        """Write sweep.csv and note it in the manifest; return the rows of the outcome shown."""
        outcomes = list(dict.fromkeys((*MAIN_OUTCOMES, self.outcome)))
        kept, digest = self.write_rows(outcomes, self.path)
        self.result.note_table(digest)
        return kept

    def write_rows(self, outcomes: Sequence[str], path: Path) -> tuple[list[SweptRow], str]:
        """Write a table, a row at a time; return the rows of the outcome shown, and its sha256."""
        from parcours_sim.analysis.sweep import swept
        from parcours_sim.report.sweep_table import write_sweep

        kept: list[SweptRow] = []

        def rows() -> Iterator[SweptRow]:
            for row in swept(self.result, outcomes):
                if row.outcome == self.outcome:
                    kept.append(row)
                yield row

        return kept, write_sweep(rows(), self.result.sweep.axes, self.about, path)

    def document(self, rows: Sequence[SweptRow], files: Sequence[Path]) -> dict[str, Any]:
        """Return the rows of the outcome that is shown, as JSON has them."""
        study, agreement = self.result.sweep.study, self.result.agreement
        keys = [axis.key for axis in self.result.sweep.axes]
        return {
            "outcome": self.outcome,
            "baseline": study.baseline,
            "parameter_set": self.about.parameter_set,
            "seed": study.seed,
            "simulated": self.result.simulated,
            "engines_agree_on": agreement.replications if agreement else None,
            "rows": [
                dict(zip(keys, row.point, strict=True))
                | {"scenario": row.scenario, "baseline_mean": known(row.baseline_mean)}
                | {
                    name: {
                        part: known(getattr(estimate, part)) for part in ("value", "low", "high")
                    }
                    for name, estimate in (
                        ("level", row.level),
                        ("difference", row.difference),
                        ("percent", row.percent),
                    )
                }
                | {"replications": row.level.replications}
                for row in rows
            ],
            "folder": str(self.result.folder),
            "files": [str(path) for path in files],
        }
