"""From a file to a checked, frozen scenario, or to every reason why not.

This is the door of the package `scenario`: here live the loading of a scenario and the checking of
a file. The hash, the dump and the key paths of a loaded scenario live in `identity.py` and can be
imported from here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from .assemble import assembled
from .assembly import Assembly
from .checks import whole_findings
from .errors import Collecting, Finding, ScenarioError, described, listed, nearest
from .file_kinds import PARTS
from .files import NAME, find_scenario, is_file, is_folder, named_scenarios, shown
from .findings import Location, bad_name, evidence_findings, schema_findings
from .fitted import Fitted
from .identity import dump_scenario, flat_keys, load_dump, scenario_hash
from .library import read_part
from .merge import placed
from .scenario import ParameterSet, Scenario

__all__ = [
    "dump_scenario",
    "file_findings",
    "flat_keys",
    "load_dump",
    "load_scenario",
    "named_scenarios",
    "scenario_hash",
]

CHECKED = "a scenario or library file ending in .toml"

PARAMETER_SETS: tuple[str, ...] = get_args(ParameterSet)


def load_scenario(
    name_or_path: str | Path,
    *,
    parameter_set: str = "documents",
    changes: Mapping[str, str | float] | None = None,
    fitted: bool | Fitted = True,
) -> Scenario:
    """Return a scenario with nothing left implicit.

    Args:
        name_or_path: a named scenario, or the path of a file that ends in .toml.
        parameter_set: `documents` or `literature`.
        changes: key paths and what to put there; texts are read as `--set` reads them.
        fitted: whether numbers that were fitted have their fitted values, or which values they are
            to have; a calibration begins from those of the library.

    Raises:
        ScenarioError: the input is wrong; it carries every finding.

    Example:
        >>> load_scenario("isole", changes={"horizon.years": 1}).horizon.years.value
        1.0
    """
    if parameter_set not in PARAMETER_SETS:
        close = nearest(parameter_set, PARAMETER_SETS)
        found, allowed = described(parameter_set), listed(PARAMETER_SETS)
        raise ScenarioError(
            [Finding("--parameter-set", "", found, allowed, close, "unknown-choice")]
        )
    path = find_scenario(name_or_path, Path(), "", "")
    work = assembled(path, parameter_set, changes or {}, fitted=fitted)
    scenario = _checked(work)
    if scenario is None:
        raise ScenarioError(work.findings)
    return scenario


def file_findings(path: str | Path) -> list[Finding]:
    """Return everything that is wrong with a scenario file or a library file, under both sets.

    Args:
        path: a named scenario, a scenario file, or a file in a folder such as `library/practices`.
    """
    findings: list[Finding] = []
    file = Path(path)
    if found := _no_toml(file):
        return [Finding(shown(file), "", found, CHECKED, code="not-a-scenario")]
    if file.parent.parent.name == "library" and file.parent.name in PARTS:
        with Collecting(findings):
            read_part(file.parent.name, file, findings)
            if not NAME.fullmatch(file.stem):
                findings.append(placed(bad_name("", file.stem), file))
    else:
        for parameter_set in PARAMETER_SETS:
            with Collecting(findings):
                load_scenario(path, parameter_set=parameter_set)
    return list(dict.fromkeys(findings))


def _no_toml(path: Path) -> str:
    """Return what stands at a path that does not end in .toml, or nothing, as for a name."""
    if path.suffix == ".toml":
        return ""
    return "a folder" if is_folder(path) else "a file of another kind" if is_file(path) else ""


def _checked(work: Assembly) -> Scenario | None:
    """Return the scenario if nothing is wrong; else add what only shows in the whole.

    After other mistakes only what changes brought in counts: the rest may follow from them.
    """
    broken = bool(work.findings)
    scenario: Scenario | None = None
    wrong: list[tuple[Location, Finding, tuple[Location, ...]]] = []
    try:
        scenario = Scenario.model_validate(work.tree)
    except ValidationError:
        wrong += [(*each, ()) for each in schema_findings(Scenario, work.tree)]
    wrong += [(*each, ()) for each in evidence_findings(work.tree)]
    wrong += whole_findings(work.tree)
    for place, finding, follows_from in wrong:
        if not broken or finding.code == "sum" or work.moved(follows_from or (place,)):
            work.findings.append(work.placed(place, finding, follows_from))
    return None if work.findings else scenario
