"""The workload in salabim: people and episodes are components, its monitors do the statistics.

In the style with `yield`: that without asks for a further package, and is slower here.
"""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import Any

import salabim as sim

from .tally import Run, Statistics
from .workload import (
    ADMITTED_SHARE,
    EMERGENCY_CARE,
    EPISODE_INTERVAL,
    HOURS,
    MINUTES,
    STAY_MU,
    STAY_SIGMA,
    WARM_UP,
    Workload,
)

Process = Generator[Any, None, None]


class Town(sim.Environment):
    """The population, and the places where it is served."""

    def setup(self, workload: Workload, number: int) -> None:
        """Everybody is at home, all places are free."""
        self.workload = workload
        self.random = Random(f"salabim {number}")
        self.places = {
            role.name: sim.Resource(role.name, capacity=role.servers) for role in workload.roles
        }
        self.rooms = sim.Resource("rooms", capacity=workload.rooms)
        self.beds = sim.Resource("beds", capacity=workload.beds)
        self.missed = sim.Monitor("contacts missed")
        self.people = [Person() for _ in range(workload.people)]
        sim.ComponentGenerator(Episode, iat=sim.Exponential(EPISODE_INTERVAL / workload.people))


class Person(sim.Component):
    """Somebody of the population; what they do are their contacts."""

    is_in_hospital = False

    def process(self) -> Process:
        """Each contact when it is due, or as soon as the one before is over."""
        town = self.env
        for due, role in town.workload.calendar(town.random):
            yield self.hold(till=max(due, town.now()))
            if self.is_in_hospital:
                town.missed.tally(1)
            else:
                place = town.places[role.name]
                yield self.request(place)
                yield self.hold(role.service_time(town.random))
                self.release(place)


class Episode(sim.Component):
    """An acute episode of anybody who is not in hospital already."""

    def process(self) -> Process:
        """The emergency department; then home, or in the room until there is a bed."""
        town = self.env
        person = town.random.choice(town.people)
        if person.is_in_hospital:
            return
        person.is_in_hospital = True
        yield self.request(town.rooms)
        yield self.hold(town.random.expovariate(1.0 / EMERGENCY_CARE))
        if town.random.random() < ADMITTED_SHARE:
            yield self.request(town.beds)
            self.release(town.rooms)
            yield self.hold(town.random.lognormvariate(STAY_MU, STAY_SIGMA))
            self.release(town.beds)
        else:
            self.release(town.rooms)
        person.is_in_hospital = False


def run(workload: Workload, number: int) -> Run:
    """One run of the workload; those of different numbers are independent."""
    town = Town(workload=workload, number=number, random_seed=number, yieldless=False)
    town.run(till=WARM_UP)
    in_warm_up = contacts(town)
    for each in (*town.places.values(), town.rooms, town.beds, town.missed):
        each.reset_monitors()
    town.run(till=workload.ends)
    return Run(in_warm_up + contacts(town), statistics(town))


def arrivals(place: sim.Resource) -> int:
    """How many have asked for a place, and got it, since monitors were reset."""
    return place.requesters().length_of_stay.number_of_entries()


def contacts(town: Town) -> int:
    """Everything that has taken place since monitors were reset."""
    return sum(map(arrivals, (*town.places.values(), town.rooms)))


def mean_wait(place: sim.Resource) -> float:
    """Mean time between asking for a place and getting it."""
    return place.requesters().length_of_stay.mean()


def statistics(town: Town) -> Statistics:
    """What the monitors hold."""
    found: Statistics = {}
    for name, place in town.places.items():
        found[f"{name} contacts"] = arrivals(place)
        found[f"{name} wait, minutes"] = mean_wait(place) / MINUTES
        found[f"{name} busy"] = place.occupancy.mean()
    return found | {
        "contacts missed": town.missed.number_of_entries(),
        "ED visits": arrivals(town.rooms),
        "ED wait, minutes": mean_wait(town.rooms) / MINUTES,
        "rooms busy": town.rooms.occupancy.mean(),
        "admissions": arrivals(town.beds),
        "wait for a bed, hours": mean_wait(town.beds) / HOURS,
        "beds in use": town.beds.claimed_quantity.mean(),
    }
