"""Tallies: what engines add up, by outcome and group, and how outcomes follow from it.

Sums and counts only are kept while a replication runs; means, shares and medians are worked out at
its end by `rows`. What is counted, and how it is defined, is in `outcomes.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from .outcomes import OUTCOMES
from .person import Person
from .setting import Setting


class Count(IntEnum):
    """What engines add up: the additive outcomes, then the sums behind means and shares."""

    HOSPITALISATIONS = 0
    HOSPITALISATIONS_EMERGENCY = 1
    HOSPITALISATIONS_DIRECT = 2
    HOSPITALISATIONS_PRECAUTIONARY = 3
    HOSPITALISATIONS_AVOIDABLE = 4
    READMISSIONS_30_DAYS = 5
    READMISSIONS_90_DAYS = 6
    READMISSIONS_SAME_KIND_30_DAYS = 7
    READMISSIONS_SAME_KIND_180_DAYS = 8
    READMISSIONS_SAME_KIND_365_DAYS = 9
    DISCHARGES = 10
    BED_DAYS = 11
    ED_VISITS = 12
    ED_VISITS_UNSCHEDULED = 13
    ED_VISITS_WAIT_DRIVEN = 14
    ED_VISITS_ADMITTED = 15
    ED_LEFT_UNSEEN = 16
    BOARDING_HOURS = 17
    EPISODES = 18
    EPISODES_RESOLVED_ALONE = 19
    EPISODES_AVOIDED = 20
    EPISODES_PRECAUTION = 21
    EPISODES_OPEN = 22
    EPISODES_CUT_SHORT = 23
    CRISES = 24
    DRUG_INCIDENTS = 25
    CANDIDATES_DISCARDED = 26
    DEATHS = 27
    DEATHS_IN_HOSPITAL = 28
    DEATHS_AFTER_STAY = 29
    GP_REQUESTS = 30
    MESSAGES_SENT = 31
    MESSAGES_LOST = 32
    FOLLOW_UPS_INFORMED = 33
    GP_CONTACTS = 34
    NURSE_CONTACTS = 35
    PROTOCOL_CONTACTS = 36
    PHARMACIST_CONTACTS = 37
    MISSED_CONTACTS = 38
    GP_HOURS = 39
    NURSE_HOURS = 40
    PHARMACIST_HOURS = 41
    COORDINATION_HOURS = 42
    COST_CARE_EUR = 43
    COST_COORDINATION_EUR = 44
    PERSON_YEARS = 45
    PATIENTS_HOSPITALISED = 46
    READMISSIONS_AFTER_30_DAYS = 47
    READMISSIONS_AFTER_90_DAYS = 48
    ED_VISITS_AFTER_DOCTOR = 49
    ED_VISITS_GP_ABSENT = 50
    # The sums behind means and shares.
    ED_ROOMS_GRANTED = 51
    ED_LEFT = 52
    ED_WAIT_DAYS = 53
    ED_STAY_DAYS = 54
    GP_WAITS = 55
    GP_WAIT_DAYS = 56
    GP_SAME_OR_NEXT_DAY = 57
    GP_FIVE_DAYS_OR_MORE = 58
    GP_UNSERVED = 59
    MESSAGES_ARRIVED = 60
    MESSAGE_DAYS = 61
    PHARMACY_WAIT_DAYS = 62
    RESPONSES = 63
    RESPONSE_TIME_DAYS = 64
    FOLLOW_UPS = 65
    FOLLOW_UP_TIME_DAYS = 66
    FOLLOW_UPS_15 = 67
    NURSE_WAIT_DAYS = 68
    EXPERT_REQUESTS = 69
    EXPERT_REQUESTS_WAITING = 70
    EXPERT_ANSWERS = 71
    EXPERT_WAIT_DAYS = 72
    EXPERT_ANSWER_DAYS = 73
    COORDINATED_YEARS = 74


POSITION = {each.name.lower(): each.value for each in Count}
"""Position of each sum by its name in the registry."""

ALL, UNDER_75, OLDER = 0, 1, 2
KIND = "kind:"

WAIT_BINS = 91
"""Waits for a GP are kept by calendar days, 0 to 90 and more, for their median."""
RESPONSE_BINS = 241
RESPONSE_BINS_PER_DAY = 4.0
"""Times from the first sign to treatment are kept by quarters of a day, to 60 days and more."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a scenario: everyone, age bands, with and without a usual GP, and each kind,
    practice, link, condition."""

    labels: tuple[str, ...]
    kinds: int
    practices: int
    links: int
    conditions: int
    gps: int
    """Positions at which the five families begin."""


def groups(
    kinds: Iterable[str],
    practices: Iterable[str],
    links: Iterable[str],
    conditions: Iterable[str],
) -> Groups:
    """Lay out the groups: their labels, and where each family begins.

    >>> groups(["copd"], ["isole"], [], []).labels[3:]
    ('kind:copd', 'practice:isole', 'gp:with', 'gp:without')
    """
    labels = ["all", "age:under_75", "age:75+"]
    starts = []
    families = (
        ("kind", kinds),
        ("practice", practices),
        ("link", links),
        ("condition", conditions),
        ("gp", ("with", "without")),
    )
    for family, names in families:
        starts.append(len(labels))
        labels += [f"{family}:{name}" for name in names]
    return Groups(tuple(labels), *starts)


def is_measured(territory: Setting) -> bool:
    """Whether what happens now counts: the warm-up is over."""
    return territory.clock.now >= 0.0


def count(territory: Setting, what: int, group: int, amount: float = 1.0) -> None:
    """Add to one sum, if the warm-up is over."""
    if is_measured(territory):
        territory.tallies[what * territory.width + group] += amount


def count_for(
    territory: Setting, patient: Person, what: int, kind: int = -1, amount: float = 1.0
) -> None:
    """Add to a sum for all groups that a patient and a kind of episode (-1: none) belong to."""
    if is_measured(territory):
        add(territory, patient, what, kind, amount)


def add(territory: Setting, patient: Person, what: int, kind: int, amount: float) -> None:
    """Add to a sum for everyone, and for a patient's age band, practice, conditions and having a
    GP or none; for a kind of episode too, unless it is -1."""
    row = what * territory.width
    territory.tallies[row + ALL] += amount
    territory.tallies[row + patient.age_group] += amount
    territory.tallies[row + patient.practice_group] += amount
    territory.tallies[row + patient.gp_group] += amount
    for place in range(patient.first_held, patient.end_held):
        group = territory.condition_groups + territory.held[place].condition
        territory.tallies[row + group] += amount
    if kind >= 0:
        territory.tallies[row + territory.kind_groups + kind] += amount


def count_clipped(
    territory: Setting, patient: Person, what: int, kind: int, begin: float, end: float
) -> None:
    """Add the part of a stretch of time (days) that lies in the measured horizon."""
    amount = min(end, territory.ends) - max(begin, 0.0)
    if amount > 0.0:
        add(territory, patient, what, kind, amount)


def count_other(territory: Setting, what: int, amount: float = 1.0) -> None:
    """Add to a sum for someone who is not simulated one by one; all of them are under 75."""
    if is_measured(territory):
        row = what * territory.width
        territory.tallies[row + ALL] += amount
        territory.tallies[row + UNDER_75] += amount


def count_other_at(territory: Setting, time: float, what: int, amount: float = 1.0) -> None:
    """Add to a sum for such a person by a date that is known in advance."""
    if 0.0 <= time < territory.ends:
        row = what * territory.width
        territory.tallies[row + ALL] += amount
        territory.tallies[row + UNDER_75] += amount


def count_wait(territory: Setting, patient: Person, requested_at: float, time: float) -> None:
    """Count a patient's request that found an appointment, by the date of the request."""
    days = days_waited(requested_at, time)
    count_for(territory, patient, Count.GP_WAITS)
    count_for(territory, patient, Count.GP_WAIT_DAYS, -1, time - requested_at)
    if is_same_or_next_day(days):
        count_for(territory, patient, Count.GP_SAME_OR_NEXT_DAY)
    elif is_five_days_or_more(days):
        count_for(territory, patient, Count.GP_FIVE_DAYS_OR_MORE)
    keep_wait(territory, days, patient.age_group)


def count_other_wait(territory: Setting, requested_at: float, time: float) -> None:
    """The same of someone who is not simulated one by one."""
    days = days_waited(requested_at, time)
    count_other(territory, Count.GP_WAITS)
    count_other(territory, Count.GP_WAIT_DAYS, time - requested_at)
    if is_same_or_next_day(days):
        count_other(territory, Count.GP_SAME_OR_NEXT_DAY)
    elif is_five_days_or_more(days):
        count_other(territory, Count.GP_FIVE_DAYS_OR_MORE)
    keep_wait(territory, days, UNDER_75)


def days_waited(requested_at: float, time: float) -> int:
    """A wait in calendar days, as surveys ask for it."""
    return math.floor(time) - math.floor(requested_at)


def is_same_or_next_day(days: int) -> bool:
    """Whether a wait is among the short ones that surveys tell the share of."""
    return days <= 1


def is_five_days_or_more(days: int) -> bool:
    """Whether it is among the long ones."""
    return days >= 5


def keep_wait(territory: Setting, days: int, age_group: int) -> None:
    """Keep a wait in calendar days for the medians of everyone and of an age band."""
    if is_measured(territory):
        place = min(days, WAIT_BINS - 1)
        for group in (ALL, age_group):
            territory.waits[group * WAIT_BINS + place] += 1.0


def count_response(territory: Setting, patient: Person, kind: int, days: float) -> None:
    """Count a response in primary care, some days after the first usable sign."""
    count_for(territory, patient, Count.RESPONSES, kind)
    count_for(territory, patient, Count.RESPONSE_TIME_DAYS, kind, days)
    if is_measured(territory):
        place = min(math.floor(days * RESPONSE_BINS_PER_DAY), RESPONSE_BINS - 1)
        territory.response_times[kind * RESPONSE_BINS + place] += 1.0


def count_message(territory: Setting, link: int, is_lost: bool) -> None:
    """Count a message, and its loss."""
    for group in (ALL, territory.link_groups + link):
        count(territory, Count.MESSAGES_SENT, group)
        if is_lost:
            count(territory, Count.MESSAGES_LOST, group)


def count_arrival(territory: Setting, link: int, days: float) -> None:
    """Count a message that has come, and how long it took."""
    for group in (ALL, territory.link_groups + link):
        count(territory, Count.MESSAGES_ARRIVED, group)
        count(territory, Count.MESSAGE_DAYS, group, days)


def grouped_median(counts: Sequence[float], lower_end: float = -0.5) -> float | None:
    """Median of counts by bin, in bins, interpolated within the bin; none without a case.

    The first bin begins at `lower_end`: half below for whole days, at 0 for stretches of time.

    >>> grouped_median([2, 2]), grouped_median([2, 2], 0.0)
    (0.5, 1.0)
    """
    half, below = sum(counts) / 2.0, 0.0
    if half == 0.0:
        return None
    for place, count in enumerate(counts):
        if below + count >= half and count > 0:
            return max(0.0, place + lower_end + (half - below) / count)
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
    "messages_lost_share": ("messages_lost", "messages_sent", 1.0),
    "nurse_wait_minutes": ("nurse_wait_days", "nurse_contacts", 1440.0),
    "pharmacy_wait_minutes": ("pharmacy_wait_days", "pharmacist_contacts", 1440.0),
    "response_days": ("response_time_days", "responses", 1.0),
    "follow_up_days": ("follow_up_time_days", "follow_ups", 1.0),
    "expert_wait_minutes": ("expert_wait_days", "expert_requests", 1440.0),
    "expert_answer_hours": ("expert_answer_days", "expert_answers", 24.0),
    "follow_up_within_15_days": ("follow_ups_15", "discharges", 1.0),
}
"""Means and shares: what is added up, over what, times a factor for the unit."""


def rows(
    tallies: Sequence[float],
    labels: Sequence[str],
    waits: Sequence[float],
    response_times: Sequence[float],
) -> Iterator[tuple[str, str, float]]:
    """The outcomes of a replication as (outcome, group, value), in the order of the registry.

    `tallies` are the sums by outcome and group (see `Count`), flat; `waits` the waits for a GP by
    calendar day, for each of the groups all, under 75, and 75 and over, flat too; and
    `response_times` the responses by kind of episode and quarter of a day. The group `all` always
    has a row; other groups have one where something was counted. A mean without a case has none.
    """

    kinds = [label for label in labels if label.startswith(KIND)]
    of_kind = {
        kind: response_times[place * RESPONSE_BINS :][:RESPONSE_BINS]
        for place, kind in enumerate(kinds)
    }
    of_kind["all"] = [sum(counts) for counts in zip(*of_kind.values(), strict=True)]

    def read(name: str, group: int) -> float:
        return tallies[POSITION[name] * len(labels) + group]

    for name, outcome in OUTCOMES.items():
        for group, label in enumerate(labels):
            if name == "response_median_days":
                value = _median_response(of_kind.get(label, ()))
            else:
                value = _value(name, group, read, waits)
            if value is not None and (group == ALL or value != 0.0 or not outcome.additive):
                yield name, label, float(value)


def _median_response(counts: Sequence[float]) -> float | None:
    median = grouped_median(counts, 0.0)
    return None if median is None else median / RESPONSE_BINS_PER_DAY


def _value(name: str, group: int, read: Read, waits: Sequence[float]) -> float | None:
    if name == "gp_wait_median_days":
        return grouped_median(waits[group * WAIT_BINS :][:WAIT_BINS]) if group <= OLDER else None
    if name == "cost_eur":
        return read("cost_care_eur", group) + read("cost_coordination_eur", group)
    if name in RATIOS:
        above, below, factor = RATIOS[name]
        count = read(below, group)
        return read(above, group) / count * factor if count > 0.0 else None
    return read(name, group)
