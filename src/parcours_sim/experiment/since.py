"""What has changed since a results folder was finished: in the program, and in the folder itself.

Changes of the program are for the reader to know: results may come out the same all the same. A
folder that isn't as its manifest says no longer holds what was simulated. What comes out of
simulating it again is in `reproduce.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from parcours_sim.experiment.errors import BadStoreError
from parcours_sim.experiment.files import sha256
from parcours_sim.experiment.manifest import Manifest, ScenarioEntry
from parcours_sim.experiment.model import Model
from parcours_sim.experiment.plan import Plan
from parcours_sim.experiment.provenance import machine, versions
from parcours_sim.experiment.result import Rows, digest_of, outcome_rows
from parcours_sim.experiment.store import SHOWN, ReplicationKey, Store

NOT_KNOWN = "not known"
"""The unit of an outcome that this version of the program doesn't count."""

RowsOf = Callable[[ReplicationKey], Rows]


def changes_of_program(manifest: Manifest, model: Model) -> Iterator[str]:
    """Say, a sentence each, how what runs now isn't what made the results."""
    if manifest.model_version != model.version:
        there, here = (version[:SHOWN] for version in (manifest.model_version, model.version))
        yield f"model version: there {there}, here {here}"
    runs = [{**run.versions, **run.machine} for run in manifest.runs]
    for name, own in {**versions(), "platform": machine()["platform"]}.items():
        recorded = dict.fromkeys(run[name] for run in runs if name in run)
        if any(version != own for version in recorded):
            there = " and ".join(str(version or "none") for version in recorded)
            yield f"{name}: there {there}, here {own or 'none'}"


def changes_of_scenarios(
    manifest: Manifest, file: str, scenarios: Sequence[Any], model: Model
) -> Iterator[str]:
    """Say which of the scenarios in a file isn't the one of the manifest."""
    for entry, scenario in zip(manifest.scenarios, scenarios, strict=True):
        found = ScenarioEntry(
            name=scenario.name,
            parameter_set=scenario.parameter_set,
            hash=model.identify(scenario),
        )
        if found != entry:
            yield f"{file}: holds {_told(found)} where the manifest has {_told(entry)}"


def changes_of_table(path: Path, recorded: str) -> Iterator[str]:
    """Say whether a table is missing or isn't the one whose sha256 was recorded."""
    try:
        found = sha256(path)
    except OSError as error:
        yield f"{path.name}: can't be read: {error.strerror or error}"
        return
    if found != recorded:
        yield f"{path.name}: has sha256 {found[:SHOWN]}…, recorded {recorded[:SHOWN]}…"


def changes_of_store(manifest: Manifest, plan: Plan, store: Store, model: Model) -> Iterator[str]:
    """Say whether a store lacks anything, is damaged, or makes another table than was recorded.

    The table of a sweep is made elsewhere.
    """
    assert manifest.outcomes is not None
    file, arms, numbers = store.path.name, dict(plan.sizes()), range(plan.replications)
    reading, made = _Reading(store), manifest.outcomes.sha256
    if manifest.axes:
        for one in arms:
            for number in numbers:
                reading.rows(key_of(manifest, one, number))
    else:
        made = table_digest(manifest, reading.rows, model)
    total = len(arms) * len(numbers)
    if reading.missing:
        yield f"{file}: lacks {len(reading.missing)} of {total} replications"
    if reading.damaged:
        yield f"{file}: {len(reading.damaged)} of {total} replications aren't as they were written"
    if made != manifest.outcomes.sha256 and not (reading.missing or reading.damaged):
        yield f"{file}: makes another table, with sha256 {made[:SHOWN]}…"


class _Reading:
    """A store while all of it is read once, and what of it can't be."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.missing: set[ReplicationKey] = set()
        self.damaged: set[ReplicationKey] = set()

    def rows(self, key: ReplicationKey) -> Rows:
        """Return what is stored; nothing where it can't be read."""
        if key not in self._store:
            self.missing.add(key)
            return ()
        try:
            return self._store.get(key).rows
        except BadStoreError:
            self.damaged.add(key)
            return ()


def table_digest(manifest: Manifest, rows_of: RowsOf, model: Model) -> str:
    """Return the sha256 of the outcomes.csv of a study, given the rows of each replication."""
    assert manifest.outcomes is not None
    numbers = range(manifest.outcomes.replications)
    rows = (
        (rows_of(key_of(manifest, one.hash, number)) for number in numbers)
        for one in manifest.scenarios
    )
    return digest_of(outcome_rows(manifest.scenarios, rows, _unit_by(model)))


def key_of(manifest: Manifest, scenario_hash: str, replication: int) -> ReplicationKey:
    """Return the key under which a folder's store holds a replication."""
    return ReplicationKey(scenario_hash, manifest.model_version, manifest.seed, replication)


def _unit_by(model: Model) -> Callable[[str], str]:
    def unit(outcome: str) -> str:
        try:
            return model.unit(outcome)
        except KeyError:
            return NOT_KNOWN

    return unit


def _told(entry: ScenarioEntry) -> str:
    return f"{entry.name} ({entry.parameter_set} {entry.hash[:SHOWN]})"
