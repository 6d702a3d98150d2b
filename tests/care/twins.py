"""Rules in two forms, interpreted and compiled, on one territory in two forms, objects and rows.

What a rule gives back and what it leaves behind are compared to the bit.
"""

import struct
from collections import namedtuple
from dataclasses import fields, replace
from functools import cache

import numpy as np
from numba import njit
from tests.care.world import STACKED, Moment, draws
from tests.engine.small import busy

from parcours_sim.care.flatten import flatten
from parcours_sim.care.person import Held, Person
from parcours_sim.care.setting import Setting
from parcours_sim.care.tables import as_rows
from parcours_sim.engine import setting
from parcours_sim.engine.compiled.view import view
from parcours_sim.engine.kernels import IN_ONE_INSTRUCTION, compiled
from parcours_sim.engine.reference.simulation import begin_stories, build
from parcours_sim.engine.reference.state import Territory

WALK_IN = "organisation__practices__regroupe__model__access__walk_in_days_per_week"
SMALL = {"territory__inhabitants": 2000, "territory__professionals__gps_per_100k": 800.0}
OFFICE = {
    "territory__professionals__nurse_access": "office",
    "territory__professionals__nurse_visit_law": "exponential",
    "territory__professionals__dispensing_law": "exponential",
}
PROTOCOL = {
    "horizon__years": 0.6,
    "organisation__layers__anticoagulants__uptake_share": 0.6,
    "organisation__layers__anticoagulants__layer__doctor_first_share": 0.7,
    "territory__conditions__anticoagulated__prevalence_under_75_share": 0.1,
}
CRISIS = {
    "territory__demand__surge_begins_days": 5.0,
    "organisation__layers__cpts_crise__layer__expert_share": 0.5,
    "organisation__layers__cpts_crise__layer__patient_delay_ratio": 0.5,
}
WORLDS = {
    "cpts": flatten(busy("cpts", **SMALL, **{WALK_IN: 2.0})),
    "stacked": flatten(busy(STACKED, **SMALL, **OFFICE)),
    "protocol": flatten(busy("msp_haute_loire_anticoagulants", **SMALL, **PROTOCOL)),
    "crisis": flatten(busy("cpts_crise_sanitaire", **SMALL, **CRISIS)),
}
"""Many models of practice, some with walk-in days, under a layer; one model under two layers, where
nurses have an office; teams with a layer for people with a condition, which notices; a surge of
demand under a layer that does all that a layer can."""
WORLDS = {
    name: replace(
        world,
        advice=replace(world.advice, experts=2),
        layers=tuple(replace(layer, first_expert=0, end_expert=2) for layer in world.layers),
    )
    for name, world in WORLDS.items()
}

Seen = namedtuple("Seen", [field.name for field in fields(Setting)])
CLOCK = np.dtype([("now", "f8")])


@cache
def lived_in(world: str) -> Setting:
    """Give a territory as rows, after some months in which people fell ill and were treated."""
    of = WORLDS[world]
    lived = build(of, 1, 0, keeps_log=False)
    begin_stories(lived)
    lived.clock.run(until=0.7 * of.ends)
    return replace(
        setting.settle(of, Moment(lived.clock.now), 1, 0),
        patients=as_rows(lived.patients, Person),
        held=as_rows(lived.held, Held),
        tallies=np.array(lived.tallies),
        waits=np.array(lived.waits),
        response_times=np.array(lived.response_times),
        **{name: getattr(lived, name) for name in CHANGED},
    )


CHANGED = (
    "slot_taken",
    "free_slots",
    "walk_in_free_at",
    "nurse_rounds",
    "nurses_free_at",
    "counters",
    "experts_free_at",
    "left_hospital_at",
    "year_of_stay",
)
"""Arrays that change, in both forms alike; patients and conditions held do too."""
COUNTED = ("tallies", "waits", "response_times")
"""And so do these, which are lists where the others are arrays."""


def pair(world: str) -> tuple[Territory, Seen]:
    """Give a territory twice: as records and objects, and as rows and arrays of its own."""
    objects, rows = (
        replace(lived_in(world), **{name: array.copy() for name, array in _arrays_of(world)})
        for _ in range(2)
    )
    rows.clock = np.zeros(1, CLOCK)[0]
    seen = Seen(*(getattr(rows, name) for name in Seen._fields))
    return Territory(objects, WORLDS[world], draws(), keeps_log=False), seen


def _arrays_of(world):
    every = ((field.name, getattr(lived_in(world), field.name)) for field in fields(Setting))
    return [(name, value) for name, value in every if isinstance(value, np.ndarray)]


def set_clocks(objects: Territory, rows: Seen, now: float) -> None:
    """Make it the same instant in both forms."""
    objects.clock.now = now
    rows.clock["now"] = now


def twin(function):
    """Give a rule compiled; a territory that it takes is seen as compiled functions see it."""
    # Which only compiled functions can call.
    rule = IN_ONE_INSTRUCTION.get(function) or compiled(function)

    @njit
    def on_anything_else(arguments):
        return rule(*arguments)

    @njit
    def on_territory(seen, rest):
        return rule(view(seen), *rest)

    def call(*arguments):
        if arguments and isinstance(arguments[0], Seen):
            return on_territory(arguments[0], arguments[1:])
        return on_anything_else(arguments)

    return call


def outcome(function, arguments):
    """Give the bits of what a call returns or raises, and of the plain arrays it was given."""
    try:
        returned = function(*arguments)
    except ValueError as error:
        returned = str(error)
    values = returned if isinstance(returned, tuple) else (returned,)
    arrays = [a for a in arguments if isinstance(a, np.ndarray) and a.dtype.names is None]
    return [bits(value) for value in values], [array.tobytes() for array in arrays]


def bits(value):
    """Give a float as its bytes, so that nothing but the same bits is the same."""
    return struct.pack("d", value) if isinstance(value, float) else value


def state_of(territory) -> dict[str, bytes]:
    """Give the bits of all that rules may change in a territory, in either form."""
    rows = {"patients": Person, "held": Held}
    found = {name: np.asarray(getattr(territory, name)) for name in (*CHANGED, *COUNTED)}
    for table, record in rows.items():
        as_table = getattr(territory, table)
        if not isinstance(as_table, np.ndarray):
            as_table = as_rows(as_table, record)
        found |= {f"{table}.{name}": as_table[name] for name in as_table.dtype.names}
    return {name: array.tobytes() for name, array in found.items()}
