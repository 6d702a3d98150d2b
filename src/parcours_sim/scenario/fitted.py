"""Fitted values: what a calibration found for numbers of the library, a file by parameter set.

Here live the form of such a file, `scenarios/fitted/SET.toml`, the reading of it and the putting of
its values into one part of the library. When values are put is decided in `assembly.py`; ranges and
what a number rests on stay those of the library. What else it tells is read in `fit_account.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from os import stat_result
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from .changes import is_quantity, leaves
from .errors import Collecting, Finding, ScenarioError, described, key_path, listed, nearest
from .file_kinds import PARTS
from .files import Tree, packaged_names, read_toml, scenario_folder, shown
from .findings import schema_findings, unknown_key
from .quantity import MODEL, Number, Words, refused


def checked_interval(ends: list[float]) -> list[float]:
    """Return the ends of an interval; refuse them where the upper stands first."""
    if ends[0] > ends[1]:
        raise refused("out-of-bounds", f"{ends[0]:g} before {ends[1]:g}", "the lower end first")
    return ends


Interval = Annotated[
    list[Number], Field(min_length=2, max_length=2), AfterValidator(checked_interval)
]
AGAIN = "run parcours-sim calibrate again"
"""What mends a file that isn't what a calibration of today would write."""


class FittedValue(BaseModel):
    """What a calibration found for one number."""

    model_config = MODEL
    value: Number
    interval: Interval
    """Within which the fit leaves the value."""
    fitted: Words
    """What it was fitted to, such as `L084 (step 1)`."""

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        low, high = self.interval
        if not low <= self.value <= high:
            allowed = f"a value within its interval, {low:g} to {high:g}; {AGAIN}"
            raise refused("out-of-bounds", f"{self.value:g}", allowed)
        return self


class FittedFile(BaseModel):
    """What is read of a file of fitted values; a calibration keeps its own account beside it."""

    model_config = MODEL
    values: dict[str, dict[str, dict[str, FittedValue]]]
    """By folder of the library, name of the part, and key path in that part."""


@dataclass(frozen=True)
class Fitted:
    """The fitted values of one parameter set.

    Attributes:
        file: as messages show it.
        values: by folder of the library and name of the part, fitted values by key path.
    """

    file: str = ""
    values: Mapping[tuple[str, str], Mapping[str, FittedValue]] = field(default_factory=dict)


def fitted_folder() -> Path:
    """Return the folder of the fitted values that scenarios use."""
    return scenario_folder() / "fitted"


def fitted_file(parameter_set: str) -> Path:
    """Return where the fitted values of a parameter set stand, if there are any."""
    return fitted_folder() / f"{parameter_set}.toml"


def read_fitted(parameter_set: str, findings: list[Finding]) -> Fitted:
    """Return the fitted values of a parameter set; none where there is no file, or a wrong one.

    Args:
        parameter_set: `documents` or `literature`.
        findings: receives every mistake in the file.
    """
    path = fitted_file(parameter_set)
    with Collecting(findings):
        if state := state_of(path):
            return _read(path, state.st_mtime_ns, state.st_size)
    return Fitted()


def state_of(path: Path) -> stat_result | None:
    """Return how a file of fitted values stands there, or None where there is nothing.

    Raises:
        ScenarioError: there is something else, which must not pass for nothing.
    """
    try:
        state = path.stat()
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        found = "a link that leads nowhere"
    except OSError as error:
        found = (error.strerror or "no access").lower()
    else:
        if S_ISREG(state.st_mode):
            return state
        found = "a folder" if S_ISDIR(state.st_mode) else "no regular file"
    allowed = "a file that parcours-sim calibrate wrote, or nothing there"
    raise ScenarioError([Finding(shown(path), "", found, allowed, code="unreadable")])


def tables_of(path: Path) -> Tree:
    """Return all tables of a file of fitted values; raises ScenarioError if there are none."""
    tables = read_toml(path)
    if not tables:
        finding = Finding(shown(path), "", "nothing in it", f"fitted values; {AGAIN}", code="empty")
        raise ScenarioError([finding])
    return tables


@lru_cache(maxsize=8)
def _read(path: Path, _changed_ns: int, _size: int) -> Fitted:
    """Read a file of fitted values, once for as long as it stays the same.

    Raises:
        ScenarioError: with everything that is wrong in it.
    """
    tables = {"values": tables_of(path).get("values", {})}
    found = [finding for _, finding in schema_findings(FittedFile, tables)]
    found = found or list(_unknown_parts(tables["values"]))
    if found:
        raise ScenarioError([replace(finding, file=shown(path)) for finding in found])
    parts = FittedFile.model_validate(tables).values
    return Fitted(
        shown(path),
        {(kind, name): keys for kind, names in parts.items() for name, keys in names.items()},
    )


def _unknown_parts(values: Tree) -> Iterator[Finding]:
    """Yield a finding for each folder and each part that the packaged library doesn't have."""
    for kind, parts in values.items():
        if kind not in PARTS:
            yield _unknown_name(("values", kind), list(PARTS))
            continue
        names = packaged_names(kind)
        yield from (
            _unknown_name(("values", kind, part), names) for part in parts if part not in names
        )


def _unknown_name(place: tuple[str, ...], names: list[str]) -> Finding:
    found, close = described(place[-1]), nearest(place[-1], names)
    return Finding("", key_path(place), found, listed(names), close, "unknown-name")


def put_fitted(part: Tree, kind: str, name: str, fitted: Fitted) -> tuple[list[str], list[Finding]]:
    """Put fitted values into a part of the library, which is changed in place.

    Args:
        part: its tables.
        kind: its folder.
        name: its name.
        fitted: what there is to put; values of other parts are passed over.

    Returns:
        The key paths in the part that now hold a fitted value, and what is wrong with others.
    """
    put: list[str] = []
    findings: list[Finding] = []
    for key, found in fitted.values.get((kind, name), {}).items():
        place = fitted_place(kind, name, key)
        quantity = _at(part, key)
        if not is_quantity(quantity):
            paths = [path for path, item in leaves(part) if is_quantity(item)]
            wrong = unknown_key(key_path(place), key, paths, organised=False)
        elif not quantity["low"] <= found.value <= quantity["high"]:
            allowed = f"a value within the library’s range, {quantity['low']} to {quantity['high']}"
            where = key_path((*place, "value"))
            wrong = Finding("", where, str(found.value), allowed, code="outside-range")
        else:
            quantity |= {"value": found.value, "fitted": found.fitted}
            put.append(key)
            continue
        findings.append(replace(wrong, file=fitted.file))
    return put, findings


def fitted_place(kind: str, name: str, key: str) -> tuple[str, str, str, str]:
    """Return where the fitted value of a key of a part stands in its file."""
    return "values", kind, name, key


def _at(part: Tree, key: str) -> Any:
    item: Any = part
    for each in key.split("."):
        item = item.get(each) if isinstance(item, dict) and not is_quantity(item) else None
    return item
