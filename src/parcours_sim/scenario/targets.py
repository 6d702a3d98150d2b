"""What is compared with evidence, read from files: steps of calibration, rows of validation.

`scenarios/calibration/` has a file for each step: which parameters are free, and which figures of
the ledger they are to reproduce. `scenarios/validation/` has the rows that nothing was fitted to.
The form of these files lives in `target_file.py`, what only shows in the whole in
`target_checks.py`; nothing is computed here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from .errors import Collecting, Finding, ScenarioError, key_path
from .files import read_toml, scenario_folder, shown
from .findings import schema_findings
from .merge import placed
from .target_checks import Named, findings_of, repeats
from .target_file import (
    Beside,
    Free,
    Measure,
    NotComparable,
    Row,
    Rows,
    Step,
    Target,
    stated,
)

__all__ = [
    "Beside",
    "Free",
    "Measure",
    "NotComparable",
    "Row",
    "Rows",
    "Step",
    "Target",
    "load_rows",
    "load_steps",
    "stated",
]

File = TypeVar("File", Step, Rows)
CALLED: dict[type[Step] | type[Rows], str] = {
    Step: "a step of the calibration",
    Rows: "the rows of validation",
}


def load_steps(folder: Path | None = None) -> list[Step]:
    """Return the steps of the calibration in their order.

    Raises:
        ScenarioError: everything that is wrong with any file, with the file and the key; or there
            is no step at all.
    """
    folder = scenario_folder() / "calibration" if folder is None else folder
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        allowed = "a TOML file for each step of the calibration"
        raise ScenarioError([Finding(shown(folder), "", "none", allowed, code="not-found")])
    return sorted(_read(paths, Step), key=lambda step: step.step)


def load_rows(path: Path | None = None) -> Rows:
    """Return the rows of validation; raises ScenarioError like `load_steps`."""
    path = scenario_folder() / "validation" / "rows.toml" if path is None else path
    (rows,) = _read([path], Rows)
    return rows


def _read(paths: list[Path], kind: type[File]) -> list[File]:
    """Read files of one kind; what is wrong with any of them is told together."""
    findings: list[Finding] = []
    files: dict[Path, File] = {}
    for path in paths:
        with Collecting(findings):
            files[path] = _in_form(path, kind)
    named = Named(findings)
    for path, file in files.items():
        findings += [placed(finding, path) for finding in findings_of(file, named)]
    findings += repeats(files)
    if findings:
        raise ScenarioError(findings)
    return list(files.values())


def _in_form(path: Path, kind: type[File]) -> File:
    tables = read_toml(path, CALLED[kind])
    if wrong := schema_findings(kind, tables):
        raise ScenarioError([placed(finding, path) for _, finding in wrong])
    file = kind.model_validate(tables)
    if isinstance(file, Step):
        for number, target in enumerate(file.target):
            target.found_at(shown(path), key_path(("target", number)))
    return file
