"""Why channels can't be switched between two organisations, where they can't.

Whom an organisation reaches, and from when on, stays as it is while channels are switched: which
GPs practise together, whom a layer is for and how many of them it reaches, how long it takes to
come about. Here is what that asks of two organisations; one thing more, the share of patients whose
nurse or pharmacist is in the team, is looked at where practice models are laid beside each other
(`coalitions.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from .errors import Finding
from .organisation import Organisation
from .quantity import Quantity
from .scenario import Scenario

PLACE = "--baseline"
"""Where it is said: any scenario can be mixed with some baseline, such as what was before it."""
PRACTICES_ALLOWED = (
    "the practice models and shares of the scenario, or one model without cover by colleagues: GPs "
    "keep their practices while channels are switched"
)


def findings_between(scenario: Scenario, baseline: Scenario) -> Iterator[Finding]:
    """Yield every reason why the two can't be mixed, but for the shares in teams."""
    yield from _practices(scenario, baseline)
    yield from _layers(scenario, baseline)
    ours, theirs = (each.organisation.ramp_months.value for each in (scenario, baseline))
    if ours != theirs and not _is_as_before(baseline):
        yield finding("organisation.ramp_months", f"{theirs:g}", f"{ours:g}, as in the scenario")


def beside(here: Organisation, there: Organisation) -> dict[str, str] | None:
    """Return for each practice model the baseline's beside it; None where there is none.

    Either both have the same models and shares, or the baseline has a single model, in whose
    practices it makes no difference how GPs are grouped; unless the scenario has one model too.
    """
    ours, theirs = (
        {name: use.share.value for name, use in each.practices.items()} for each in (here, there)
    )
    if ours == theirs:
        return {name: name for name in ours}
    used = [name for name, share in theirs.items() if share > 0.0]
    if len(used) > 1:
        return None
    is_alone = sum(share > 0.0 for share in ours.values()) == 1
    covers = there.practices[used[0]].model.access.colleagues_cover
    return dict.fromkeys(ours, used[0]) if is_alone or not covers else None


def finding(key: str, found: str, allowed: str) -> Finding:
    """Return what is wrong with a baseline."""
    return Finding(PLACE, key, found, allowed, code="not-mixable")


def _practices(scenario: Scenario, baseline: Scenario) -> Iterator[Finding]:
    if beside(scenario.organisation, baseline.organisation) is None:
        uses = baseline.organisation.practices.items()
        found = ", ".join(f"{name} {use.share.value:g}" for name, use in uses)
        yield finding("organisation.practices", found, PRACTICES_ALLOWED)


def _layers(scenario: Scenario, baseline: Scenario) -> Iterator[Finding]:
    ours, theirs = scenario.organisation.layers, baseline.organisation.layers
    for name in dict.fromkeys((*ours, *theirs)):
        here, there, place = ours.get(name), theirs.get(name), f"organisation.layers.{name}"
        if name in scenario.before.layers and _effects(here) != _effects(there):
            found = "another layer" if here and there else "a layer of one of the two"
            yield finding(place, found, "the same in both, since there is one before the start")
        elif here and there:
            if here.uptake_share.value != there.uptake_share.value:
                found, allowed = (f"{each.uptake_share.value:g}" for each in (there, here))
                yield finding(f"{place}.uptake_share", found, f"{allowed}, as in the scenario")
            if here.layer.reaches != there.layer.reaches:
                allowed = f"{here.layer.reaches}, as in the scenario"
                yield finding(f"{place}.layer.reaches", there.layer.reaches, allowed)


def _is_as_before(baseline: Scenario) -> bool:
    """Whether nothing changes at the start, so that it makes no difference how long that takes."""
    parts = ("practices", "layers")
    now, before = baseline.organisation, baseline.before
    return all(_effects(getattr(now, part)) == _effects(getattr(before, part)) for part in parts)


def _effects(item: Any) -> Any:
    """Return a table with the value alone of each quantity, and without titles."""
    if isinstance(item, Quantity):
        return item.value
    if isinstance(item, Mapping):
        return {key: _effects(each) for key, each in item.items()}
    if isinstance(item, BaseModel):
        return {key: _effects(each) for key, each in item if key not in ("title", "description")}
    return item
