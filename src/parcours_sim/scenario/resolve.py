"""From a file to a checked, frozen scenario, or to every reason why not.

This is the door of the package `scenario`: here live the loading of a scenario and the checking of
a file. The hash, the dump and the key paths of a loaded scenario live in `identity.py` and can be
imported from here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError

from .assemble import assembled
from .assembly import Assembly
from .checks import whole_findings
from .errors import Collecting, Finding, ScenarioError, described, listed, nearest
from .files import Tree, find_scenario, is_file, named_scenarios, read_toml, shown
from .findings import Location, evidence_findings, schema_findings
from .identity import dump_scenario, flat_keys, load_dump, scenario_hash
from .library import PARTS, read_part
from .quantity import EVIDENCE_ID
from .scenario import ParameterSet, Scenario
from .scenario_file import ScenarioFile

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

KINDS_OF_FILE: tuple[type[BaseModel], ...] = (ScenarioFile, *PARTS.values())
KEYS = frozenset(key for kind in KINDS_OF_FILE for key in kind.model_fields)
"""What at least one table or value of such a file is called."""

PARAMETER_SETS: tuple[str, ...] = get_args(ParameterSet)


def load_scenario(
    name_or_path: str | Path,
    *,
    parameter_set: str = "documents",
    changes: Mapping[str, str | float] | None = None,
) -> Scenario:
    """Return a scenario with nothing left implicit.

    Args:
        name_or_path: a named scenario, or the path of a file that ends in .toml.
        parameter_set: `documents` or `literature`.
        changes: key paths and what to put there; texts are read as `--set` reads them.

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
    work = assembled(path, parameter_set, changes or {})
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
    folder = Path(path).parent
    if found := _other_kind(Path(path)):
        return [Finding(shown(Path(path)), "", found, CHECKED, code="not-a-scenario")]
    if folder.parent.name == "library" and folder.name in PARTS:
        with Collecting(findings):
            read_part(folder.name, Path(path), findings)
    else:
        for parameter_set in PARAMETER_SETS:
            with Collecting(findings):
                load_scenario(path, parameter_set=parameter_set)
    return list(dict.fromkeys(findings))


def _other_kind(path: Path) -> str:
    """Return what a path leads to if that cannot be meant as a scenario, or else nothing.

    A file that cannot be read as tables is left to the reading itself, which says why.
    """
    if path.suffix != ".toml":
        return "a folder" if path.is_dir() else "a file of another kind" if is_file(path) else ""
    tables: Tree = {}
    with Collecting([]):
        tables = read_toml(path)
    if tables and all(re.fullmatch(EVIDENCE_ID, key) for key in tables):
        return "the ledger of evidence"
    return "tables of something else" if tables and not KEYS & tables.keys() else ""


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
