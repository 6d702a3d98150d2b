"""Access to a GP: which slot a request is offered, and whether it is taken up.

One's own GP first; then, where the practice covers, the colleague who is free soonest; then, for
unscheduled requests where a CPTS shares slots, any practice's shared slots. The wait on offer is
known when it is compared with patience.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .appointments import first_free


def soonest(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    slot_taken: NDArray[np.int8],
    day_first: NDArray[np.int32],
    gps: NDArray[np.int64],
    day: int,
    from_time: float,
    until_time: float,
    kinds: int,
    now: float,
    release_days: float,
) -> int:
    """The earliest free slot among these GPs' books, the first GP's at ties; -1 for none.

    The other arguments are those of `appointments.first_free`.
    """
    best = -1
    for gp in gps:
        slot = first_free(
            slot_time, slot_kind, slot_taken, day_first, gp, day, from_time, until_time, kinds, now,
            release_days,
        )  # fmt: skip
        if slot >= 0:
            best = slot
            until_time = slot_time[slot] - 1e-9
    return best


def offer(
    slot_time: NDArray[np.float64],
    slot_kind: NDArray[np.int8],
    slot_taken: NDArray[np.int8],
    day_first: NDArray[np.int32],
    own_gp: int,
    colleagues: NDArray[np.int64],
    others: NDArray[np.int64],
    day: int,
    now: float,
    from_time: float,
    patience_days: float,
    tolerance_days: float,
    kinds: int,
    shared_kinds: int,
    shared_within_days: float,
    release_days: float,
) -> int:
    """The slot a request takes, or -1 when none comes within its patience.

    Times are days. `own_gp` may be -1 (nobody's diary is theirs); `colleagues` are asked when the
    wait for the own GP passes `tolerance_days`, `others` when the practice has nothing in time for
    an unscheduled request (`shared_kinds` is the bit mask of what they share, 0 for nothing).
    """
    until = from_time + patience_days
    own = -1
    if own_gp >= 0:
        own = first_free(
            slot_time, slot_kind, slot_taken, day_first, own_gp, day, from_time, until, kinds, now,
            release_days,
        )  # fmt: skip
        if own >= 0 and slot_time[own] - from_time <= tolerance_days:
            return own
    best = own
    limit = until if own < 0 else slot_time[own] - 1e-9
    slot = soonest(
        slot_time, slot_kind, slot_taken, day_first, colleagues, day, from_time, limit, kinds, now,
        release_days,
    )  # fmt: skip
    if slot >= 0:
        best = slot
    if shared_kinds and (best < 0 or slot_time[best] - from_time > shared_within_days):
        limit = min(until, from_time + shared_within_days)
        slot = soonest(
            slot_time, slot_kind, slot_taken, day_first, others, day, from_time, limit,
            shared_kinds, now, 0.0,
        )  # fmt: skip
        if slot >= 0:
            best = slot
    return best
