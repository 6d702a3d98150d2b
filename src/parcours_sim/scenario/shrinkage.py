"""The rule of the parameter set `literature`: what it makes of numbers that nobody evaluated.

Here live the form of the rule file, `scenarios/literature.toml`, the reading of it and its
application to the tables of a scenario: quantities whose key a rule names are moved part of the way
towards another value. When that happens is decided in `assembly.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from .changes import is_quantity
from .errors import Collecting, Finding, ScenarioError, described, listed
from .files import Tree, read_toml, scenario_folder, shown
from .findings import Location, schema_findings
from .quantity import MODEL, Number, Reason, refused

PATTERN = re.compile(r"(organisation|territory|episodes)(\.([a-z][a-z0-9_]*|\*(_[a-z0-9_]+)?))+")
"""A key path in which a star stands for a name, or for the beginning of one."""

ENDS = ("low", "high")
"""Where a rule can lead: to the lowest or highest value that is plausible for the number itself."""

OF_CEILINGS = (
    "territory.conditions.*.severities.*.hazard_ratio",
    "territory.conditions.*.control.*_hazard_ratio",
    "territory.after_discharge.excess_hazard_ratio",
    "episodes.*.rate_per_year",
    "episodes.*.winter_amplitude_share",
    "episodes.*.crisis.death_ratio_after_stay",
)
"""Keys whose plausible ranges set ceilings of hazards. A wider range would redraw the world."""


def _checked_pattern(text: str) -> str:
    if not PATTERN.fullmatch(text):
        allowed = "a key path under organisation, territory or episodes, a star for any name"
        raise refused("bad-name", described(text), allowed)
    if any(_may_meet(text, key) for key in OF_CEILINGS):
        allowed = "keys whose plausible range sets no ceiling of a hazard"
        raise refused("bad-name", described(text), allowed)
    return text


def _may_meet(one: str, other: str) -> bool:
    """Return whether two patterns can mean the same key."""
    parts, others = one.split("."), other.split(".")
    return len(parts) == len(others) and all(
        fnmatchcase(left, right) or fnmatchcase(right, left)
        for left, right in zip(parts, others, strict=True)
    )


def _checked_share(share: float) -> float:
    if not 0 <= share <= 1:
        raise refused("out-of-bounds", str(share), "0 to 1")
    return share


def _checked_end(end: float | str) -> float | str:
    if isinstance(end, str) and end not in ENDS:
        raise refused("unknown-choice", described(end), f"a finite number, or {listed(ENDS)}")
    return end


Pattern = Annotated[str, AfterValidator(_checked_pattern)]


class Rule(BaseModel):
    """How far the quantities under some keys are moved, and why."""

    model_config = MODEL
    keys: Annotated[list[Pattern], Field(min_length=1)]
    """Key paths; those of `organisation` mean the organisation before the start as well."""
    towards: Annotated[Number | str, AfterValidator(_checked_end)]
    """Where to: a number, or the quantity's own lowest or highest plausible value."""
    share: Annotated[Number, AfterValidator(_checked_share)]
    """How much of the way, from 0 to 1."""
    reason: Reason

    def end_of(self, quantity: Tree) -> float:
        """Return the value that a quantity is moved towards."""
        end: float = quantity[self.towards] if isinstance(self.towards, str) else self.towards
        return end

    def moved(self, quantity: Tree) -> Tree:
        """Return a quantity as the rule leaves it: the very same where nothing is left to move."""
        value, end = quantity["value"], self.end_of(quantity)
        # Twelve digits hide what binary fractions make of 0.17 + 0.5 * 0.83.
        new = float(f"{value + self.share * (end - value):.12g}")
        if new == value:
            return quantity
        start = f"{value:.12g}"
        if "fitted" in quantity:
            start += f", fitted to {quantity['fitted']},"
        return {
            "value": new,
            "low": min(quantity["low"], new),
            "high": max(quantity["high"], new),
            "assumption": f"{self._how_far()} {start} to {end:.12g}: {self.reason}",
        }

    def _how_far(self) -> str:
        far = f"{100 * self.share:.3g} % of the way from"
        return "half-way from" if self.share == 0.5 else far


class RuleFile(BaseModel):
    """All rules; the first that names a key is the one that holds for it."""

    model_config = MODEL
    shrink: list[Rule]


@dataclass(frozen=True)
class Rules:
    """The rules of the file.

    Attributes:
        file: as messages show it.
        rules: each with a pattern of the keys that it is for, and its own place in the file.
    """

    file: str = ""
    rules: tuple[tuple[re.Pattern[str], Rule, Location], ...] = ()

    def of(self, key: str) -> tuple[Rule, Location] | None:
        """Return the rule for a key path and its place in the file, if there is one."""
        found = (each for each in self.rules if each[0].fullmatch(key))
        return next(((rule, place) for _, rule, place in found), None)

    def apply(self, item: Tree, place: Location) -> Iterator[tuple[Location, Location]]:
        """Move every quantity in some tables that a rule names, in place.

        What has a value of its own for the literature is left to that.

        Args:
            item: a quantity, or a table of them.
            place: where it stands in the resolved scenario.

        Yields:
            The place of each quantity that was moved, and that of its rule in the file.
        """
        if is_quantity(item):
            found = None if "literature" in item else self.of(".".join(map(str, place)))
            if found and (moved := found[0].moved(item)) is not item:
                item.clear()
                item |= moved
                yield place, found[1]
            return
        for key, inside in item.items():
            if isinstance(inside, dict):
                yield from self.apply(inside, (*place, key))


def rule_file() -> Path:
    """Return the file of the rules."""
    return scenario_folder() / "literature.toml"


def read_rules(findings: list[Finding]) -> Rules:
    """Return the rules of the parameter set `literature`, or none where their file is wrong.

    Args:
        findings: receives every mistake in the file.
    """
    with Collecting(findings):
        return _parsed(rule_file(), rule_file().stat().st_mtime_ns)
    return Rules()


@lru_cache(maxsize=8)
def _parsed(path: Path, _changed_ns: int) -> Rules:
    tables = read_toml(path, "the rule of the parameter set literature")
    if wrong := schema_findings(RuleFile, tables):
        raise ScenarioError([replace(finding, file=shown(path)) for _, finding in wrong])
    rules = RuleFile.model_validate(tables).shrink
    return Rules(
        shown(path),
        tuple(
            (_expression(pattern), rule, ("shrink", number))
            for number, rule in enumerate(rules)
            for pattern in rule.keys
        ),
    )


def _expression(pattern: str) -> re.Pattern[str]:
    """Return what a pattern matches; the organisation before the start is one like any other."""
    text = re.escape(pattern).replace(r"\*", "[^.]+")
    return re.compile(re.sub(r"^organisation\b", "(?:organisation|before)", text))
