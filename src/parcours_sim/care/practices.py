"""Which GPs form which practices, when they change, and whom a layer reaches.

GPs belong to the world and stand in a fixed order. An organisation partitions them: who joins is
decided by a fixed mark, so a larger share of a practice model holds the GPs of a smaller one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .decisions import JOINING
from .episodes import share_noticed
from .parameters import GP, NURSE, PHARMACIST, Layer, Parameters
from .person import Person
from .population import Draw, place_of, rounded_shares
from .setting import Setting


@dataclass(frozen=True, slots=True)
class Team:
    """Where a GP practises: the model, and the GPs of the same practice, themselves included."""

    model: int
    colleagues: tuple[int, ...]


def teams(shares: Sequence[float], parameters: Parameters, draw: Draw) -> list[Team]:
    """The team of each GP, in the order of GPs, for these shares of practice models.

    GPs are taken in the order of their marks, model after model; within a model they are split
    evenly into practices of about the model's size.
    """
    by_mark = sorted(range(parameters.work.gps), key=lambda gp: (draw(gp, JOINING, 0, 0)[0], gp))
    of_gp: dict[int, Team] = {}
    taken = 0
    for model, count in enumerate(rounded_shares(shares, parameters.work.gps)):
        members = sorted(by_mark[taken : taken + count])
        taken += count
        for practice in _split(members, parameters.practices[model].gps_per_practice):
            of_gp.update(dict.fromkeys(practice, Team(model, practice)))
    return [of_gp[gp] for gp in range(parameters.work.gps)]


def joins_at(gp: int, parameters: Parameters, draw: Draw) -> float:
    """The day on which a GP's practice changes to the new organisation, within its ramp."""
    return draw(gp, JOINING, 0, 0)[1] * parameters.ramp_days


def has_joined(joins: float, now: float) -> int:
    """Whether a GP works in the new organisation at `now`, as a number: 0 before, 1 after.

    >>> has_joined(0.0, -1.0), has_joined(30.0, 30.0)
    (0, 1)
    """
    return 1 if now >= 0.0 and now >= joins else 0


def practice_of(territory: Setting, gp: int) -> int:
    """Position of the practice model under which a GP works now."""
    return int(territory.team_model[has_joined(territory.joins[gp], territory.clock.now), gp])


def uptake(layer: Layer, now: float, ramp_days: float) -> float:
    """Share of people whom a layer reaches at `now`: what it was before, then up along the ramp."""
    return along_the_ramp(layer.uptake[0], layer.uptake[1], now, ramp_days)


def replaced_share(layer: Layer, now: float, ramp_days: float) -> float:
    """Share of people who are under the table that takes a layer's place already; 0 if none does.

    They go over in the order of their marks, so that nobody is without a layer that stays.
    """
    if not layer.is_replaced:
        return 0.0
    return along_the_ramp(0.0, layer.uptake[1], now, ramp_days)


def reach(layer: Layer, now: float, ramp_days: float) -> float:
    """Share of people who are under this very table at `now`."""
    return max(0.0, uptake(layer, now, ramp_days) - replaced_share(layer, now, ramp_days))


def along_the_ramp(before: float, complete: float, now: float, ramp_days: float) -> float:
    """A share at `now` that changes from time 0 on, evenly over the ramp.

    >>> along_the_ramp(0.2, 0.6, 30.0, 60.0)
    0.4
    """
    if now < 0.0:
        return before
    if now >= ramp_days:
        return complete
    return before + (complete - before) * now / ramp_days


def is_meant(territory: Setting, patient: Person, layer: int) -> bool:
    """Whether a patient is among those whom a layer is for: everyone, older or ill people."""
    row = territory.layers[layer]
    if row.condition >= 0:
        return place_of(patient, territory.held, row.condition) >= 0
    return patient.older or not row.older_only


def is_reached_at(territory: Setting, patient: Person, layer: int, now: float) -> bool:
    """Whether a layer reaches a patient at an instant."""
    mark, row = territory.layer_marks[patient.number, layer], territory.layers[layer]
    if mark >= uptake(row, now, territory.ramp_days):
        return False
    gone = row.is_replaced and mark < replaced_share(row, now, territory.ramp_days)
    return not gone and is_meant(territory, patient, layer)


def is_reached(territory: Setting, patient: Person, layer: int) -> bool:
    """Whether a layer reaches a patient now."""
    return is_reached_at(territory, patient, layer, territory.clock.now)


def in_team(
    sender: int,
    receiver: int,
    nurse_mark: float,
    pharmacist_mark: float,
    nurse_share: float,
    pharmacist_share: float,
) -> bool:
    """Whether a link about a patient is within the practice's reach.

    The shares are those of patients whose nurse, and whose pharmacist, are in the team; a link from
    or to one of them is in reach where they are. All others reach the practice anyway.

    >>> from parcours_sim.care.parameters import HOSPITAL
    >>> in_team(HOSPITAL, NURSE, 0.8, 0.1, 0.7, 0.5)
    False
    """
    if sender == NURSE or receiver == NURSE:
        return nurse_mark < nurse_share
    if sender == PHARMACIST or receiver == PHARMACIST:
        return pharmacist_mark < pharmacist_share
    return True


def link_in_team(territory: Setting, patient: Person, sender: int, receiver: int) -> bool:
    """Whether the practice that sees a patient organises the link between two roles."""
    practice = territory.practices[practice_of(territory, patient.gp)]
    return patient.is_accepted and in_team(
        sender,
        receiver,
        patient.nurse_mark,
        patient.pharmacist_mark,
        practice.nurse_in_team_share,
        practice.pharmacist_in_team_share,
    )


def is_delegated(territory: Setting, patient: Person, mark: float) -> bool:
    """Whether the team's nurse makes a planned visit instead of the GP."""
    practice = territory.practices[practice_of(territory, patient.gp)]
    return mark < practice.delegated_share and link_in_team(territory, patient, NURSE, GP)


def recall_share(territory: Setting, patient: Person) -> float:
    """Probability that a patient is called in: the most that practice or a layer does about it."""
    practice = territory.practices[practice_of(territory, patient.gp)]
    share = max(territory.after.recall_share, practice.recall_share)
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            share = max(share, territory.layers[layer].recall_share)
    return share


def direct_share(territory: Setting, patient: Person) -> float:
    """Share of crises met by a doctor that may go straight to a bed, as organised now."""
    share = territory.hospital.direct_admission_share
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            share = max(share, territory.layers[layer].direct_admission_share)
    return share


def doctor_first_share(territory: Setting, patient: Person) -> float:
    """Share of crises in which a doctor is called before the ED, as organised now."""
    share = territory.hospital.doctor_first_shares[1 if patient.older else 0]
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            share = max(share, territory.layers[layer].doctor_first_share)
    return share


def noticing_share(territory: Setting, patient: Person, kind: int, role: int) -> float:
    """How likely a contact with a professional notices an open episode, as organised now.

    Each layer that reaches the patient has some of the signs noticed that were missed without it.
    """
    share = share_noticed(territory.kinds[kind], role)
    for layer in range(len(territory.layers)):
        gain = territory.layer_noticing[layer, kind, role]
        if gain > 0.0 and is_reached(territory, patient, layer):
            share += (1.0 - share) * gain
    return share


def patient_delay_ratio(territory: Setting, patient: Person) -> float:
    """How long a patient bears signs before asking for help, over the usual, as organised now."""
    ratio = 1.0
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            ratio *= territory.layers[layer].patient_delay_ratio
    return ratio


def is_seen(territory: Setting, patient: Person) -> bool:
    """Whether a practice answers a patient's requests now: as ever, or since a layer sees to it."""
    if patient.is_accepted:
        return True
    usual = territory.demand.practice_accepts_share
    for layer in range(len(territory.layers)):
        taken_in = territory.layers[layer].without_gp_taken_in_share
        found = taken_in > 0.0 and patient.acceptance_mark <= usual + (1.0 - usual) * taken_in
        if found and is_reached(territory, patient, layer):
            return True
    return False


def acceptance_share(territory: Setting) -> float:
    """Share of people who are not simulated and have no usual GP that a practice sees now.

    Only layers for everyone reach them, each as many as its uptake is.
    """
    share = territory.demand.practice_accepts_share
    for layer in range(len(territory.layers)):
        row = territory.layers[layer]
        if row.without_gp_taken_in_share > 0.0 and row.condition < 0 and not row.older_only:
            reached = reach(row, territory.clock.now, territory.ramp_days)
            share += (1.0 - share) * row.without_gp_taken_in_share * reached
    return share


def protocol_visits_per_year(territory: Setting, patient: Person) -> float:
    """How many protocol consultations a patient has a year, as things are organised now."""
    practice = territory.practices[practice_of(territory, patient.gp)]
    visits = 0.0
    if patient.end_held > patient.first_held and link_in_team(territory, patient, NURSE, NURSE):
        visits = practice.protocol_visits_per_year
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            visits += territory.layers[layer].protocol_visits_per_year
    return visits


def most_protocol_visits_per_year(territory: Setting, patient: Person) -> float:
    """The most protocol consultations a year that this patient can ever have in this scenario."""
    before, after = (
        territory.team_model[0, patient.gp],
        territory.team_model[1, patient.gp],
    )
    visits: float = max(
        territory.practices[before].protocol_visits_per_year,
        territory.practices[after].protocol_visits_per_year,
    )
    for layer in range(len(territory.layers)):
        visits += territory.layers[layer].protocol_visits_per_year
    return visits


def shares_within_days(territory: Setting) -> float:
    """How soon a slot shared over the territory must be, in days; 0 where nobody shares any."""
    within = 0.0
    for i in range(len(territory.layers)):
        layer = territory.layers[i]
        shares = layer.shared_slots_per_day + layer.added_slots_per_day > 0.0
        if shares and reach(layer, territory.clock.now, territory.ramp_days) > 0.0:
            within = max(within, layer.shared_within_days)
    return within


def _split(members: Sequence[int], size: float) -> list[tuple[int, ...]]:
    if not members:
        return []
    count = max(1, round(len(members) / size))
    cuts = [len(members) * i // count for i in range(count + 1)]
    return [tuple(members[a:b]) for a, b in pairwise(cuts)]
