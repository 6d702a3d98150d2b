"""A scenario file and the files it extends, merged into one draft that remembers who said what.

Here live the chain of `extends`, the check of each file on its own, and the merging. Looking up the
library and putting the parts together lives in `assemble.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .changes import is_quantity
from .errors import Collecting, Finding, ScenarioError, described, key_path
from .file_kinds import other_kind
from .files import NAME, Tree, find_scenario, read_toml, shown
from .findings import Location, bad_name, evidence_findings, schema_findings
from .quantity import Quantity
from .scenario_file import ScenarioFile

OPEN_TABLES = {("horizon",), ("changes",), ("new",), ("new", "conditions"), ("new", "episodes")}
"""Tables merged key by key; everything else is replaced whole where a file gives it."""


Asked = tuple[str, str]
"""The file and the key in it that ask for another file."""


@dataclass(frozen=True)
class Piece:
    """What one file says under one key that is merged as a whole."""

    value: Any
    path: Path


@dataclass(frozen=True)
class Draft:
    """A named scenario after merging, parts of the library still by name.

    Attributes:
        path: its own file.
        pieces: what holds, by key path, with the file that says it.
        whole: whether every file of the chain could be read.
    """

    path: Path
    pieces: dict[tuple[str, ...], Piece]
    whole: bool

    @property
    def name(self) -> str:
        """The scenario's name: that of its file."""
        return self.path.stem

    def value(self, *key: str) -> Any:
        """Return what holds under a key path, or None where no file says anything."""
        piece = self.pieces.get(key)
        return piece.value if piece else None

    def under(self, *key: str) -> dict[str, Piece]:
        """Return the pieces of a table that is merged key by key, by their last key."""
        return {at[-1]: piece for at, piece in self.pieces.items() if at[:-1] == key}


def read_draft(path: Path, findings: list[Finding], asked_at: Asked | None = None) -> Draft:
    """Read a scenario file and all it extends; add what is wrong in them to the findings.

    What is wrong is left out of the draft, so that reading goes on and finds the rest.

    Args:
        path: the file.
        findings: receives every mistake.
        asked_at: the file and key that name it, if one does.
    """
    pieces: dict[tuple[str, ...], Piece] = {}
    chain: list[tuple[Path, Tree]] = []
    reading = Collecting(findings)
    with reading:
        _follow(path, asked_at or (shown(path), ""), chain, findings)
    if chain and not NAME.fullmatch(path.stem):
        findings.append(placed(bad_name("", path.stem), path))
    for file, tables in reversed(chain):
        pieces.update({key: Piece(value, file) for key, value in _parts(tables, ())})
    wrong_extends = any(finding.key == "extends" for finding in findings)
    return Draft(path, pieces, whole=not reading.stopped and not wrong_extends)


def _follow(
    start: Path, asked_at: Asked, chain: list[tuple[Path, Tree]], findings: list[Finding]
) -> None:
    """Fill the chain: a file, the file it extends, and so on, each without what is wrong in it.

    Raises:
        ScenarioError: a file cannot be read or found, is no scenario, or leads back to itself.
    """
    following: Path | None = start
    while following is not None:
        tables = read_toml(following)
        if kind := other_kind(tables):
            raise ScenarioError([Finding(*asked_at, kind, "a scenario", code="not-a-scenario")])
        asked_at = shown(following), "extends"
        chain.append((following, checked_file(tables, following, findings)))
        following = _extended(tables, [file for file, _ in chain])


def _extended(tables: Tree, chain: list[Path]) -> Path | None:
    """Return the file that the last file of a chain extends, if any; refuse a cycle."""
    if "extends" not in tables:
        return None
    asking = chain[-1]
    following = find_scenario(tables["extends"], asking.parent, shown(asking), "extends")
    if following.resolve() in [file.resolve() for file in chain]:
        names = " → ".join(file.name for file in [*chain, following])
        allowed = "a file that does not lead back to itself"
        raise ScenarioError([Finding(shown(asking), "extends", names, allowed, code="cycle")])
    return following


def checked_file(tables: Tree, path: Path, findings: list[Finding]) -> Tree:
    """Check one scenario file; return its tables without what is wrong in them."""
    wrong = schema_findings(ScenarioFile, tables)
    wrong += evidence_findings(tables)
    wrong += _repeated(tables)
    wrong += _unsound_changes(tables)
    for place, finding in wrong:
        findings.append(placed(finding, path))
        _prune(tables, place)
    return tables


def _repeated(tables: Tree) -> Iterator[tuple[Location, Finding]]:
    names = tables.get("episodes")
    names = names if isinstance(names, list) else []
    seen: set[str] = set()
    for number, name in enumerate(names):
        if not isinstance(name, str):
            continue
        if name in seen:
            key = f"episodes.{number}"
            found = f"{described(name)} a second time"
            yield ("episodes",), Finding("", key, found, "each once", code="duplicate-name")
        seen.add(name)


def _unsound_changes(tables: Tree) -> Iterator[tuple[Location, Finding]]:
    """Yield what is wrong with the quantities of changes, each taken by itself.

    Whether they suit what they replace only shows in the whole.
    """
    for start, quantity in _quantities(tables.get("changes"), ("changes",)):
        for inside, finding in schema_findings(Quantity, quantity):
            place = (*start, *inside)
            yield place, replace(finding, key=key_path(place))


def _quantities(item: object, place: Location) -> Iterator[tuple[Location, Tree]]:
    if isinstance(item, dict):
        if is_quantity(item):
            yield place, item
        else:
            for key, inside in item.items():
                yield from _quantities(inside, (*place, key))


def placed(finding: Finding, path: Path) -> Finding:
    """Return a finding with the file it stands in."""
    return replace(finding, file=shown(path))


def _prune(tables: Tree, place: Location) -> None:
    """Remove the piece that a wrong key belongs to: the largest part that is merged as a whole."""
    table: Any = tables
    for depth, key in enumerate(place):
        if not isinstance(table, dict) or key not in table:
            return
        whole = place[: depth + 1] not in OPEN_TABLES and place[: depth + 1] != ("organisation",)
        if whole or depth == len(place) - 1:
            del table[key]
            return
        table = table[key]


def _parts(table: Tree, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each piece of a file that is merged as a whole, with its key path."""
    for key, value in table.items():
        here = (*place, key)
        if here == ("organisation",) or here in OPEN_TABLES:
            yield from _parts(value, here)
        else:
            yield here, value
