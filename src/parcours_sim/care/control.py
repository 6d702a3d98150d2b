"""Control of a condition: good, fair or poor; it drifts down and good contacts move it up.

This is the slow half of what an organisation does: it changes which contacts happen and what they
contain, and control follows over months.
"""

from __future__ import annotations

from .parameters import GP, NURSE
from .person import Person
from .practices import link_in_team, practice_of
from .routine import PROTOCOL_CALENDAR_DAYS
from .setting import Setting


def drifted(level: int) -> int:
    """The level after one step down (0 good, 1 fair, 2 poor).

    >>> drifted(0), drifted(2)
    (1, 2)
    """
    return level + 1 if level < 2 else 2


def improved(
    level: int, protocol_mark: float, protocol_share: float, mark: float, improvement_share: float
) -> int:
    """The level after a contact: one step up if it followed the protocol and that helped.

    >>> improved(2, 0.1, 0.3, 0.1, 0.2), improved(2, 0.4, 0.3, 0.1, 0.2)
    (1, 2)
    """
    if protocol_mark < protocol_share and mark < improvement_share and level > 0:
        return level - 1
    return level


def protocol_share(territory: Setting, patient: Person, role: int) -> float:
    """Share of a nurse's or pharmacist's contacts that follow the protocol: more in a team."""
    work, practice = territory.work, territory.practices[practice_of(territory, patient.gp)]
    if role == NURSE:
        anywhere, in_team = work.nurse_protocol_share, practice.nurse_protocol_share
    else:
        anywhere, in_team = work.pharmacist_protocol_share, practice.pharmacist_protocol_share
    return max(anywhere, in_team) if link_in_team(territory, patient, role, GP) else anywhere


def nurse_protocol_share(territory: Setting, patient: Person) -> float:
    """The same for a nurse's visit: a review once a month at most, however often a nurse comes."""
    visits = patient.nurse_interval_days / PROTOCOL_CALENDAR_DAYS
    return protocol_share(territory, patient, NURSE) * min(1.0, visits)
