"""Prices of organisations as data and as CSV files: what each takes, who pays, what it is worth.

The same figures give the same bytes. The figure is in `price_figure.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.price import THRESHOLDS_EUR, Price
from parcours_sim.report.tables import write_records

COLUMNS = (
    *("scenario", "baseline", "parameter_set", "account", "measure", "of"),
    *("value", "low", "high", "unit", "replications"),
)
WORTH_COLUMNS = ("scenario", "baseline", "parameter_set", "eur_per_stay", "share", "replications")
ANY = ""
"""The account of what is the same under each."""


def rows_of(price: Price) -> Iterator[dict[str, Any]]:
    """Yield what one organisation takes more than the baseline, a row for each measure.

    Figures are per replication; an account stands beside what depends on it only.
    """
    yield _row(ANY, "avoided", "hospitalisations", price.avoided, "count")
    for profession, posts in price.posts.items():
        yield _row(ANY, "posts", profession, posts, "full-time posts")
    for profession, hours in price.hours.items():
        yield _row(ANY, "hours", profession, hours, "hours")
    for item, euros in price.items.items():
        yield _row(ANY, "bill", item, euros, "EUR")
    yield _row(ANY, "cost", "everyone", price.cost, "EUR")
    yield _row(ANY, "per_avoided", "everyone", price.per_avoided, "EUR per stay")
    for account, by_payer in price.paid.items():
        for payer, euros in by_payer.items():
            yield _row(account, "paid", payer, euros, "EUR")
        of_insurer = price.insurer_per_avoided[account]
        yield _row(account, "per_avoided", "insurer", of_insurer, "EUR per stay")


def write_price_tables(
    prices: Mapping[str, Price], comparison: Comparison, folder: Path
) -> list[Path]:
    """Write price.csv and acceptability.csv into a folder; return their paths.

    The second has, by organisation and euros for a stay avoided, the share of worlds where it pays.
    Raises FolderError where one can't be written; then a former file stays as it was.
    """
    about = {"baseline": comparison.baseline, "parameter_set": comparison.parameter_set}
    rows = (
        {"scenario": name, **about, **row}
        for name, price in prices.items()
        for row in rows_of(price)
    )
    worth = (
        {"scenario": name, **about, **row}
        for name, price in prices.items()
        for row in worth_of(price)
    )
    paths = [folder / "price.csv", folder / "acceptability.csv"]
    write_records(paths[0], COLUMNS, rows)
    write_records(paths[1], WORTH_COLUMNS, worth)
    return paths


def worth_of(price: Price) -> Iterator[dict[str, Any]]:
    """Yield one organisation's acceptability curve, a row for each threshold."""
    for limit, share in zip(THRESHOLDS_EUR, price.worth, strict=True):
        count = price.avoided.replications
        yield {"eur_per_stay": limit, "share": share, "replications": count}


def _row(account: str, measure: str, of: str, estimate: Estimate, unit: str) -> dict[str, Any]:
    return {
        "account": account,
        "measure": measure,
        "of": of,
        "value": _known(estimate.value),
        "low": _known(estimate.low),
        "high": _known(estimate.high),
        "unit": unit,
        "replications": estimate.replications,
    }


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
