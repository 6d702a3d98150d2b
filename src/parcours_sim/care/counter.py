"""Counters: first come, first served, by several servers side by side.

A counter is a stretch of the array `free_at` (float64, days): when each server has finished what it
has accepted so far. A place in the queue is thus settled on arrival, and nobody leaves it early.
Appointments live in appointments.py; queues with priorities or reneging belong to the engines.
"""

import numpy as np
from numpy.typing import NDArray


def first_start(free_at: NDArray[np.float64], begin: int, end: int, arrival: float) -> int:
    """Give the server among `begin` to `end` - 1 who can start soonest on someone who arrives now.

    Ties go to the lowest number, and all who are idle at the arrival tie. A counter without servers
    gives -1. Calls must come in the order of arrival.

    >>> first_start(np.array([5.0, 2.0, 3.0]), 0, 3, arrival=1.0)
    1
    >>> first_start(np.array([5.0, 2.0, 3.0]), 0, 3, arrival=6.0)
    0
    """
    soonest = -1
    for server in range(begin, end):
        if free_at[server] <= arrival:
            return server
        if soonest < 0 or free_at[server] < free_at[soonest]:
            soonest = server
    return soonest


def start_time(free_at: NDArray[np.float64], server: int, arrival: float) -> float:
    """Give when this server starts on someone who arrives at `arrival`, in days.

    >>> start_time(np.array([5.0, 2.0]), 0, arrival=1.0)
    5.0
    """
    return max(arrival, float(free_at[server]))


def take_turn(
    free_at: NDArray[np.float64], begin: int, end: int, arrival: float, duration: float
) -> float:
    """Give someone who arrives now the next turn, for `duration` days, and tell when it begins.

    >>> free_at = np.array([5.0, 2.0])
    >>> take_turn(free_at, 0, 2, 1.0, 0.5), free_at.tolist()
    (2.0, [5.0, 2.5])
    """
    server = first_start(free_at, begin, end, arrival)
    start = start_time(free_at, server, arrival)
    serve(free_at, server, start, duration)
    return start


def serve(free_at: NDArray[np.float64], server: int, start: float, duration: float) -> float:
    """Occupy a server from `start` for `duration` (days, at least 0) and give the time it ends.

    A start before the server is free is a ValueError: nobody serves two at once.

    >>> free_at = np.array([5.0, 2.0])
    >>> serve(free_at, 1, 3.0, 0.5), free_at.tolist()
    (3.5, [5.0, 3.5])
    """
    if start < free_at[server]:
        raise ValueError("this server is still busy")
    end = start + duration
    free_at[server] = end
    return end
