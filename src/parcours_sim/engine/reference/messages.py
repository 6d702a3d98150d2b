"""Messages between those who care for a patient: sent over a link, late, or lost.

How long a message takes and whether it is lost are rules of `care/messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from parcours_sim.care import messages, order
from parcours_sim.care.decisions import LINK_LOST, MESSAGE
from parcours_sim.care.tallies import count_arrival
from parcours_sim.engine.record import What

from .clock import Story
from .state import Patient, Territory


def links_from(territory: Territory, sender: int, receiver: int) -> list[int]:
    """Positions of the links between two roles."""
    return [
        position
        for position, link in enumerate(territory.links)
        if link.sender == sender and link.receiver == receiver
    ]


def is_lost(
    territory: Territory, patient: Patient, link: int, aspect: int, occurrence: int, word: int
) -> bool:
    """Whether a link is lost for this episode (word 0) or this discharge (word 1)."""
    mark = territory.draw(patient.person, LINK_LOST, occurrence, aspect)[word]
    return messages.is_lost(territory, patient, link, mark)


def days_of_message(
    territory: Territory, patient: Patient, link: int, aspect: int, occurrence: int, urgent: bool
) -> float:
    """Days that a message takes that is sent now and not lost."""
    same_day, mark, *_ = territory.draw(patient.person, MESSAGE, occurrence, aspect)
    return messages.days_on_the_way(territory, patient, link, urgent, same_day, mark)


def travel(
    territory: Territory,
    patient: Patient,
    link: int,
    occurrence: int,
    days: float,
    arrives: Callable[[], None],
) -> Story:
    """A message that is not lost, on its way; `arrives` is called when it has come."""
    generation = patient.generation
    if days > 0.0:
        yield territory.clock.at(territory.clock.now + days, order.MESSAGE)
    count_arrival(territory, link, days)
    if patient.generation == generation:
        territory.note_link(patient, What.MESSAGE_ARRIVES, link, occurrence)
        arrives()
