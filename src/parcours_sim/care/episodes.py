"""The race of a worsening episode: its window, who notices, and what a response does.

Nothing here is about organisation; what an organisation moves is when people notice and how long
the message and the appointment take.
"""

from __future__ import annotations

from .distributions import lognormal


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
