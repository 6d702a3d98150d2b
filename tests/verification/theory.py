"""What queueing theory says, to compare simulations with: Erlang's formula, and intervals.

Only theory lives here; which part of the model is compared with it is said by the tests.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import t

USUAL, WIDE = 0.95, 0.99
"""Confidence of an interval: as quoted, and where several must hold at once."""


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival waits in an M/M/c queue (Erlang 1917).

    `load` is that of one server: arrival rate times mean service over `servers`, below 1.
    """
    offered = servers * load
    blocked = 1.0
    for busy in range(1, servers + 1):  # Erlang B by its recursion, which never overflows
        blocked = offered * blocked / (busy + offered * blocked)
    return blocked / (1.0 - load * (1.0 - blocked))


def mean_wait(servers: int, load: float, service: float) -> float:
    """Mean wait before service in an M/M/c queue, in the unit of the mean `service`."""
    return erlang_c(servers, load) * service / (servers * (1.0 - load))


@dataclass(frozen=True)
class Interval:
    """The mean of independent replications, and its standard error."""

    mean: float
    error: float
    replications: int

    def half_width(self, confidence: float = USUAL) -> float:
        """Half of Student's interval at this confidence."""
        return self.error * float(t.ppf(0.5 + confidence / 2.0, self.replications - 1))

    def contains(self, value: float, confidence: float = WIDE) -> bool:
        """Whether a value is within the interval."""
        return abs(value - self.mean) <= self.half_width(confidence)


def interval(values: Sequence[float]) -> Interval:
    """Mean and interval of one value per replication; two replications at least."""
    count = len(values)
    mean = math.fsum(values) / count
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    return Interval(mean, math.sqrt(variance / count), count)
