"""What all programs simulate: a closed population, where it is served, and for how long.

Everybody comes every 14 days on average: to a GP in 50 % of the contacts, to a nurse in 30 %, to a
pharmacist in 20 %, each on a regular calendar: when the next contact is due does not depend on when
the last one ended. Doors are always open, nobody books, who comes first is served first, for a time
of an exponential law. An acute episode, a hundredth as often as a contact, leads to the emergency
department; who is admitted keeps the room until a bed is free. Whoever is in hospital misses what
is planned meanwhile. Times are days from the start; counting begins after a warm-up.

People are in one place at a time, if a library knows people at all: a contact that is due before
the last one is over follows it at once. Out of 1,000 people five are in a queue, so this is rare.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import count, repeat
from operator import itemgetter
from random import Random

HOURS, MINUTES = 1 / 24, 1 / 1440
"""Of a day."""
WARM_UP = 30.0
YEAR = 365.0
INTERVAL = 14.0
"""Mean time between two contacts of a person."""
LOAD = 0.8
"""How busy GPs, nurses and pharmacists are."""
SAFETY = 2.0
"""Rooms and beds on top of the mean load, in square roots of it."""

EPISODE_INTERVAL = 100.0 * INTERVAL
EMERGENCY_CARE = 240.0 * MINUTES
"""Mean of an exponential law."""
ADMITTED_SHARE = 0.3
STAY = 6.0
"""Mean and standard deviation of a lognormal law."""
STAY_SIGMA = math.sqrt(math.log(2.0))
STAY_MU = math.log(STAY) - STAY_SIGMA**2 / 2.0
"""Standard deviation and mean of its logarithm."""

SHARES = {"GP": (0.5, 15.0), "nurse": (0.3, 30.0), "pharmacist": (0.2, 10.0)}
"""Part of all contacts, and about how many minutes one takes."""
LOOSENESS = {"GP": 0.5, "nurse": 0.0, "pharmacist": 0.5}
"""Part of the interval over which a contact is spread around its place on the calendar."""


@dataclass(frozen=True)
class Role:
    """A profession: how often each person comes to it, and how people are served there."""

    name: str
    interval: float
    """Mean time between two contacts of a person."""
    servers: int
    service: float
    """Mean time with a server."""
    looseness: float
    """Part of the interval over which a contact is spread."""
    at_usual_hour: bool
    """Whether contacts fall on the person's usual hour of the day planned."""

    def calendar(self, random: Random) -> Iterator[float]:
        """When a person's contacts with this role are due, without end."""
        phase, hour = random.random(), random.random()
        for number in count():
            loose = self.looseness * (random.random() - 0.5)
            time = (number + phase + loose) * self.interval
            yield max(0.0, math.floor(time) + hour if self.at_usual_hour else time)

    def service_time(self, random: Random) -> float:
        """How long one contact takes."""
        return random.expovariate(1.0 / self.service)


@dataclass(frozen=True)
class Workload:
    """A population, and what serves it."""

    people: int
    roles: tuple[Role, ...]
    rooms: int
    beds: int
    days: float
    """How long is counted."""

    @property
    def ends(self) -> float:
        """The end of the horizon."""
        return WARM_UP + self.days

    def calendar(self, random: Random) -> Iterator[tuple[float, Role]]:
        """When a person's contacts with any role are due, without end."""
        calendars = (zip(role.calendar(random), repeat(role)) for role in self.roles)
        return merge(*calendars, key=itemgetter(0))


def town(people: int, days: float = YEAR) -> Workload:
    """The workload at a size: rooms and beds suffice for the mean load and `SAFETY` more."""
    visits_per_day = people / EPISODE_INTERVAL
    rooms = _places(visits_per_day * EMERGENCY_CARE)
    beds = _places(visits_per_day * ADMITTED_SHARE * STAY)
    return Workload(people, tuple(_staffed(name, people) for name in SHARES), rooms, beds, days)


def _staffed(name: str, people: int) -> Role:
    """A role with about as many servers as its minutes ask for, busy for exactly `LOAD`."""
    share, minutes = SHARES[name]
    per_day = share * people / INTERVAL
    servers = max(1, round(per_day * minutes * MINUTES / LOAD))
    service = LOAD * servers / per_day
    return Role(name, INTERVAL / share, servers, service, LOOSENESS[name], name != "GP")


def _places(load: float) -> int:
    return math.ceil(load + SAFETY * math.sqrt(load))
