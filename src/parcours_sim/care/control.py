"""Control of a condition: good, fair or poor; it drifts down and good contacts move it up.

This is the slow half of what an organisation does: it changes which contacts happen and what they
contain, and control follows over months.
"""

from __future__ import annotations


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
