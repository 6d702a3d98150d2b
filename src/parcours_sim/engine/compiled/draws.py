"""Drawing: the four uniforms of an address in this replication."""

from __future__ import annotations

from parcours_sim.care.draws import block

from .state import Territory


def draw(
    territory: Territory, entity: int, decision: int, occurrence: int, aspect: int
) -> tuple[float, float, float, float]:
    """The uniforms of an address; see `care/draws.py`."""
    return block(territory.seed, territory.replication, entity, decision, occurrence, aspect)
