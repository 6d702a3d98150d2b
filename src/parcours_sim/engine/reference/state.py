"""What the engine remembers: patients, their open episodes, and the territory at work.

State only; what happens to it is told in the other modules of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import simpy

from parcours_sim.care.parameters import Kind, Parameters
from parcours_sim.care.person import Held, Person
from parcours_sim.care.population import Draw
from parcours_sim.care.setting import Setting
from parcours_sim.engine.record import FIRST_KIND, NO_DETAIL, Trace, What, trace_key

from .clock import Clock


@dataclass(slots=True, eq=False)
class Appointment:
    """A slot held for a patient; whoever gives it back frees it for others."""

    slot: int
    """Position in the books; -1 for a walk-in's place."""
    gp: int
    time: float
    purpose: int
    number: int
    """Address of the consultation's draws."""
    is_held: bool = True
    episode: Episode | None = None


@dataclass(slots=True, eq=False)
class Episode:
    """A worsening episode while it is open: the race between its window and the response."""

    kind: Kind
    position: int
    """Position of the kind among the scenario's."""
    occurrence: int
    onset: float
    crisis_at: float
    resolves_alone: bool
    is_open: bool = True
    is_answered: bool = False
    """Somebody has treated it, or a slot is booked for that."""
    is_treated: bool = False
    is_at_emergency: bool = False
    """The patient is at the emergency department for it, so its crisis is dealt with there."""
    lost_links: set[int] = field(default_factory=set)
    appointment: Appointment | None = None


@dataclass(slots=True, eq=False)
class Patient(Person):
    """Someone simulated one by one, with what is open and what is booked."""

    visit_is_over: simpy.Event | None = None
    """Happens when the current visit to the emergency department ends, with or without a bed."""
    open_episodes: list[Episode] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)


class Territory(Setting):
    """The territory at work: its setting, with clock, rooms and beds, and a log.

    Stories take it as their first argument.
    """

    clock: Clock
    patients: Sequence[Patient]

    def __init__(
        self, setting: Setting, parameters: Parameters, draw: Draw, *, keeps_log: bool
    ) -> None:
        """A setting whose rows have become objects, before anything happens."""
        for each in fields(setting):
            setattr(self, each.name, getattr(setting, each.name))
        p = parameters
        self.conditions, self.links, self.kinds = p.conditions, p.links, p.kinds
        self.practices, self.layers = p.practices, p.layers
        self.people, self.demand, self.work = p.people, p.demand, p.work
        self.hospital, self.after, self.advice, self.costs = p.hospital, p.after, p.advice, p.costs
        self.patients = _as_objects(setting.patients, Patient)
        self.held = _as_objects(setting.held, Held)
        self.tallies = setting.tallies.tolist()
        self.waits = setting.waits.tolist()
        self.response_times = setting.response_times.tolist()
        self.draw = draw
        self.day_codes: list[int] = setting.day_table.tolist()
        self.rooms = simpy.PriorityResource(self.clock, p.hospital.ed_rooms)
        self.beds = simpy.PriorityResource(self.clock, p.hospital.beds)
        self.stays: list[int] = []
        self.traces: set[int] = set()
        self.contacts = 0
        self.log: list[tuple[float, int, int, int, int, int]] | None = [] if keeps_log else None
        self.consult: Callable[[Territory, Patient, Appointment], None]
        """What happens when an appointment's time has come. Set by `simulation.py`, since what
        patients go through is a circle, and imports are not."""
        self.nurse_calls: Callable[[Territory, Patient, int], None]
        """A nurse's visit after a discharge; set by `simulation.py` too."""

    def note(
        self, patient: Patient | None, what: What, detail: int = NO_DETAIL, occurrence: int = -1
    ) -> None:
        """Write a line of the event log, where one is kept."""
        if self.log is not None:
            person = -1 if patient is None else patient.person
            generation = 0 if patient is None else patient.generation
            self.log.append((self.clock.now, person, generation, what, detail, occurrence))

    def trace(self, what: Trace, patient: Patient, kind: int, occurrence: int) -> None:
        """Note something of an episode, for questions about coordination."""
        self.traces.add(trace_key(what, patient.person, kind, occurrence))

    def note_episode(self, patient: Patient, what: What, episode: Episode) -> None:
        """Write a line about an episode."""
        self.note(patient, what, FIRST_KIND + episode.position, episode.occurrence)

    def note_link(self, patient: Patient, what: What, link: int, occurrence: int) -> None:
        """Write a line about a message over a link."""
        self.note(patient, what, FIRST_KIND + len(self.kinds) + link, occurrence)


def _as_objects(rows: Any, kind: type[Any]) -> list[Any]:
    return [kind(*row) for row in rows.tolist()]
