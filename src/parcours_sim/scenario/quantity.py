"""A number that says where it comes from.

Every number of a scenario is a `Quantity`: a value, the range that is plausible for it, and either
the row of the evidence ledger it rests on or, where there is none, the reason for assuming it. The
unit is the last word of its key (`delay_days`, `loss_share`). What the numbers mean lives in
`territory.py`, `episode.py` and `organisation.py`; the kinds of number, in `kinds.py`.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from .errors import described

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
"""What scenarios, practice models, layers, links, conditions and episode kinds are called."""
Number = Annotated[float, Field(allow_inf_nan=False)]
EVIDENCE_ID = r"^[SLX]\d{2,3}[a-z]?$"
EvidenceId = Annotated[str, Field(pattern=EVIDENCE_ID)]

SHORTEST_REASON = 10
"""Characters of a reason, without spaces at its ends; fewer say nothing."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
"""Characters that no terminal or figure shows: all control characters but tab and line end."""


def refused(code: str, found: str, allowed: str) -> PydanticCustomError:
    """Say what is wrong under a stable code, which `findings.py` passes on."""
    context = {"found": found, "allowed": allowed}
    return PydanticCustomError(code, "found {found}, allowed {allowed}", context)


def _checked_words(text: str) -> str:
    if not text.strip() or CONTROL.search(text):
        raise refused("bad-text", described(text), "words without control characters")
    return text


def _checked_reason(text: str) -> str:
    if len(text.strip()) < SHORTEST_REASON:
        allowed = f"a reason in words, {SHORTEST_REASON} characters or more"
        raise refused("missing-evidence", described(text), allowed)
    return text


Words = Annotated[str, AfterValidator(_checked_words)]
"""A text that says something and can be shown anywhere."""
Reason = Annotated[str, AfterValidator(_checked_reason), AfterValidator(_checked_words)]

MODEL = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Sourced(BaseModel):
    """A value with its plausible range, resting on evidence or on a stated assumption.

    Raises:
        pydantic.ValidationError: the range does not hold the value, the bounds of the kind of
            number are overstepped, or there is neither evidence nor assumption, or both.
    """

    model_config = MODEL
    minimum: ClassVar[float] = float("-inf")
    maximum: ClassVar[float] = float("inf")
    whole: ClassVar[bool] = False
    """Whether only whole numbers are allowed."""
    words: ClassVar[str] = ""
    """What is allowed, where the bounds themselves would be hard to read."""

    value: Number
    """What the model uses."""
    low: Number
    """Lowest plausible value."""
    high: Number
    """Highest plausible value."""
    evidence: EvidenceId | None = None
    """Row of scenarios/evidence.toml that the value rests on."""
    assumption: Reason | None = None
    """Why this value was assumed, where no row supports it."""
    note: Words | None = None
    """How the value follows from its evidence, where it is not the row's own figure."""
    fitted: Words | None = None
    """What a calibration fitted the value to, where it did; its range rests on the above alone."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        numbers = (self.low, self.value, self.high)
        for number in numbers:
            inside = self.minimum <= number <= self.maximum
            if not inside or (self.whole and not number.is_integer()):
                raise refused("out-of-bounds", str(number), self._bounds())
        if not self.low <= self.value <= self.high:
            allowed = f"a value within its range, {self.low} to {self.high}"
            raise refused("outside-range", str(self.value), allowed)
        if (self.evidence is None) == (self.assumption is None):
            found = (
                "neither evidence nor assumption"
                if self.evidence is None
                else "both evidence and assumption"
            )
            allowed = "either evidence (a ledger id) or assumption (a reason)"
            raise refused("missing-evidence", found, allowed)
        return self

    @classmethod
    def _bounds(cls) -> str:
        if cls.words:
            return cls.words
        if cls.maximum == float("inf"):
            return "0 or more" if cls.minimum == 0 else "more than 0"
        bounds = f"{_plain(cls.minimum)} to {_plain(cls.maximum)}"
        return f"a whole number from {bounds}" if cls.whole else bounds


def _plain(number: float) -> str:
    """Return a number as people write it: 1,000,000 or 0.000001."""
    return f"{number:,.6f}".rstrip("0").rstrip(".")


class Quantity(Sourced):
    """Any sourced number, with the variant that the parameter set `literature` uses, if it differs.

    Example:
        >>> Quantity(value=3.0, low=1.0, high=7.0, evidence="X01a").value
        3.0
    """

    literature: Sourced | None = None
    """What the parameter set `literature` puts in its place; absent once a scenario is resolved."""


class Amount(Quantity):
    """A quantity that is zero or more; how much at the most is for its kind to say."""

    minimum: ClassVar[float] = 0.0


class Share(Quantity):
    """A share or a probability, from 0 to 1."""

    minimum: ClassVar[float] = 0.0
    maximum: ClassVar[float] = 1.0


class Positive(Quantity):
    """A quantity above zero, a millionth at least; how much at the most is for its kind to say."""

    minimum: ClassVar[float] = 1e-6
