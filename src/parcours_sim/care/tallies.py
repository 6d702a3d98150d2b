"""Tallies: what engines add up, by outcome and group, and how outcomes follow from it.

Sums and counts only are kept while a replication runs; means, shares and medians are worked out at
its end by `rows`. What is counted, and how it is defined, is in `outcomes.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .outcomes import OUTCOMES

BEHIND_MEANS = (
    "ed_rooms_granted",
    "ed_left",
    "ed_wait_days",
    "ed_stay_days",
    "gp_waits",
    "gp_wait_days",
    "gp_same_or_next_day",
    "gp_five_days_or_more",
    "gp_unserved",
    "messages_arrived",
    "message_days",
    "pharmacy_wait_days",
    "responses",
    "response_time_days",
    "follow_ups",
    "follow_up_time_days",
    "follow_ups_15",
)
IDS: tuple[str, ...] = (*OUTCOMES, *BEHIND_MEANS)
"""What engines add up: the additive outcomes, and the sums behind means and shares."""
POSITION = {name: position for position, name in enumerate(IDS)}

WAIT_BINS = 91
"""Waits for a GP are kept by calendar days, 0 to 90 and more, for their median."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a scenario: everyone, age bands, and each kind, practice, link, condition."""

    labels: tuple[str, ...]
    kinds: int
    practices: int
    links: int
    conditions: int
    """Positions at which the four families begin."""


ALL, UNDER_75, OLDER = 0, 1, 2


def groups(
    kinds: Iterable[str],
    practices: Iterable[str],
    links: Iterable[str],
    conditions: Iterable[str],
) -> Groups:
    """Lay out the groups: their labels, and where each family begins.

    >>> groups(["copd"], ["isole"], [], []).labels
    ('all', 'age:under_75', 'age:75+', 'kind:copd', 'practice:isole')
    """
    labels = ["all", "age:under_75", "age:75+"]
    starts = []
    families = (
        ("kind", kinds),
        ("practice", practices),
        ("link", links),
        ("condition", conditions),
    )
    for family, names in families:
        starts.append(len(labels))
        labels += [f"{family}:{name}" for name in names]
    return Groups(tuple(labels), *starts)


def grouped_median(counts: Sequence[float]) -> float | None:
    """Median of whole days, interpolated within the day as for grouped data; none without a case.

    >>> grouped_median([2, 2])
    0.5
    """
    half, below = sum(counts) / 2.0, 0.0
    if half == 0.0:
        return None
    for day, count in enumerate(counts):
        if below + count >= half and count > 0:
            return max(0.0, day - 0.5 + (half - below) / count)
        below += count
    return None


Read = Callable[[str, int], float]

RATIOS: dict[str, tuple[str, str, float]] = {
    "ed_wait_minutes": ("ed_wait_days", "ed_rooms_granted", 1440.0),
    "ed_stay_minutes": ("ed_stay_days", "ed_left", 1440.0),
    "gp_unserved_share": ("gp_unserved", "gp_requests", 1.0),
    "gp_wait_mean_days": ("gp_wait_days", "gp_waits", 1.0),
    "gp_wait_same_or_next_day": ("gp_same_or_next_day", "gp_waits", 1.0),
    "gp_wait_five_days_or_more": ("gp_five_days_or_more", "gp_waits", 1.0),
    "information_delay_days": ("message_days", "messages_arrived", 1.0),
    "pharmacy_wait_minutes": ("pharmacy_wait_days", "pharmacist_contacts", 1440.0),
    "response_days": ("response_time_days", "responses", 1.0),
    "follow_up_days": ("follow_up_time_days", "follow_ups", 1.0),
    "follow_up_within_15_days": ("follow_ups_15", "discharges", 1.0),
}
"""Means and shares: what is added up, over what, times a factor for the unit."""


def rows(
    tallies: Sequence[float], labels: Sequence[str], waits: Sequence[Sequence[float]]
) -> Iterator[tuple[str, str, float]]:
    """The outcomes of a replication as (outcome, group, value), in the order of the registry.

    `tallies` are the sums by outcome and group (see `IDS`), flat; `waits` the waits for a GP by
    calendar day, for each of the groups all, under 75, and 75 and over. The group `all` always has
    a row; other groups have one where something was counted. A mean without a case has none.
    """

    def read(name: str, group: int) -> float:
        return tallies[POSITION[name] * len(labels) + group]

    for name, outcome in OUTCOMES.items():
        for group, label in enumerate(labels):
            value = _value(name, group, read, waits)
            if value is not None and (group == ALL or value != 0.0 or not outcome.additive):
                yield name, label, value


def _value(name: str, group: int, read: Read, waits: Sequence[Sequence[float]]) -> float | None:
    if name == "gp_wait_median_days":
        return grouped_median(waits[group]) if group < len(waits) else None
    if name == "cost_eur":
        return read("cost_care_eur", group) + read("cost_coordination_eur", group)
    if name in RATIOS:
        above, below, factor = RATIOS[name]
        count = read(below, group)
        return read(above, group) / count * factor if count > 0.0 else None
    return read(name, group)
