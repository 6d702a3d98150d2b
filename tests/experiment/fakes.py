"""A small model in place of the real one: quick, deterministic, and wicked on request.

A scenario's `mischief` says what its simulation does besides measuring. Each simulation that
begins leaves a line in the file named by FAKE_JOURNAL, if that is set.
"""

import hashlib
import json
import os
import random
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from parcours_sim.experiment.model import Model
from parcours_sim.experiment.study import Study

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


def simulate(one: SimpleNamespace, seed: int, replication: int) -> Measured:
    """Measure something that depends on the scenario's values, the seed and the number only."""
    if JOURNAL in os.environ:
        with Path(os.environ[JOURNAL]).open("a") as journal:
            journal.write(f"{one.name} {replication} {os.getpid()}\n")
    MISCHIEF[one.mischief.split(" ")[0]](one.mischief, replication)
    world = random.Random(f"{seed}-{replication}")
    rows = tuple(
        (outcome, group, world.random() * one.share * 10**size)
        for size, outcome in enumerate(OUTCOMES)
        for group in GROUPS
    )
    stays = sorted(world.getrandbits(63) for _ in range(50))
    return Measured(rows, np.array(stays, dtype=np.int64), 1000 + replication, 5000, time.time())


def _die(mischief: str, replication: int) -> None:
    """Kill this process: in replication 1, as often as the file's remaining lines allow."""
    lives = Path(mischief.split(" ")[1])
    if replication == 1 and (left := lives.read_text()):
        lives.write_text(left[1:])
        os._exit(9)


def _fail(_mischief: str, replication: int) -> None:
    if replication == 2:
        raise CrookedError("no such patient", 7)


def _dawdle(_mischief: str, replication: int) -> None:
    """On a worker, let the first replication end after four others, whatever the machine."""
    deadline = time.monotonic() + 20
    while replication == 0 and parent_process() and time.monotonic() < deadline:
        if len(Path(os.environ[JOURNAL]).read_text().splitlines()) > 5:
            return
        time.sleep(0.005)


MISCHIEF = {
    "": lambda _mischief, _replication: None,
    "sleep": lambda mischief, _replication: time.sleep(float(mischief.split(" ")[1])),
    "dawdle": _dawdle,
    "die": _die,
    "fail": _fail,
}


class CrookedError(Exception):
    """An error that doesn't survive pickling as it is."""

    def __init__(self, what: str, where: int) -> None:
        super().__init__(f"{what} at {where}")


def model(version: str = "model-1", own: str = "") -> Model:
    """Make the model; `own` is the version that workers find, if it isn't the same."""
    return Model(
        simulate=simulate,
        load=load,
        dump=dump,
        identify=identify,
        unit=lambda outcome: f"unit of {outcome}",
        version=version,
        own_version=partial(str, own or version),
    )


def study(*scenarios: SimpleNamespace, replications: int = 4, seed: int = 7) -> Study:
    """Make a study, of two scenarios unless told, the first being the baseline."""
    chosen = scenarios or (scenario("isole"), scenario("msp", share=0.27))
    return Study(chosen, chosen[0].name, replications, seed)
