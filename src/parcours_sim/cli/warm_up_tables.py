"""What the command `warm-up` says: how series settle, what a longer warm-up changes, the figure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer
from rich.table import Table

from .tables import MAIN_OUTCOMES, console, plain_table, print_files

if TYPE_CHECKING:
    from parcours_sim.analysis.intervals import Estimate
    from parcours_sim.analysis.warm_up import WarmUpEffect
    from parcours_sim.report.warm_up_figure import WarmUp
    from parcours_sim.scenario.scenario import Scenario

    from .study import Finished

SPANS = {"first_year": "the first measured year", "all_years": "all measured years"}
"""What outcomes are measured over: the name of a study, and how it is said."""
NOTES = (
    "Settled: the week from which the moving average (13 weeks) stays in the band to the end. The "
    "band is about the same weeks of the years after the warm-up.\n"
    "Chance: half a 95 % interval of the moving average. Where it is more than half the band, no "
    "week is given: take more replications.\n"
    "In the warm-up: its weeks against the same weeks of later years. Year after: the first year "
    "after the warm-up against the last one. In parentheses: 95 % intervals over replications.\n"
    "Outcomes: totals are per measured year. Difference: after the longer warm-up less after the "
    "scenario's own, paired by replication, in parentheses a 95 % interval; * leaves zero out.\n"
    "Pairing: how many times fewer replications pairs need. Draws move with the start of the "
    "warm-up, so pairs are looser than between organisations."
)


@dataclass(frozen=True)
class Found:
    """What came out: how series settle, and studies of either warm-up by what they measure."""

    own: Scenario
    longer: float
    welch: WarmUp
    studies: Mapping[str, Finished]

    def effects(self, span: str) -> list[WarmUpEffect]:
        """What the longer warm-up changes in the main outcomes of a study."""
        from parcours_sim.analysis.warm_up import warm_up_effects

        return warm_up_effects(self.studies[span].result, MAIN_OUTCOMES)

    def figure(self, folder: Path, language: Literal["en", "fr"]) -> Sequence[Path]:
        """Draw the figure into a folder; return its paths."""
        from parcours_sim.report.page import drawing
        from parcours_sim.report.titles import titles_of
        from parcours_sim.report.warm_up_figure import warm_up_figure

        who = titles_of([self.own]).scenario(self.own.name, language)
        with drawing(folder, language) as save:
            return save("warm_up", warm_up_figure(self.welch, who, language))


def print_found(found: Found, folder: Path, figures: Sequence[Path], *, as_json: bool) -> None:
    """Print what came out, in tables or as JSON."""
    if as_json:
        document = _document(found) | {"folder": str(folder), "files": [*map(str, figures)]}
        typer.echo(json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False))
        return
    _head(_series_head(found))
    console().print(_series_table(found.welch))
    for span in found.studies:
        effects = found.effects(span)
        _head(_effects_head(found, span, effects))
        console().print(_effects_table(effects, found))
    for note in _notes(found):
        typer.echo(f"· {note}")
    print_files(folder, figures)


def _notes(found: Found) -> Iterator[str]:
    """Yield what must be known to read the tables rightly."""
    from parcours_sim.report.notes import run_notes

    yield from NOTES.splitlines()
    differences = (effect.difference for span in found.studies for effect in found.effects(span))
    changed = [difference for difference in differences if difference.value]
    yield from run_notes(changed, found.welch.replications, found.welch.inhabitants)


def _head(text: str) -> None:
    console().print(text, style="bold", highlight=False, markup=False)


def _series_head(found: Found) -> str:
    from parcours_sim.report.warm_up_figure import finding_warm_up

    who = f"{found.own.title.en} ({found.own.name})"
    return f"{finding_warm_up(found.welch, who, 'en')}. Replications: {found.welch.replications}"


def _effects_head(found: Found, span: str, effects: Sequence[WarmUpEffect]) -> str:
    from parcours_sim.analysis.intervals import CONFIDENCE

    told = sum(effect.difference.excludes_zero for effect in effects)
    chance = (1 - CONFIDENCE) * len(effects)
    own = found.own.horizon.warm_up_years.value
    return (
        f"Outcomes of {SPANS[span]} after {own:g} and after {found.longer:g} year(s) of warm-up: "
        f"{told} of {len(effects)} differences can be told from zero (about {chance:.0f} would be "
        "by chance)"
    )


def _series_table(welch: WarmUp) -> Table:
    from parcours_sim.report.words import number, say

    columns = ("Later level", "Chance, ±%", "Settled, week", "In the warm-up, %", "Year after, %")
    table = plain_table("Series (by week)", *columns, right=columns)
    for name, series in welch.settlings.items():
        week = "–" if series.settled_week is None or not series.is_told else series.settled_week
        table.add_row(
            say(f"series_{name}", "en"),
            number(series.long_run.value, "en", _places(series.long_run.value)),
            number(series.chance_percent, "en", 1),
            str(week),
            _with_interval(series.before, 1),
            _with_interval(series.year_after, 1),
        )
    return table


def _effects_table(effects: Sequence[WarmUpEffect], found: Found) -> Table:
    from parcours_sim.care.outcomes import OUTCOMES
    from parcours_sim.report.words import number

    own = f"{found.own.horizon.warm_up_years.value:g} y"
    columns = (own, f"{found.longer:g} y", "Difference", "in %", "Pairing")
    table = plain_table("Outcome", "Unit", *columns, right=columns)
    for effect in effects:
        outcome = OUTCOMES[effect.outcome]
        places = 3 if outcome.unit == "share" else _places(effect.own.value)
        table.add_row(
            ("* " if effect.difference.excludes_zero else "  ") + outcome.title_en,
            outcome.unit,
            number(effect.own.value, "en", places),
            number(effect.longer.value, "en", places),
            _with_interval(effect.difference, places),
            _with_interval(effect.percent, 1),
            number(effect.variance_ratio, "en", 1),
        )
    return table


def _places(value: float) -> int:
    """How many decimals a figure of this size is worth."""
    return 0 if abs(value) >= 1000 else 1 if abs(value) >= 20 else 2


def _with_interval(estimate: Estimate, places: int) -> str:
    from parcours_sim.report.words import between, number

    value = number(estimate.value, "en", places, signed=True)
    if not estimate.has_interval:
        return value
    return f"{value} ({between(estimate.low, estimate.high, 'en', places)})"


def _document(found: Found) -> dict[str, Any]:
    return {
        "scenario": found.own.name,
        "parameter_set": found.own.parameter_set,
        "replications": found.welch.replications,
        "warm_up_years": found.own.horizon.warm_up_years.value,
        "longer_warm_up_years": found.longer,
        "cut_week": found.welch.cut,
        "series": {name: asdict(each) for name, each in found.welch.settlings.items()},
        "outcomes": {
            span: [asdict(effect) for effect in found.effects(span)] for span in found.studies
        },
    }


def _plain(item: Any) -> Any:
    """A document without arrays and NaN."""
    if isinstance(item, dict):
        return {key: _plain(inside) for key, inside in item.items()}
    if hasattr(item, "tolist"):
        item = item.tolist()
    if isinstance(item, list | tuple):
        return [_plain(inside) for inside in item]
    return None if isinstance(item, float) and math.isnan(item) else item
