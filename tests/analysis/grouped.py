"""A comparison chosen by hand, group by group, for the tests of what is judged, said and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.analysis.synthetic import ADDITIVE, EXPOSURE, table

from parcours_sim.analysis.comparison import Comparison, compare

Cell = tuple[str, str]
"""An outcome and a group of people."""
FEWER = (-9.0, -10.0, -11.0)
MORE = (9.0, 10.0, 11.0)
UNSURE = (-9.0, 2.0, 9.0)
STILL = (0.0, 0.0, 0.0)
LEVEL = 100.0
"""What the baseline has of everything in every replication, unless told otherwise."""


def grouped(
    changes: Mapping[Cell, Sequence[float]],
    levels: Mapping[Cell, float] | None = None,
    scenario: str = "msp",
) -> Comparison:
    """Return a comparison in which an organisation differs so, replication by replication."""
    rows = [
        (name, number, *cell, level + (difference if name == scenario else 0.0))
        for name in ("isole", scenario)
        for cell, differences in changes.items()
        for level in [(levels or {}).get(cell, LEVEL)]
        for number, difference in enumerate(differences)
    ]
    return compare(table(rows), {}, "isole", EXPOSURE, ADDITIVE | {"person_years"})
