"""At what price: what each organisation takes beside what it avoids, and who pays for it.

Posts, hours, euros by item and by payer, euros for each stay avoided, and in how many of the
simulated worlds an organisation is worth what one would pay for a stay avoided. Everything is a
difference from the baseline, paired by replication. How a bill is made up is in `bills.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from parcours_sim.analysis.bills import ITEMS, PAYERS, Bill, bill, paid
from parcours_sim.analysis.intervals import Estimate, FloatArray, ratio_interval, t_interval
from parcours_sim.analysis.tidy import ALL
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.price_file import Account, Prices
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.scenario import Scenario

PROFESSIONS = ("gp", "nurse", "pharmacist", "coordination")
THRESHOLDS_EUR = tuple(1000.0 * step for step in range(101))
"""What one may be willing to pay for a stay avoided."""


@dataclass(frozen=True)
class Price:
    """One organisation against the baseline; per replication unless something else is said.

    Attributes:
        avoided: stays, net.
        posts: full-time posts that it takes more, by profession.
        hours: hours that it takes more, by profession.
        items: euros more, by item of the bill.
        paid: euros more, by account and payer.
        cost: euros more, all payers together: the same under every account.
        per_avoided: euros for each stay avoided, all payers together; unknown where no stay is
            avoided, without an interval where that can't be told.
        insurer_per_avoided: the same of what compulsory insurance pays, by account.
        worth: the share of replications in which the organisation costs no more than what it avoids
            is worth, at each of THRESHOLDS_EUR for a stay.
    """

    scenario: str
    avoided: Estimate
    posts: Mapping[str, Estimate]
    hours: Mapping[str, Estimate]
    items: Mapping[str, Estimate]
    paid: Mapping[str, Mapping[str, Estimate]]
    cost: Estimate
    per_avoided: Estimate
    insurer_per_avoided: Mapping[str, Estimate]
    worth: tuple[float, ...]


@dataclass(frozen=True)
class _Side:
    """One scenario of a study with its bill."""

    replications: Sequence[StoredReplication]
    bill: Bill


def price_study(
    result: StudyResult, scenarios: Sequence[Scenario], prices: Prices
) -> dict[str, Price]:
    """Return the price of each organisation of a study, by scenario but the baseline.

    scenarios are those of the study, in its order; their unit costs may differ from those of the
    study itself, since costs change nothing that happens.
    """
    sides = {
        name: _Side(own, bill(scenario, own))
        for name, scenario, own in zip(
            result.study.names, scenarios, result.replications, strict=True
        )
    }
    baseline = result.study.baseline or result.study.names[0]
    before, years = sides[baseline], scenarios[0].horizon.years.value
    return {
        name: _price(name, side, before, prices, years)
        for name, side in sides.items()
        if name != baseline
    }


def _price(name: str, now: _Side, before: _Side, prices: Prices, years: float) -> Price:
    avoided = -_more("hospitalisations", now, before)
    cost = now.bill.total - before.bill.total
    hours = {each: t_interval(_more(f"{each}_hours", now, before)) for each in PROFESSIONS}
    extra = {
        account.name: _paid_more(account, now.bill, before.bill, prices)
        for account in prices.account
    }
    return Price(
        scenario=name,
        avoided=t_interval(avoided),
        posts={
            each: more.scaled(_posts_per_hour(each, prices, years)) for each, more in hours.items()
        },
        hours=hours,
        items={each: t_interval(now.bill.item(each) - before.bill.item(each)) for each in ITEMS},
        paid={
            account: {payer: t_interval(more) for payer, more in by_payer.items()}
            for account, by_payer in extra.items()
        },
        cost=t_interval(cost),
        per_avoided=ratio_interval(cost, avoided),
        insurer_per_avoided={
            account: ratio_interval(by_payer["insurer"], avoided)
            for account, by_payer in extra.items()
        },
        worth=worth(cost, avoided),
    )


def _paid_more(account: Account, now: Bill, before: Bill, prices: Prices) -> dict[str, FloatArray]:
    """Return what each payer pays more than under the baseline, in one account."""
    own, usual = (paid(each, account, prices, before) for each in (now, before))
    return {payer: own[payer] - usual[payer] for payer in PAYERS}


def _posts_per_hour(profession: str, prices: Prices, years: float) -> float:
    """Return the full-time posts that one hour over the measured years is."""
    full_time: Quantity = getattr(prices.full_time, f"{profession}_hours_per_year")
    return 1.0 / (full_time.value * years)


def _more(outcome: str, now: _Side, before: _Side) -> FloatArray:
    return total_of(now.replications, outcome) - total_of(before.replications, outcome)


def worth(cost: FloatArray, avoided: FloatArray) -> tuple[float, ...]:
    """Return in which share of replications what is avoided is worth its cost, by threshold.

    The curve of one territory's luck: how sure one can be that an organisation pays in a world
    drawn at random. It says nothing about parameters that are not known.

    Example:
        >>> worth(np.array([1500.0, 500.0]), np.array([1.0, 1.0]))[:3]
        (0.0, 0.5, 1.0)
    """
    return tuple(float(np.mean(limit * avoided >= cost)) for limit in THRESHOLDS_EUR)


def total_of(replications: Sequence[StoredReplication], outcome: str) -> FloatArray:
    """Return a total of everyone by replication."""
    rows = ({row[:2]: row[2] for row in one.rows} for one in replications)
    return np.array([row.get((outcome, ALL), 0.0) for row in rows])
