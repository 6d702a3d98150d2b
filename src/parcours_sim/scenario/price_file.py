"""What turns hours into posts and contacts into bills, and the accounts that share a bill out.

Here live the form of `scenarios/price.toml` and its reading. How a bill is made up and shared is in
`analysis/bills.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from .errors import Finding, ScenarioError, described, key_path, listed
from .files import read_toml, scenario_folder, shown
from .findings import evidence_findings, schema_findings
from .kinds import Euros, PositiveTime
from .quantity import MODEL, Name, Share
from .territory import Text

TODAY = "today"
"""The account that every comparison shows; there must be one."""

Collective = Literal["nothing", "lump_sums", "plans", "pathway_sum"]
"""How coordination is paid for: not at all, as the scenario says, by a fee for each patient whose
care is coordinated, or out of a sum per person."""


class FullTime(BaseModel):
    """Hours that one full-time post works in a year."""

    model_config = MODEL
    gp_hours_per_year: PositiveTime
    nurse_hours_per_year: PositiveTime
    pharmacist_hours_per_year: PositiveTime
    coordination_hours_per_year: PositiveTime


class LongTermIllness(BaseModel):
    """Who has one, of people simulated one by one and of the others."""

    model_config = MODEL
    followed_share: Share
    others_share: Share


class Insured(BaseModel):
    """What compulsory insurance pays of a tariff, where there is no long-term illness."""

    model_config = MODEL
    gp_share: Share
    nurse_share: Share
    dispensing_share: Share
    ed_share: Share
    stay_share: Share
    expert_share: Share


class Plan(BaseModel):
    """What a personal plan brings the team, where plans are what is paid for."""

    model_config = MODEL
    per_patient_eur_per_year: Euros


class Account(BaseModel):
    """One way of sharing a bill among payers."""

    model_config = MODEL
    name: Name
    title: Text
    description: Text
    collective: Collective


class Prices(BaseModel):
    """The whole file."""

    model_config = MODEL
    full_time: FullTime
    long_term_illness: LongTermIllness
    insured: Insured
    plan: Plan
    account: Annotated[list[Account], Field(min_length=1)]


def read_prices(path: Path | None = None) -> Prices:
    """Read the file, the packaged one unless told otherwise.

    Raises:
        ScenarioError: everything that is wrong with it.

    Example:
        >>> [account.name for account in read_prices().account]
        ['fees', 'today', 'plans', 'pathway']
    """
    path = scenario_folder() / "price.toml" if path is None else path
    tables = read_toml(path, "a file of prices")
    findings = [finding for _, finding in schema_findings(Prices, tables)]
    findings += [finding for _, finding in evidence_findings(tables)]
    if not findings:
        prices = Prices.model_validate(tables)
        findings += _wrong(prices)
    if findings:
        raise ScenarioError([replace(finding, file=shown(path)) for finding in findings])
    return prices


def _wrong(prices: Prices) -> Iterator[Finding]:
    """Yield accounts whose name stands before them, and the lack of today's."""
    names = [account.name for account in prices.account]
    if TODAY not in names:
        found = f"accounts {listed(names)}"
        yield Finding("", "account", found, f"one called {TODAY} among them", code="missing-key")
    for place, name in enumerate(names):
        if name in names[:place]:
            key = key_path(("account", place, "name"))
            yield Finding("", key, described(name), "each name once", code="twice")
