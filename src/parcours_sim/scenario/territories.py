"""A table of territories, a line each: what a national study moves from one to the next.

Counts of professionals, rooms and beds become what the scenario has, per 100,000 inhabitants. Each
territory is checked as a scenario is.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .errors import Finding, ScenarioError, described, listed, nearest
from .files import shown
from .scenario import Scenario
from .vary import Value, varied

NAME, INHABITANTS = "name", "inhabitants"
AS_IT_IS = {
    INHABITANTS: "territory.inhabitants",
    "share_75_and_over": "territory.people.share_75_and_over",
}
COUNTED = {
    "gps": "territory.professionals.gps_per_100k",
    "nurses": "territory.professionals.nurses_per_100k",
    "pharmacies": "territory.professionals.pharmacies_per_100k",
    "ed_rooms": "territory.hospital.ed_rooms_per_100k",
    "beds": "territory.hospital.beds_per_100k",
}
"""Columns that are counts, and the keys that hold them per 100,000 inhabitants."""
COLUMNS = (NAME, *AS_IT_IS, *COUNTED)
KEYS = AS_IT_IS | COUNTED
EVERYWHERE = "all"
"""What the sum over territories is called; no territory may be."""
MOST_TERRITORIES = 10_000
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What separates the cells of other tables, and what it is called."""


def read_territories(path: Path, scenario: Scenario) -> dict[str, dict[str, Value]]:
    """Return what each territory of a CSV file puts at which keys of a scenario, by its name.

    Args:
        path: a CSV file (UTF-8, commas) with the columns of `COLUMNS`, in any order.
        scenario: whose territory is replaced; each one is checked in it.

    Raises:
        ScenarioError: with all that is wrong, by line and column.
    """
    findings: list[Finding] = []
    found: dict[str, dict[str, Value]] = {}
    for line, row in _rows(path, findings):
        name, moves = row[NAME].strip(), _moves(row, line, path, findings)
        if not name or name == EVERYWHERE or name in found:
            finding = _wrong(path, line, NAME, described(name), "a name of its own, other than all")
            findings.append(
                replace(finding, code="duplicate-name" if name in found else "bad-name")
            )
        elif moves is not None:
            found[name] = moves
            findings += _wrong_in(scenario, moves, path, line)
    if not found and not findings:
        findings.append(Finding(shown(path), "", "no territory", "a line for each", code="empty"))
    if findings:
        raise ScenarioError(findings)
    return found


def _rows(path: Path, findings: list[Finding]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line with its number, after noting those that have other cells than the header.

    Raises ScenarioError for a file without these columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file, strict=True)
            header = next(table, [])
            if wrong := list(_wrong_columns(header, path)):
                raise ScenarioError(wrong)
            for cells in filter(None, table):
                if table.line_num > MOST_TERRITORIES:
                    allowed = f"at most {MOST_TERRITORIES} territories"
                    raise ScenarioError([_wrong(path, table.line_num, "", "more lines", allowed)])
                if len(cells) == len(header):
                    yield table.line_num, dict(zip(header, cells, strict=True))
                else:
                    findings.append(_uneven(path, table.line_num, len(cells)))
    except (csv.Error, UnicodeDecodeError) as error:
        found, allowed = f"what is no table ({error})", "a CSV file in UTF-8 with commas"
        raise ScenarioError([Finding(shown(path), "", found, allowed, code="not-csv")]) from None
    except OSError as error:
        found = error.strerror or "no access"
        finding = Finding(shown(path), "", found, "a CSV file that can be read", code="unreadable")
        raise ScenarioError([finding]) from None


def _uneven(path: Path, line: int, cells: int) -> Finding:
    """Return the finding for a line whose cells can't be told apart, often by a decimal comma."""
    allowed = f"{len(COLUMNS)}, as the header has; decimals are written with a point"
    finding = _wrong(path, line, "", f"{cells} cell{'s' * (cells != 1)}", allowed)
    return replace(finding, code="uneven-line")


def _wrong_columns(found: list[str], path: Path) -> Iterator[Finding]:
    other = next((words for sign, words in OTHER_SEPARATORS.items() if sign in "".join(found)), "")
    if other and len(found) == 1:
        allowed = "commas, and points in decimals"
        yield Finding(shown(path), "", f"{other} between cells", allowed, code="not-csv")
        return
    for column in found:
        if column not in COLUMNS:
            close, code = nearest(column, COLUMNS), "unknown-key"
            yield Finding(shown(path), column, "an unknown column", listed(COLUMNS), close, code)
    for column in COLUMNS:
        if found.count(column) != 1:
            times = "no such column" if column not in found else "it twice"
            yield Finding(shown(path), column, times, "each column once", code="missing-key")


def _moves(
    row: dict[str, str], line: int, path: Path, findings: list[Finding]
) -> dict[str, Value] | None:
    """Return what a line puts at which keys, or None after noting what is no number."""
    numbers: dict[str, float] = {}
    for column in KEYS:
        least = 1.0 if column == INHABITANTS else 0.0
        try:
            numbers[column] = float(row[column])
        except ValueError:
            numbers[column] = math.nan
        if not least <= numbers[column] < math.inf:
            found, allowed = described(row[column]), f"a number, {least:g} or more"
            finding = _wrong(path, line, column, found, allowed)
            findings.append(replace(finding, code="wrong-type"))
    if any(finding.key.startswith(f"line {line},") for finding in findings):
        return None
    per_100k = 100_000 / numbers[INHABITANTS]
    as_it_is: dict[str, Value] = {key: numbers[column] for column, key in AS_IT_IS.items()}
    return as_it_is | {key: numbers[column] * per_100k for column, key in COUNTED.items()}


def _wrong_in(
    scenario: Scenario, moves: dict[str, Value], path: Path, line: int
) -> Iterator[Finding]:
    """Yield what is wrong with a territory as a part of the scenario, by line and column."""
    try:
        varied(scenario, moves, {})
    except ScenarioError as error:
        for finding in error.findings:
            places = (column for column, key in KEYS.items() if finding.key.startswith(key))
            column = next(places, None)
            if column in COUNTED and finding.code == "out-of-bounds":
                finding = _as_count(finding, moves, column)
            place = f"line {line}, {column or finding.key}"
            yield replace(finding, file=shown(path), key=place)


def _as_count(finding: Finding, moves: dict[str, Value], column: str) -> Finding:
    """Return a finding about what there is per 100,000 inhabitants, told of the count itself."""
    per_100k, inhabitants = float(moves[COUNTED[column]]), float(moves[AS_IT_IS[INHABITANTS]])
    return replace(
        finding,
        found=f"{per_100k * inhabitants / 100_000:.12g} for {inhabitants:,.12g} inhabitants",
        allowed=f"{finding.allowed} for 100,000 inhabitants",
    )


def _wrong(path: Path, line: int, column: str, found: str, allowed: str) -> Finding:
    place = f"line {line}, {column}" if column else f"line {line}"
    return Finding(shown(path), place, found, allowed)
