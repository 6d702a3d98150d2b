"""What commands print as tables: their look, and the table of a run's main outcomes.

The table of a comparison is in `report/console.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from parcours_sim.analysis.comparison import Comparison

MAIN_OUTCOMES = (
    *("hospitalisations", "hospitalisations_emergency", "hospitalisations_direct"),
    *("hospitalisations_avoidable", "readmissions_30_days", "bed_days"),
    *("ed_visits", "ed_visits_unscheduled", "ed_wait_minutes"),
    *("episodes", "episodes_avoided", "crises", "deaths"),
    *("gp_wait_median_days", "gp_wait_mean_days", "gp_unserved_share", "information_delay_days"),
    *("gp_hours", "nurse_hours", "coordination_hours", "cost_eur"),
)
"""What `run` prints; everything else is in outcomes.csv."""

WITHOUT_FOLDING = 400
"""Characters of a line where no terminal sets a width: nothing is folded in a pipe or a file."""


def console() -> Console:
    """Return where tables are printed: standard output, as wide as its terminal."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=WITHOUT_FOLDING)


def plain_table(*headers: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; columns named in `right` hold numbers."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left", overflow="fold")
    return table


def levels_table(comparison: Comparison, scenario: str) -> Table:
    """Return a scenario's main outcomes with their means and intervals."""
    from parcours_sim.care.outcomes import OUTCOMES
    from parcours_sim.report.words import between, number

    numbers = ("Mean", "95 % interval", "per 100,000 inh. and year")
    table = plain_table("Outcome", "Unit", *numbers, right=numbers)
    for name in MAIN_OUTCOMES:
        outcome, level = OUTCOMES[name], comparison.level(scenario, name)
        places = 0 if abs(level.value) >= 100 else 2
        interval = between(level.low, level.high, "en", places) if level.has_interval else "–"
        rate = level.scaled(comparison.exposure.per_100k).value
        shown = number(rate, "en", 0 if rate >= 20 else 1) if outcome.additive else ""
        mean = number(level.value, "en", places)
        table.add_row(outcome.title_en, outcome.unit, mean, interval, shown)
    return table
