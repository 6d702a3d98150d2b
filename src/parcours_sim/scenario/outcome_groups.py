"""What outcomes are called, and by which groups they are counted, for files that name them.

The registry of outcomes, `care/outcomes.toml`, is data: it is read here as a file, since nothing of
care is imported. By which groups an outcome is counted is decided by the rules in care; the table
here says it in words, and tests hold it against what replications count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from .files import read_toml
from .scenario import Scenario

REGISTRY = Path(__file__).parents[1] / "care" / "outcomes.toml"
INHABITANT_YEARS = "inhabitant_years"
"""No outcome, but named like one: inhabitants times years, by no group but all."""
ALL = "all"
AGES = ("age:under_75", "age:75+")

PEOPLE = ("age", "practice", "condition", "gp")
USUAL = (*PEOPLE, "kind")
"""The families of groups by which most outcomes are counted: age bands, practice models,
conditions, having a usual GP or none, and kinds of episode."""
OF_PEOPLE = (
    *("deaths", "gp_requests", "gp_unserved_share", "missed_contacts"),
    *("gp_contacts", "nurse_contacts", "protocol_contacts", "pharmacist_contacts"),
    *("gp_hours", "nurse_hours", "pharmacist_hours"),
    *("nurse_wait_minutes", "pharmacy_wait_minutes"),
    *("gp_wait_mean_days", "gp_wait_same_or_next_day", "gp_wait_five_days_or_more"),
    *("person_years", "coordinated_years"),
)
OF_MESSAGES = ("messages_sent", "messages_lost", "messages_lost_share", "information_delay_days")
OF_THE_WHOLE = (INHABITANT_YEARS, "coordination_hours", "cost_coordination_eur")
FAMILIES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(OF_PEOPLE, PEOPLE),
    **dict.fromkeys(OF_MESSAGES, ("link",)),
    **dict.fromkeys(OF_THE_WHOLE, ()),
    "gp_wait_median_days": ("age",),
    "response_median_days": ("kind",),
}
"""The families of the other outcomes."""


@cache
def outcome_names() -> tuple[str, ...]:
    """Return what may stand before a group: every outcome, and `inhabitant_years`."""
    return (*read_toml(REGISTRY), INHABITANT_YEARS)


def groups_of(outcome: str, scenarios: Sequence[Scenario]) -> list[str]:
    """Return the groups by which an outcome is counted in each of some scenarios, one or more."""
    found = [ALL]
    for family in FAMILIES.get(outcome, USUAL):
        first, *others = (_names(family, scenario) for scenario in scenarios)
        found += [name for name in first if all(name in other for other in others)]
    return found


def _names(family: str, scenario: Scenario) -> Sequence[str]:
    names: dict[str, Iterable[str]] = {
        "kind": scenario.episodes,
        "practice": scenario.organisation.practices,
        "link": scenario.territory.links,
        "condition": scenario.territory.conditions,
        "gp": ("with", "without"),
    }
    return AGES if family == "age" else [f"{family}:{name}" for name in names[family]]
