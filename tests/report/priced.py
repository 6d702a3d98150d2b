"""Prices chosen by hand, for the tests of what is printed and drawn of them."""

from __future__ import annotations

from collections.abc import Iterable

from parcours_sim.analysis.bills import ITEMS, PAYERS
from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.price import PROFESSIONS, THRESHOLDS_EUR, Price

ACCOUNTS = ("fees", "today", "pathway")


def around(value: float, half: float = 1.0, replications: int = 10) -> Estimate:
    return Estimate(value, value - half, value + half, replications)


def price(
    scenario: str, avoided: float = 90.0, cost: float = 450_000.0, *, is_told: bool = True
) -> Price:
    """An organisation that avoids so many stays, or none for certain, at a cost."""
    stays = around(avoided, 5.0) if is_told else around(avoided, 2.0 * abs(avoided) + 1.0)
    per_stay = around(cost / avoided, abs(cost / avoided) / 10.0) if is_told else UNKNOWN
    limit = cost / avoided
    return Price(
        scenario=scenario,
        avoided=stays,
        posts={each: around(0.5, 0.1) for each in PROFESSIONS},
        hours={each: around(4_000.0, 50.0) for each in PROFESSIONS},
        items={each: around(cost / len(ITEMS), 10.0) for each in ITEMS},
        paid={
            account: {each: around(cost / len(PAYERS), 100.0) for each in PAYERS}
            for account in ACCOUNTS
        },
        cost=around(cost, 1_000.0),
        per_avoided=per_stay,
        insurer_per_avoided=dict.fromkeys(ACCOUNTS, per_stay),
        worth=tuple(float(threshold >= limit) for threshold in THRESHOLDS_EUR),
    )


def prices(names: Iterable[str]) -> dict[str, Price]:
    """One price for each name, each a bit dearer than the one before."""
    return {name: price(name, cost=450_000.0 * (1 + n)) for n, name in enumerate(names)}
