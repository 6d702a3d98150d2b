"""Messages over links: how long they take, and whether the link loses them.

An organisation changes a link by ratios to the territory's own delay and loss, practice model and
layers multiplied. A link that loses a message stays lost for that professional and that episode.
"""

from __future__ import annotations

from .distributions import lognormal
from .person import Person
from .practices import is_reached, link_in_team, practice_of
from .setting import Setting


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


def link_ratios(territory: Setting, patient: Person, link: int) -> tuple[float, float]:
    """Delay and loss of a link over the territory's own, for this patient now.

    What the practice makes of it where the link is in its team, times what each layer makes of it
    that reaches the patient.
    """
    row = territory.links[link]
    delay_ratio = loss_ratio = 1.0
    if link_in_team(territory, patient, row.sender, row.receiver):
        practice = practice_of(territory, patient.gp)
        delay_ratio = territory.practice_links[practice, link, 0]
        loss_ratio = territory.practice_links[practice, link, 1]
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            delay_ratio *= territory.layer_links[layer, link, 0]
            loss_ratio *= territory.layer_links[layer, link, 1]
    return delay_ratio, loss_ratio


def is_lost(territory: Setting, patient: Person, link: int, mark: float) -> bool:
    """Whether a message sent over a link now is lost."""
    _, ratio = link_ratios(territory, patient, link)
    return mark < loss(territory.links[link].loss_share, ratio)


def days_on_the_way(
    territory: Setting,
    patient: Person,
    link: int,
    urgent: bool,
    same_day_mark: float,
    mark: float,
) -> float:
    """Days that a message sent over a link now takes."""
    row = territory.links[link]
    ratio, _ = link_ratios(territory, patient, link)
    if urgent:
        ratio *= row.urgent_ratio
    return delay(same_day_mark, mark, row.same_day_share, row.delay_days, row.delay_sigma, ratio)
