"""A small territory's parameters and draws, and the territory itself before anything happens."""

from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from parcours_sim.care.flatten import flatten
from parcours_sim.care.parameters import Parameters
from parcours_sim.care.setting import Setting
from parcours_sim.engine import setting
from parcours_sim.engine.kernels import block
from parcours_sim.engine.reference.state import Territory
from parcours_sim.scenario.resolve import load_scenario

SMALL: dict[str, str | float] = {
    "territory.inhabitants": 4000,
    "horizon.years": 1,
    "horizon.warm_up_years": 0.25,
}
STACKED = Path(__file__).parents[1] / "corpus" / "good" / "layers_stacked.toml"
"""Isolated practice with a CPTS and a PAERPA over it."""


@dataclass
class Moment:
    """A clock that stands where one puts it."""

    now: float


@cache
def _flat(name: str | Path, changes: frozenset[tuple[str, str | float]]) -> Parameters:
    return flatten(load_scenario(name, changes={**SMALL, **dict(changes)}))


def parameters(name: str | Path = "isole", **changes: str | float) -> Parameters:
    """Give the flat parameters of a small territory; double underscores stand for dots."""
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return _flat(name, frozenset(named.items()))


def draws(replication: int = 0, seed: int = 1):
    """Give the draws of one replication."""
    return partial(block, seed, replication)


def settled(of: Parameters, replication: int = 0, now: float | None = None) -> Setting:
    """Give the territory of one replication as rows, at the start of its warm-up or at `now`."""
    clock = Moment(of.begins if now is None else now)
    return setting.settle(of, clock, 1, replication)


def territory(of: Parameters, replication: int = 0, now: float = 0.0) -> Territory:
    """Give the same as records and objects, which rules read when they are interpreted."""
    clock = Moment(now)
    found = setting.settle(of, clock, 1, replication)
    return Territory(found, of, draws(replication), keeps_log=False)


def someone(found: Territory, **traits: object):
    """Give the first patient of a territory, made what these traits say."""
    patient = found.patients[0]
    for name, value in traits.items():
        setattr(patient, name, value)
    return patient


def counted(found: Setting, what: int) -> list[float]:
    """Give what has been counted of one sum, by group."""
    return np.array(found.tallies).reshape(-1, found.width)[what].tolist()


def with_practice(of: Parameters, **changes: object) -> Parameters:
    """Give the same parameters with every practice model changed."""
    return replace(of, practices=tuple(replace(model, **changes) for model in of.practices))


def with_layer(of: Parameters, **changes: object) -> Parameters:
    """Give the same parameters with every layer changed."""
    return replace(of, layers=tuple(replace(layer, **changes) for layer in of.layers))
