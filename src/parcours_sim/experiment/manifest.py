"""The manifest of a results folder: whose results these are, and every run that made them.

Names count here, where tables are written under them, but never in the store. Reading and
writing the file is in `folder.py`.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict

from parcours_sim.experiment.checksum import json_checksum
from parcours_sim.experiment.engines import Used
from parcours_sim.experiment.model import Model
from parcours_sim.experiment.store import SHOWN, ReplicationKey
from parcours_sim.experiment.study import Study, Task

STRICT = ConfigDict(extra="forbid")


class ScenarioEntry(BaseModel):
    """One scenario of the study; `hash` ignores names and titles."""

    model_config = STRICT
    name: str
    parameter_set: str
    hash: str


class AxisEntry(BaseModel):
    """A key path that a sweep moves, and the values that it takes."""

    model_config = STRICT
    key: str
    values: tuple[float | str, ...]
    moves: tuple[dict[str, float | str], ...] = ()


class AxisOf(Protocol):
    """An axis of a sweep, as `sweep.py` has it."""

    @property
    def key(self) -> str:
        """The key path, or the name of several that move together."""

    @property
    def values(self) -> tuple[float | str, ...]:
        """What it takes one after another."""

    @property
    def moves(self) -> tuple[dict[str, float | str], ...]:
        """For several keys: what each value puts at which of them."""


class OutcomesEntry(BaseModel):
    """What the results' table (outcomes.csv or sweep.csv) holds, once it is there."""

    model_config = STRICT
    replications: int
    sha256: str


class RunEntry(BaseModel):
    """One run that added or compared replications; `finished` is None when it was cut short.

    `shard` is the share that it was of, written i/n, or None for the whole. `simulated` counts the
    replications it added, `seconds` the time it took; `agreed` are the numbers of those, by
    scenario, that it found the same on both engines. All three stay 0 or empty when the run was
    killed. Times are UTC, as ISO 8601.
    """

    model_config = STRICT
    command: tuple[str, ...]
    started: str
    finished: str | None = None
    engine: Used = "reference"  # the only one there was when manifests didn't say
    workers: int
    cluster: bool = False
    shard: str | None = None
    simulated: int = 0
    agreed: dict[str, list[int]] = {}
    seconds: float = 0.0
    versions: dict[str, str | None]
    machine: dict[str, str | int | None]


class Manifest(BaseModel):
    """A study, its results so far (None before the first are complete) and its runs.

    `resolved` is the checksum of its resolved scenarios, with the titles and reasons that their
    hashes leave out; `checksum` is that of all the rest of the manifest.
    """

    model_config = STRICT
    format: Literal["parcours_sim results, layout 1"] = "parcours_sim results, layout 1"
    model_version: str
    seed: int
    baseline: str | None
    scenarios: tuple[ScenarioEntry, ...]
    axes: tuple[AxisEntry, ...] = ()
    replications: int
    outcomes: OutcomesEntry | None = None
    runs: list[RunEntry] = []
    resolved: str = ""
    checksum: str = ""

    @classmethod
    def of(cls, study: Study, model: Model, axes: Iterable[AxisOf] = ()) -> Self:
        """Return the manifest of a study, or of a sweep along axes, that hasn't run."""
        return cls(
            model_version=model.version,
            seed=study.seed,
            baseline=study.baseline,
            scenarios=tuple(
                ScenarioEntry(
                    name=scenario.name,
                    parameter_set=scenario.parameter_set,
                    hash=model.identify(scenario),
                )
                for scenario in study.scenarios
            ),
            axes=tuple(
                AxisEntry(key=axis.key, values=axis.values, moves=axis.moves) for axis in axes
            ),
            replications=study.replications,
            resolved=json_checksum(*map(model.dump, study.scenarios)),
        )

    def key(self, task: Task) -> ReplicationKey:
        """Return the key under which the store holds a task of this study."""
        scenario = self.scenarios[task.scenario]
        return ReplicationKey(scenario.hash, self.model_version, self.seed, task.replication)

    def differences(self, asked: Self) -> Iterator[str]:
        """Say, one sentence each, how the study asked for isn't this one."""
        if self.seed != asked.seed:
            yield f"seed: there {self.seed}, asked for {asked.seed}"
        if self.model_version != asked.model_version:
            versions = (side.model_version[:SHOWN] for side in (self, asked))
            yield "model_version: there {}, asked for {}".format(*versions)
        if self.baseline != asked.baseline:
            baselines = (side.baseline or "none" for side in (self, asked))
            yield "baseline: there {}, asked for {}".format(*baselines)
        if self.axes != asked.axes:
            axes = (_told(side.axes) for side in (self, asked))
            yield "vary: there {}, asked for {}".format(*axes)
        here, there = ([scenario.name for scenario in side.scenarios] for side in (asked, self))
        if here != there:
            yield f"scenarios: there {', '.join(there)}; asked for {', '.join(here)}"
            return
        for old, new in zip(self.scenarios, asked.scenarios, strict=True):
            if old != new:
                yield (
                    f"{new.name}: its values differ "
                    f"(there {old.parameter_set} {old.hash[:SHOWN]}, "
                    f"asked for {new.parameter_set} {new.hash[:SHOWN]})"
                )


def _told(axes: Iterable[AxisEntry]) -> str:
    return (
        " and ".join(f"{axis.key}={','.join(map(str, axis.values))}" for axis in axes) or "nothing"
    )
