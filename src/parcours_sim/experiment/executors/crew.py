"""Workers that run beside this thread: handing parcels out, keeping what comes back.

What workers are, threads, processes or a cluster's, is for the classes made from this one. Only a
few parcels are taken ahead, so a study of a million replications waits where it is described, not
in a queue.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable
from threading import Event
from typing import Any, Generic

from parcours_sim.experiment.errors import ExperimentError
from parcours_sim.experiment.executors.job import Job, Keep, Parcel, R

LONGEST_WAIT_SECONDS = 1.0
"""Some systems deliver an interrupt only between waits."""


class Crew(ABC, Generic[R]):
    """Workers, the parcels in their hands, and those that come back to be tried again."""

    def __init__(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Begin with nothing in hand."""
        self.job = job
        self.keep = keep
        self.again: deque[Parcel] = deque()
        self.in_hand: dict[Any, Parcel] = {}
        self._coming = iter(parcels)
        self._bell = Event()

    def run(self) -> None:
        """Simulate everything; on an error or an interrupt, keep what has come and raise it."""
        try:
            while self._hand_out():
                self._bell.wait(LONGEST_WAIT_SECONDS)
                self._bell.clear()
                self.keep_finished()
                self.look_after_failures()
        except (KeyboardInterrupt, ExperimentError):
            self.give_up()
            self.keep_finished()
            raise
        finally:
            self.dismiss()

    def keep_finished(self) -> None:
        """Keep what is done, and take it off the list only afterwards."""
        for future, parcel in list(self.in_hand.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                self.keep(parcel, future.result())
                del self.in_hand[future]

    def look_after_failures(self) -> None:
        """Raise what went wrong with a replication."""
        for future in self.in_hand:
            if future.done():
                future.result()

    def next_parcel(self) -> Parcel | None:
        """Return the next parcel to hand out, or None where there is none or not yet."""
        return self.again.popleft() if self.again else next(self._coming, None)

    @abstractmethod
    def most_in_hand(self) -> int:
        """Count the parcels that may be in hand at once."""

    @abstractmethod
    def submit(self, parcel: Parcel) -> Any:
        """Hand one parcel to a worker and return the future of its result."""

    def give_up(self) -> None:
        """Tell workers that their results are no longer wanted."""

    @abstractmethod
    def dismiss(self) -> None:
        """End the workers."""

    def _hand_out(self) -> bool:
        """Keep every worker busy; tell whether anything is in hand."""
        while len(self.in_hand) < self.most_in_hand():
            parcel = self.next_parcel()
            if parcel is None:
                break
            future = self.submit(parcel)
            self.in_hand[future] = parcel
            future.add_done_callback(lambda _: self._bell.set())
        return bool(self.in_hand)
