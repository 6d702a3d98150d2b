"""What a practice model or a layer really changes in a territory, parameter by parameter.

The rules of care take the larger of what a territory does anyway and what an organisation asks for,
and a team's links hold only for patients whose nurse or pharmacist is in it (`care/practices.py`).
So a share that is not above the territory's, or anything asked of a team that nobody is in, changes
nothing. Here such parameters are put at what switches them off.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from .organisation import Layer, PracticeModel
from .quantity import Quantity
from .territory import Territory

Effective = dict[str, Quantity | str | bool]
"""By key path below a practice model or a layer."""

NURSES, PHARMACISTS = "nurse_in_team_share", "pharmacist_in_team_share"
TEAM_OF = {
    "follow.protocol_visits_per_year": NURSES,
    "follow.delegated_share": NURSES,
    "follow.nurse_protocol_share": NURSES,
    "follow.pharmacist_protocol_share": PHARMACISTS,
}
"""What is done in a team alone, and by which share of patients it is limited; links besides."""
ABOUT = ("title", "description")
OLDER = "age_75_and_over"


def of_practice(model: PracticeModel, territory: Territory) -> Effective:
    """Return what a practice model changes."""
    found = dict(_keys(model))
    floors = {
        "follow.recall_share": territory.after_discharge.recall_share.value,
        "follow.nurse_protocol_share": territory.professionals.nurse_protocol_share.value,
        "follow.pharmacist_protocol_share": territory.professionals.pharmacist_protocol_share.value,
    }
    _put_off(found, floors)
    for team in (NURSES, PHARMACISTS):
        if _number(found[team]) == 0.0:
            for key in _of_team(team, found, territory):
                found[key] = practice_off(key)
    return found


def of_layer(layer: Layer, territory: Territory) -> Effective:
    """Return what a layer changes where it reaches somebody."""
    found = dict(_keys(layer))
    hospital = territory.hospital
    doctor_first = [hospital.doctor_first_75_and_over_share.value]
    if layer.reaches != OLDER:
        doctor_first.append(hospital.doctor_first_under_75_share.value)
    floors = {
        "recall_share": territory.after_discharge.recall_share.value,
        "direct_admission_share": hospital.direct_admission_share.value,
        "doctor_first_share": min(doctor_first),
    }
    _put_off(found, floors)
    slots = ("shared_slots_per_gp_per_day", "added_slots_per_gp_per_day")
    if all(_number(found[key]) == 0.0 for key in slots):
        found["shared_within_days"] = layer_off("shared_within_days")
    return found


def teams_apart(on: Effective, off: Effective) -> list[str]:
    """Return the shares of patients in the team that differ between two practice models."""
    return [key for key in (NURSES, PHARMACISTS) if _number(on[key]) != _number(off[key])]


def does_nothing_in(team: str, model: Effective, territory: Territory) -> bool:
    """Tell whether a practice model leaves people in a team as they would be outside it."""
    return all(
        _number(model[key]) == practice_off(key).value for key in _of_team(team, model, territory)
    )


def practice_off(key: str) -> Quantity:
    """Return the value at which something done in a team changes nothing."""
    return _off(1.0 if key.startswith("links.") else 0.0)


def layer_off(key: str) -> Quantity:
    """Return the value at which a parameter of a layer changes nothing."""
    return _off(1.0 if key.startswith("links.") else 0.0)


def _off(value: float) -> Quantity:
    return Quantity(value=value, low=value, high=value, assumption="changes nothing: switched off")


def _put_off(found: Effective, floors: dict[str, float]) -> None:
    for key, floor in floors.items():
        if _number(found[key]) <= floor:
            found[key] = _off(0.0)


def _of_team(team: str, model: Effective, territory: Territory) -> Iterator[str]:
    """Yield the parameters that hold only for patients whose nurse, or pharmacist, is in a team."""
    role, other = ("nurse", "") if team == NURSES else ("pharmacist", "nurse")
    for key in model:
        if TEAM_OF.get(key) == team:
            yield key
        if key.startswith("links."):
            link = territory.links[key.split(".")[1]]
            ends = (link.sender, link.receiver)
            # As in care/practices.py::in_team, a link between both is the nurse's.
            if role in ends and other not in ends:
                yield key


def _keys(item: BaseModel, path: str = "") -> Iterator[tuple[str, Quantity | str | bool]]:
    for name, inside in item:
        if path or name not in ABOUT:
            yield from _below(f"{path}{name}", inside)


def _below(path: str, item: object) -> Iterator[tuple[str, Quantity | str | bool]]:
    if isinstance(item, Quantity | str | bool):
        yield path, item
    elif isinstance(item, dict):
        for name, inside in item.items():
            yield from _below(f"{path}.{name}", inside)
    elif isinstance(item, BaseModel):
        yield from _keys(item, f"{path}.")


def _number(item: Quantity | str | bool) -> float:
    assert isinstance(item, Quantity)
    return item.value
