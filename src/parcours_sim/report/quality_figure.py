"""The figure of quality: what an organisation does to whom, a row for each outcome of the criteria.

Columns are groups of people. A cell has the change in per cent; blue is for the better, orange and
bold for the worse, white where it can't be told from chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.criteria import Judged, Verdict, criteria, groups_judged, rows_judged
from parcours_sim.report.footer import footer
from parcours_sim.report.page import AXIS_LINE_INCHES, drawing, new_page
from parcours_sim.report.quality_texts import (
    change_text,
    criterion_title,
    finding_quality,
    group_title,
    outcome_title,
)
from parcours_sim.report.style import BLACK, GREY, ORANGE, SKY, wrap
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, say

LOOKS: dict[Verdict, tuple[str, str, str]] = {
    "better": (SKY, BLACK, "normal"),
    "worse": (ORANGE, BLACK, "bold"),
    "untold": ("white", GREY, "normal"),
    "same": ("white", GREY, "normal"),
}
"""The colour of a cell, that of its text, and the text's weight, which tells prints in grey."""
ROW_INCHES = 0.31
HEAD_CHARACTERS, HEAD_CHARACTER_INCHES = 26, 0.07
OUTCOME_CHARACTERS, NAME_CHARACTERS = 29, 24
NAME = ""
"""In place of an outcome: the line that names the criterion."""


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
    paths: list[Path] = []
    with drawing(folder, language) as save:
        for scenario in dict.fromkeys(each.scenario for each in judged):
            own = [each for each in judged if each.scenario == scenario]
            figure = quality_figure(own, comparison, titles, language)
            paths += save(f"quality_{scenario}", figure)
    return paths


def quality_figure(
    judged: Sequence[Judged], comparison: Comparison, titles: Titles, language: Language
) -> Figure:
    """Return the figure of one organisation, of which something is known."""
    groups = groups_judged(judged)
    rows = _rows(judged)
    heads = [group_title(group, titles, language) for group in groups]
    wrapped = [wrap(head, HEAD_CHARACTERS) for head in heads]
    longest = max(len(line) for head in wrapped for line in head.splitlines())
    colours = say("quality_colours", language)
    page = new_page(
        finding_quality(judged, titles.scenario(judged[0].scenario, language), language),
        footer(comparison, titles, language, "interval_paired"),
        head_inches=HEAD_CHARACTER_INCHES * longest,
        charts_inches=ROW_INCHES * len(rows) + AXIS_LINE_INCHES * colours.count("\n"),
    )
    (axes,) = page.axes(1, 1)
    page.lift([axes], AXIS_LINE_INCHES * colours.count("\n"))
    _draw_cells(axes, judged, rows, groups, language)
    _name_rows(axes, rows, language)
    _name_columns(axes, wrapped)
    axes.set_xlabel(colours, fontsize=8.5)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return page.figure


def _rows(judged: Sequence[Judged]) -> list[tuple[str, str]]:
    """Return criteria and outcomes from top to bottom, each criterion's name above its own."""
    rows: list[tuple[str, str]] = []
    for criterion, outcome in rows_judged(judged):
        if (criterion, NAME) not in rows:
            rows.append((criterion, NAME))
        rows.append((criterion, outcome))
    return rows


def _draw_cells(
    axes: Axes,
    judged: Sequence[Judged],
    rows: Sequence[tuple[str, str]],
    groups: Sequence[str],
    language: Language,
) -> None:
    for each in judged:
        row, column = rows.index((each.criterion, each.outcome)), groups.index(each.group)
        face, color, weight = LOOKS[each.verdict]
        look: dict[str, Any] = {"facecolor": face, "edgecolor": "#DDDDDD", "linewidth": 0.6}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, **look))
        written: dict[str, Any] = {"color": color, "fontweight": weight, "fontsize": 7.5}
        text = change_text(each, language)
        axes.text(column, row, text, ha="center", va="center", **written)


def _name_columns(axes: Axes, heads: Sequence[str]) -> None:
    """Name the groups above the cells, upright: there may be twenty of them."""
    axes.set_xticks(range(len(heads)), heads, fontsize=8, rotation=90)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("bottom")
    axes.tick_params(length=0)
    axes.set_xlim(-0.5, len(heads) - 0.5)


def _name_rows(axes: Axes, rows: Sequence[tuple[str, str]], language: Language) -> None:
    titles = {each.name: criterion_title(each, language) for each in criteria()}
    labels = [
        wrap(titles[name], NAME_CHARACTERS)
        if outcome == NAME
        else wrap(outcome_title(outcome, language), OUTCOME_CHARACTERS)
        for name, outcome in rows
    ]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for label, (_, outcome) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontsize(8)
        label.set_fontweight("bold" if outcome == NAME else "normal")
