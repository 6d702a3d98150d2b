"""The race of a worsening episode: its window, who notices, and what a response does.

Nothing here is about organisation; what an organisation moves is when people notice and how long
the message and the appointment take.
"""

from __future__ import annotations

import math

from .distributions import lognormal
from .parameters import GP, NURSE, Kind


def window(
    sudden_mark: float,
    mark: float,
    sudden_share: float,
    sudden_days: float,
    sudden_sigma: float,
    gradual_days: float,
    gradual_sigma: float,
) -> float:
    """Days from the first usable sign to the crisis: sudden for some, lognormal for all.

    >>> window(0.9, 0.5, 0.3, 0.25, 0.7, 8.0, 0.8)
    8.0
    """
    if sudden_mark < sudden_share:
        return lognormal(mark, sudden_days, sudden_sigma)
    return lognormal(mark, gradual_days, gradual_sigma)


def window_of(kind: Kind, sudden_mark: float, mark: float) -> float:
    """The same for a kind of episode."""
    return window(
        sudden_mark,
        mark,
        kind.sudden_share,
        kind.sudden_days,
        kind.sudden_sigma,
        kind.gradual_days,
        kind.gradual_sigma,
    )


def asks_after(
    kind: Kind, notice_mark: float, delay_mark: float, delay_ratio: float, window_days: float
) -> float:
    """Days after the first sign at which the patient asks for help; infinite for never.

    Some never notice, others only when the window has closed. `delay_ratio` is what organisation
    makes of the time for which signs are borne.
    """
    if notice_mark >= kind.patient_share:
        return math.inf
    days = lognormal(delay_mark, kind.patient_delay_days * delay_ratio, kind.patient_delay_sigma)
    return days if days < window_days else math.inf


def is_noticed(mark: float, share: float, continuity_ratio: float) -> bool:
    """Whether a contact notices the signs; someone who knows the patient less notices less.

    >>> is_noticed(0.5, 0.6, 1.0), is_noticed(0.5, 0.6, 0.8)
    (True, False)
    """
    return mark < share * continuity_ratio


def is_effective(mark: float, efficacy_share: float) -> bool:
    """Whether a response that came in time averts the crisis (X09)."""
    return mark < efficacy_share


def needs_precaution(mark: float, precaution_share: float) -> bool:
    """Whether the response is an admission to be on the safe side (X10)."""
    return mark < precaution_share


def share_noticed(kind: Kind, role: int) -> float:
    """How likely a contact notices an open episode, by role, where nobody has organised it."""
    if role == GP:
        return kind.gp_share
    return kind.nurse_share if role == NURSE else kind.pharmacist_share


def is_in_time(now: float, acts_after_days: float, crisis_at: float) -> bool:
    """Whether treatment given now acts before the window closes, if it acts at all.

    >>> is_in_time(2.0, 1.0, 3.0)
    False
    """
    return now + acts_after_days < crisis_at


def turns_to_emergency(mark: float, unserved_to_ed_share: float, has_gp: bool) -> bool:
    """Whether someone whom no slot on offer suits goes to the ED; without a GP, always."""
    return mark < unserved_to_ed_share or not has_gp


def is_overtaken(resolves_alone: bool, crisis_at: float, leaves_at: float) -> bool:
    """Whether an episode's window closes before a visit to the ED for it is over."""
    return not resolves_alone and crisis_at <= leaves_at
