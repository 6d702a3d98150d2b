"""The form of what is compared with evidence: measures, steps of calibration, rows of validation.

Here live the tables of `scenarios/calibration/` and of `scenarios/validation/`, with what one table
alone may contain, and what evidence states of a measure. How a measure is read off replications is
in `analysis/measures.py`; reading the files is for `targets.py`, what only shows in the whole for
`target_checks.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, PrivateAttr, model_validator

from .errors import described
from .evidence import Ledger, load_ledger
from .quantity import MODEL, EvidenceId, Name, Number, Words, refused
from .scenario import ParameterSet
from .territory import Text

Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Sets = Annotated[list[ParameterSet], Field(min_length=1)]
Kind = Literal["level", "percent", "points", "ratio"]
"""A level of one scenario; or the change against another, in per cent of it, as a difference in
the measure's own unit, or as a ratio."""
Definition = Literal["", "d1", "d2", "d3", "ed_users"]
Scope = Literal["hospital", "professional", "all"]


def _checked_key(text: str) -> str:
    outcome, _, group = text.removeprefix("-").partition(" ")
    if not outcome or not group or " " in group:
        allowed = "an outcome and a group, such as 'hospitalisations kind:copd'"
        raise refused("bad-text", described(text), allowed)
    return text


OutcomeKey = Annotated[str, AfterValidator(_checked_key)]
"""An outcome and a group, with a space between; or `inhabitant_years all`. A minus sign before them
takes them away."""


def _checked_free(text: str) -> str:
    part, _, key = text.partition(" ")
    if part.count("/") != 1 or not key or " " in key:
        allowed = "a part of the library and a key in it: 'episodes/copd rate_per_year'"
        raise refused("bad-text", described(text), allowed)
    return text


FreeKey = Annotated[str, AfterValidator(_checked_free)]
"""A part of the library and a key path in it, with a space between."""


class Beside(BaseModel):
    """What is told beside a figure, of the same scenarios; nothing is stated of it."""

    model_config = MODEL
    what: Text
    unit: Text
    kind: Kind
    above: Annotated[list[OutcomeKey], Field(min_length=1)]
    below: list[OutcomeKey] = []
    factor: Number = 1.0


class Measure(BaseModel):
    """A figure of the ledger, and how the model's own follows from outcomes.

    The model's is `factor` times the sum of `above` over the sum of `below` (over 1 without one),
    in the scenario `of`; as a change, against the same in `against`. With a `definition`, it is the
    share of avoidable stays linked to information that came late (`analysis/coordination.py`), or
    how often ED users see a GP against others (`analysis/ed_users.py`).
    """

    model_config = MODEL
    evidence: EvidenceId
    what: Text
    unit: Text
    of: Name
    """A named scenario."""
    against: Name | None = None
    """What a change is measured from."""
    kind: Kind = "level"
    above: list[OutcomeKey] = []
    below: list[OutcomeKey] = []
    factor: Number = 1.0
    definition: Definition = ""
    scope: Scope = "professional"
    """Of a definition: which links are made perfect."""
    stated: Number | None = None
    """The figure, where it stands in the row's note or follows from it; else the row's value."""
    low: Number | None = None
    high: Number | None = None
    """What is plausible, where that isn't the row's own range."""
    range_note: Text | None = None
    """Why this range, where it isn't the row's own."""
    note: Text | None = None
    """What a reader must know beside the figure."""
    beside: list[Beside] = []

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.kind == "level") != (self.against is None):
            found = f"kind {self.kind!r} {'without' if self.against is None else 'with'} `against`"
            raise refused("wrong-type", found, "`against` for a change, and none for a level")
        if bool(self.above) == bool(self.definition):
            raise refused("missing-key", "both or neither", "either `above` or `definition`")
        return self


class Target(Measure):
    """A measure that parameters are fitted to, and how near is near enough."""

    tolerance_percent: Positive | None = None
    """In per cent of the figure stated; 10 without any, 20 where its evidence is unverified."""
    tolerance_points: Positive | None = None
    """In the figure's own unit, instead."""
    sets: Sets = ["documents", "literature"]
    """Under which parameter sets of its step it is a target; under all where nothing is said."""
    _stands: tuple[str, str] | None = PrivateAttr(default=None)

    @property
    def stands(self) -> tuple[str, str] | None:
        """The file that it was read from and its key there, so that a mistake can be told."""
        return self._stands

    def found_at(self, file: str, key: str) -> None:
        """Remember where it stands."""
        self._stands = file, key


class Free(BaseModel):
    """Parameters that move together, from the low to the high ends of their plausible ranges."""

    model_config = MODEL
    keys: Annotated[list[FreeKey], Field(min_length=1)]
    why: Words
    """Which target it is there for."""


class Step(BaseModel):
    """A step of the calibration: what is free, and what is to be reproduced."""

    model_config = MODEL
    step: Annotated[int, Field(ge=1)]
    title: Text
    repeated: bool
    """Whether the step is done again until it and its like hold together."""
    out_of_reach: Literal["best", "keep"]
    """What becomes of the parameters where a target can't be reached: the best that bounds allow,
    or as they were."""
    replications: Annotated[int, Field(ge=2)]
    """Random worlds in which trials are made."""
    told_replications: Annotated[int, Field(ge=2)]
    """Those in which the figures at the end are simulated."""
    sets: Sets
    """Under which parameter sets the step is done."""
    free: Annotated[list[Free], Field(min_length=1)]
    target: Annotated[list[Target], Field(min_length=1)]


class Row(Measure):
    """A figure that nothing was fitted to."""

    sign: Literal["", "decrease", "increase"] = ""
    """For evidence that states a direction only."""
    reason: Text | None = None
    """Where the figure is outside its range: why, as far as was found out."""


class NotComparable(BaseModel):
    """A row of evidence that no outcome of the model measures, and why."""

    model_config = MODEL
    evidence: EvidenceId
    what: Text
    unit: Text
    """Of what evidence states."""
    reason: Text


class Rows(BaseModel):
    """The rows of validation."""

    model_config = MODEL
    replications: Annotated[int, Field(ge=2)]
    row: list[Row]
    not_comparable: list[NotComparable]


def stated(measure: Measure, ledger: Ledger | None = None) -> tuple[float | None, ...]:
    """Return what evidence states of a measure: the figure, and the ends of its range, if any.

    A range that the file gives goes before the row's own, which is that of the row's own figure.
    """
    row = (ledger or load_ledger())[measure.evidence]
    if measure.low is not None or measure.high is not None:
        ends = measure.low, measure.high
    else:
        ends = (row.low, row.high) if measure.stated is None else (None, None)
    return (row.value if measure.stated is None else measure.stated, *ends)
