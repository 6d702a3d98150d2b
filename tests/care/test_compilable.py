"""What engines call in care/ compiles unchanged and then gives the same bits."""

import inspect
from itertools import pairwise

import numpy as np
import pytest
from numba import njit
from tests.care.twins import outcome, twin

from parcours_sim.care import appointments, calendar, counter, distributions, draws
from parcours_sim.engine.kernels import compiled

MODULES = (draws, distributions, calendar, appointments, counter)
SET_UP_ONLY = {"stable_id", "easter_sunday", "french_public_holidays", "day_codes"}
CALLS = 20_000


def own_functions(module):
    """Give a module's functions by name, but for those used only before anything happens."""
    return {
        name: function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and name not in SET_UP_ONLY
    }


FUNCTIONS = {name: f for module in MODULES for name, f in own_functions(module).items()}
COMPILED = {name: twin(function) for name, function in FUNCTIONS.items()}


def uniform(rng):
    """Give a uniform as block() makes them, now and then an extreme one."""
    cell = int(rng.choice([0, 2**52 - 1, rng.integers(2**52)], p=[0.01, 0.01, 0.98]))
    return (cell + 0.5) * 2.0**-52


def opening_hours(rng):
    return tuple(float(hour) for hour in rng.integers([6, 15, 0], [10, 24, 14]))


def request(rng):
    slots, days = 40, 10
    taken = (rng.random(slots) < 0.8).astype(np.int8)
    time = np.sort(rng.random(slots) * days)
    kind = rng.integers(0, 3, slots).astype(np.int8)
    first = np.searchsorted(time, np.arange(days + 1)).astype(np.int32).reshape(1, -1)
    free = np.array([[(taken[a:b] == 0).sum() for a, b in pairwise(first[0])]], np.int32)
    now = float(rng.uniform(-2.0, days + 1.0))
    until, release = now + float(rng.exponential(3.0)), float(rng.exponential(1.0))
    kinds = int(rng.integers(0, 8))
    return (time, kind, taken, first, free, 0, int(np.floor(now)), now, until, kinds, now, release)


def words(rng, *most):
    """Give words of 64 bits below each of these, now and then the largest one."""
    return tuple(
        np.uint64(
            one - 1
            if rng.random() < 0.05
            else rng.integers(0, one - 1, dtype=np.uint64, endpoint=True)
        )
        for one in most
    )


# function: how to make the arguments of one call from a random stream
ARGUMENTS = {
    "block": lambda rng: tuple(int(word) for word in rng.integers(0, 2**63, 6)),
    "wide_product": lambda rng: words(rng, 2**64, 2**32, 2**32),
    "wrapping_sum": lambda rng: words(rng, 2**64, 2**64),
    "exponential": lambda rng: (uniform(rng), float(rng.exponential(20.0))),
    "standard_normal": lambda rng: (uniform(rng),),
    "lognormal": lambda rng: (uniform(rng), float(rng.exponential(9.0)), float(rng.random() * 2)),
    "erlang4": lambda rng: (*(uniform(rng) for _ in range(4)), float(rng.exponential(900.0))),
    "duration": lambda rng: (
        uniform(rng),
        int(rng.integers(3)),
        float(rng.exponential(20.0)),
        float(rng.exponential(20.0)),
    ),
    "clock_hour": lambda rng: (float(rng.uniform(-400.0, 4000.0)),),
    "is_open": lambda rng: (
        int(rng.integers(3)),
        float(rng.uniform(0.0, 24.0)),
        *opening_hours(rng),
    ),
    "next_opening": lambda rng: (
        rng.integers(0, 3, 30).astype(np.int8),
        -5,
        float(rng.uniform(-8.0, 27.0)),
        *opening_hours(rng),
    ),
    "season_factor": lambda rng: (
        float(rng.uniform(-400.0, 4000.0)),
        float(rng.random() * 0.3),
        float(rng.uniform(1.0, 365.0)),
        float(rng.integers(1, 366)),
    ),
    "first_free": request,
    "take": lambda rng: (rng.integers(0, 2, 5).astype(np.int8), int(rng.integers(5))),
    "give_back": lambda rng: (rng.integers(0, 2, 5).astype(np.int8), int(rng.integers(5))),
    "first_start": lambda rng: (rng.integers(0, 6, 6) / 2.0, 1, 5, float(rng.integers(3))),
    "start_time": lambda rng: (rng.random(4), int(rng.integers(4)), float(rng.random())),
    "take_turn": lambda rng: (rng.integers(0, 6, 6) / 2.0, 1, 5, *rng.random(2).tolist()),
    "serve": lambda rng: (rng.random(4), int(rng.integers(4)), *rng.random(2).tolist()),
}


def test_every_function_an_engine_may_call_is_compared_here():
    assert set(ARGUMENTS) == set(FUNCTIONS)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_compiled_function_gives_the_bits_of_the_interpreted_one(name):
    rng = np.random.default_rng(7)
    calls = CALLS // 10 if name == "block" else CALLS
    for _ in range(calls):
        arguments = ARGUMENTS[name](rng)
        again = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in arguments)
        assert outcome(COMPILED[name], again) == outcome(FUNCTIONS[name], arguments), arguments


@pytest.mark.parametrize("name", ["exponential", "standard_normal", "season_factor"])
def test_a_compiled_loop_over_an_array_keeps_the_bits(name):
    # In a loop over an array the compiler may compute several values at once.
    function = compiled(FUNCTIONS[name])
    further = {"exponential": (20.0,), "season_factor": (0.12, 20.0, 1.0)}
    rest = further.get(name, ())

    @njit
    def fill(inputs, rest, results):
        for place in range(len(inputs)):
            results[place] = function(inputs[place], *rest)

    rng = np.random.default_rng(11)
    inputs = (
        rng.uniform(-400.0, 4000.0, 200_000) if name == "season_factor" else rng.random(200_000)
    )
    results = np.empty_like(inputs)
    fill(inputs, rest, results)
    expected = np.array([FUNCTIONS[name](v, *rest) for v in inputs.tolist()])
    assert results.tobytes() == expected.tobytes()


def test_take_and_give_back_compiled_refuse_as_interpreted():
    for name, state in (("take", 1), ("give_back", 0)):
        with pytest.raises(ValueError, match="taken"):
            COMPILED[name](np.full(1, state, dtype=np.int8), 0)
