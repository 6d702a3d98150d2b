"""What a program says of its run: contacts, and the statistics that all must agree on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .workload import HOURS, MINUTES, WARM_UP, Role, Workload

Statistics = dict[str, float]
"""Figures by name, unit included, of what happened after the warm-up."""


@dataclass(frozen=True)
class Run:
    """One run: all its contacts, those of the warm-up included, and its statistics.

    Contacts are those that took place with GPs, nurses and pharmacists, and arrivals at the
    emergency department.
    """

    contacts: int
    statistics: Statistics


class Tally:
    """What happened in a run, added up, for programs whose library leaves that to its users."""

    def __init__(self, workload: Workload) -> None:
        """Nothing has happened yet."""
        self.workload = workload
        self.contacts = 0
        self._sums: Counter[str] = Counter()

    def contact(self, role: Role, arrived: float, started: float, service: float) -> None:
        """Somebody is served."""
        self.contacts += 1
        if started >= WARM_UP:
            self._sums[f"{role.name} contacts"] += 1
            self._sums[f"{role.name} waits"] += started - arrived
            self._sums[f"{role.name} work"] += service

    def miss(self, due: float) -> None:
        """Somebody is in hospital when a contact is due."""
        if due >= WARM_UP:
            self._sums["missed"] += 1

    def visit(self, arrived: float, got_room: float) -> None:
        """Somebody has got a room in the emergency department."""
        self.contacts += 1
        if got_room >= WARM_UP:
            self._sums["visits"] += 1
            self._sums["waits for a room"] += got_room - arrived

    def room(self, got_room: float, left: float) -> None:
        """Somebody leaves a room."""
        if left >= WARM_UP:
            self._sums["in rooms"] += left - got_room

    def admission(self, ready: float, got_bed: float) -> None:
        """Somebody has got a bed."""
        if got_bed >= WARM_UP:
            self._sums["admissions"] += 1
            self._sums["waits for a bed"] += got_bed - ready

    def stay(self, got_bed: float, discharged: float) -> None:
        """Somebody is in a bed, until a time that may lie beyond the end."""
        until = min(discharged, self.workload.ends)
        self._sums["in beds"] += max(0.0, until - max(got_bed, WARM_UP))

    def run(self) -> Run:
        """The run's contacts and statistics, at its end."""
        sums, workload = self._sums, self.workload
        statistics = {}
        for role in workload.roles:
            contacts = statistics[f"{role.name} contacts"] = sums[f"{role.name} contacts"]
            wait, work = sums[f"{role.name} waits"], sums[f"{role.name} work"]
            statistics[f"{role.name} wait, minutes"] = wait / contacts / MINUTES
            statistics[f"{role.name} busy"] = work / role.servers / workload.days
        visits, admissions = sums["visits"], sums["admissions"]
        return Run(
            self.contacts,
            statistics
            | {
                "contacts missed": sums["missed"],
                "ED visits": visits,
                "ED wait, minutes": sums["waits for a room"] / visits / MINUTES,
                "rooms busy": sums["in rooms"] / workload.rooms / workload.days,
                "admissions": admissions,
                "wait for a bed, hours": sums["waits for a bed"] / admissions / HOURS,
                "beds in use": sums["in beds"] / workload.days,
            },
        )
