"""Which French data would replace what is assumed, or was believed without its source being seen.

Here live the form of `scenarios/better_data.toml` and its reading. Which numbers of a scenario rest
on what is counted in `coverage.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from .errors import Finding, ScenarioError, described, key_path
from .evidence import load_ledger
from .files import read_toml, scenario_folder, shown
from .findings import schema_findings
from .quantity import MODEL, EvidenceId, Name, refused
from .territory import Text

PATTERN = re.compile(
    r"(horizon|territory|episodes|organisation)(\.([a-z][a-z0-9_]*\*?|\*))*(\.\*\*)?"
)
"""A key path; a star stands for a name or for the end of one, two for any path."""


def _checked_pattern(text: str) -> str:
    if not PATTERN.fullmatch(text):
        allowed = "a key path of a scenario, with a star for any name and two for any path"
        raise refused("bad-name", described(text), allowed)
    return text


class Data(BaseModel):
    """A body of data that exists or could, and what it would replace."""

    model_config = MODEL
    name: Name
    title: Text
    holder: Text
    """Who has it, or would have to gather it."""
    tells: Text
    evidence: list[EvidenceId]
    """Rows of the ledger that it would replace."""
    keys: list[Annotated[str, AfterValidator(_checked_pattern)]]
    """Keys of scenarios; those of `organisation` mean the organisation before the start too."""


class DataFile(BaseModel):
    """All of it; of tables that name the same row or key, the first one counts."""

    model_config = MODEL
    data: Annotated[list[Data], Field(min_length=1)]


@dataclass(frozen=True)
class BetterData:
    """What would replace a row of evidence, or the number under a key.

    Example:
        >>> read_better_data().for_key("territory.links.nurse_to_gp.delay_days").name
        'messages'
    """

    data: tuple[Data, ...]

    def for_row(self, evidence: str) -> Data | None:
        """Return what would replace a row of the ledger, if anything is named."""
        return next((each for each in self.data if evidence in each.evidence), None)

    def for_key(self, key: str) -> Data | None:
        """Return what would replace the number under a key path, if anything is named."""
        return next((each for each in self.data if any(_means(p, key) for p in each.keys)), None)


def read_better_data(path: Path | None = None) -> BetterData:
    """Read the file, the packaged one unless told otherwise.

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    path = scenario_folder() / "better_data.toml" if path is None else path
    tables = read_toml(path, "the list of better data")
    found = [finding for _, finding in schema_findings(DataFile, tables)]
    data = () if found else tuple(DataFile.model_validate(tables).data)
    found += _wrong(data)
    if found:
        raise ScenarioError([replace(finding, file=shown(path)) for finding in found])
    return BetterData(data)


def _wrong(data: tuple[Data, ...]) -> Iterator[Finding]:
    """Yield rows that the ledger lacks, and rows and names that stand twice."""
    ledger, names, rows = load_ledger(), set[str](), set[str]()
    for number, each in enumerate(data):
        if each.name in names:
            place = key_path(("data", number, "name"))
            yield Finding("", place, described(each.name), "each name once", code="twice")
        names.add(each.name)
        for at, row in enumerate(each.evidence):
            place = key_path(("data", number, "evidence", at))
            if row not in ledger:
                allowed, close = "a row of evidence.toml", ledger.nearest(row)
                yield Finding("", place, described(row), allowed, close, "unknown-name")
            elif row in rows:
                yield Finding("", place, described(row), "each row once", code="twice")
            rows.add(row)


def _means(pattern: str, key: str) -> bool:
    """Return whether a pattern means a key."""
    text = re.escape(pattern).replace(r"\*\*", ".+").replace(r"\*", "[^.]*")
    text = re.sub(r"^organisation\b", "(?:organisation|before)", text)
    return re.fullmatch(text, key) is not None
