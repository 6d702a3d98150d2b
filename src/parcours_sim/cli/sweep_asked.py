"""The sweep that is asked for: its axes, or the territories of a file, and its scenarios."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from parcours_sim.scenario.errors import described

from . import options
from .asked import Asked
from .errors import refusal
from .study import study_of, with_baseline

if TYPE_CHECKING:
    from parcours_sim.experiment.sweep import Sweep
    from parcours_sim.scenario.study_file import StudyFile

MANY_POINTS = 200
"""More than these take some seconds to be checked."""


def axes_of(asked: Asked, study: StudyFile | None) -> dict[str, str | list[str | int | float]]:
    """Return the axes that were typed or else are the study's, still to be read, by key path.

    Raises ScenarioError for a text that is no KEY=VALUES, and for too many or no axes.
    """
    from parcours_sim.scenario.changes import bare

    axes: dict[str, str | list[str | int | float]] = {}
    for text in asked.vary or ():
        key, equals, values = (part.strip() for part in text.partition("="))
        if not (key and equals and values) or bare(key) in map(bare, axes):
            found = f"{described(key)} twice" if bare(key) in map(bare, axes) else described(text)
            raise refusal("--vary", found, "KEY=low:high:points or KEY=a,b,c, each key once")
        axes[key] = values
    if not axes and asked.territories is None and study is not None:
        axes = dict(study.vary or {})
    asked.check_axes(axes)
    return axes


def sweep_of(
    asked: Asked, names: Sequence[str], baseline: str | None, axes: Mapping[str, Any]
) -> Sweep:
    """Return the sweep that is asked for; raises ScenarioError or StudyError if there is none."""
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.progress import say
    from parcours_sim.experiment.sweep import MOST_POINTS, Axis, Sweep
    from parcours_sim.scenario.territories import read_territories
    from parcours_sim.scenario.vary import listed_values, read_values

    chosen = list(names) if baseline is None else with_baseline(names, baseline)
    scenarios = options.load(chosen, asked.parameter_set, asked.changes)
    study = study_of(asked, scenarios, None if baseline is None else scenarios[0].name)
    along = [
        Axis(
            key, read_values(key, values) if isinstance(values, str) else listed_values(key, values)
        )
        for key, values in axes.items()
    ]
    if asked.territories is not None:
        found = read_territories(asked.territories, scenarios[0])
        along.insert(0, Axis("territory", tuple(found), tuple(found.values())))
        _refuse_changes_of_territories(asked, along[0].keys)
    points = math.prod(len(axis.values) for axis in along)
    if MANY_POINTS < points <= MOST_POINTS:
        say(f"Checking {points:,} points before anything is simulated.", show=True)
    return Sweep(study, tuple(along), installed_model())


def _refuse_changes_of_territories(asked: Asked, keys: Collection[str]) -> None:
    """Refuse `--set` of what each line of a file of territories says again."""
    from parcours_sim.scenario.changes import bare

    for key in options.read_changes(asked.changes):
        if bare(key) in keys:
            allowed = "a key that --territories doesn't give"
            raise refusal("--set", f"{key}, which --territories gives too", allowed)
