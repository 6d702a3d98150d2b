"""Writing the event log: lines of numbers, where one is kept; and the traces of episodes."""

from __future__ import annotations

from parcours_sim.engine.record import FIRST_KIND, NO_DETAIL, trace_key

from .state import NOBODY, Territory


def note(
    territory: Territory, patient: int, what: int, detail: int = NO_DETAIL, occurrence: int = -1
) -> None:
    """Write a line of the event log; `patient` is NOBODY for one who isn't simulated."""
    if len(territory.lines) == 0:
        return
    clock = territory.clock
    if clock.lines == len(territory.lines):
        raise ValueError("one event has too much to say for the log")
    line = territory.lines[clock.lines]
    line.time_days = clock.now
    line.person = -1 if patient == NOBODY else territory.patients[patient].person
    line.generation = 0 if patient == NOBODY else territory.patients[patient].generation
    line.event = what
    line.detail = detail
    line.occurrence = occurrence
    clock.lines += 1


def trace(territory: Territory, what: int, patient: int, kind: int, occurrence: int) -> None:
    """Note something of an episode, for questions about coordination."""
    clock, person = territory.clock, territory.patients[patient].person
    if clock.traces == len(territory.traces):
        raise ValueError("one event has too much to note of episodes")
    territory.traces[clock.traces] = trace_key(what, person, kind, occurrence)
    clock.traces += 1


def note_episode(territory: Territory, patient: int, what: int, kind: int, occurrence: int) -> None:
    """Write a line about an episode."""
    note(territory, patient, what, FIRST_KIND + kind, occurrence)


def note_link(territory: Territory, patient: int, what: int, link: int, occurrence: int) -> None:
    """Write a line about a message over a link."""
    note(territory, patient, what, FIRST_KIND + len(territory.kinds) + link, occurrence)
