"""The figure of prices: where the money goes, at what price a stay is avoided, whether it pays.

A row for each organisation. On the left its bill against the baseline's, item by item; in the
middle its acceptability curve, the share of worlds in which it costs no more than what it avoids is
worth; on the right what a stay avoided costs, who pays, and the posts that it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.bills import ITEMS
from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.price import THRESHOLDS_EUR, Price
from parcours_sim.report.footer import footer
from parcours_sim.report.page import AXIS_LINE_INCHES, drawing, new_page
from parcours_sim.report.price_texts import finding_price, per_stay_text
from parcours_sim.report.style import (
    BLACK,
    GREY,
    SERIES,
    SKY,
    error_bars,
    label_rows,
    row_inches,
    shade_rows,
    write_cell,
    write_ticks,
)
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, number, say
from parcours_sim.scenario.price_file import TODAY

ROW_INCHES = 0.5
HEAD_INCHES = 0.95
CURVE_HEIGHT = 0.76
"""Of a row: how high a curve stands where it reaches 100 %."""
COLUMN_ENDS = (0.43, 0.66, 0.83, 0.985)
HEADS = ("price_column_per_stay", "price_column_insurer", "price_column_gp", "price_column_nurse")


def draw_prices(
    prices: Mapping[str, Price],
    comparison: Comparison,
    titles: Titles,
    folder: Path,
    language: Language,
) -> list[Path]:
    """Draw the figure as PNG and SVG into a folder; return their paths.

    Raises FolderError where one can't be written.
    """
    with drawing(folder, language) as save:
        return save("price", price_figure(prices, comparison, titles, language))


def price_figure(
    prices: Mapping[str, Price], comparison: Comparison, titles: Titles, language: Language
) -> Figure:
    """Return the figure; all rates are per inhabitant of the territory and year."""
    labels = [titles.scenario(name, language) for name in prices]
    row = row_inches(labels, ROW_INCHES)
    page = new_page(
        finding_price(prices, titles, language),
        footer(comparison, titles, language, "interval_paired"),
        head_inches=HEAD_INCHES,
        charts_inches=row * len(labels) + AXIS_LINE_INCHES,
    )
    bills, curves, columns = page.axes(1, 3, width_ratios=(1, 0.75, 1.05), sharey=True)
    page.lift((bills, curves, columns), AXIS_LINE_INCHES)
    for axes in (bills, curves, columns):
        shade_rows(axes, len(labels))
    _draw_bills(bills, prices, comparison, language)
    label_rows(bills, labels)
    write_ticks(bills, language)
    bills.set_xlabel(say("axis_bill", language))
    page.legend(bills, columns=4)
    _draw_curves(curves, prices, language)
    _write_columns(columns, prices, comparison, language, row)
    return page.figure


def _draw_bills(
    axes: Axes, prices: Mapping[str, Price], comparison: Comparison, language: Language
) -> None:
    factor = 1.0 / (comparison.exposure.inhabitants * comparison.exposure.years)
    rows = np.arange(len(prices), dtype=float)
    reached = {1: np.zeros(len(prices)), -1: np.zeros(len(prices))}
    for item, (color, _) in zip(ITEMS, SERIES, strict=False):
        euros = np.array([factor * price.items[item].value for price in prices.values()])
        if not euros.any():
            continue
        starts = np.where(euros >= 0, reached[1], reached[-1])
        axes.barh(rows, euros, 0.5, left=starts, color=color, label=say(f"item_{item}", language))
        reached[1] += np.maximum(euros, 0.0)
        reached[-1] += np.minimum(euros, 0.0)
    costs = [price.cost.scaled(factor) for price in prices.values()]
    error_bars(axes, costs, list(rows), say("item_all", language), BLACK, "D")
    axes.axvline(0, color=BLACK, linewidth=0.9)


def _draw_curves(axes: Axes, prices: Mapping[str, Price], language: Language) -> None:
    limits = np.array(THRESHOLDS_EUR) * 1e-3
    for row, price in enumerate(prices.values()):
        foot = row + CURVE_HEIGHT / 2
        heights = foot - CURVE_HEIGHT * np.array(price.worth)
        axes.fill_between(limits, foot, heights, color=SKY, linewidth=0)
        axes.plot(limits, heights, color=BLACK, linewidth=1.0)
        axes.axhline(foot - CURVE_HEIGHT, color=GREY, linewidth=0.6, linestyle=":")
    axes.set_xlim(limits[0], limits[-1])
    write_ticks(axes, language)
    axes.tick_params(labelleft=False)
    axes.set_xlabel(say("axis_worth", language))


def _write_columns(
    axes: Axes,
    prices: Mapping[str, Price],
    comparison: Comparison,
    language: Language,
    row: float,
) -> None:
    axes.set_axis_off()
    factor = 1.0 / (comparison.exposure.inhabitants * comparison.exposure.years)
    for end, head in zip(COLUMN_ENDS, HEADS, strict=True):
        write_cell(axes, end, -0.5 - 0.04 / row, say(head, language), va="bottom")
    for line, price in enumerate(prices.values()):
        texts = [
            per_stay_text(price.per_avoided, language),
            number(price.paid[TODAY]["insurer"].value * factor, language, 2, signed=True),
            number(price.posts["gp"].value, language, 2, signed=True),
            number(price.posts["nurse"].value, language, 2, signed=True),
        ]
        for end, text in zip(COLUMN_ENDS, texts, strict=True):
            write_cell(axes, end, line, text, va="center")
