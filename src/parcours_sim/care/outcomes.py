"""The registry of outcomes: everything that is counted, with its unit and its definition.

The rows are in `outcomes.toml`; how they are added up and worked out is in `tallies.py`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """A counted quantity.

    `additive` outcomes are totals over the horizon and can be shown per 100,000 inhabitants and
    year; the others are means, medians or shares.
    """

    id: str
    unit: str
    additive: bool
    criterion: str
    title_en: str
    title_fr: str
    definition: str


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """The registry in the order of its file."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    return {
        name: Outcome(
            id=name,
            unit=row["unit"],
            additive=row["additive"],
            criterion=row["criterion"],
            title_en=row["title"]["en"],
            title_fr=row["title"]["fr"],
            definition=row["definition"],
        )
        for name, row in table.items()
    }


OUTCOMES = read_outcomes(Path(__file__).with_suffix(".toml"))
"""Every outcome by its id."""
