"""Scenarios between two organisations: some channels as in one, the others as in the other.

Mixed are resolved scenarios, so that a mixture is checked, hashed, stored and flattened like any
other. Whom an organisation reaches (who works in which practice, which patients have a nurse in the
team, whom a layer is for) is common to all channels, and stays as it is while channels are switched;
where that can't be, the two organisations can't be mixed, and it is said why.
Parameters are compared and mixed as they are *effective*: a share that the territory exceeds anyway,
or a link of a team that nobody is in, changes nothing and counts as switched off.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from .channels import ACCOUNTS, CHANNELS, REACH, channel_of
from .effective import Effective, layer_off, of_layer, of_practice, teams_apart
from .errors import Finding, ScenarioError
from .files import Tree
from .identity import dump_scenario, load_dump
from .organisation import Organisation
from .quantity import Quantity
from .scenario import Scenario

PLACE = "--baseline"


@dataclass(frozen=True)
class Part:
    """A practice model or a layer, as it is with a channel on and with it off.

    Attributes:
        place: its key path below `organisation`, such as `layers.cpts.layer`.
        on: what the scenario makes effective, by key path below the place.
        off: the same of the baseline; both have the same keys.
    """

    place: str
    on: Effective
    off: Effective


@dataclass(frozen=True)
class Mixable:
    """A scenario and a baseline between which channels can be switched; see `mixable`.

    Attributes:
        scenario: what all channels on amount to.
        baseline: what all channels off amount to.
        players: the channels by which the two differ, in the order of CHANNELS.
    """

    scenario: Scenario
    baseline: Scenario
    players: tuple[str, ...]
    parts: tuple[Part, ...]
    frame: Tree

    def coalition(self, on: Iterable[str]) -> Scenario:
        """Return the baseline with these channels as the scenario has them."""
        switched = set(on)
        if unknown := switched - {*self.players}:
            raise ValueError(f"no channels by which the two differ: {sorted(unknown)}")
        if switched:
            switched.add(ACCOUNTS)
        tree = deepcopy(self.frame)
        for part in self.parts:
            table = tree["organisation"]
            for name in part.place.split("."):
                table = table[name]
            for key, item in part.on.items():
                channel = channel_of(self.scenario, f"{part.place}.{key}")
                if channel != REACH:
                    _put(table, key, item if channel in switched else part.off[key])
        return load_dump(json.dumps(tree))


def mixable(scenario: Scenario, baseline: Scenario) -> Mixable:
    """Return what makes every mixture of two scenarios that share a world.

    Raises ScenarioError, with every reason, where channels can't be switched between the two.
    """
    findings = [*_timing(scenario, baseline), *_layers_apart(scenario, baseline)]
    beside = _beside(scenario.organisation, baseline.organisation)
    if beside is None:
        allowed = (
            "the same practice models and shares as the scenario, or a single model that doesn't "
            "cover for colleagues: else who practises with whom can't stay while channels are "
            "switched"
        )
        findings.append(_finding("organisation.practices", _shares(baseline), allowed))
    if findings or beside is None:
        raise ScenarioError(findings)
    frame = json.loads(dump_scenario(scenario))
    parts: list[Part] = []
    for name, other in beside.items():
        part, team = _practice(name, other, scenario, baseline)
        model = frame["organisation"]["practices"][name]["model"]
        for key, item in team.items():
            _put(model, key, item)
        parts.append(part)
    for name, use in baseline.organisation.layers.items():
        frame["organisation"]["layers"].setdefault(name, _plain(use))
    parts += _layers(scenario, baseline)
    players = tuple(each for each in CHANNELS if any(_moves(scenario, it, each) for it in parts))
    return Mixable(scenario, baseline, players, tuple(parts), frame)


def _moves(scenario: Scenario, part: Part, channel: str) -> bool:
    return any(
        _value(part.on[key]) != _value(part.off[key])
        for key in part.on
        if channel_of(scenario, f"{part.place}.{key}") == channel
    )


def _beside(here: Organisation, there: Organisation) -> dict[str, str] | None:
    """Return the baseline's practice model beside each of the scenario's, None where there is none.

    GPs keep their practices: either organisation has the same models and shares, or the baseline
    has one model, in whose practices it makes no difference how GPs are grouped.
    """
    ours = {name: use.share.value for name, use in here.practices.items()}
    theirs = {name: use.share.value for name, use in there.practices.items()}
    if ours == theirs:
        return {name: name for name in ours}
    used = [name for name, share in theirs.items() if share > 0.0]
    if len(used) == 1:
        (name,) = used
        alone = sum(share > 0.0 for share in ours.values()) == 1
        if alone or not there.practices[name].model.access.colleagues_cover:
            return dict.fromkeys(ours, name)
    return None


def _practice(
    name: str, other: str, scenario: Scenario, baseline: Scenario
) -> tuple[Part, Effective]:
    """Return a practice model with the one beside it, and the shares in the team of both."""
    ours = scenario.organisation.practices[name].model
    theirs = baseline.organisation.practices[other].model
    on, off = (of_practice(model, scenario.territory) for model in (ours, theirs))
    team: Effective = {}
    for key in teams_apart(on, off):
        reached = _team(key, on, off, scenario)
        if reached is None:
            place = f"organisation.practices.{other}.model.{key}"
            allowed = f"{_value(on[key]):g}, as in {name}, where both models have the team do much"
            raise ScenarioError([_finding(place, f"{_value(off[key]):g}", allowed)])
        team[key] = reached
    return Part(f"practices.{name}.model", on, off), team


def _team(key: str, on: Effective, off: Effective, scenario: Scenario) -> Any:
    """Return the share in the team under which either model does what it does, None for none."""
    from .effective import does_nothing_in

    if does_nothing_in(key, off, scenario.territory):
        return on[key]
    return off[key] if does_nothing_in(key, on, scenario.territory) else None


def _layers(scenario: Scenario, baseline: Scenario) -> Iterator[Part]:
    ours, theirs = scenario.organisation.layers, baseline.organisation.layers
    for name in dict.fromkeys((*ours, *theirs)):
        on, off = (
            of_layer(uses[name].layer, scenario.territory) if name in uses else {}
            for uses in (ours, theirs)
        )
        keys = dict.fromkeys((*on, *off))
        yield Part(
            f"layers.{name}.layer",
            {key: on.get(key, layer_off(key)) for key in keys},
            {key: off.get(key, layer_off(key)) for key in keys},
        )


def _layers_apart(scenario: Scenario, baseline: Scenario) -> Iterator[Finding]:
    """Yield each layer whose reach, or whose start, both organisations can't share."""
    ours, theirs = scenario.organisation.layers, baseline.organisation.layers
    for name in dict.fromkeys((*ours, *theirs)):
        here, there = ours.get(name), theirs.get(name)
        place = f"organisation.layers.{name}"
        if here and there:
            if here.uptake_share.value != there.uptake_share.value:
                allowed = f"{here.uptake_share.value:g}, as in the scenario"
                found = f"{there.uptake_share.value:g}"
                yield _finding(f"{place}.uptake_share", found, allowed)
            if here.layer.reaches != there.layer.reaches:
                allowed = f"{here.layer.reaches}, as in the scenario"
                yield _finding(f"{place}.layer.reaches", there.layer.reaches, allowed)
        if name in scenario.before.layers and _effects(here) != _effects(there):
            allowed = "the same layer as in the scenario, since there is one before the start"
            yield _finding(place, "another" if there else "none", allowed)


def _timing(scenario: Scenario, baseline: Scenario) -> Iterator[Finding]:
    ours, theirs = (each.organisation.ramp_months.value for each in (scenario, baseline))
    if ours != theirs and _effects(baseline.organisation) != _effects(
        baseline.before.model_copy(update={"ramp_months": baseline.organisation.ramp_months})
    ):
        allowed = f"{ours:g}, as in the scenario"
        yield _finding("organisation.ramp_months", f"{theirs:g}", allowed)


def _effects(item: Any) -> Any:
    """Return a table with the value alone of each quantity, and no titles."""
    if isinstance(item, Quantity):
        return item.value
    if isinstance(item, Mapping):
        return {key: _effects(each) for key, each in item.items()}
    if hasattr(type(item), "model_fields"):
        return {key: _effects(each) for key, each in item if key not in ("title", "description")}
    return item


def _shares(scenario: Scenario) -> str:
    uses = scenario.organisation.practices.items()
    return ", ".join(f"{name} {use.share.value:g}" for name, use in uses)


def _finding(key: str, found: str, allowed: str) -> Finding:
    return Finding(PLACE, key, found, allowed, code="not-mixable")


def _value(item: Quantity | str | bool) -> Any:
    return item.value if isinstance(item, Quantity) else item


def _put(table: Tree, key: str, item: Quantity | str | bool) -> None:
    *tables, last = key.split(".")
    for name in tables:
        table = table.setdefault(name, {})
    table[last] = _plain(item)


def _plain(item: Any) -> Any:
    """Return what a dump has of an item."""
    return item.model_dump(exclude_none=True) if hasattr(item, "model_dump") else item
