"""The workload in SimPy: people and episodes are processes, what they wait for are resources."""

from __future__ import annotations

from collections.abc import Generator
from random import Random

import simpy

from .tally import Run, Tally
from .workload import (
    ADMITTED_SHARE,
    EMERGENCY_CARE,
    EPISODE_INTERVAL,
    STAY_MU,
    STAY_SIGMA,
    Role,
    Workload,
)

Process = Generator[simpy.Event, object, None]


class Person:
    """Somebody of the population."""

    is_in_hospital = False


class Town:
    """The population, and the places where it is served."""

    def __init__(self, workload: Workload, number: int) -> None:
        """Everybody is at home, all places are free."""
        self.workload = workload
        self.random = Random(f"SimPy {number}")
        self.tally = Tally(workload)
        self.env = simpy.Environment()
        self.places = {role.name: simpy.Resource(self.env, role.servers) for role in workload.roles}
        self.rooms = simpy.Resource(self.env, workload.rooms)
        self.beds = simpy.Resource(self.env, workload.beds)
        self.people = [Person() for _ in range(workload.people)]
        for person in self.people:
            self.env.process(self.contacts(person))
        self.env.process(self.episodes())

    def contacts(self, person: Person) -> Process:
        """A person's contacts, each when it is due, or as soon as the one before is over."""
        for due, role in self.workload.calendar(self.random):
            yield self.env.timeout(max(0.0, due - self.env.now))
            if person.is_in_hospital:
                self.tally.miss(self.env.now)
            else:
                yield from self.visit(role)

    def visit(self, role: Role) -> Process:
        """One contact: wait for one's turn, and be served."""
        arrived = self.env.now
        with self.places[role.name].request() as turn:
            yield turn
            service = role.service_time(self.random)
            self.tally.contact(role, arrived, self.env.now, service)
            yield self.env.timeout(service)

    def episodes(self) -> Process:
        """Acute episodes of anybody who is not in hospital already."""
        while True:
            gap = EPISODE_INTERVAL / self.workload.people
            yield self.env.timeout(self.random.expovariate(1.0 / gap))
            person = self.random.choice(self.people)
            if not person.is_in_hospital:
                self.env.process(self.episode(person))

    def episode(self, person: Person) -> Process:
        """The emergency department; then home, or in the room until there is a bed."""
        person.is_in_hospital = True
        arrived = self.env.now
        room = self.rooms.request()
        yield room
        got_room = self.env.now
        self.tally.visit(arrived, got_room)
        yield self.env.timeout(self.random.expovariate(1.0 / EMERGENCY_CARE))
        if self.random.random() < ADMITTED_SHARE:
            ready = self.env.now
            with self.beds.request() as bed:
                yield bed
                self.leave(room, got_room)
                stay = self.random.lognormvariate(STAY_MU, STAY_SIGMA)
                self.tally.admission(ready, self.env.now)
                self.tally.stay(self.env.now, self.env.now + stay)
                yield self.env.timeout(stay)
        else:
            self.leave(room, got_room)
        person.is_in_hospital = False

    def leave(self, room: simpy.resources.resource.Request, got_room: float) -> None:
        """Leave the emergency department."""
        self.rooms.release(room)
        self.tally.room(got_room, self.env.now)


def run(workload: Workload, number: int) -> Run:
    """One run of the workload; those of different numbers are independent."""
    town = Town(workload, number)
    town.env.run(until=workload.ends)
    return town.tally.run()
