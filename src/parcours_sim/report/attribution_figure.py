"""The figure of an attribution: each channel's part of what is avoided, and of how it depends.

A point with an interval is the Shapley value; the bar behind it reaches from what the channel
avoids where it alone is switched on to what is lost where it alone is switched off. The last row is
the total.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.attribution import Attribution, Credit
from parcours_sim.report.attribution_texts import (
    channel_title,
    decimals_of,
    finding_attribution,
    footer_attribution,
    rate,
    share_of,
    what_is_shared,
    with_interval,
)
from parcours_sim.report.page import AXIS_LINE_INCHES, drawing, new_page
from parcours_sim.report.style import (
    BLACK,
    BLUE,
    GREY,
    SKY,
    error_bars,
    label_rows,
    row_inches,
    shade_rows,
    wrap,
    write_ticks,
)
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import LANGUAGES, Language, number, say

ROW_INCHES = 0.36
HEAD_INCHES, FOOTER_LINE_INCHES = 0.65, 0.12
"""Height of the head and of the footer's third line."""
COLUMN_ENDS = (0.72, 0.97)
"""Where the columns beside the chart end, as shares of their width."""
AXIS_CHARACTERS = 74
ENDS = (("alone", "attribution_alone", ">"), ("last", "attribution_last", "<"))
"""What a bar reaches from and to: field, words, mark."""


def draw_attribution(found: Attribution, titles: Titles, folder: Path, name: str) -> list[Path]:
    """Draw the figure in both languages as PNG and SVG into a folder; return their paths.

    Raises FolderError where one can't be written.
    """
    paths: list[Path] = []
    for language in LANGUAGES:
        with drawing(folder, language) as save:
            paths += save(name, attribution_figure(found, titles, language))
    return paths


def attribution_figure(found: Attribution, titles: Titles, language: Language) -> Figure:
    """Return the figure: a row for each channel, those that don't move too, and the total."""
    labels = [channel_title(each.channel, language) for each in found.credits]
    labels.append(say("attribution_total", language))
    what = wrap(what_is_shared(found, titles, language), AXIS_CHARACTERS)
    below = FOOTER_LINE_INCHES + AXIS_LINE_INCHES * what.count("\n")
    page = new_page(
        finding_attribution(found, titles, language),
        footer_attribution(found, titles, language),
        head_inches=HEAD_INCHES,
        charts_inches=row_inches(labels, ROW_INCHES) * len(labels) + below,
    )
    chart, columns = page.axes(1, 2, width_ratios=(1, 0.5), sharey=True)
    page.lift((chart, columns), below)
    for axes in (chart, columns):
        shade_rows(axes, len(labels))
        axes.axhline(len(labels) - 1.5, color=BLACK, linewidth=0.7)
    _draw_bars(chart, found, language)
    _draw_values(chart, found, language)
    label_rows(chart, labels)
    write_ticks(chart, language)
    chart.set_xlabel(what)
    page.legend(chart)
    _write_columns(columns, found, language)
    return page.figure


def _draw_bars(axes: Axes, found: Attribution, language: Language) -> None:
    rows = [(row, each) for row, each in enumerate(found.credits) if each.moves]
    heights = [float(row) for row, _ in rows]
    starts, ends = (
        [rate(found, getattr(each, field)).value for _, each in rows] for field, *_ in ENDS
    )
    widths = [end - start for start, end in zip(starts, ends, strict=True)]
    axes.barh(heights, widths, 0.5, left=starts, color=SKY)
    for (_, words, marker), places in zip(ENDS, (starts, ends), strict=True):
        axes.plot(
            places,
            heights,
            linestyle="none",
            marker=marker,
            markersize=5,
            color=BLUE,
            markerfacecolor="white",
            label=say(words, language),
            zorder=2.5,
        )


def _draw_values(axes: Axes, found: Attribution, language: Language) -> None:
    rows = [(float(row), each.value) for row, each in enumerate(found.credits) if each.moves]
    rows.append((float(len(found.credits)), found.total))
    estimates = [rate(found, each) for _, each in rows]
    label = say("attribution_value", language)
    error_bars(axes, estimates, [row for row, _ in rows], label, BLACK, "D")
    axes.axvline(0, color=BLACK, linewidth=0.9)


def _write_columns(axes: Axes, found: Attribution, language: Language) -> None:
    axes.set_axis_off()
    places = decimals_of(found)
    heads = [say(key, language) for key in ("attribution_column_value", "attribution_column_share")]
    _write(axes, -0.55, heads, va="bottom")
    for row, each in enumerate(found.credits):
        _write_credit(axes, row, found, each, language)
    share = number(100, language) if found.total.excludes_zero else ""
    total = with_interval(rate(found, found.total), language, places)
    _write(axes, len(found.credits), [total, share], fontweight="bold")


def _write_credit(
    axes: Axes, row: int, found: Attribution, credit: Credit, language: Language
) -> None:
    if not credit.moves:
        _write(axes, row, [say("attribution_still", language)], color=GREY)
        return
    value = with_interval(rate(found, credit.value), language, decimals_of(found))
    _write(axes, row, [value, share_of(found, credit, language)])


def _write(axes: Axes, row: float, texts: list[str], va: str = "center", **look: Any) -> None:
    for end, text in zip(COLUMN_ENDS, texts, strict=False):
        place = axes.get_yaxis_transform()
        axes.text(end, row, text, transform=place, ha="right", va=va, fontsize=8.5, **look)
