"""A small model in place of the real one: quick, deterministic, and wicked on request.

A scenario's `mischief` says what its simulation does besides measuring. Each simulation that
begins leaves a line in the file named by FAKE_JOURNAL, if that is set. Its two engines differ in
nothing but what mischief makes of them.
"""

import hashlib
import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from parcours_sim.engine import Engine, Entry, Stopped
from parcours_sim.experiment.executors.job import Job, Parcel
from parcours_sim.experiment.model import Model
from parcours_sim.experiment.store import ReplicationKey, Store
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.errors import Finding, ScenarioError

JOURNAL = "FAKE_JOURNAL"
OUTCOMES = ("hospitalisations", "ed_visits", "cost_eur", "deaths")
GROUPS = ("all", "age:75+", "kind:heart_failure")


@dataclass(frozen=True)
class Measured:
    """What the fake simulation returns."""

    rows: tuple[tuple[str, str, float], ...]
    stays: np.ndarray
    contacts: int
    events: int
    seconds: float
    log: tuple[Entry, ...] | None = None
    traces: tuple[int, ...] = ()


class Begun(NamedTuple):
    """A simulation that began, as the journal tells."""

    scenario: str
    replication: int
    process: int
    thread: str
    engine: str


def read_journal(path: Path) -> list[Begun]:
    lines = (line.split() for line in path.read_text().splitlines())
    return [Begun(name, int(number), int(process), *how) for name, number, process, *how in lines]


def scenario(name: str, *, share: float = 0.3, mischief: str = "", **other) -> SimpleNamespace:
    """Make a scenario with what a study reads of it."""
    usual = {"years": 5.0, "inhabitants": 20000.0, "parameter_set": "documents", "episodes": {}}
    usual["before"] = SimpleNamespace(access=SimpleNamespace(value=0.2, note="as it was"))
    values = usual | other
    return SimpleNamespace(
        name=name,
        parameter_set=values["parameter_set"],
        share=share,
        mischief=mischief,
        horizon=SimpleNamespace(
            start_date="2025-01-01",
            years=SimpleNamespace(value=values["years"]),
            warm_up_years=SimpleNamespace(value=1.0),
        ),
        territory=SimpleNamespace(inhabitants=SimpleNamespace(value=values["inhabitants"])),
        episodes=values["episodes"],
        before=values["before"],
    )


def dump(one: SimpleNamespace) -> str:
    return json.dumps(one, default=vars)


def load(text: str) -> SimpleNamespace:
    return json.loads(text, object_hook=lambda pairs: SimpleNamespace(**pairs))


def identify(one: SimpleNamespace) -> str:
    parts = json.loads(dump(one))
    del parts["name"]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def varied(one: SimpleNamespace, values, _reach) -> SimpleNamespace:
    """Return a scenario with other values: `share`, or territory.inhabitants of the world."""
    other = load(dump(one))
    for key, value in values.items():
        if key == "territory.inhabitants":
            other.territory.inhabitants.value = value
        elif key == "organisation.share":
            other.share = value
        else:
            raise ScenarioError([Finding("--vary", key, "an unknown key", "organisation.share")])
    return other


def simulate(
    one: SimpleNamespace,
    seed: int,
    replication: int,
    *,
    log: bool = False,
    engine: Engine = "reference",
    stopped: Callable[[], bool] | None = None,
) -> Measured:
    """Measure something that depends on the scenario's values, the seed and the number only."""
    if JOURNAL in os.environ:
        thread = threading.current_thread().name.replace(" ", "_")
        with Path(os.environ[JOURNAL]).open("a") as journal:
            journal.write(f"{one.name} {replication} {os.getpid()} {thread} {engine}\n")
    kind, _, how = one.mischief.partition(" ")
    measured = measure(one, seed, replication)
    if log:
        measured = replace(measured, log=event_log(seed, replication))
    if kind == "differ":
        return _differ(measured, how) if engine == "compiled" and replication == 1 else measured
    MISCHIEF[kind](how, replication, stopped or (lambda: False))
    return measured


def measure(one: SimpleNamespace, seed: int, replication: int) -> Measured:
    world = random.Random(f"{seed}-{replication}")
    rows = tuple(
        (outcome, group, world.random() * one.share * 10**size)
        for size, outcome in enumerate(OUTCOMES)
        for group in GROUPS
    )
    stays = sorted(world.getrandbits(63) for _ in range(50))
    keys = np.array(stays, dtype=np.int64)
    return Measured(rows, keys, 1000 + replication, 5000, time.time(), traces=tuple(stays[::5]))


def event_log(seed: int, replication: int) -> tuple[Entry, ...]:
    return tuple(Entry(day / 4 - 1, 40 + day, 0, "visit", "gp", seed) for day in range(9))


def _differ(measured: Measured, what: str) -> Measured:
    """Return what the compiled engine makes of a measurement, if it is wrong in one respect."""
    (outcome, group, value), *others = measured.rows
    slightly = {
        "row": {"rows": ((outcome, group, np.nextafter(value, 9.0)), *others)},
        "length": {"rows": measured.rows[:-1]},
        "stays": {"stays": measured.stays[:-1]},
        "traces": {"traces": measured.traces[:-1]},
        "another trace": {"traces": (*measured.traces[:-1], 7)},
        "contacts": {"contacts": measured.contacts + 1},
        "events": {"events": measured.events + 1},
        "seconds": {"seconds": measured.seconds + 1},
        "unlogged": {"rows": tuple(others)},
    }[what]
    if measured.log and what != "unlogged":
        late = measured.log[6]._replace(time_days=0.75)
        slightly["log"] = (*measured.log[:6], late, *measured.log[7:])
    return replace(measured, **slightly)


def _die(lives_file: str, replication: int, _stopped: Callable[[], bool]) -> None:
    """Kill this process: in replication 1, as often as the file's remaining lines allow."""
    lives = Path(lives_file)
    if replication == 1 and (left := lives.read_text()):
        lives.write_text(left[1:])
        os._exit(9)


def _fail(_how: str, replication: int, _stopped: Callable[[], bool]) -> None:
    if replication == 2:
        raise CrookedError("no such patient", 7)


def _sleep(seconds: str, _replication: int, stopped: Callable[[], bool]) -> None:
    until = time.monotonic() + float(seconds)
    while (left := until - time.monotonic()) > 0:
        if stopped():
            raise Stopped
        time.sleep(min(left, 0.05))


def _fail_beside_a_sleeper(seconds: str, replication: int, stopped: Callable[[], bool]) -> None:
    """Fail in the first replication, while the second one takes its time."""
    if replication == 1:
        _sleep(seconds, replication, stopped)
    elif replication == 0:
        time.sleep(0.2)
        raise CrookedError("no such patient", 7)


def _dawdle(_how: str, replication: int, _stopped: Callable[[], bool]) -> None:
    """On a worker, let the first replication end after four others, whatever the machine."""
    deadline = time.monotonic() + 20
    on_worker = parent_process() or threading.current_thread() is not threading.main_thread()
    while replication == 0 and on_worker and time.monotonic() < deadline:
        if len(Path(os.environ[JOURNAL]).read_text().splitlines()) > 5:
            return
        time.sleep(0.005)


MISCHIEF = {
    "": lambda *_: None,
    "sleep": _sleep,
    "fail_beside_a_sleeper": _fail_beside_a_sleeper,
    "dawdle": _dawdle,
    "die": _die,
    "fail": _fail,
}


class CrookedError(Exception):
    """An error that doesn't survive pickling as it is."""

    def __init__(self, what: str, where: int) -> None:
        super().__init__(f"{what} at {where}")


def model(version: str = "model-1", own: str = "", compiled: bool = True) -> Model:
    """Make the model; `own` is the version that workers find, if it isn't the same.

    What was never `compiled` says so until it is.
    """
    state = [compiled]
    return Model(
        simulate=simulate,
        load=load,
        dump=dump,
        identify=identify,
        varied=varied,
        unit=lambda outcome: f"unit of {outcome}",
        version=version,
        own_version=partial(str, own or version),
        is_compiled=lambda: state[0],
        compile_engine=lambda: state.__setitem__(0, True),
    )


def job(engine: Engine = "reference", own_version: str = "model-1") -> Job[Measured]:
    """Make the job of simulating parcels; workers find their own version."""
    work = partial(simulate, engine=engine)
    return Job(work, load, 7, "model-1", partial(str, own_version))


def parcels(replications: int, *scenarios: SimpleNamespace) -> list[Parcel]:
    """Make the parcels of scenarios, all of them of one world after another."""
    return [
        Parcel(one.name, identify(one), number, dump(one))
        for number in range(replications)
        for one in scenarios or (scenario("isole"),)
    ]


def study(*scenarios: SimpleNamespace, replications: int = 4, seed: int = 7) -> Study:
    """Make a study, of two scenarios unless told, the first being the baseline."""
    chosen = scenarios or (scenario("isole"), scenario("msp", share=0.27))
    return Study(chosen, chosen[0].name, replications, seed)


def put_another(path: Path, key: ReplicationKey, measured: Measured) -> None:
    """Put other results in the place of what a store holds, as another program would have them."""
    with Store(path) as store:
        execute, of_it = store._connection.execute, "SELECT id FROM replications WHERE "
        of_it += "scenario_hash = ? AND model_version = ? AND seed = ? AND replication = ?"
        (number,) = execute(of_it, key).fetchone()
        execute("DELETE FROM outcomes WHERE replication_id = ?", (number,))
        execute("DELETE FROM replications WHERE id = ?", (number,))
        store._connection.commit()
        store.put(key, measured)


@contextmanager
def interrupted_when_stored(count: int) -> Iterator[None]:
    """Let Ctrl-C come as soon as a store holds so many replications."""
    put = Store.put

    def put_then_interrupt(self, key, measured):
        put(self, key, measured)
        if len(self) == count:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "put", put_then_interrupt)
        yield
