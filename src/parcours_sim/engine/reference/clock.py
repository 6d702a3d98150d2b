"""The clock: SimPy's environment with absolute times, classes of events, and stories.

Order of events: time, then class (`care/order.py`), then insertion. What SimPy hands over without
delay (a room, a bed) has its own classes 0 and 1 and so comes before the next event of the model.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any, cast

import simpy

Story = Generator[simpy.Event, Any, None]
"""Something that happens to somebody: a generator that yields the events it waits for."""
Entry = tuple[float, int, int, simpy.Event]
"""An entry of SimPy's queue: time, class, insertion number, event."""


class Clock(simpy.Environment):
    """SimPy's environment, with events at absolute times in days."""

    events = 0
    """Model events scheduled so far."""

    def at(self, time: float, order: int) -> simpy.Event:
        """The event of the instant `time` in a class of events; in the past means now.

        The time is the very number given: `now + (time - now)` would not be, so two stories that
        wait for one instant could miss each other.
        """
        event = simpy.Event(self)
        event._ok = True
        event._value = None
        self.events += 1
        entry = (max(time, self._now), order, next(self._eid), event)
        heappush(cast(list[Entry], self._queue), entry)
        return event

    def tell(self, story: Story) -> None:
        """Run a story now until it waits; go on whenever what it waits for happens.

        This is SimPy's process without a start and an end event of its own: a hand-over without
        delay happens inside the event that causes it.
        """

        def go_on(_event: simpy.Event | None) -> None:
            for awaited in story:
                if awaited.callbacks is not None:  # otherwise it has already happened
                    awaited.callbacks.append(go_on)
                    return

        go_on(None)
