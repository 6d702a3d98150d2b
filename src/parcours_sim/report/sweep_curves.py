"""The figure of a sweep along one axis: a curve for each scenario, with its 95 % intervals.

Numbers are joined, and their intervals are bands, or error bars where many bands would hide each
other; categories are points with error bars.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.experiment.sweep import Value
from parcours_sim.report.page import (
    AXIS_INCHES,
    FOOTER_INCHES,
    MARGIN_INCHES,
    WIDTH_INCHES,
    Page,
    new_page,
)
from parcours_sim.report.style import BLACK, SERIES, write_ticks
from parcours_sim.report.sweep_axes import (
    LINE_INCHES,
    footer_inches,
    label_inches,
    lines_inches,
    tick_labels,
)
from parcours_sim.report.sweep_texts import axis_title, finding_sweep, measure_title, sweep_footer
from parcours_sim.report.sweep_view import SweepView, is_numeric
from parcours_sim.report.words import Language, plain, say

MOST_CURVES = len(SERIES)
CHART_INCHES, NUMBERS_INCHES, TITLE_INCHES = 4.2, 0.95, 0.3
"""Height of the chart, width of the numbers beside it, height of the words above it."""
LEGEND_LINE_INCHES, MARKER_INCHES, MOST_LEGEND_COLUMNS = 0.2, 0.6, 4
LINEAR_UP_TO_RATIO = 10
"""Above this ratio of the largest to the smallest value an axis may be logarithmic."""
MOST_BANDS, MOST_BARRED_STEPS = 4, 30
"""More curves than this have bars instead of bands, unless there are more values than that."""
SPREAD, APART_POINTS = 0.6, 4
"""What the scenarios of one category take of its width; how far apart bars at one value stand."""


def curves_figure(view: SweepView, language: Language) -> Figure:
    """Draw the outcome along the axis, one curve for each scenario."""
    (axis,) = view.axes
    steps = view.steps(0)
    names = [view.about.titles.scenario(name, language) for name in view.scenarios]
    columns = legend_columns(names)
    width = WIDTH_INCHES - NUMBERS_INCHES - MARGIN_INCHES
    labels = [] if is_joined(view) else tick_labels(steps, width / len(steps), language)
    below = max(map(lines_inches, labels), default=LINE_INCHES) - LINE_INCHES
    footer = sweep_footer(view, language)
    below += footer_inches(footer) - FOOTER_INCHES
    page = new_page(
        finding_sweep(view, language),
        footer,
        head_inches=LEGEND_LINE_INCHES * -(-len(names) // columns) + TITLE_INCHES,
        charts_inches=CHART_INCHES + below,
    )
    chart = _chart(page, below)
    if labels:
        _draw_points(chart, view, steps, names)
        chart.set_xticks(range(len(steps)), labels)
        chart.set_xlim(-0.5, len(steps) - 0.5)
    else:
        _draw_curves(chart, view, steps, names)
        write_ticks(chart, language, count=10)
    log = say("log_scale", language) if chart.get_xscale() == "log" else ""
    chart.set_xlabel(axis_title(axis, language) + log)
    _write_measure(chart, view, language)
    _legend(page, chart, columns)
    return page.figure


class Series(NamedTuple):
    """How one scenario is drawn."""

    name: str
    label: str
    color: str
    marker: str
    from_middle: float
    """Its place among all of them, counted from their middle."""


def is_joined(view: SweepView) -> bool:
    """Whether the axis has numbers to draw curves along, not categories or a single value."""
    return is_numeric(view.axes[0]) and len(view.axes[0].values) > 1


def has_error_bars(curves: int, steps: int) -> bool:
    """Whether the intervals of curves are drawn as bars rather than bands."""
    return curves > MOST_BANDS and steps <= MOST_BARRED_STEPS


def legend_columns(names: Sequence[str]) -> int:
    """Return how many columns of a legend with these names fit beside each other."""
    widest = MARKER_INCHES + max(map(label_inches, names))
    fitting = int((WIDTH_INCHES - 2 * MARGIN_INCHES) / widest)
    return max(1, min(fitting, MOST_LEGEND_COLUMNS, len(names)))


def is_logarithmic(values: Sequence[Value]) -> bool:
    """Whether values, in ascending order, are spread more evenly by their ratios than as such."""
    numbers = np.array([float(value) for value in values])
    if len(numbers) < 3 or numbers[0] <= 0 or numbers[-1] <= LINEAR_UP_TO_RATIO * numbers[0]:
        return False
    return _unevenness(np.log(numbers)) < _unevenness(numbers)


def _unevenness(numbers: np.ndarray) -> float:
    gaps = np.diff(numbers)
    return float(gaps.max() / gaps.min())


def _chart(page: Page, below: float) -> Axes:
    width, height = page.figure.get_size_inches()
    bottom = FOOTER_INCHES + AXIS_INCHES + below
    tall = height - page.title_inches - page.head_inches - bottom
    wide = width - NUMBERS_INCHES - MARGIN_INCHES
    place = (NUMBERS_INCHES / width, bottom / height, wide / width, tall / height)
    return page.figure.add_axes(place)


def _series(view: SweepView, names: list[str]) -> list[Series]:
    middle = (len(names) - 1) / 2
    looks = zip(view.scenarios, names, SERIES, strict=False)
    return [
        Series(name, label, color, marker, place - middle)
        for place, (name, label, (color, marker)) in enumerate(looks)
    ]


def _draw_curves(chart: Axes, view: SweepView, steps: Sequence[Value], names: list[str]) -> None:
    places = [float(value) for value in steps]
    if is_logarithmic(steps):
        chart.set_xscale("log")
    has_bars = has_error_bars(len(names), len(steps))
    for series in _series(view, names):
        found = [view.at(series.name, (value,)) for value in steps]
        if not has_bars:
            low = [estimate.low for estimate in found]
            high = [estimate.high for estimate in found]
            chart.fill_between(places, low, high, color=series.color, alpha=0.16, linewidth=0)
        drawn = _draw(chart, places, found, series, line="-", has_bars=has_bars)
        if has_bars:
            _shift(drawn, chart, APART_POINTS * series.from_middle)


def _draw_points(chart: Axes, view: SweepView, steps: Sequence[Value], names: list[str]) -> None:
    for series in _series(view, names):
        offset = series.from_middle * SPREAD / len(names)
        places = [place + offset for place in range(len(steps))]
        found = [view.at(series.name, (value,)) for value in steps]
        _draw(chart, places, found, series, line="none", has_bars=True)


def _draw(
    chart: Axes,
    places: list[float],
    found: list[Estimate],
    series: Series,
    *,
    line: str,
    has_bars: bool,
) -> ErrorbarContainer:
    values = [estimate.value for estimate in found]
    bounds = np.array([[estimate.low, estimate.high] for estimate in found]).T
    return chart.errorbar(
        places,
        values,
        yerr=np.nan_to_num(np.abs(bounds - values)) if has_bars else None,
        label=series.label,
        color=series.color,
        marker=series.marker,
        markersize=5 if len(places) <= 40 else 2.5,
        linestyle=line,
        capsize=2.5,
        elinewidth=1.2,
        zorder=3,
    )


def _shift(drawn: ErrorbarContainer, chart: Axes, points: float) -> None:
    """Move a curve sideways, so that its bars don't hide those of others at the same value."""
    figure = chart.get_figure(root=True)
    assert figure is not None
    aside = ScaledTranslation(points / 72, 0, figure.dpi_scale_trans)
    for artist in drawn.get_children():
        artist.set_transform(chart.transData + aside)


def _write_measure(chart: Axes, view: SweepView, language: Language) -> None:
    """Say above the chart what its vertical axis measures, and draw zero where it means none."""
    chart.grid(True, axis="y")
    chart.grid(is_joined(view), axis="x")
    chart.yaxis.set_major_formatter(lambda value, _: plain(value, language))
    if view.is_compared:
        chart.axhline(0, color=BLACK, linewidth=0.9, zorder=2)
    what = measure_title(view, language)
    if view.has_intervals:
        what = say("sweep_with_intervals", language, what=what)
    chart.set_title(what, x=(MARGIN_INCHES - NUMBERS_INCHES) / _width(chart), fontsize=9)


def _width(chart: Axes) -> float:
    figure = chart.get_figure(root=True)
    assert figure is not None
    return float(chart.get_position().width * figure.get_size_inches()[0])


def _legend(page: Page, chart: Axes, columns: int) -> None:
    width, height = page.figure.get_size_inches()
    corner = (MARGIN_INCHES / width, 1 - page.title_inches / height)
    series = chart.get_legend_handles_labels()
    page.figure.legend(*series, loc="upper left", bbox_to_anchor=corner, ncols=columns, borderpad=0)
