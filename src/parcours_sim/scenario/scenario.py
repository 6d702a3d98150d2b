"""The resolved scenario: a territory under an organisation over a horizon, nothing left implicit.

Files become a `Scenario` in `resolve.py`; engines read it through `care/parameters.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel

from .episode import Episode
from .errors import described
from .kinds import WarmUpYears, Years
from .organisation import Organisation
from .quantity import MODEL, Name, refused
from .territory import Territory, Text

ParameterSet = Literal["documents", "literature"]


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Start dates for which the calendar of holidays is meant."""


def _checked_day(text: str) -> str:
    try:
        # Python also reads other forms; one day has one spelling, or equal scenarios differ.
        day = date.fromisoformat(text)
        if day.isoformat() == text and FIRST_YEAR <= day.year <= LAST_YEAR:
            return text
    except ValueError:
        pass
    raise refused(
        "not-a-date", described(text), f"a day written YYYY-MM-DD, {FIRST_YEAR} to {LAST_YEAR}"
    )


Day = Annotated[str, AfterValidator(_checked_day)]
"""A day of the calendar, as YYYY-MM-DD."""


class Horizon(BaseModel):
    """What is simulated and what is counted."""

    model_config = MODEL
    start_date: Day
    """The day on which the organisation starts and counting begins, as YYYY-MM-DD."""
    years: Years
    warm_up_years: WarmUpYears
    """Simulated before the start under the organisation `before`, and not counted."""


class Scenario(BaseModel):
    """A territory under an organisation over a horizon.

    That its parts fit each other (shares that sum to 1, people at risk who exist) is checked by
    `checks.py`, which names every part that does not.
    """

    model_config = MODEL
    name: Name
    title: Text
    description: Text
    parameter_set: ParameterSet
    horizon: Horizon
    territory: Territory
    episodes: dict[Name, Episode]
    before: Organisation
    organisation: Organisation
