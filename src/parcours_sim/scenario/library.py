"""The parts that scenarios are made of: territories, episode kinds, practice models and layers.

Here live the reading and checking of one part, the numbers in it, and the links that a practice
model or a layer leaves as they are. Which part a scenario uses is decided in `assemble.py`.
"""

from __future__ import annotations

from pathlib import Path

from .changes import is_quantity, leaves
from .errors import Finding
from .file_kinds import PARTS
from .files import Tree, find_part, read_toml, scenario_folder
from .findings import evidence_findings, schema_findings, unknown_key
from .merge import placed
from .organisation import LinkRatio

LEFT_ALONE = "this organisation leaves the link as it is"


def read_part(kind: str, path: Path, findings: list[Finding]) -> Tree | None:
    """Return the tables of a library file, or None where they are wrong; add to the findings.

    Args:
        kind: a folder of the library.
        path: the file.
        findings: receives every mistake in the file.

    Raises:
        ScenarioError: the file cannot be read, or is not TOML.
    """
    tables = read_toml(path, f"a file of library/{kind}")
    for table in ("links", "noticing"):
        if table in PARTS[kind].model_fields:
            tables.setdefault(table, {})
    wrong = schema_findings(PARTS[kind], tables)
    wrong += evidence_findings(tables)
    findings += [placed(finding, path) for _, finding in wrong]
    return None if wrong else tables


def packaged_numbers(kind: str, name: str) -> dict[str, Tree]:
    """Return the numbers of a part of the packaged library by key path; none without such a part.

    Example:
        >>> packaged_numbers("episodes", "copd")["crisis.admitted_share"]["low"]
        0.15
    """
    path = find_part(kind, name, scenario_folder()) if kind in PARTS else None
    part = read_part(kind, path, []) if path else None
    return {key: item for key, item in leaves(part or {}) if is_quantity(item)}


def fill_links(part: Tree, links: list[str]) -> list[tuple[str, Finding]]:
    """Write the ratio 1 for each link that a practice model or a layer doesn't mention.

    The links come to stand in the territory's order. Returns a finding, by name, for each link that
    the territory doesn't have.
    """
    given = part["links"]
    unknown = [name for name in given if name not in links]
    part["links"] = {name: _completed(given.get(name)) for name in links}
    return [(name, unknown_key(name, name, links, organised=True)) for name in unknown]


def _completed(given: Tree | None) -> Tree:
    return given or {ratio: _unchanged() for ratio in LinkRatio.model_fields}


def _unchanged() -> Tree:
    return {"value": 1.0, "low": 1.0, "high": 1.0, "assumption": LEFT_ALONE}
