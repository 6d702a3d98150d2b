"""Study files: a comparison or a sweep under a name, `scenarios/studies/NAME.toml` or one's own.

A study file says what the options of `compare` or `sweep` would say, so that a figure can be made
again by name. What an option asks for on the command line goes before what the file says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from .changes import bare
from .errors import Collecting, Finding, ScenarioError, described, key_path, listed, nearest
from .files import is_file, read_toml, scenario_folder, shown
from .findings import schema_findings
from .quantity import MODEL
from .resolve import PARAMETER_SETS, load_scenario
from .scenario import Scenario
from .territories import read_territories
from .territory import Text
from .vary import listed_values, read_values, varied

Count = Annotated[int, Field(ge=1)]
MOST_KEYS = 2
"""Key paths that a sweep moves, at the most."""
OPTIONS = {
    "scenario": "scenarios",
    **{f"--{key}": key for key in ("baseline", "precision", "set", "vary", "outcome")},
}
"""Options and arguments, and the keys of a study that say the same."""


class StudyFile(BaseModel):
    """A named study as people write it."""

    model_config = MODEL
    title: Text
    description: Text
    scenarios: Annotated[list[str], Field(min_length=1)]
    """Named scenarios, or paths relative to this file; the baseline need not be among them."""
    baseline: str | None = None
    """`isole` for a comparison that names none; a sweep without one shows levels."""
    parameter_set: Literal["documents", "literature", "both"] | None = None
    """`both` for a comparison under either set, side by side."""
    replications: Count | None = None
    precision: dict[str, str | int | float] | None = None
    """By outcome, the half-width to reach, instead of a number of replications."""
    seed: Annotated[int, Field(ge=0)] | None = None
    set: dict[str, str | bool | int | float] | None = None
    """Key paths and values, as `--set` has them."""
    vary: (
        Annotated[
            dict[str, str | list[str | int | float]], Field(min_length=1, max_length=MOST_KEYS)
        ]
        | None
    ) = None
    """What makes it a sweep: key paths, and their values as a list or as low:high:points."""
    territories: str | None = None
    """A sweep over territories: the path of a table of them, relative to this file."""
    outcome: str | None = None
    """What a sweep draws."""

    @property
    def is_sweep(self) -> bool:
        """Whether it is a sweep; else it is a comparison."""
        return self.vary is not None or self.territories is not None

    @property
    def parameter_sets(self) -> tuple[str, ...]:
        """The sets under which its scenarios are simulated."""
        if self.parameter_set == "both":
            return PARAMETER_SETS
        return (self.parameter_set or "documents",)


def study_folder() -> Path:
    """Return the folder of the packaged studies."""
    return scenario_folder() / "studies"


def named_studies() -> list[str]:
    """Return the names of the packaged studies, sorted."""
    return sorted(path.stem for path in study_folder().glob("*.toml"))


def is_study(name: str) -> bool:
    """Tell whether a name, or the file at a path, is a study's rather than a scenario's."""
    if not name.endswith(".toml"):
        return name in named_studies()
    if not is_file(Path(name)):
        return False
    try:
        return "scenarios" in read_toml(Path(name))
    except ScenarioError:
        return False  # whoever reads it as a scenario will say what is wrong


def read_study(name: str) -> tuple[StudyFile, Path]:
    """Return a study by name or path, and its file.

    Files that it names are made relative to where the program runs. Raises ScenarioError with
    everything that is wrong in the file itself; scenarios and keys are looked up when it is run.
    """
    path = _found(name)
    tables = read_toml(path, "a study file")
    if wrong := schema_findings(StudyFile, tables):
        raise ScenarioError([replace(finding, file=shown(path)) for _, finding in wrong])
    study = StudyFile.model_validate(tables)
    if findings := list(_contradictions(study, shown(path))):
        raise ScenarioError(findings)
    baseline = study.baseline and _beside(path, study.baseline)
    scenarios = [_beside(path, one) for one in study.scenarios]
    territories = study.territories and str(path.parent / study.territories)
    files = {"scenarios": scenarios, "baseline": baseline, "territories": territories}
    return study.model_copy(update=files), path


def study_findings(name: str) -> list[Finding]:
    """Return everything that is wrong with a study: its file, its scenarios, its points."""
    findings: list[Finding] = []
    path = Path(name)
    with Collecting(findings):
        study, path = read_study(name)
        names = dict.fromkeys([*study.scenarios, *([study.baseline] if study.baseline else [])])
        changes = {key: _as_typed(value) for key, value in (study.set or {}).items()}
        for each, parameter_set in product(names, study.parameter_sets):
            wrong: list[Finding] = []
            with Collecting(wrong):
                scenario = load_scenario(each, parameter_set=parameter_set, changes=changes)
                _check_points(scenario, study, is_fixed=each == study.baseline)
            findings += wrong if each in study.scenarios else map(_of_the_baseline, wrong)
        if study.territories is not None:
            with Collecting(findings):
                (parameter_set,) = study.parameter_sets
                first = load_scenario(next(iter(names)), parameter_set=parameter_set)
                read_territories(Path(study.territories), first)
    return list(dict.fromkeys(in_its_file(finding, path) for finding in findings))


def _of_the_baseline(finding: Finding) -> Finding:
    return replace(finding, file="--baseline") if finding.file == "scenario" else finding


def in_its_file(finding: Finding, path: Path) -> Finding:
    """Return a finding about an option as one about the key of a study that says the same."""
    option, _, whose = finding.file.partition(" ")
    if option not in OPTIONS:
        return finding
    key = OPTIONS[option] + (f".{key_path([finding.key])}" if finding.key else "")
    return replace(finding, file=f"{shown(path)} {whose}".rstrip(), key=key)


def _check_points(scenario: Scenario, study: StudyFile, *, is_fixed: bool) -> None:
    """Raise ScenarioError where a value of an axis can't be put into a scenario."""
    for key, values in (study.vary or {}).items():
        read = read_values(key, values) if isinstance(values, str) else listed_values(key, values)
        if not (is_fixed and key.startswith("organisation.")):
            for value in read:
                varied(scenario, {key: value}, {})


def _as_typed(value: str | bool | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _found(name: str) -> Path:
    if name.endswith(".toml"):
        return Path(name)
    names = named_studies()
    if name not in names:
        allowed = f"{listed(names)}, or a path that ends in .toml"
        finding = Finding("study", "", described(name), allowed, nearest(name, names))
        raise ScenarioError([replace(finding, code="unknown-name")])
    return study_folder() / f"{name}.toml"


def _beside(path: Path, name: str) -> str:
    return str(path.parent / name) if name.endswith(".toml") else name


def _contradictions(study: StudyFile, file: str) -> Iterator[Finding]:
    given = {name for name in type(study).model_fields if getattr(study, name) is not None}
    for first, second in (("replications", "precision"), ("vary", "territories")):
        if {first, second} <= given:
            yield Finding(file, second, f"{first} beside it", "one of the two", code="both")
    for name, table in (("set", study.set), ("vary", study.vary)):
        for key in table or ():
            if bare(key) != key and bare(key) in (table or ()):
                found, allowed = "it a second time", "each key once"
                yield Finding(file, f"{name}.{key_path([key])}", found, allowed, code="twice")
    if study.is_sweep and study.parameter_set == "both":
        allowed = f"{listed(PARAMETER_SETS)} in a sweep"
        yield Finding(file, "parameter_set", described("both"), allowed, code="unknown-choice")
    for key in sorted({"precision"} & given if study.is_sweep else {"outcome"} & given):
        kind = "a sweep" if study.is_sweep else "a comparison"
        yield Finding(file, key, f"it in {kind}", "no such key there", code="unknown-key")
