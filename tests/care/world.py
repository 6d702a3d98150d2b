"""A small territory's parameters and draws, for tests of what is laid out before anything runs."""

from dataclasses import replace
from functools import cache, partial

from parcours_sim.care.calendar import day_codes
from parcours_sim.care.flatten import flatten
from parcours_sim.care.parameters import Parameters
from parcours_sim.engine.kernels import block
from parcours_sim.scenario.resolve import load_scenario

SMALL: dict[str, str | float] = {
    "territory.inhabitants": 4000,
    "horizon.years": 1,
    "horizon.warm_up_years": 0.25,
}


@cache
def _flat(name: str, changes: frozenset[tuple[str, str | float]]) -> Parameters:
    return flatten(load_scenario(name, changes={**SMALL, **dict(changes)}))


def parameters(name: str = "isole", **changes: str | float) -> Parameters:
    """Give the flat parameters of a small territory; double underscores stand for dots."""
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return _flat(name, frozenset(named.items()))


def draws(replication: int = 0, seed: int = 1):
    """Give the draws of one replication."""
    return partial(block, seed, replication)


def codes(of: Parameters) -> list[int]:
    """Give the kinds of day of the whole simulation and a month beyond."""
    return day_codes(of.start, int(of.begins), int(of.ends - of.begins) + 30, of.work.always_open)


def with_practice(of: Parameters, **changes: object) -> Parameters:
    """Give the same parameters with every practice model changed."""
    return replace(of, practices=tuple(replace(model, **changes) for model in of.practices))
