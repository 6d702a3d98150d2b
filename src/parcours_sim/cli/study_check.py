"""What is wrong with a study file, told by its keys: for `check`, and for a run that refuses it.

All that a run would refuse is found by what a run itself calls, so that a study is good exactly if
it can be run. What is wrong within the file is for `scenario/study_file.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

import typer

from parcours_sim.experiment.errors import StudyError
from parcours_sim.scenario.errors import Collecting, Finding, ScenarioError

from . import options
from .asked import Asked, options_of
from .study import study_of, with_baseline

if TYPE_CHECKING:
    from parcours_sim.scenario.study_file import StudyFile

P = ParamSpec("P")


def told_by_its_file(
    command: Callable[Concatenate[typer.Context, P], None],
) -> Callable[..., None]:
    """Let a command on a study that can't be run name its file and keys, not options."""

    @wraps(command)
    def wrapped(ctx: typer.Context, *args: P.args, **options: P.kwargs) -> None:
        from parcours_sim.scenario.study_file import is_study

        try:
            command(ctx, *args, **options)
        except (ScenarioError, StudyError):
            names = cast("list[str]", options["names"])
            faults = faults_of(names[0]) if len(names) == 1 and is_study(names[0]) else []
            if faults:
                raise StudyError("\n".join(faults)) from None
            raise

    return wrapped


def faults_of(name: str) -> list[str]:
    """Return a line for everything that keeps a study from being run, by file and key."""
    from parcours_sim.scenario.study_file import in_its_file, read_study, study_findings

    findings = study_findings(name)
    try:
        study, path = read_study(name)
    except ScenarioError:
        return list(map(str, findings))
    findings += [in_its_file(finding, path) for finding in _wrong_options(study)]
    # What the files and the options both find, they say with different names allowed.
    told = {(each.file, each.key, each.found): each for each in reversed(findings)}
    return list(map(str, reversed(list(told.values())))) or _wrong_as_a_whole(study, path)


def _wrong_options(study: StudyFile) -> list[Finding]:
    """Return what is wrong with what a study says in place of options."""
    findings: list[Finding] = []
    with Collecting(findings):
        Asked(**options_of(study)).check()
    with Collecting(findings):
        _chosen(study)
    return findings


def _chosen(study: StudyFile) -> tuple[list[str], str | None]:
    """Return the scenarios of a study, its baseline first, and that baseline if there is one."""
    baseline = study.baseline or (None if study.is_sweep else "isole")
    names = study.scenarios
    return (with_baseline(names, baseline) if baseline else names), baseline


def _wrong_as_a_whole(study: StudyFile, path: Path) -> list[str]:
    """Return why scenarios that are each right don't make a study together."""
    from parcours_sim.scenario.files import shown

    from .sweep_asked import axes_of, sweep_of

    asked = Asked(**options_of(study))
    names, baseline = _chosen(study)
    try:
        if study.is_sweep:
            sweep_of(asked, names, baseline, axes_of(asked, study))
        else:
            loaded = options.load_sets(names, asked.parameter_set, asked.changes)
            for scenarios in loaded.values():
                study_of(asked, scenarios, scenarios[0].name)
    except (ScenarioError, StudyError) as error:
        return [f"{shown(path)}: {line}" for line in str(error).splitlines()]
    return []
