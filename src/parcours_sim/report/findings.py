"""What a figure found, in a sentence computed from its data.

An effect is called one only where its interval leaves zero out; the largest is named together
with how many were looked at, since the largest of many is flattered by chance.
"""

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.intervals import CONFIDENCE, Estimate
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, between, decimals_for, number, say

Effects = dict[str, Estimate]


def finding_avoided(comparison: Comparison, titles: Titles, language: Language) -> str:
    """Return which organisation avoids most of all hospitalisations, if any can be told to."""
    net = _effects(comparison, "hospitalisations", factor=-1)
    name = _largest(net, upwards=True) or _largest(net, upwards=False)
    if name is None:
        return _nothing(net, "on_hospitalisations", language)
    share = comparison.percent(name, "hospitalisations").scaled(-1)
    shown, unit, decimals = (
        (share, "of_stays", 1) if share.has_interval else (net[name], "stays", 0)
    )
    verb = "avoided" if shown.value > 0 else "added"
    size = _size(shown)
    decimals = _telling_decimals(size, least=decimals)
    value = number(size.value, language, decimals)
    what = say(verb, language, value=value, unit=say(unit, language))
    return _sentence(titles.scenario(name, language), what, size, net, language, decimals)


def finding_wait(comparison: Comparison, titles: Titles, language: Language) -> str:
    """Return which organisation changes the median wait for a GP most, if any can be told to."""
    return _finding_days(comparison, titles, language, "gp_wait_median_days", "wait")


def finding_delay(comparison: Comparison, titles: Titles, language: Language) -> str:
    """Return which organisation changes information delays most, if any can be told to."""
    return _finding_days(comparison, titles, language, "information_delay_days", "delay")


def finding_by_kind(
    comparison: Comparison, kinds: tuple[str, ...], titles: Titles, language: Language
) -> str:
    """Return how many effects by kind of episode can be told from zero, and the largest."""
    net = {
        (name, kind): comparison.difference(name, "hospitalisations", kind).scaled(-1)
        for name in comparison.organisations
        for kind in kinds
    }
    told = [key for key, effect in net.items() if effect.excludes_zero]
    if not any(effect.has_interval for effect in net.values()):
        return _nothing({}, "on_hospitalisations", language)
    if not told:
        return say("by_kind_none", language, count=str(len(net)))
    name, kind = max(told, key=lambda key: net[key].value)
    effect = net[name, kind].scaled(comparison.exposure.per_100k)
    decimals = decimals_for(effect.value, effect.low, effect.high)
    return say(
        "by_kind",
        language,
        told=str(len(told)),
        count=str(len(net)),
        chance=number(len(net) * (1 - CONFIDENCE), language, 1),
        who=titles.scenario(name, language),
        kind=titles.group(kind, language),
        value=number(effect.value, language, decimals),
        interval=between(effect.low, effect.high, language, decimals),
    )


def _finding_days(
    comparison: Comparison, titles: Titles, language: Language, outcome: str, words: str
) -> str:
    effects = _effects(comparison, outcome)
    name = _largest({key: _size(effect) for key, effect in effects.items()}, upwards=True)
    if name is None:
        return _nothing(effects, f"on_{words}", language)
    size = _size(effects[name])
    direction = "shorter" if effects[name].value < 0 else "longer"
    days = say("days" if size.value >= 2 else "under_two_days", language)
    decimals = _telling_decimals(size)
    value = number(size.value, language, decimals)
    what = say(f"{words}_{direction}", language, value=value, days=days)
    return _sentence(titles.scenario(name, language), what, size, effects, language, decimals)


def _effects(comparison: Comparison, outcome: str, factor: float = 1) -> Effects:
    return {
        name: comparison.difference(name, outcome).scaled(factor)
        for name in comparison.organisations
    }


def _size(effect: Estimate) -> Estimate:
    return effect.scaled(-1) if effect.value < 0 else effect


def _telling_decimals(size: Estimate, least: int = 2, most: int = 4) -> int:
    """Enough decimals to show that a bound isn't zero."""
    bound = min(abs(size.low), abs(size.high))
    return next((places for places in range(least, most) if round(bound, places)), most)


def _largest(effects: Effects, *, upwards: bool) -> str | None:
    told = {
        name: effect.value if upwards else -effect.value
        for name, effect in effects.items()
        if effect.excludes_zero and (effect.value > 0) == upwards
    }
    return max(told, key=told.__getitem__, default=None)


def _nothing(effects: Effects, what: str, language: Language) -> str:
    known = any(effect.has_interval for effect in effects.values())
    return say("not_told" if known else "no_interval", language, what=say(what, language))


def _sentence(
    who: str, what: str, size: Estimate, effects: Effects, language: Language, decimals: int
) -> str:
    interval = between(size.low, size.high, language, decimals)
    text = say("finding", language, who=who, what=what, interval=interval)
    if len(effects) < 2:
        return text
    told = sum(effect.excludes_zero for effect in effects.values())
    return text + say("rank", language, count=str(len(effects)), told=str(told))
