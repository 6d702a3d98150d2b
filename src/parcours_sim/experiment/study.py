"""What a study is: scenarios, a baseline, how many replications, a seed.

Nothing here runs; `run.py` does. All scenarios of a study share replication numbers, so
replication 7 of each of them is the same random world under another organisation. Whether two
scenarios have the same world is for `pairing.py`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.pairing import difference_of_worlds

LARGEST_SEED = 2**63 - 1  # what an SQLite integer holds


class Number(Protocol):
    """A quantity of a scenario, of which only the value matters here."""

    @property
    def value(self) -> float:
        """The value, in the unit its key names."""


class Horizon(Protocol):
    """How long a scenario is observed."""

    @property
    def start_date(self) -> str:
        """The day counting begins, as YYYY-MM-DD."""

    @property
    def years(self) -> Number:
        """Measured years."""

    @property
    def warm_up_years(self) -> Number:
        """Years simulated before measuring begins."""


class Territory(Protocol):
    """The world of a scenario."""

    @property
    def inhabitants(self) -> Number:
        """Number of inhabitants."""


class StudyScenario(Protocol):
    """The part of a resolved scenario that a study reads."""

    @property
    def name(self) -> str:
        """Name, unique within a study."""

    @property
    def parameter_set(self) -> str:
        """`documents` or `literature`."""

    @property
    def horizon(self) -> Horizon:
        """How long."""

    @property
    def territory(self) -> Territory:
        """Where."""

    @property
    def episodes(self) -> Mapping[str, object]:
        """What can go wrong, by name."""

    @property
    def before(self) -> object:
        """The organisation before the start."""


class Task(NamedTuple):
    """One replication of one scenario of a study, both counted from 0."""

    scenario: int
    replication: int


@dataclass(frozen=True)
class Study:
    """Scenarios compared with a baseline, or run side by side when there is none.

    Raises StudyError, listing everything that is wrong.
    """

    scenarios: tuple[StudyScenario, ...]
    baseline: str | None
    replications: int
    seed: int

    def __post_init__(self) -> None:
        """Refuse a study that can't be run or whose differences would mean nothing."""
        problems = [*self._wrong_counts(), *self._wrong_names()] or list(self._unpaired())
        if problems:
            raise StudyError("\n".join(problems))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, in the order given."""
        return tuple(scenario.name for scenario in self.scenarios)

    def tasks(self) -> Iterator[Task]:
        """Every replication, scenario after scenario within one number.

        So an interrupted study has whole comparisons first.
        """
        for replication in range(self.replications):
            for scenario in range(len(self.scenarios)):
                yield Task(scenario, replication)

    def _wrong_counts(self) -> Iterator[str]:
        if not self.scenarios:
            yield "a study needs at least one scenario"
        if self.replications < 1:
            yield f"replications: found {self.replications}, allowed 1 or more"
        if not 0 <= self.seed <= LARGEST_SEED:
            yield f"seed: found {self.seed}, allowed 0 to {LARGEST_SEED}"

    def _wrong_names(self) -> Iterator[str]:
        for name, times in Counter(self.names).items():
            if times > 1:
                yield f"name: {times} scenarios are called {name!r}; rename all but one"
        if self.baseline is not None and self.baseline not in self.names:
            yield f"baseline: found {self.baseline!r}, allowed {', '.join(self.names)}"

    def _unpaired(self) -> Iterator[str]:
        if self.baseline is None:
            return
        baseline = self.scenarios[self.names.index(self.baseline)]
        for scenario in self.scenarios:
            differs = difference_of_worlds(scenario, baseline)
            if differs:
                yield (
                    f"{differs.key}: {scenario.name!r} has {differs.here} but the baseline "
                    f"{baseline.name!r} has {differs.there}; they can't be compared, since only "
                    "the organisation may differ"
                )
