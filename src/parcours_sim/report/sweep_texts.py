"""What is said of a sweep: the title of an axis, what is measured, the finding and the footer.

The finding is computed from what is shown, and calls an effect one only where its interval leaves
zero out; of many points some do so by chance, so their expected number stands beside it.
"""

import math
from collections.abc import Iterable

from parcours_sim.analysis.intervals import CONFIDENCE
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.sweep import Axis, Value
from parcours_sim.report.notes import SMALL_TERRITORY_INHABITANTS
from parcours_sim.report.style import wrap
from parcours_sim.report.sweep_view import Point, Range, SweepView
from parcours_sim.report.words import (
    FIXED,
    Language,
    decimals_for,
    number,
    plain,
    say,
    typeset,
    unit,
)
from parcours_sim.scenario.changes import NUMBERS
from parcours_sim.scenario.units import unit_of

FOOTER_CHARACTERS = 180
SIGNIFICANT_FIGURES = 3
MOST_DECIMALS = 6


def axis_title(axis: Axis, language: Language) -> str:
    """Return the key path of an axis with its unit in words, where it is a number's."""
    table, _, last = axis.key.rpartition(".")
    try:
        english = unit_of(table if last in NUMBERS else axis.key)
    except KeyError:
        return axis.key
    return f"{axis.key} ({unit(english, language)})"


def short_keys(axes: Iterable[Axis]) -> tuple[str, ...]:
    """Return the ends of key paths, two words or as many as it takes to tell them apart."""
    paths = [axis.key.split(".") for axis in axes]
    for length in range(2, max(map(len, paths)) + 1):
        ends = tuple(".".join(path[-length:]) for path in paths)
        if len(set(ends)) == len(ends):
            return ends
    return tuple(".".join(path) for path in paths)


def value_text(value: Value, language: Language) -> str:
    """Return a value of an axis as the language writes it; a text as it stands."""
    return value if isinstance(value, str) else plain(value, language)


def measure_title(view: SweepView, language: Language) -> str:
    """Return what the values are: "Hospitalisations avoided per 100,000 inhabitants and year"."""
    outcome = OUTCOMES[view.outcome]
    title = typeset(outcome.title_fr if language == "fr" else outcome.title_en, language)
    counted = unit(outcome.unit, language)
    rate = say("sweep_rate", language) if outcome.additive else ""
    if view.measure == "avoided":
        return say("sweep_avoided", language, title=title, rate=rate)
    measure = say(f"sweep_{view.measure}", language, title=title)
    per = f"{counted} {rate}".strip()
    return f"{measure}, {per}" if per else measure


def finding_sweep(view: SweepView, language: Language) -> str:
    """Return between which values the outcome moves, where, and how much of it can be told."""
    what = measure_title(view, language)
    if len(view.scenarios) == 1:
        who = view.about.titles.scenario(view.scenarios[0], language)
        what = say("sweep_who", language, what=what, who=who)
    if not view.shown:
        return say("sweep_unknown", language, what=what)
    parts = {"what": what, "range": _between(view, language)}
    if not view.is_compared:
        return say("sweep_levels_found", language, **parts)
    is_told = any(estimate.excludes_zero for estimate in view.shown.values())
    found = "sweep_found" if is_told else "sweep_nothing_found"
    return say(found, language, told=_told(view, language), **parts)


def decimals_of(values: Iterable[float]) -> int:
    """Return the decimals with which the largest of some values has three figures."""
    largest = max((abs(value) for value in values if not math.isnan(value)), default=0.0)
    if largest == 0:
        return 0
    return min(MOST_DECIMALS, max(0, SIGNIFICANT_FIGURES - 1 - math.floor(math.log10(largest))))


def sweep_basis(view: SweepView, language: Language) -> tuple[list[str], list[str]]:
    """Return what values rest on: set, replications and intervals; people, years and baseline."""
    least, most = view.replications
    count = str(most) if least == most else f"{least}–{most}"
    kind = "paired" if view.is_compared else "levels"
    interval = f"sweep_interval_{kind}" if view.has_intervals else "interval_none"
    how = [
        say("sweep_parameter_set", language, parameter_set=view.about.parameter_set),
        say("replications", language, count=count),
        say(interval, language),
    ]
    where = [
        say("sweep_inhabitants", language, inhabitants=_moved(view.inhabitants, language)),
        say("sweep_years", language, years=_moved(view.years, language)),
    ]
    if view.about.baseline is not None:
        name = view.about.titles.scenario(view.about.baseline, language)
        where.append(say("sweep_baseline", language, baseline=name))
    return how, where


def sweep_footer(view: SweepView, language: Language) -> str:
    """Return the lines below a figure: what it rests on, and what it leaves out."""
    how, where = sweep_basis(view, language)
    if view.inhabitants[0] < SMALL_TERRITORY_INHABITANTS:
        where.append(say("small_territory", language))
    if len(view.scenarios) < view.all_scenarios:
        drawn = {"drawn": str(len(view.scenarios)), "count": str(view.all_scenarios)}
        where.append(say("sweep_drawn", language, **drawn))
    return f"{_joined(how)}\n{_joined(where)}"


def _joined(parts: Iterable[str]) -> str:
    """Join the parts of a footer in lines that break between parts only."""
    lines = wrap(" · ".join(part.replace(" ", FIXED) for part in parts), FOOTER_CHARACTERS)
    return lines.replace(" ·\n", "\n").replace("\n· ", "\n")


def _moved(moved: Range, language: Language) -> str:
    low, high = (plain(bound, language) for bound in moved)
    return low if low == high else say("sweep_varied", language, low=low, high=high)


def _between(view: SweepView, language: Language) -> str:
    shown = view.shown
    least = min(shown, key=lambda key: shown[key].value)
    most = max(shown, key=lambda key: shown[key].value)
    places = decimals_of(shown[key].value for key in (least, most))
    if shown[least].value == shown[most].value:
        value = number(shown[least].value, language, places)
        return say("sweep_everywhere", language, value=value)
    return say(
        "sweep_range",
        language,
        low=number(shown[least].value, language, places),
        high=number(shown[most].value, language, places),
        where_low=_where(view, *least, language),
        where_high=_where(view, *most, language),
    )


def _where(view: SweepView, scenario: str, point: Point, language: Language) -> str:
    """Return at which point, and of which scenario where there are several."""
    several = len(view.scenarios) > 1
    who = [view.about.titles.scenario(scenario, language)] if several else []
    values = (value_text(value, language) for value in point)
    pairs = zip(short_keys(view.axes), values, strict=True)
    return ", ".join([*who, *(f"{key}{FIXED}={FIXED}{value}" for key, value in pairs)])


def _told(view: SweepView, language: Language) -> str:
    known = [estimate for estimate in view.shown.values() if estimate.has_interval]
    if not known:
        return say("sweep_no_interval", language)
    told = sum(estimate.excludes_zero for estimate in known)
    chance = len(known) * (1 - CONFIDENCE)
    return say(
        "sweep_told" if told else "sweep_none_told",
        language,
        told=number(told, language),
        count=number(len(known), language),
        chance=number(chance, language, decimals_for(chance)),
    )
