"""What experiments need of the model, gathered in one place.

Experiments know neither how patients are simulated nor what a scenario contains; they are
handed a `Model`. `installed_model` gives the real one; tests hand over smaller ones.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from parcours_sim.engine import Engine, Entry


class Measured(Protocol):
    """What one replication measured, as an engine returns it."""

    @property
    def rows(self) -> tuple[tuple[str, str, float], ...]:
        """(outcome, group, value) in the engine's fixed order, each value finite."""

    @property
    def stays(self) -> NDArray[np.int64]:
        """Sorted keys of the measured hospital stays."""

    @property
    def contacts(self) -> int:
        """Number of simulated contacts with professionals."""

    @property
    def events(self) -> int:
        """Number of simulated events: tells of the run, not of the result."""

    @property
    def seconds(self) -> float:
        """Computing time: tells of the run, not of the result."""


class Simulated(Measured, Protocol):
    """What one replication measured, with its event log."""

    @property
    def log(self) -> Iterable[Entry] | None:
        """The event log, where it was asked for."""


class Simulate(Protocol):
    """A function that simulates one replication of a scenario, alike on either engine."""

    def __call__(
        self,
        scenario: Any,
        seed: int,
        replication: int,
        *,
        log: bool = False,
        engine: Engine = "reference",
        stopped: Callable[[], bool] | None = None,
    ) -> Simulated:
        """Return what it measured; raises Stopped where `stopped` came to say yes."""


Varied = Callable[[Any, Mapping[str, float | str], Mapping[str, Iterable[float | str]]], Any]
"""Puts values at key paths of a scenario; given also all the values that they take elsewhere."""


@dataclass(frozen=True)
class Model:
    """The functions of the model that an experiment calls.

    `simulate`, `load` and `own_version` travel to worker processes, so they are functions of a
    module. `dump` and `load` turn a scenario into JSON and back, `identify` gives the hash that
    ignores names, `varied` puts other values into a scenario, `unit` is that of an outcome.
    `version` changes whenever results could; `own_version` says which one the calling process runs.
    `is_compiled` tells whether the compiled engine is ready for use; `compile_engine` makes it so.
    """

    simulate: Simulate
    load: Callable[[str], Any]
    dump: Callable[[Any], str]
    identify: Callable[[Any], str]
    varied: Varied
    unit: Callable[[str], str]
    version: str
    own_version: Callable[[], str]
    is_compiled: Callable[[], bool]
    compile_engine: Callable[[], None]


def installed_model() -> Model:
    """Return the model of this package."""
    from parcours_sim.care.outcomes import OUTCOMES
    from parcours_sim.engine import compile_engine, is_compiled, model_version, simulate
    from parcours_sim.scenario.resolve import dump_scenario, load_dump, scenario_hash
    from parcours_sim.scenario.vary import varied

    return Model(
        simulate=simulate,
        load=load_dump,
        dump=dump_scenario,
        identify=scenario_hash,
        varied=varied,
        unit=lambda outcome: OUTCOMES[outcome].unit,
        version=model_version(),
        own_version=model_version,
        is_compiled=is_compiled,
        compile_engine=compile_engine,
    )
