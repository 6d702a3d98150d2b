"""Messages on their way: sent over a link, late, or lost; the twin of `reference/messages.py`."""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.decisions import LINK_LOST, MESSAGE
from parcours_sim.care.messages import days_on_the_way, is_lost
from parcours_sim.care.tallies import count_arrival
from parcours_sim.engine.record import What

from .draws import draw
from .log import note_link
from .pools import take
from .queue import plan
from .state import Pool, Step, Territory


def loses(
    territory: Territory, patient: int, link: int, kind: int, occurrence: int, word: int
) -> bool:
    """Whether a link is lost for this episode (word 0) or this discharge (word 1)."""
    person, aspect = territory.patients[patient], territory.link_ids[kind, link]
    marks = draw(territory, person.person, LINK_LOST, occurrence, aspect)
    return is_lost(territory, person, link, marks[word])


def days_of_message(
    territory: Territory, patient: int, link: int, kind: int, occurrence: int, urgent: bool
) -> float:
    """Days that a message about a kind of episode takes that is sent now and not lost."""
    person, aspect = territory.patients[patient], territory.link_ids[kind, link]
    same_day, mark, _, _ = draw(territory, person.person, MESSAGE, occurrence, aspect)
    return days_on_the_way(territory, person, link, urgent, same_day, mark)


def post(
    territory: Territory,
    patient: int,
    link: int,
    kind: int,
    episode: int,
    occurrence: int,
    receiver: int,
    days: float,
    since: float,
) -> None:
    """Send a message that arrives after some days."""
    place = take(territory, territory.messages, Pool.MESSAGES)
    message = territory.messages[place]
    message.patient = patient
    message.generation = territory.patients[patient].generation
    message.link = link
    message.kind = kind
    message.episode = episode
    message.occurrence = occurrence
    message.receiver = receiver
    message.days = days
    message.since = since
    plan(territory, territory.clock.now + days, order.MESSAGE, Step.MESSAGE, place)


def note_arrival(
    territory: Territory, patient: int, link: int, occurrence: int, days: float, is_same: bool
) -> None:
    """A message has come; it is noted if the patient is still the same person."""
    count_arrival(territory, link, days)
    if is_same:
        note_link(territory, patient, What.MESSAGE_ARRIVES, link, occurrence)
