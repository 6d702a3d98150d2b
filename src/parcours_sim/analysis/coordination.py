"""How many avoidable stays are linked to information that came late or never (S15): D1, D2, D3.

One world is simulated as it is, and again with every delay and loss of some links set to zero: the
same people, candidates and marks; appointment books answer as they do. Stays are compared by their
key. Which links are made perfect is the scope: between community and hospital, between all
professionals, or the patient's own call too.

- D1, but for it: the stay does not happen there. Also the ceiling of what links can avoid.
- D2, too late because of it: there a response beats the window, whether or not it then works; or
  the episode doesn't begin there, since the informed visit after a stay came earlier.
- D3, present: some message was late or lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from parcours_sim.engine import Engine, Replication, simulate
from parcours_sim.engine.record import Trace
from parcours_sim.scenario.scenario import Scenario
from parcours_sim.scenario.vary import varied

from .stays import KIND_MASK, KIND_SHIFT, KeyArray

Row = tuple[str, str, float]

SCOPES = ("hospital", "professional", "all")
SENDERS = {
    "hospital": ("hospital",),
    "professional": ("hospital", "nurse", "pharmacist"),
    "all": ("hospital", "nurse", "pharmacist", "patient"),
}
"""Whose messages are made perfect, by scope."""
LATE = {
    "hospital": (Trace.LETTER_LATE,),
    "professional": (Trace.LETTER_LATE, Trace.PROFESSIONAL_LATE),
    "all": (Trace.LETTER_LATE, Trace.PROFESSIONAL_LATE, Trace.CALL_LATE),
}
"""What makes a stay one of D3, by scope."""
OF_ALL = ("avoidable", "all")
"""The row that the others are shares of."""


class Simulated(Protocol):
    """What is asked of a replication."""

    @property
    def stays(self) -> NDArray[np.int64]:
        """Sorted keys of the measured stays."""

    def traced(self, what: Trace) -> NDArray[np.int64]:
        """Keys of the episodes of which something was noted."""


@dataclass(frozen=True)
class Linked:
    """What one world gives: weighted stays by definition and scope, as rows that a store keeps."""

    rows: tuple[Row, ...]
    stays: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    contacts: int = 0
    events: int = 0
    seconds: float = 0.0


def linked_stays(
    scenario: Scenario,
    seed: int,
    replication: int,
    *,
    engine: Engine = "compiled",
    stopped: Callable[[], bool] | None = None,
) -> Linked:
    """Simulate one world four times, and count its avoidable stays by definition and scope.

    Each stay weighs as much as its kind is potentially avoidable by the French definition.
    """

    def run(of: Scenario) -> Replication:
        return simulate(of, seed, replication, engine=engine, stopped=stopped)

    as_it_is = run(scenario)
    perfect = {scope: run(without_delays(scenario, scope)) for scope in SCOPES}
    weights = np.array(
        [scenario.episodes[kind].crisis.avoidable_share.value for kind in sorted(scenario.episodes)]
    )
    seconds = as_it_is.seconds + sum(each.seconds for each in perfect.values())
    rows = (
        (*OF_ALL, _weighed(as_it_is.stays, weights)),
        *(
            (name, scope, _weighed(keys, weights))
            for scope in SCOPES
            for name, keys in definitions(as_it_is, perfect[scope], scope)
        ),
    )
    return Linked(rows, seconds=seconds)


def without_delays(scenario: Scenario, scope: str) -> Scenario:
    """Return the scenario in a world where the messages of a scope arrive at once, none lost."""
    values = {
        f"territory.links.{name}.{key}": 0.0
        for name, link in scenario.territory.links.items()
        for key in ("delay_days", "loss_share")
        if link.sender in SENDERS[scope]
    }
    return varied(scenario, values, {})


def definitions(
    as_it_is: Simulated, perfect: Simulated, scope: str
) -> Iterator[tuple[str, KeyArray]]:
    """Yield each definition with the keys of the stays that it holds for."""
    stays = as_it_is.stays
    yield "d1", np.setdiff1d(stays, perfect.stays, assume_unique=True)
    too_late = np.setdiff1d(stays, as_it_is.traced(Trace.ANSWERED_IN_TIME), assume_unique=True)
    beaten = np.union1d(perfect.traced(Trace.ANSWERED_IN_TIME), perfect.traced(Trace.SPARED))
    yield "d2", np.intersect1d(too_late, beaten, assume_unique=True)
    hampered = np.unique(np.concatenate([as_it_is.traced(what) for what in LATE[scope]]))
    yield "d3", np.intersect1d(stays, hampered, assume_unique=True)


def _weighed(keys: KeyArray, weights: NDArray[np.float64]) -> float:
    return float(weights[(keys >> KIND_SHIFT) & KIND_MASK].sum())
