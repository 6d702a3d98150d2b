"""Simulates how ways of organising primary care change avoidable hospitalisations.

The public API in two names: :func:`load_scenario` reads and checks a scenario, :func:`simulate`
runs one replication of it. Both are imported when first used, so that ``import parcours_sim``
costs nothing and loads neither pandas, matplotlib nor numba. Everything else is imported from the
module where it lives; no behaviour lives here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parcours_sim.engine import simulate
    from parcours_sim.scenario.resolve import load_scenario

__version__ = "0.1.0"

__all__ = ["__version__", "load_scenario", "simulate"]

_HOMES = {
    "load_scenario": "parcours_sim.scenario.resolve",
    "simulate": "parcours_sim.engine",
}


def __getattr__(name: str) -> object:
    """Import a public function on first use; ``AttributeError`` for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, those not yet imported included."""
    return sorted(__all__)
