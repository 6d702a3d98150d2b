"""What a practice model or a layer really changes in a territory, parameter by parameter.

The rules of care take the larger of what a territory does anyway and what an organisation asks for,
and what is done in a team holds only for patients whose nurse or pharmacist is in it
(`care/practices.py`, `care/control.py`). So a share that is not above the territory's, or anything
asked of a team that nobody is in, changes nothing. Here such parameters are put at the value that
says so, and two organisations can be compared by what they do.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from .checks import GROUPS
from .organisation import Layer, PracticeModel
from .quantity import Quantity
from .territory import Territory

Item = Quantity | str | bool
Effective = dict[str, Item]
"""By key path below a practice model or a layer."""

NURSES, PHARMACISTS = "nurse_in_team_share", "pharmacist_in_team_share"
IN_TEAM = {
    "follow.protocol_visits_per_year": NURSES,
    "follow.delegated_share": NURSES,
    "follow.nurse_protocol_share": NURSES,
    "follow.pharmacist_protocol_share": PHARMACISTS,
}
"""What is done in a team alone, links aside, and the share of patients whose team can do it."""
OLDER = GROUPS[0]
SLOTS = ("shared_slots_per_gp_per_day", "added_slots_per_gp_per_day")
NEEDS = {"shared_within_days": SLOTS, "experts_per_100k": ("expert_share",)}
"""Parameters of a layer that change nothing unless one of others does."""


def of_practice(model: PracticeModel, territory: Territory) -> Effective:
    """Return what a practice model changes."""
    found, work = dict(_keys(model)), territory.professionals
    floors = {
        "follow.recall_share": territory.after_discharge.recall_share.value,
        "follow.nurse_protocol_share": work.nurse_protocol_share.value,
        "follow.pharmacist_protocol_share": work.pharmacist_protocol_share.value,
    }
    _put_off(found, floors)
    for team in (NURSES, PHARMACISTS):
        if value_of(found[team]) == 0.0:
            found |= {key: off_at(key) for key in _of_team(team, found, territory)}
    return found


def of_layer(layer: Layer, territory: Territory) -> Effective:
    """Return what a layer changes for those whom it reaches."""
    found, hospital = dict(_keys(layer)), territory.hospital
    called_first = [hospital.doctor_first_75_and_over_share.value]
    if layer.reaches != OLDER:
        called_first.append(hospital.doctor_first_under_75_share.value)
    floors = {
        "recall_share": territory.after_discharge.recall_share.value,
        "direct_admission_share": hospital.direct_admission_share.value,
        "doctor_first_share": min(called_first),
    }
    _put_off(found, floors)
    for key, others in NEEDS.items():
        if all(value_of(found[other]) == 0.0 for other in others):
            found[key] = off_at(key)
    return found


def off_at(key: str) -> Quantity:
    """Return the value at which a parameter of a team or a layer changes nothing.

    >>> off_at("links.nurse_to_gp.loss_ratio").value, off_at("recall_share").value
    (1.0, 0.0)
    """
    value = 1.0 if key.startswith("links.") or key == "patient_delay_ratio" else 0.0
    return Quantity(value=value, low=value, high=value, assumption="switched off: changes nothing")


def value_of(item: Item) -> float | str | bool:
    """Return what counts of a parameter."""
    return item.value if isinstance(item, Quantity) else item


def shared_team(team: str, on: Effective, off: Effective, territory: Territory) -> Item | None:
    """Return a share of patients in the team under which both models do what they do, if any.

    Where one of two models does nothing in its team, it makes no difference to it who is in it.
    """
    if value_of(on[team]) == value_of(off[team]) or _does_nothing(team, off, territory):
        return on[team]
    return off[team] if _does_nothing(team, on, territory) else None


def _does_nothing(team: str, model: Effective, territory: Territory) -> bool:
    keys = _of_team(team, model, territory)
    return all(value_of(model[key]) == off_at(key).value for key in keys)


def _put_off(found: Effective, floors: dict[str, float]) -> None:
    for key, floor in floors.items():
        value = value_of(found[key])
        if isinstance(value, float) and value <= floor:
            found[key] = off_at(key)


def _of_team(team: str, model: Effective, territory: Territory) -> Iterator[str]:
    """Yield what holds only for patients whose nurse, or pharmacist, is in the team."""
    for key in model:
        if key.startswith("links."):
            link = territory.links[key.split(".")[1]]
            ends = (link.sender, link.receiver)
            # As in care/practices.py::in_team, a link between the two is the nurse's.
            whose = NURSES if "nurse" in ends else PHARMACISTS if "pharmacist" in ends else ""
        else:
            whose = IN_TEAM.get(key, "")
        if whose == team:
            yield key


def _keys(table: BaseModel) -> Iterator[tuple[str, Item]]:
    for name, item in table:
        if name not in ("title", "description"):
            yield from _below(name, item)


def _below(path: str, item: object) -> Iterator[tuple[str, Item]]:
    if isinstance(item, Quantity | str | bool):
        yield path, item
    elif isinstance(item, dict | BaseModel):
        for name, inside in item.items() if isinstance(item, dict) else item:
            yield from _below(f"{path}.{name}", inside)
