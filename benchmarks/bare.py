"""The yardstick: a bare SimPy loop, with nothing of the model in it.

As many people as the territory has patients each come back again and again; a contact is one
request and two timeouts. What SimPy itself costs on this machine, at this number of live processes,
is thus measured beside the engine.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

INTERVAL_DAYS = 30.0
CONTACT_DAYS = 0.0125
PEOPLE_PER_PLACE = 100
"""Places are few, and so free nearly always: what is measured is scheduling, not queueing."""


class BareLoop:
    """People who come back to a counter for ever."""

    def __init__(self, people: int) -> None:
        """All of them waiting for their first contact, each with an interval of their own."""
        self.clock = simpy.Environment()
        self.contacts = 0
        places = max(1, people // PEOPLE_PER_PLACE)
        self._counter = simpy.Resource(self.clock, capacity=places)
        for number in range(people):
            interval = INTERVAL_DAYS * (0.5 + number / people)
            self.clock.process(self._person(interval))

    def _person(self, interval: float) -> Generator[simpy.Event, None, None]:
        while True:
            yield self.clock.timeout(interval)
            with self._counter.request() as place:
                yield place
                yield self.clock.timeout(CONTACT_DAYS)
            self.contacts += 1

    def run(self, contacts: int) -> None:
        """Run until there have been so many contacts."""
        while self.contacts < contacts:
            self.clock.run(until=self.clock.now + 1.0)
