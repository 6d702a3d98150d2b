"""Runs and comparisons under both parameter sets: simulated one after the other, shown together.

Each set has a results folder of its own, named after it, in the folder that was asked for; beside
them stands a figure of both. What is printed is in `both_tables.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from parcours_sim.experiment.errors import FolderError

from .asked import Asked
from .equal import at_equal_resources
from .options import SETS, load_sets
from .study import Finished, finished_study, replications_in, simulate, study_of

if TYPE_CHECKING:
    from parcours_sim.scenario.scenario import Scenario

MANIFEST = "manifest.json"
"""Stands in every results folder."""


@dataclass(frozen=True)
class UnderBoth:
    """The same study under each parameter set, all of whose replications are stored.

    Attributes:
        folder: holds a results folder for each set.
        by_set: the finished studies, by parameter set.
    """

    folder: Path
    by_set: Mapping[str, Finished]

    def files(self) -> dict[str, list[Path]]:
        """Write the tables and, of comparisons, the figures of each; return their paths by set."""
        return {
            name: [*one.tables(), *(one.figures() if one.comparison.organisations else [])]
            for name, one in self.by_set.items()
        }

    def figures(self, *languages: Literal["en", "fr"]) -> list[Path]:
        """Draw the figure that compares both sets; return its paths."""
        from parcours_sim.report.both_figure import draw_both

        comparisons = [one.comparison for one in self.by_set.values()]
        titles = next(iter(self.by_set.values())).titles
        return [
            path
            for language in languages
            for path in draw_both(comparisons, titles, self.folder / "figures", language)
        ]


def simulate_both(
    asked: Asked, names: Sequence[str], command: Sequence[str], *, compares: bool
) -> UnderBoth:
    """Simulate what is missing of scenarios under each set; of a comparison, the baseline first.

    Whatever can be refused is refused before anything runs: see `simulate`.
    """
    loaded = load_sets(names, asked.parameter_set, asked.changes)
    folder = asked.folder([scenario.name for scenario in loaded[SETS[0]]])
    if (folder / MANIFEST).exists():
        raise FolderError(f"{folder}: holds results of one parameter set; choose another --out")
    parts = {name: replace(asked, parameter_set=name, out=folder / name) for name in loaded}
    loaded = at_equal_resources(parts, loaded, command)
    baselines = {name: one[0].name if compares else None for name, one in loaded.items()}
    for name, scenarios in loaded.items():
        _claim(parts[name], scenarios, baselines[name])
    return UnderBoth(
        folder,
        {
            name: simulate(parts[name], scenarios, command, baselines[name])
            for name, scenarios in loaded.items()
        },
    )


def _claim(asked: Asked, scenarios: Sequence[Scenario], baseline: str | None) -> None:
    """Raise FolderError or StudyError where a folder can't take a study; write nothing."""
    from parcours_sim.experiment.folder import ResultsFolder
    from parcours_sim.experiment.manifest import Manifest
    from parcours_sim.experiment.model import installed_model

    folder = asked.folder(())
    least = replications_in(folder) if asked.precision else 0
    study = study_of(
        replace(asked, replications=max(asked.replications, least)), scenarios, baseline
    )
    ResultsFolder(folder).claim(Manifest.of(study, installed_model()))


def holds_both(folder: Path) -> bool:
    """Return whether a folder is that of a study under both sets."""
    return all((folder / name / MANIFEST).is_file() for name in SETS)


def finished_both(folder: Path) -> UnderBoth:
    """Read a finished comparison under both sets; raises FolderError where one isn't finished."""
    return UnderBoth(folder, {name: finished_study(folder / name) for name in SETS})
