"""The evidence ledger: which published, stated or assumed figure each number rests on.

Here live a row of `scenarios/evidence.toml`, the ledger that holds the rows by id, and its reading.
Which rows a scenario uses is said by its quantities (`quantity.py`); comparing simulated figures
with these rows is for `analysis`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, RootModel, ValidationError, model_validator

from .errors import Finding, ScenarioError, described, key_path, nearest
from .files import read_toml, scenario_folder, shown
from .quantity import MODEL, EvidenceId, Number

Origin = Literal["documents", "literature", "unverified", "assumption"]
Role = Literal["input", "calibration", "validation", "context"]
Grade = Annotated[str, Field(pattern=r"^[ABDMX](\+[ABDMX])*$")]
Words = Annotated[str, Field(min_length=1)]

ORIGINS_OF_LETTER: dict[str, frozenset[Origin]] = {
    "S": frozenset({"documents"}),
    "L": frozenset({"literature", "unverified"}),
    "X": frozenset({"assumption"}),
}
"""The first letter of an id tells the origins that its row may have."""


class EvidenceRow(BaseModel):
    """One figure, with where it comes from and what it is used for.

    Raises:
        pydantic.ValidationError: the value lies outside its range, the origin does not suit the id,
            or a statement of the source documents (and only such a one) lacks its quote.
    """

    model_config = MODEL

    id: EvidenceId
    statement: Words
    """What the figure is, in words."""
    value: Number | None = None
    """The figure, in `unit`; absent where the source gives only a direction."""
    low: Number | None = None
    """Lower end of the plausible range or of the source's interval."""
    high: Number | None = None
    """Upper end of the plausible range or of the source's interval."""
    unit: Words
    population: Words | None = None
    """To whom the figure applies."""
    period: Words | None = None
    place: Words | None = None
    source: Words
    """Author or organisation, and year."""
    url: Words | None = None
    """Address where the figure was seen."""
    quote: Words | None = None
    """The sentence of the source document, word for word, in French."""
    origin: Origin
    role: Role
    grade: Grade | None = None
    """A primary source, B secondary report, D derived, M unverified, X assumption."""
    note: Words | None = None
    """What to keep in mind when using the figure."""

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        known = [number for number in (self.low, self.value, self.high) if number is not None]
        if known != sorted(known):
            raise ValueError(f"low, value and high must rise, found {known}")
        return self

    @model_validator(mode="after")
    def _origin_suits_id(self) -> Self:
        allowed = ORIGINS_OF_LETTER[self.id[0]]
        if self.origin not in allowed:
            raise ValueError(f"origin of {self.id} must be one of {sorted(allowed)}")
        if (self.quote is not None) != (self.origin == "documents"):
            raise ValueError("quote belongs to the rows of origin 'documents', and only to them")
        return self


class Ledger(RootModel[dict[EvidenceId, EvidenceRow]]):
    """Every row by its id, in the order of the file.

    Example:
        >>> load_ledger()["L028"].unit
        'days'
    """

    model_config = {"frozen": True}

    @model_validator(mode="after")
    def _keys_are_ids(self) -> Self:
        for key, row in self.root.items():
            if key != row.id:
                raise ValueError(f"the table {key} must not carry the id {row.id}")
        return self

    def __getitem__(self, row_id: str) -> EvidenceRow:
        """Return the row; ``KeyError`` names the nearest id where there is none."""
        if row_id not in self.root:
            raise KeyError(f"{row_id}: no such evidence; nearest: {self.nearest(row_id)}")
        return self.root[row_id]

    def __contains__(self, row_id: object) -> bool:
        return row_id in self.root

    def __len__(self) -> int:
        return len(self.root)

    def rows(self) -> Iterator[EvidenceRow]:
        """Yield the rows in the order of the file."""
        return iter(self.root.values())

    def nearest(self, row_id: str) -> str | None:
        """Return the existing id that looks most like this one, or None."""
        return nearest(row_id, self.root)


def read_ledger(path: Path) -> Ledger:
    """Read and check a ledger file.

    Raises:
        ScenarioError: the file cannot be read, is not TOML, or holds a wrong row; each finding
            names the id and the field.
    """
    tables = read_toml(path, "the ledger of evidence")
    rows = {
        key: {"id": key, **table} if isinstance(table, dict) else table
        for key, table in tables.items()
    }
    try:
        return Ledger.model_validate(rows)
    except ValidationError as error:
        raise ScenarioError(list(_findings(shown(path), error))) from None


def _findings(file: str, error: ValidationError) -> Iterator[Finding]:
    """Yield what pydantic found, in the words of a user's error."""
    for detail in error.errors(include_url=False):
        found = "nothing" if detail["type"] == "missing" else described(detail["input"])
        code = "missing-key" if detail["type"] == "missing" else "wrong-evidence"
        yield Finding(file, key_path(detail["loc"]), found, detail["msg"], code=code)


@cache
def load_ledger() -> Ledger:
    """Return the ledger that stands beside the packaged scenarios; read once per process."""
    return read_ledger(scenario_folder() / "evidence.toml")
