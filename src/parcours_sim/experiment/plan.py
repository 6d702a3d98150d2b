"""What is to be simulated: arms in groups, each in so many random worlds; and shares of it.

An arm is one resolved scenario under a name. A study is one group of arms; a sweep has a group for
each of its points. Groups are made when their turn comes, so that a plan of any length takes no
room. What is stored already, and where the rest runs, is in `campaign.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.executors.job import Parcel


class Arm(NamedTuple):
    """A scenario as it is simulated: by its hash, whatever it is called."""

    name: str
    scenario_hash: str
    dump: str


class Shard(NamedTuple):
    """One of several shares of a plan, counted from 1, that run apart and are merged later.

    Whole worlds are shared out: a replication belongs to one shard under every organisation, so
    that what each shard holds can be compared.
    """

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read a shard written i/n; raises StudyError for any other text.

        >>> Shard.read("2/8")
        Shard(number=2, of=8)
        """
        first, _, second = text.partition("/")
        if not (first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second)):
            allowed = "i/n with i from 1 to n, such as 2/8"
            raise StudyError(f"--shard: found {text!r}, allowed {allowed}")
        return cls(int(first), int(second))

    def numbers(self, replications: int) -> range:
        """Return the numbers of the replications, counted from 0, that are in this share."""
        return range(self.number - 1, replications, self.of)

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.number}/{self.of}"


WHOLE = Shard(1, 1)


class Plan(Protocol):
    """What a campaign needs to know of a study or a sweep."""

    @property
    def replications(self) -> int:
        """In how many random worlds each arm is simulated."""

    @property
    def seed(self) -> int:
        """What chooses the random worlds."""

    def groups(self) -> Iterator[tuple[Arm, ...]]:
        """Make the arms, group after group."""

    def sizes(self) -> Iterable[tuple[str, float]]:
        """Give each arm's scenario hash and the inhabitant-years of one of its replications."""


@dataclass(frozen=True)
class OneGroup:
    """The plan of arms that are simulated side by side."""

    arms: tuple[Arm, ...]
    inhabitant_years: tuple[float, ...]
    replications: int
    seed: int

    def groups(self) -> Iterator[tuple[Arm, ...]]:
        """Give the one group."""
        yield self.arms

    def sizes(self) -> Iterator[tuple[str, float]]:
        """Give each arm's hash and size."""
        for arm, size in zip(self.arms, self.inhabitant_years, strict=True):
            yield arm.scenario_hash, size


def nothing(_arm: Arm) -> set[int]:
    """Say that no replication of an arm is done."""
    return set()


def parcels_of(
    plan: Plan, numbers: Sequence[int], done_of: Callable[[Arm], set[int]] = nothing
) -> Iterator[Parcel]:
    """Make a parcel of each replication to be done, group after group.

    Of arms alike but for their names, one stands for all. Within a group, all arms of one world
    come after another, so that an interrupted study has whole comparisons first.
    """
    begun: set[str] = set()
    for group in plan.groups():
        arms = {arm.scenario_hash: arm for arm in group if arm.scenario_hash not in begun}
        begun |= arms.keys()
        done = {one: done_of(arm) for one, arm in arms.items()}
        for number in numbers:
            for one, arm in arms.items():
                if number not in done[one]:
                    yield Parcel(arm.name, one, number, arm.dump)
