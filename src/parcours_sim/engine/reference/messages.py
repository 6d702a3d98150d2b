"""Messages between those who care for a patient: sent over a link, late, or lost.

How long a message takes and whether it is lost is the rule of `care/messages.py`; here it is worked
out what the patient's practice and the layers that reach them make of the link at that moment.
"""

from __future__ import annotations

from collections.abc import Callable

from parcours_sim.care import messages, order
from parcours_sim.care.decisions import LINK_LOST, MESSAGE
from parcours_sim.care.parameters import Layer, Practice
from parcours_sim.care.practices import in_team, reaches
from parcours_sim.care.tallies import ALL

from .clock import Story
from .state import Patient, Territory


def layers_of(territory: Territory, patient: Patient) -> list[Layer]:
    """The layers that reach a patient now."""
    p, now, older = territory.parameters, territory.clock.now, patient.who.older
    return [
        layer
        for layer, mark in zip(p.layers, patient.layer_marks, strict=True)
        if reaches(layer, older, mark, now, p.ramp_days)
    ]


def practice_of(territory: Territory, patient: Patient) -> Practice:
    """The practice model under which the patient's GP works now."""
    model = territory.team_of(patient.who.gp, territory.clock.now).model
    return territory.parameters.practices[model]


def is_followed_by(patient: Patient, practice: Practice, role: str) -> bool:
    """Whether the patient's nurse or pharmacist is in the team of the practice that sees them."""
    shares = (practice.nurse_in_team_share, practice.pharmacist_in_team_share)
    return patient.who.is_accepted and in_team(role, "gp", *patient.marks[:2], shares)


def link_ratios(territory: Territory, patient: Patient, link: int) -> tuple[float, float]:
    """Delay and loss of a link over the territory's own, for this patient now."""
    practice, row = practice_of(territory, patient), territory.parameters.links[link]
    shares = (practice.nurse_in_team_share, practice.pharmacist_in_team_share)
    delay = loss = 1.0
    if patient.who.is_accepted and in_team(row.sender, row.receiver, *patient.marks[:2], shares):
        delay, loss = practice.links[link]
    for layer in layers_of(territory, patient):
        delay, loss = delay * layer.links[link][0], loss * layer.links[link][1]
    return delay, loss


def links_from(territory: Territory, sender: str, receiver: str) -> list[int]:
    """Positions of the links between two roles."""
    return [
        position
        for position, link in enumerate(territory.parameters.links)
        if link.sender == sender and link.receiver == receiver
    ]


def is_lost(
    territory: Territory, patient: Patient, link: int, aspect: int, occurrence: int, word: int
) -> bool:
    """Whether a link is lost for this episode (word 0) or this discharge (word 1)."""
    share = territory.parameters.links[link].loss_share
    _, ratio = link_ratios(territory, patient, link)
    mark = territory.draw(patient.who.person, LINK_LOST, occurrence, aspect)[word]
    return mark < messages.loss(share, ratio)


def travel(
    territory: Territory,
    patient: Patient,
    link: int,
    aspect: int,
    occurrence: int,
    urgent: bool,
    arrives: Callable[[], None],
) -> Story:
    """A message that is not lost, on its way; `arrives` is called when it has come."""
    row = territory.parameters.links[link]
    ratio, _ = link_ratios(territory, patient, link)
    if urgent:
        ratio *= row.urgent_ratio
    same_day, mark, *_ = territory.draw(patient.who.person, MESSAGE, occurrence, aspect)
    days = messages.delay(
        same_day, mark, row.same_day_share, row.delay_days, row.delay_sigma, ratio
    )
    generation = patient.generation
    if days > 0.0:
        yield territory.clock.at(territory.clock.now + days, order.MESSAGE)
    for group in (ALL, territory.groups.links + link):
        territory.count("messages_arrived", group)
        territory.count("message_days", group, days)
    if patient.generation == generation:
        territory.note(patient, "message arrives", row.name, occurrence)
        arrives()


def count_sent(territory: Territory, link: int, *, lost: bool) -> None:
    """Count a message, and its loss."""
    for group in (ALL, territory.groups.links + link):
        territory.count("messages_sent", group)
        if lost:
            territory.count("messages_lost", group)
