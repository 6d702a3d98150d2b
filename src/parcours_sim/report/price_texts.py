"""What is said of prices: the finding, and what a stay avoided costs in words."""

from __future__ import annotations

from collections.abc import Mapping

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.price import Price
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import UNKNOWN, Language, between, number, say


def finding_price(prices: Mapping[str, Price], titles: Titles, language: Language) -> str:
    """Return which organisation avoids stays at the least price, of those where it is known."""
    known = {name: each for name, each in prices.items() if is_told(each)}
    if not known:
        return say("price_none", language)
    name = min(known, key=lambda each: known[each].per_avoided.value)
    least = known[name].per_avoided
    saves = least.high < 0.0
    shown = least.scaled(-1) if saves else least
    return say(
        "price_saves" if saves else "price_finding",
        language,
        who=titles.scenario(name, language),
        value=number(shown.value, language),
        interval=between(shown.low, shown.high, language),
        told=str(len(known)),
        count=str(len(prices)),
    )


def is_told(price: Price) -> bool:
    """Whether stays are avoided for certain, and the price of one is known with its interval."""
    return price.avoided.low > 0.0 and price.per_avoided.has_interval


def per_stay_text(estimate: Estimate, language: Language) -> str:
    """Return euros for a stay avoided with their interval; a dash where they can't be told."""
    if not estimate.has_interval:
        return UNKNOWN
    return f"{number(estimate.value, language)}\n({between(estimate.low, estimate.high, language)})"
