"""What a named scenario's own file may contain, before anything is looked up or filled in.

Here lives the checked form of `scenarios/NAME.toml`. How files extend each other lives in
`merge.py`, what the scenario contains in the end in `scenario.py`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from .episode import Episode
from .kinds import Time, WarmUpYears, Years
from .quantity import MODEL, Name, Share
from .scenario import Day
from .territory import Condition, Text


class OrganisationPart(BaseModel):
    """The organisation by the names of its parts; what is absent comes from the file extended."""

    model_config = MODEL
    ramp_months: Time | None = None
    practices: dict[Name, Share] | None = None
    """Practice models of the library, and the share of the territory's GPs who work in each."""
    layers: dict[Name, Share] | None = None
    """Layers of the library, and the share of the people they reach who are really reached."""


class HorizonPart(BaseModel):
    """The horizon, or the part of it that differs from the file extended."""

    model_config = MODEL
    start_date: Day | None = None
    years: Years | None = None
    warm_up_years: WarmUpYears | None = None


class NewParts(BaseModel):
    """A user's own conditions and episode kinds, added to those of the library."""

    model_config = MODEL
    conditions: dict[Name, Condition] | None = None
    episodes: dict[Name, Episode] | None = None


class ScenarioFile(BaseModel):
    """A named scenario as people write it."""

    model_config = MODEL
    title: Text
    description: Text
    extends: str | None = None
    """A named scenario, or the path of a file relative to this one."""
    territory: Name | None = None
    """A territory of the library."""
    episodes: list[Name] | None = None
    """Episode kinds of the library."""
    before: str | None = None
    """The scenario whose organisation is in force before the start."""
    organisation: OrganisationPart | None = None
    horizon: HorizonPart | None = None
    changes: dict[str, Any] | None = None
    """Key paths of the resolved scenario, and what to put there."""
    new: NewParts | None = None
