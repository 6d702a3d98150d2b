"""The figure of quality: what an organisation does to whom, a row for each outcome of the criteria.

Columns are groups of people. A cell has the change in per cent; blue is for the better, orange for
the worse, white where it can't be told from chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.criteria import Judged, Verdict, criteria, groups_judged
from parcours_sim.experiment.files import make_folder
from parcours_sim.report.footer import footer
from parcours_sim.report.page import new_page, save_figure
from parcours_sim.report.quality_texts import (
    change_text,
    criterion_title,
    finding_quality,
    group_title,
    outcome_title,
)
from parcours_sim.report.style import BLACK, GREY, ORANGE, SKY, figure_style, wrap
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, say

COLORS: dict[Verdict, str] = {"better": SKY, "worse": ORANGE, "untold": "white", "same": "white"}
ROW_INCHES, HEAD_INCHES = 0.3, 1.15
GROUP_CHARACTERS, OUTCOME_CHARACTERS = 14, 30
Row = tuple[str, str]
"""A criterion's name and an outcome, or nothing for the line that names the criterion."""


def draw_quality(
    judged: Sequence[Judged],
    comparison: Comparison,
    titles: Titles,
    folder: Path,
    language: Language,
) -> list[Path]:
    """Draw a figure for each organisation as PNG and SVG into a folder; return their paths.

    Raises FolderError where one can't be written.
    """
    make_folder(folder)
    ending = "" if language == "en" else f".{language}"
    paths: list[Path] = []
    with figure_style():
        for scenario in comparison.organisations:
            own = [each for each in judged if each.scenario == scenario]
            figure = quality_figure(own, comparison, titles, language)
            paths += save_figure(figure, folder, f"quality_{scenario}{ending}")
    return paths


def quality_figure(
    judged: Sequence[Judged], comparison: Comparison, titles: Titles, language: Language
) -> Figure:
    """Return the figure of one organisation."""
    groups, rows = groups_judged(tuple(judged)), rows_of(judged)
    who = titles.scenario(judged[0].scenario, language)
    page = new_page(
        finding_quality(judged, who, language),
        footer(comparison, titles, language, "interval_paired"),
        head_inches=HEAD_INCHES,
        charts_inches=ROW_INCHES * len(rows),
    )
    (axes,) = page.axes(1, 1)
    _draw_cells(axes, judged, rows, groups, language)
    _name_rows(axes, rows, language)
    heads = [wrap(group_title(group, titles, language), GROUP_CHARACTERS) for group in groups]
    axes.set_xticks(range(len(groups)), heads, fontsize=8)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.set_xlabel(say("quality_colours", language), fontsize=8.5)
    axes.xaxis.set_label_position("bottom")
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    return page.figure


def rows_of(judged: Sequence[Judged]) -> list[Row]:
    """Return the rows: each criterion's name, then its outcomes of which something is known."""
    known = {each.outcome for each in judged}
    rows: list[Row] = []
    for criterion in criteria():
        outcomes = [outcome for outcome in criterion.outcomes if outcome in known]
        rows += [(criterion.name, ""), *((criterion.name, outcome) for outcome in outcomes)]
    return rows


def _draw_cells(
    axes: Axes, judged: Sequence[Judged], rows: list[Row], groups: Sequence[str], language: Language
) -> None:
    for each in judged:
        row, column = rows.index((each.criterion, each.outcome)), groups.index(each.group)
        look: dict[str, Any] = {"facecolor": COLORS[each.verdict], "edgecolor": "#DDDDDD"}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, linewidth=0.6, **look))
        is_told = each.verdict in ("better", "worse")
        text = change_text(each, language)
        color = BLACK if is_told else GREY
        axes.text(column, row, text, ha="center", va="center", fontsize=7.5, color=color)


def _name_rows(axes: Axes, rows: list[Row], language: Language) -> None:
    titles = {each.name: criterion_title(each, language) for each in criteria()}
    labels = [
        outcome_title(outcome, language) if outcome else titles[name] for name, outcome in rows
    ]
    axes.set_yticks(range(len(rows)), [wrap(each, OUTCOME_CHARACTERS) for each in labels])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for label, (_, outcome) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontsize(8)
        label.set_fontweight("normal" if outcome else "bold")
