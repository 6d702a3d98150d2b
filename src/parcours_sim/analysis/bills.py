"""What organising care costs and who pays: bills of replications, shared out by accounts.

A bill is made of what was counted and of unit costs, so that it can be made again at other costs
without simulating anything. All arrays have one value for each replication, in euros over the
measured horizon of the whole territory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from parcours_sim.analysis.intervals import FloatArray
from parcours_sim.analysis.tidy import ALL, KIND, PRACTICE
from parcours_sim.experiment.store import StoredReplication
from parcours_sim.scenario.price_file import Account, Prices
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.scenario import Scenario

CONTACTS: dict[str, tuple[str, str]] = {
    "gp": ("gp_contacts", "gp_consultation_eur"),
    "nurse": ("nurse_contacts", "nurse_visit_eur"),
    "dispensing": ("pharmacist_contacts", "dispensing_eur"),
    "ed": ("ed_visits", "ed_visit_eur"),
    "expert": ("expert_requests", "expert_advice_eur"),
}
"""By item of a bill: the outcome that counts it, and its unit cost in the territory."""
STAY, COORDINATION = "stay", "coordination"
ITEMS = (*CONTACTS, STAY, COORDINATION)
PAYERS = ("insurer", "households", "teams")
"""Compulsory insurance; patients and complementary insurers; professionals and structures."""


@dataclass(frozen=True)
class Bill:
    """What one scenario costs, before it is said who pays.

    Attributes:
        followed: contacts and stays of people simulated one by one, by item.
        others: contacts of everyone else, by item; their stays are not simulated.
        coordination: collective funding of practices and layers, as the scenario has it.
        person_years: of people simulated one by one.
        coordinated_years: of those among them whose care somebody coordinates.
    """

    followed: Mapping[str, FloatArray]
    others: Mapping[str, FloatArray]
    coordination: FloatArray
    person_years: FloatArray
    coordinated_years: FloatArray

    def item(self, name: str) -> FloatArray:
        """Return what one item costs for everyone together."""
        if name == COORDINATION:
            return self.coordination
        return self.followed[name] + self.others[name]

    @property
    def total(self) -> FloatArray:
        """The whole bill: the outcome cost_eur, to rounding."""
        return added(self.item(name) for name in ITEMS)


def bill(scenario: Scenario, replications: Sequence[StoredReplication]) -> Bill:
    """Make a scenario's bill of what its replications counted, at its unit costs."""
    counted = [{row[:2]: row[2] for row in one.rows} for one in replications]
    groups = dict.fromkeys(group for rows in counted for _, group in rows)
    practices = [group for group in groups if group.startswith(PRACTICE)]
    followed, others = {}, {}
    for item, (outcome, cost) in CONTACTS.items():
        euros = getattr(scenario.territory.costs, cost).value
        of_followed = added(_values(counted, outcome, each) for each in practices)
        followed[item] = euros * of_followed
        others[item] = euros * (_values(counted, outcome, ALL) - of_followed)
    followed[STAY] = added(
        kind.crisis.stay_eur.value * _values(counted, "hospitalisations", KIND + name)
        for name, kind in scenario.episodes.items()
    )
    others[STAY] = np.zeros(len(counted))
    coordination = _values(counted, "cost_coordination_eur", ALL)
    years = (_values(counted, each, ALL) for each in ("person_years", "coordinated_years"))
    return Bill(followed, others, coordination, *years)


def paid(own: Bill, account: Account, prices: Prices, baseline: Bill) -> dict[str, FloatArray]:
    """Share a bill among payers; together they pay the whole of it, under every account.

    The baseline's bill says what a sum per person and year must be to cost compulsory insurance as
    much there as fees and lump sums do.
    """
    for_followed = _insurers_part(own.followed, prices, prices.long_term_illness.followed_share)
    for_others = _insurers_part(own.others, prices, prices.long_term_illness.others_share)
    care = own.total - own.coordination
    households = care - for_followed - for_others
    if account.collective == "pathway_sum":
        insurer = for_others + own.person_years * pathway_sum(baseline, prices)
    else:
        insurer = for_followed + for_others + _collective(own, account, prices)
    return {
        "insurer": insurer,
        "households": households,
        "teams": own.total - insurer - households,
    }


def _collective(own: Bill, account: Account, prices: Prices) -> FloatArray | float:
    """Return what compulsory insurance pays for coordination on top of fees."""
    if account.collective == "lump_sums":
        return own.coordination
    if account.collective == "plans":
        return own.coordinated_years * prices.plan.per_patient_eur_per_year.value
    return 0.0


def pathway_sum(baseline: Bill, prices: Prices) -> float:
    """Return what compulsory insurance spends on a person followed, in euros a year, on average.

    Fees, stays and collective funding of the baseline, over its person-years.
    """
    share = prices.long_term_illness.followed_share
    spent = _insurers_part(baseline.followed, prices, share) + baseline.coordination
    return float(spent.sum() / baseline.person_years.sum())


def _insurers_part(
    costs: Mapping[str, FloatArray], prices: Prices, with_illness: Quantity
) -> FloatArray:
    ill = with_illness.value
    rates = {item: getattr(prices.insured, f"{item}_share").value for item in costs}
    return added((ill + (1.0 - ill) * rates[item]) * costs[item] for item in costs)


def added(parts: Iterable[FloatArray]) -> FloatArray:
    """Add amounts up, replication by replication."""
    total: FloatArray = np.sum(list(parts), axis=0)
    return total


def _values(
    counted: Sequence[Mapping[tuple[str, str], float]], outcome: str, group: str
) -> FloatArray:
    """Return a total by replication; a group in which nothing happened has no row."""
    return np.array([rows.get((outcome, group), 0.0) for rows in counted])
