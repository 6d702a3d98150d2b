"""What a scenario's numbers rest on: how many on which origin and grade, and which on no source.

The rule of what a number rests on stands here once; `show` and `evidence` count by it. Which data
would be better is in `better_data.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from .better_data import BetterData
from .evidence import EvidenceRow, Origin, load_ledger
from .identity import flat_keys
from .quantity import Quantity
from .scenario import Scenario

ORIGINS: tuple[Origin, ...] = get_args(Origin)
NO_GRADE = "none"
"""Of the source documents' own statements, which have no grade."""


@dataclass(frozen=True)
class Coverage:
    """What the numbers of a scenario rest on.

    Attributes:
        origins: how many numbers by origin; `assumption`, whether the ledger states it or the
            scenario does.
        grades: how many by the grade of their row: A, B, D, M, X, or several with a plus between;
            X for what the scenario assumes.
        fitted: how many were fitted by a calibration, whatever else they rest on.
        unverified: by row of evidence that was believed without its source being seen, the keys.
        assumed: by row of the ledger that is an assumption, or "" for a scenario's own, the keys.
    """

    origins: Counter[str]
    grades: Counter[str]
    fitted: int
    unverified: dict[str, list[str]]
    assumed: dict[str, list[str]]

    @property
    def numbers(self) -> int:
        """How many numbers there are."""
        return self.origins.total()

    def share(self, origin: str) -> float:
        """Return the share of the numbers that have an origin, from 0 to 1."""
        return self.origins[origin] / self.numbers


def coverage_of(scenario: Scenario) -> Coverage:
    """Count what a scenario's numbers rest on."""
    found = Coverage(Counter(), Counter(), 0, {}, {})
    fitted = 0
    for key, quantity in numbers_of(scenario):
        row, origin = row_of(quantity), origin_of(quantity)
        found.origins[origin] += 1
        found.grades[grade_of(quantity)] += 1
        fitted += quantity.fitted is not None
        if origin in ("unverified", "assumption"):
            kept = found.unverified if origin == "unverified" else found.assumed
            kept.setdefault(row.id if row else "", []).append(key)
    return Coverage(found.origins, found.grades, fitted, found.unverified, found.assumed)


def numbers_of(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    """Yield each number of a scenario with its key path."""
    return ((key, item) for key, item in flat_keys(scenario) if isinstance(item, Quantity))


def row_of(quantity: Quantity) -> EvidenceRow | None:
    """Return the row of the ledger that a number rests on, if it rests on one."""
    return load_ledger()[quantity.evidence] if quantity.evidence else None


def origin_of(quantity: Quantity) -> Origin:
    """Return the origin of a number: that of its row, or `assumption`."""
    row = row_of(quantity)
    return row.origin if row else "assumption"


def grade_of(quantity: Quantity) -> str:
    """Return the grade of a number's evidence: X if it is assumed, `none` where none is given."""
    row = row_of(quantity)
    return (row.grade or NO_GRADE) if row else "X"


def unverified_rows(coverages: Mapping[str, Coverage]) -> dict[str, dict[str, list[str]]]:
    """Return the unverified rows in use, in order, with the keys of each by scenario."""
    rows = sorted({row for coverage in coverages.values() for row in coverage.unverified})
    return {
        row: {n: c.unverified[row] for n, c in coverages.items() if row in c.unverified}
        for row in rows
    }


def assumed_keys(
    coverages: Mapping[str, Coverage], better: BetterData
) -> dict[str, dict[str, set[str]]]:
    """Return the assumed keys by scenario, for each name of data that would replace them.

    Under "" stand those that nothing is named for. The organisation before the start is one like
    any other, so its keys are those of `organisation`.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for scenario, coverage in coverages.items():
        for row, keys in coverage.assumed.items():
            for key in keys:
                data = better.for_row(row) if row else better.for_key(key)
                by_scenario = found.setdefault(data.name if data else "", {})
                by_scenario.setdefault(scenario, set()).add(_of_organisation(key))
    return found


def _of_organisation(key: str) -> str:
    return f"organisation.{key.removeprefix('before.')}" if key.startswith("before.") else key
