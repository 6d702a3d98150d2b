"""Where avoided stays come from: what a scenario avoids, shared over the channels that it moves.

Every coalition of channels is simulated in the same random worlds, from a store that is asked as
one goes (`experiment/laboratory.py`); what a coalition avoids in a world is what the baseline has
there minus what it has itself. Shapley values of each world are averaged over worlds, with
Student's intervals. How channels are switched is in `scenario/coalitions.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.laboratory import Laboratory, Question
from parcours_sim.experiment.pairing import difference_of_worlds
from parcours_sim.scenario.channels import CHANNELS, COUNTED_WITH_ACCOUNTS
from parcours_sim.scenario.coalitions import Mixable
from parcours_sim.scenario.scenario import Scenario

from .intervals import Estimate, FloatArray, ratio_interval, t_interval
from .paired import Exposure
from .shapley import members, shapley_values, values_alone, values_last
from .tidy import ALL, KIND, PRACTICE

Key = tuple[str, str]
"""An outcome and a group."""
World = Mapping[Key, float]
"""What one replication measured."""
NEVER: Estimate = Estimate(0.0, 0.0, 0.0, 0)
ROUNDING = 1e-12
"""How far, as a share, sums of the same amounts in another order may be apart."""
MAY_BE_SHARED = tuple(
    name for name, each in OUTCOMES.items() if each.additive and name not in COUNTED_WITH_ACCOUNTS
)
"""Outcomes that can be shared over channels."""


class Bench(Protocol):
    """Where it is told how far the work is."""

    def stands_at(self, where: str) -> None:
        """Say where the work stands."""


@dataclass(frozen=True)
class Played:
    """Every coalition of channels, simulated.

    Attributes:
        mixable: the two organisations.
        coalitions: by the number of the coalition (see `shapley.py`), its replications.
    """

    mixable: Mixable
    coalitions: tuple[tuple[World, ...], ...]

    @property
    def replications(self) -> int:
        """In how many worlds."""
        return len(self.coalitions[0])

    @property
    def keys(self) -> list[Key]:
        """Outcomes that can be shared, for everyone and by kind of episode, in a fixed order."""
        seen = {key for worlds in self.coalitions for world in worlds for key in world}
        groups = sorted({group for _, group in seen if group == ALL or group.startswith(KIND)})
        pairs = ((outcome, group) for outcome in MAY_BE_SHARED for group in groups)
        return [key for key in pairs if key in seen]

    def members(self, number: int) -> tuple[str, ...]:
        """Return the channels that a coalition switches on."""
        return members(number, self.mixable.players)

    def counts(self, outcome: str, group: str = ALL) -> FloatArray:
        """Return an outcome by coalition and replication; 0 where nothing happened."""
        return np.array(
            [[world.get((outcome, group), 0.0) for world in worlds] for worlds in self.coalitions]
        )


@dataclass(frozen=True)
class Credit:
    """What one channel avoids, per replication.

    Attributes:
        channel: its name.
        moves: whether the scenario differs from the baseline by it.
        value: its Shapley value.
        percent: the same in per cent of what the baseline has.
        share: the same as a share of all that is avoided.
        alone: what it avoids where no other channel is switched on.
        last: what is lost where it alone is switched off.
    """

    channel: str
    moves: bool
    value: Estimate
    percent: Estimate
    share: Estimate
    alone: Estimate
    last: Estimate


@dataclass(frozen=True)
class Attribution:
    """What a scenario avoids of one outcome in one group, shared over all channels.

    `by_world` holds the Shapley values of the channels that move (channels x replications), whose
    sum in each world is `avoided_by_world`.
    """

    scenario: str
    baseline: str
    parameter_set: str
    outcome: str
    group: str
    exposure: Exposure
    credits: tuple[Credit, ...]
    total: Estimate
    total_percent: Estimate
    before: Estimate
    by_world: FloatArray
    avoided_by_world: FloatArray

    @property
    def moving(self) -> tuple[Credit, ...]:
        """The channels by which the two organisations differ."""
        return tuple(each for each in self.credits if each.moves)


def play(mixable: Mixable, replications: int, laboratory: Laboratory, bench: Bench) -> Played:
    """Simulate every coalition of the channels by which two organisations differ.

    Raises RuntimeError where switching all channels off isn't exactly the baseline, or switching
    all on the scenario; and what `run_study` raises of replications.
    """
    players = mixable.players
    count = 1 << len(players)

    def worlds(scenario: Scenario) -> tuple[World, ...]:
        found = laboratory.answer(Question(scenario, replications))
        return tuple({row[:2]: row[2] for row in each.rows} for each in found)

    def coalition(number: int) -> tuple[World, ...]:
        named = " + ".join(members(number, players)) or "none"
        bench.stands_at(f"coalition {number + 1} of {count}: {named}")
        return worlds(mixable.coalition(members(number, players)))

    found = tuple(coalition(number) for number in range(count))
    for number, scenario in ((0, mixable.baseline), (-1, mixable.scenario)):
        bench.stands_at(f"compared with {scenario.name} itself")
        if not _same(found[number], worlds(scenario)):
            raise RuntimeError(f"switching channels doesn't give {scenario.name} at its end")
    return Played(mixable, found)


def check_worlds(scenario: Scenario, baseline: Scenario) -> None:
    """Raise StudyError where two scenarios differ by more than their organisation."""
    if differs := difference_of_worlds(scenario, baseline):
        raise StudyError(
            f"{differs.key}: {scenario.name!r} has {differs.here} but the baseline "
            f"{baseline.name!r} has {differs.there}; only the organisation may differ"
        )


def check_players(mixable: Mixable) -> None:
    """Raise StudyError where two organisations don't differ by any channel."""
    if not mixable.players:
        raise StudyError(
            f"scenario: found {mixable.scenario.name!r}, which moves no channel against its "
            "baseline, allowed one that does, or another --baseline"
        )


def attribution(played: Played, outcome: str, group: str = ALL) -> Attribution:
    """Share what is avoided of an outcome over the channels.

    A group in which nothing happened has no row, and counts as 0.
    """
    mixable = played.mixable
    counts = played.counts(outcome, group)
    before = counts[0]
    worths = before - counts
    values, avoided = shapley_values(worths), worths[-1]
    rows = zip(values, values_alone(worths), values_last(worths), strict=True)
    by_channel = dict(zip(mixable.players, rows, strict=True))
    scenario = mixable.scenario
    return Attribution(
        scenario=scenario.name,
        baseline=mixable.baseline.name,
        parameter_set=scenario.parameter_set,
        outcome=outcome,
        group=group,
        exposure=Exposure(scenario.territory.inhabitants.value, scenario.horizon.years.value),
        credits=tuple(_credits(by_channel, before, avoided)),
        total=t_interval(avoided),
        total_percent=ratio_interval(avoided, before).scaled(100.0),
        before=t_interval(before),
        by_world=values,
        avoided_by_world=avoided,
    )


def _credits(
    by_channel: Mapping[str, Sequence[FloatArray]], before: FloatArray, avoided: FloatArray
) -> Iterator[Credit]:
    for channel in CHANNELS:
        if channel not in by_channel:
            yield Credit(channel, False, NEVER, NEVER, NEVER, NEVER, NEVER)
            continue
        value, alone, last = by_channel[channel]
        yield Credit(
            channel=channel,
            moves=True,
            value=t_interval(value),
            percent=ratio_interval(value, before).scaled(100.0),
            share=ratio_interval(value, avoided),
            alone=t_interval(alone),
            last=t_interval(last),
        )


def _same(here: Sequence[World], there: Sequence[World]) -> bool:
    """Whether two organisations have the same results, but for the names of practice models.

    What is only counted, in money or hours, is added up in two parts where a ramp has another
    length, so it may differ by rounding; nothing that happens may.
    """
    return all(
        _is_same_world(_unnamed(one), _unnamed(other))
        for one, other in zip(here, there, strict=True)
    )


def _is_same_world(one: World, other: World) -> bool:
    return one.keys() == other.keys() and all(
        math.isclose(value, other[key], rel_tol=ROUNDING)
        if key[0] in COUNTED_WITH_ACCOUNTS
        else value == other[key]
        for key, value in one.items()
    )


def _unnamed(world: World) -> dict[Key, float]:
    return {key: value for key, value in world.items() if not key[1].startswith(PRACTICE)}
