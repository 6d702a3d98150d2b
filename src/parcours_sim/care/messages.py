"""Messages over links: how long they take, and whether the link loses them.

An organisation changes a link by ratios to the territory's own delay and loss, practice model and
layers multiplied. A link that loses a message stays lost for that professional and that episode.
"""

from __future__ import annotations

from .distributions import lognormal


def loss(share: float, ratio: float) -> float:
    """Probability that a link is lost, once an organisation has changed it; at most 1.

    >>> loss(0.25, 0.4)
    0.1
    """
    return min(1.0, share * ratio)


def delay(
    same_day_mark: float,
    mark: float,
    same_day_share: float,
    median_days: float,
    sigma: float,
    ratio: float,
) -> float:
    """Days until a message arrives: at once for some, lognormal for the others.

    `ratio` gathers what urgency and organisation make of the territory's own delay; the share that
    arrives the same day stays what it is.

    >>> delay(0.3, 0.5, 0.4, 8.0, 0.8, 0.5)
    0.0
    >>> delay(0.5, 0.5, 0.4, 8.0, 0.8, 0.5)
    4.0
    """
    if same_day_mark < same_day_share:
        return 0.0
    return lognormal(mark, median_days * ratio, sigma)
