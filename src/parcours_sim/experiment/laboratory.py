"""An open store in which scenarios are simulated as somebody comes to ask for them.

A study says beforehand what it will simulate (`campaign.py`); a calibration finds out as it goes.
Nothing that the store holds is simulated again, so whoever asks the same questions in the same
order goes on where they were interrupted, and gets the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from parcours_sim.engine import Engine
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.engines import make_ready
from parcours_sim.experiment.errors import FolderError, Interrupted
from parcours_sim.experiment.executors.job import Job, Parcel, Work
from parcours_sim.experiment.files import replacing
from parcours_sim.experiment.interrupts import first_interrupt_only
from parcours_sim.experiment.model import Measured, Model
from parcours_sim.experiment.progress import Bench, say
from parcours_sim.experiment.store import ReplicationKey, Store, StoredReplication

ENGINE: Engine = "compiled"
MARK = "laboratory.txt"
STORE = "store.sqlite"


@dataclass(frozen=True)
class Question:
    """A scenario in so many random worlds; and what is measured of it, where not its outcomes.

    `asked` names that work in the store, which else knows a scenario by its hash alone.
    """

    scenario: Any
    replications: int
    asked: str = ""
    work: Work[Measured] | None = None


@dataclass
class Laboratory:
    """A folder's store, the model, and how work is run; see `open_laboratory`."""

    folder: Path
    store: Store
    model: Model
    how: How
    seed: int
    bench: Bench
    simulated: int = 0
    """Replications that were not stored before."""
    _known: dict[tuple[str, int], tuple[StoredReplication, ...]] = field(default_factory=dict)

    def answer(self, question: Question) -> tuple[StoredReplication, ...]:
        """Return the replications asked for, simulating those that are missing.

        Raises what `run_study` raises of replications.
        """
        name = self.model.identify(question.scenario)
        arm = f"{question.asked}:{name}" if question.asked else name
        known = self._known.get((arm, question.replications))
        if known is None:
            self._simulate(question, arm)
            numbers = range(question.replications)
            known = tuple(self.store.get(self._key(arm, number)) for number in numbers)
            self._known[arm, question.replications] = known
        return known

    def _simulate(self, question: Question, arm: str) -> None:
        have = self.store.numbers(arm, self.model.version, self.seed)
        missing = [number for number in range(question.replications) if number not in have]
        if not missing:
            return
        scenario = question.scenario
        dump = self.model.dump(scenario)
        parcels = (Parcel(scenario.name, arm, number, dump) for number in missing)
        work = question.work or partial(self.model.simulate, engine=ENGINE)
        job: Job[Measured] = Job(
            work, self.model.load, self.seed, self.model.version, self.model.own_version
        )
        self.bench.begins(question.replications - len(missing), question.replications)
        self.how.executor(ENGINE).run(job, parcels, self._keep)

    def _keep(self, parcel: Parcel, measured: Measured) -> None:
        key = self._key(parcel.scenario_hash, parcel.replication)
        if key not in self.store:  # it is, when an interrupt came just after it was put
            self.store.put(key, measured)
            self.simulated += 1
            self.bench.advance()

    def _key(self, arm: str, number: int) -> ReplicationKey:
        return ReplicationKey(arm, self.model.version, self.seed, number)


@contextmanager
def open_laboratory(
    folder: Path, what: str, model: Model, how: How, seed: int
) -> Iterator[Laboratory]:
    """Open a folder to simulate in it what will be asked for; interrupts are told as `Interrupted`.

    Args:
        folder: made where there is none.
        what: the kind of work, such as `calibration`; another kind's folder is refused.
        model: of this program.
        how: workers, and whether progress is shown.
        seed: what chooses the random worlds.

    Raises FolderError for a folder that holds something else, StoreError for a store that can't be
    used.
    """
    _claim(folder, what)
    with first_interrupt_only(), Store(folder / STORE) as store, Bench(show=how.progress) as bench:
        make_ready(ENGINE, model, partial(say, show=how.progress))
        laboratory = Laboratory(folder, store, model, how, seed, bench)
        try:
            yield laboratory
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted: what was simulated is stored in {folder}; the same command resumes"
            ) from None


def _claim(folder: Path, what: str) -> None:
    """Make a folder one's own, or see that it is."""
    mark = folder / MARK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = sorted(path.name for path in folder.iterdir())
        found = mark.read_bytes().decode(errors="replace").strip() if MARK in present else ""
    except FileExistsError as error:
        raise FolderError(f"{folder}: is a file, not a folder; choose another --out") from error
    except NotADirectoryError as error:
        raise FolderError(
            f"{folder}: lies in a file, not a folder; choose another --out"
        ) from error
    except OSError as error:
        raise FolderError(f"{folder}: can't be used: {error.strerror or error}") from error
    if found == what:
        return
    if present:
        held = f"a {found}" if found.isidentifier() else present[0]  # the mark may be another's
        raise FolderError(f"{folder}: holds {held}, not a {what}; choose another --out")
    with replacing(mark) as file:
        file.write(f"{what}\n")
