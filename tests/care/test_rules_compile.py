"""The rules of care that engines call compile as they are, and then give the same bits."""

import inspect
import types

import numpy as np
import pytest
from numba import njit
from tests.care.test_compilable import (
    COMPILED,
    FUNCTIONS,
    opening_hours,
    outcome,
    own_functions,
    request,
    uniform,
)

from parcours_sim.care import (
    access,
    control,
    demand,
    episodes,
    hazard,
    hospital,
    messages,
    routine,
)

MODULES = (hazard, control, messages, episodes, hospital, demand, routine, access)
CALLS = 2_000


def compiled_with_what_they_call():
    """Compile every rule, with the compiled form of what it calls in its place."""
    known = {FUNCTIONS[name]: twin for name, twin in COMPILED.items()}
    for module in MODULES:
        for function in own_functions(module).values():
            called = {
                name: known[value]
                for name, value in function.__globals__.items()
                if inspect.isfunction(value) and value in known
            }
            namespace = {**function.__globals__, **called}
            known[function] = njit(
                types.FunctionType(function.__code__, namespace, function.__name__)
            )
    return known


TWINS = compiled_with_what_they_call()
RULES = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": function
    for module in MODULES
    for name, function in own_functions(module).items()
}


def share(rng):
    """Give a probability, now and then none or certainty."""
    return float(rng.choice([0.0, 1.0, rng.random()], p=[0.1, 0.1, 0.8]))


def days(rng):
    return float(rng.exponential(9.0))


def level(rng):
    return int(rng.integers(3))


def several(makers):
    """Give a maker of arguments from one maker for each of them."""
    return lambda rng: tuple(make(rng) for make in makers)


def gps(rng):
    return np.zeros(int(rng.integers(3)), np.int64)


def asked(rng):
    """Give a request to some books, all of them the same GP's."""
    times, kinds, taken, first, _, day, now, until, mask, _, release = request(rng)
    own, within = int(rng.integers(-1, 1)), float(rng.exponential(1.0))
    patience, tolerance = until - now, float(rng.exponential(1.0))
    shared = int(rng.choice([0, 4]))
    return (
        times, kinds, taken, first, own, gps(rng), gps(rng), day, now, now, patience, tolerance,
        mask, shared, within, release,
    )  # fmt: skip


def asked_of_several(rng):
    times, kinds, taken, first, _, day, now, until, mask, _, release = request(rng)
    return (times, kinds, taken, first, gps(rng), day, now, until, mask, now, release)


def hour(rng):
    return float(rng.uniform(0.0, 24.0))


ARGUMENTS = {
    "hazard.excess_after_discharge": lambda rng: (
        days(rng),
        days(rng),
        days(rng) + 0.1,
        share(rng),
        bool(level(rng)),
    ),
    "hazard.onset_hazard": lambda rng: (
        share(rng),
        days(rng),
        days(rng),
        share(rng) + 0.5,
        level(rng),
        days(rng),
    ),
    "hazard.is_kept": lambda rng: (uniform(rng), share(rng), 0.9),
    "hazard.death_hazard": several([share, days, days, days]),
    "control.drifted": several([level]),
    "control.improved": several([level, uniform, share, uniform, share]),
    "messages.loss": several([share, days]),
    "messages.delay": several([uniform, uniform, share, days, share, days]),
    "episodes.window": several([uniform, uniform, share, days, share, days, share]),
    "episodes.is_noticed": several([uniform, share, share]),
    "episodes.is_effective": several([uniform, share]),
    "episodes.needs_precaution": several([uniform, share]),
    "hospital.goes_direct": lambda rng: (
        uniform(rng),
        share(rng),
        uniform(rng),
        share(rng),
        hour(rng),
        bool(level(rng)),
        *opening_hours(rng)[:2],
    ),
    "hospital.stay": lambda rng: (uniform(rng), days(rng) + 0.1, days(rng)),
    "hospital.time_in_care": lambda rng: (uniform(rng), level(rng), days(rng) + 0.1, share(rng)),
    "hospital.is_readmission": several([days, lambda rng: days(rng) - 20.0, days]),
    "demand.next_arrival": several([share, uniform, days]),
    "demand.hour_of_request": lambda rng: (uniform(rng), *opening_hours(rng)[:2]),
    "demand.hour_of_emergency": lambda rng: (uniform(rng), 0.05 + 0.9 * share(rng)),
    "demand.kind_of_request": several([uniform, share, share]),
    "routine.planned_time": lambda rng: (
        -365.0,
        int(rng.integers(500)),
        uniform(rng),
        uniform(rng),
        days(rng),
    ),
    "routine.contact_number": lambda rng: (
        int(rng.integers(2**63)),
        int(rng.integers(2**20)),
        int(rng.integers(8)),
    ),
    "routine.is_planned": several([uniform, days]),
    "routine.time_of_day": lambda rng: (days(rng) - 9.0, uniform(rng), 7.0, 19.0),
    "routine.round_capacity": lambda rng: (days(rng), int(rng.integers(-400, 2000))),
    "access.soonest": asked_of_several,
    "access.offer": asked,
}


def test_every_rule_is_compared_here():
    assert set(ARGUMENTS) == set(RULES)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_compiled_rule_gives_the_bits_of_the_interpreted_one(name):
    rng = np.random.default_rng(7)
    function = RULES[name]
    for _ in range(CALLS):
        arguments = ARGUMENTS[name](rng)
        assert outcome(TWINS[function], arguments) == outcome(function, arguments), arguments
