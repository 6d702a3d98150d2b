"""Whether both engines give the same: one replication on each, and where the two part.

Which replications are compared, and what is stored of them, is in `campaign.py`. Numbers are the
same if no bit differs, the sign of zero apart.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from typing import Any

from parcours_sim.engine import Engine, Entry
from parcours_sim.experiment.errors import EnginesDisagreeError
from parcours_sim.experiment.model import Measured, Simulate

ENGINES: tuple[Engine, Engine] = ("reference", "compiled")
NOTHING = "nothing more"

Place = tuple[str, int]


@dataclass(frozen=True)
class Compared:
    """What each engine measured of a replication, and in words the first event that differs."""

    reference: Measured
    compiled: Measured
    event: str = ""


@dataclass(frozen=True)
class OnBothEngines:
    """Simulates a replication on each engine; again with event logs where the results differ."""

    simulate: Simulate

    def __call__(
        self,
        scenario: Any,
        seed: int,
        replication: int,
        *,
        stopped: Callable[[], bool] | None = None,
    ) -> Compared:
        """Return what both measured."""
        run = partial(self.simulate, scenario, seed, replication, stopped=stopped)
        reference, compiled = (run(engine=engine) for engine in ENGINES)
        if first_difference(reference, compiled) is None:
            return Compared(reference, compiled)
        logs = (run(engine=engine, log=True).log or () for engine in ENGINES)
        return Compared(reference, compiled, first_different_event(*logs))


class Verdicts:
    """Which replications were found the same everywhere, and how the others differ.

    A replication is known by the name of its scenario and its number.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._agreed: set[Place] = set()
        self._differing: dict[Place, str] = {}

    def is_same(self, place: Place, compared: Compared, stored: Measured | None) -> bool:
        """Tell whether both engines give the same, and as is stored; note which it is."""
        told = _disagreement(compared, stored)
        if told:
            self._differing[place] = told
        else:
            self._agreed.add(place)
        return not told

    @property
    def agreed(self) -> dict[str, list[int]]:
        """The numbers of replications that are the same, by scenario."""
        numbers: dict[str, list[int]] = {}
        for name, number in sorted(self._agreed):
            numbers.setdefault(name, []).append(number)
        return numbers

    def raise_disagreement(self) -> None:
        """Raise EnginesDisagreeError, naming every replication that isn't the same everywhere."""
        if not self._differing:
            return
        places = (
            f"scenario {name!r}, replication {number}: {told}"
            for (name, number), told in sorted(self._differing.items())
        )
        compared = len(self._differing) + len(self._agreed)
        raise EnginesDisagreeError(
            f"{len(self._differing)} of {compared} replications differ, and nothing of them was "
            "added to the store:\n"
            + "\n".join(places)
            + "\nThis is a fault of the program, not of your input."
        )


def first_difference(here: Measured, there: Measured) -> tuple[str, str] | None:
    """Return the first thing measured that isn't the same to the bit, as it is in each."""
    facts = chain(
        zip_longest(_facts(here), _facts(there), fillvalue=NOTHING),
        zip_longest(*_traces(here, there), fillvalue=NOTHING),
    )
    return next(((ours, theirs) for ours, theirs in facts if ours != theirs), None)


def first_different_event(reference: Iterable[Entry], compiled: Iterable[Entry]) -> str:
    """Say which is the first event that differs between two logs, counting from 1."""
    for number, (ours, theirs) in enumerate(zip_longest(reference, compiled), start=1):
        if ours != theirs:
            return (
                f"event {number}: reference engine {_told(ours)}; compiled engine {_told(theirs)}"
            )
    return "the event logs are the same"


def _disagreement(compared: Compared, stored: Measured | None) -> str:
    """Say where the engines part, or both of them from what is stored; nothing where all agree."""
    parting = first_difference(compared.reference, compared.compiled)
    if parting:
        return "reference engine {}; compiled engine {}".format(*parting) + f"\n  {compared.event}"
    parting = first_difference(stored, compared.reference) if stored else None
    return "stored {}; both engines {}".format(*parting) if parting else ""


def _facts(measured: Measured) -> Iterator[str]:
    """Yield everything that must be the same, in words that tell any two numbers apart."""
    for outcome, group, value in measured.rows:
        # Added zero takes away the sign of another one, which the store doesn't keep either.
        yield f"{outcome} ({group}) = {float(value) + 0.0!r}"
    yield f"contacts = {measured.contacts}"
    yield f"events = {measured.events}"
    for key in measured.stays:
        yield f"stay {key}"


def _traces(*measured: Measured) -> list[list[str]]:
    """Give what each noted of episodes, in words; nothing where one keeps none, as a store does."""
    noted = [getattr(one, "traces", ()) for one in measured]
    return [[f"trace {key}" for key in traces] for traces in noted] if all(map(len, noted)) else []


def _told(entry: Entry | None) -> str:
    if entry is None:
        return NOTHING
    what = " ".join(filter(None, [entry.event, entry.detail]))
    return (
        f"time {float(entry.time_days)!r}, patient {entry.person} (generation "
        f"{entry.generation}), {what}, occurrence {entry.occurrence}"
    )
