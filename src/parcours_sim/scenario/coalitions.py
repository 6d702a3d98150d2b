"""Scenarios between two organisations: some channels as in one, the others as in the other.

Mixed are resolved scenarios, so that a mixture is checked, hashed, stored and flattened like any
other. Parameters are mixed as they are effective (`effective.py`); which channel each belongs to is
in `channels.py`, and which organisations can be mixed in `mixing.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from .channels import ACCOUNTS, CHANNELS, REACH, channel_of
from .effective import (
    NURSES,
    PHARMACISTS,
    Effective,
    Item,
    of_layer,
    of_practice,
    off_at,
    shared_team,
    value_of,
)
from .errors import Finding, ScenarioError
from .files import Tree
from .identity import dump_scenario, load_dump
from .mixing import beside, finding, findings_between
from .scenario import Scenario
from .territory import Text

BEFORE = "before"
BEFORE_TITLE = Text(fr="Organisation d’avant", en="The organisation before")


@dataclass(frozen=True)
class Part:
    """A practice model or a layer of a mixture, with each of its parameters on and off.

    Attributes:
        place: its key path below `organisation`, such as `layers.cpts.layer`.
        on: what is effective under the scenario, by key path below the place.
        off: what is under the baseline; both have the same keys.
    """

    place: str
    on: Effective
    off: Effective


@dataclass(frozen=True)
class Mixable:
    """A scenario and a baseline between which channels can be switched; see `mixable`.

    Attributes:
        scenario: what it is with all channels on.
        baseline: what it is with all channels off.
        players: the channels by which the two differ, in the order of CHANNELS.
        parts: what is mixed.
        frame: a scenario with every part in it, from which mixtures are made.
    """

    scenario: Scenario
    baseline: Scenario
    players: tuple[str, ...]
    parts: tuple[Part, ...]
    frame: Scenario

    def coalition(self, channels: Iterable[str]) -> Scenario:
        """Return the baseline with these channels as the scenario has them.

        Raises ValueError for a channel by which the two don't differ.
        """
        switched = {*channels}
        if unknown := switched - {*self.players}:
            raise ValueError(f"channels by which the two don't differ: {sorted(unknown)}")
        if switched:
            switched.add(ACCOUNTS)
        tree = json.loads(dump_scenario(self.frame))
        for part in self.parts:
            for key in part.on:
                channel = channel_of(self.frame, f"{part.place}.{key}")
                if channel != REACH:
                    item = (part.on if channel in switched else part.off)[key]
                    _put(tree, f"organisation.{part.place}.{key}", item)
        return load_dump(json.dumps(tree))


def mixable(scenario: Scenario, baseline: Scenario) -> Mixable:
    """Return what makes every mixture of two scenarios of one world.

    Raises ScenarioError, with every reason, where channels can't be switched between the two.

    Example:
        >>> from parcours_sim.scenario.resolve import load_scenario
        >>> paerpa = load_scenario("paerpa")
        >>> mixable(paerpa, as_before(paerpa)).players
        ('discharge', 'admission_route', 'control')
    """
    findings = list(findings_between(scenario, baseline))
    if findings:
        raise ScenarioError(findings)
    tree = json.loads(dump_scenario(scenario))
    for name, use in baseline.organisation.layers.items():
        tree["organisation"]["layers"].setdefault(name, _plain(use))
    practices = tuple(_practices(scenario, baseline, tree, findings))
    if findings:
        raise ScenarioError(findings)
    frame, parts = load_dump(json.dumps(tree)), (*practices, *_layers(scenario, baseline))
    moved = {channel for part in parts for channel in _moved(part, frame)}
    players = tuple(channel for channel in CHANNELS if channel in moved)
    return Mixable(scenario, baseline, players, parts, frame)


def as_before(scenario: Scenario) -> Scenario:
    """Return the scenario as it would go on if the organisation before it stayed."""
    before = scenario.before
    models = [use.model.title for use in before.practices.values()]
    title = models[0] if len(models) == 1 and not before.layers else BEFORE_TITLE
    changes = {"name": BEFORE, "title": title, "organisation": before}
    return scenario.model_copy(update=changes)


def _moved(part: Part, frame: Scenario) -> Iterator[str]:
    """Yield the channel of each parameter that has another value on than off."""
    for key in part.on:
        if value_of(part.on[key]) != value_of(part.off[key]):
            yield channel_of(frame, f"{part.place}.{key}")


def _practices(
    scenario: Scenario, baseline: Scenario, tree: Tree, findings: list[Finding]
) -> Iterator[Part]:
    """Yield each practice model beside the baseline's, having put into the tree who is in a team.

    What stands against it is added to the findings.
    """
    ours, theirs = scenario.organisation.practices, baseline.organisation.practices
    for name, other in (beside(scenario.organisation, baseline.organisation) or {}).items():
        territory, place = scenario.territory, f"practices.{name}.model"
        on, off = (of_practice(each, territory) for each in (ours[name].model, theirs[other].model))
        for team in (NURSES, PHARMACISTS):
            share = shared_team(team, on, off, territory)
            if share is not None:
                _put(tree, f"organisation.{place}.{team}", share)
                continue
            key = f"organisation.practices.{other}.model.{team}"
            allowed = f"{value_of(on[team])}, as in {name}: both have something done in the team"
            findings.append(finding(key, f"{value_of(off[team])}", allowed))
        yield Part(place, on, off)


def _layers(scenario: Scenario, baseline: Scenario) -> Iterator[Part]:
    """Yield each layer of either; one that a scenario lacks is there and changes nothing."""
    ours, theirs = scenario.organisation.layers, baseline.organisation.layers
    for name in dict.fromkeys((*ours, *theirs)):
        on, off = (
            of_layer(uses[name].layer, scenario.territory) if name in uses else {}
            for uses in (ours, theirs)
        )
        keys = dict.fromkeys((*on, *off))
        yield Part(
            f"layers.{name}.layer",
            {key: on.get(key) or off_at(key) for key in keys},
            {key: off.get(key) or off_at(key) for key in keys},
        )


def _put(tree: Tree, key: str, item: Item) -> None:
    *tables, last = key.split(".")
    for name in tables:
        tree = tree.setdefault(name, {})
    tree[last] = _plain(item)


def _plain(item: object) -> object:
    """Return what a dump has of an item."""
    return item.model_dump(exclude_none=True) if isinstance(item, BaseModel) else item
