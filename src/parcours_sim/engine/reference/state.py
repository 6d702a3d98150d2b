"""What the engine remembers: patients, their open episodes, and the territory at work.

State only; what happens to it is told in the other modules of this package.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import simpy

from parcours_sim.care.diary import Books
from parcours_sim.care.parameters import Kind, Parameters
from parcours_sim.care.population import Draw, Inhabitant
from parcours_sim.care.practices import Team
from parcours_sim.care.tallies import POSITION, WAIT_BINS, Groups
from parcours_sim.engine.record import Entry

from .clock import Clock

NEVER = -math.inf


@dataclass(slots=True, eq=False)
class Appointment:
    """A slot held for a patient; whoever gives it back frees it for others."""

    slot: int
    """Position in the books; -1 for a walk-in's place."""
    gp: int
    time: float
    purpose: str
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
class Patient:
    """Someone simulated one by one: who they are, and how they are now."""

    who: Inhabitant
    groups: tuple[int, int, int]
    """Everyone, the age band, and the practice model of the organisation."""
    marks: tuple[float, float, float, float]
    """0: having a nurse in the team; 1: a pharmacist; 3: the hour of the day of visits."""
    layer_marks: tuple[float, ...]
    """Of being reached by each layer."""
    control: list[int]
    """Level of control of each of the person's conditions."""
    drifts_at: list[float]
    """When control next drifts down, for each condition."""
    drifts: list[int]
    generation: int = 0
    is_in_care: bool = False
    """In a room of the emergency department, waiting for one, or in a bed."""
    is_in_bed: bool = False
    home_at: float = NEVER
    """End of the current or last stay in a bed."""
    visit_is_over: simpy.Event | None = None
    """Happens when the current visit to the emergency department ends, with or without a bed."""
    open_episodes: list[Episode] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    discharged_at: float = NEVER
    last_kind: Kind | None = None
    """Kind of the last stay, and its position."""
    last_position: int = -1
    is_relieved: bool = False
    gp_has_letter: bool = False
    nurse_has_letter: bool = False
    awaits_follow_up: bool = False
    hospitalised_years: set[tuple[int, int]] = field(default_factory=set)
    """(kind, year) of the years with a stay of that kind, (-1, year) of those with any stay."""
    left_hospital_at: dict[int, float] = field(default_factory=dict)
    """Last discharge by kind of stay."""


class Territory:
    """The territory at work: clock, books, rooms and beds, patients, and what is counted.

    Stories take it as their first argument.
    """

    def __init__(
        self,
        parameters: Parameters,
        draw: Draw,
        clock: Clock,
        books: Books,
        teams: tuple[list[Team], list[Team]],
        joins: list[float],
        day_codes: list[int],
        groups: Groups,
        *,
        keeps_log: bool,
    ) -> None:
        """An empty territory at the start of its warm-up."""
        self.parameters = parameters
        self.draw = draw
        self.clock = clock
        self.books = books
        self.book_ends: list[int] = books.day_first[:, -1].tolist()
        self.all_books = np.arange(parameters.work.gps, dtype=np.int64)
        self.teams = teams
        self.joins = joins
        """Day on which each GP joins the organisation."""
        self.day_codes = day_codes
        self.first_day = books.first_day
        self.patients: list[Patient] = []
        self.rooms = simpy.PriorityResource(clock, parameters.hospital.ed_rooms)
        self.beds = simpy.PriorityResource(clock, parameters.hospital.beds)
        self.walk_in_free_at = [NEVER] * parameters.work.gps
        self.nurse_rounds: dict[tuple[int, int], int] = {}
        """Visits on the round of (nurse, day) so far."""
        self.counters = np.full(parameters.work.pharmacies * parameters.work.counters, NEVER)
        self.day_table = np.array(day_codes, np.int8)
        self.list_weights: list[float] = []
        self.start_day = float(parameters.start.timetuple().tm_yday)
        self.groups = groups
        self.row = {name: i * len(groups.labels) for name, i in POSITION.items()}
        """Where the tallies of an outcome begin; a group's position is added."""
        self.tallies = [0.0] * (len(POSITION) * len(groups.labels))
        self.waits = [[0.0] * WAIT_BINS for _ in range(3)]
        self.stays: list[int] = []
        self.contacts = 0
        self.log: list[Entry] | None = [] if keeps_log else None
        self.consult: Callable[[Territory, Patient, Appointment], None]
        """What happens when an appointment's time has come. Set by `simulation.py`, since what
        patients go through is a circle, and imports are not."""
        self.nurse_calls: Callable[[Territory, Patient, int], None]
        """A nurse's visit after a discharge; set by `simulation.py` too."""

    def team_of(self, gp: int, now: float) -> Team:
        """The practice of a GP at `now`: the former one until the GP joins the organisation."""
        return self.teams[now >= 0.0 and now >= self.joins[gp]][gp]

    def count(self, name: str, group: int, amount: float = 1.0) -> None:
        """Add to one tally, if the warm-up is over."""
        if self.clock.now >= 0.0:
            self.tallies[self.row[name] + group] += amount

    def count_for(self, patient: Patient, name: str, kind: int = -1, amount: float = 1.0) -> None:
        """Add to a tally for everyone, the patient's age band and practice, and a kind if given."""
        if self.clock.now >= 0.0:
            self._add(patient, name, kind, amount)

    def count_clipped(
        self, patient: Patient, name: str, kind: int, begin: float, end: float
    ) -> None:
        """Add the part of a stretch of time (days) that lies in the measured horizon."""
        amount = min(end, self.parameters.ends) - max(begin, 0.0)
        if amount > 0.0:
            self._add(patient, name, kind, amount)

    def _add(self, patient: Patient, name: str, kind: int, amount: float) -> None:
        row, tallies = self.row[name], self.tallies
        everyone, age, practice = patient.groups
        tallies[row + everyone] += amount
        tallies[row + age] += amount
        tallies[row + practice] += amount
        if kind >= 0:
            tallies[row + self.groups.kinds + kind] += amount

    def count_at(self, time: float, name: str, group: int, amount: float = 1.0) -> None:
        """Add to one tally by a date that is known in advance."""
        if 0.0 <= time < self.parameters.ends:
            self.tallies[self.row[name] + group] += amount

    def note(
        self, patient: Patient | None, event: str, detail: str = "", occurrence: int = -1
    ) -> None:
        """Write a line of the event log, where one is kept."""
        if self.log is not None:
            person = -1 if patient is None else patient.who.person
            generation = 0 if patient is None else patient.generation
            self.log.append(Entry(self.clock.now, person, generation, event, detail, occurrence))
