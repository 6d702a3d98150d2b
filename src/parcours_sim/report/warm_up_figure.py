"""The figure of a warm-up, one chart for each series: Welch's moving average and where it settles.

The band stands around what the same weeks of later years have, so that a season is none of the
news. How series come about is in analysis/warm_up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.warm_up import (
    BAND_PERCENT,
    HALF_WINDOW_WEEKS,
    WEEKS_PER_YEAR,
    Settling,
)
from parcours_sim.report.notes import SMALL_TERRITORY_INHABITANTS
from parcours_sim.report.page import (
    AXIS_INCHES,
    FOOTER_INCHES,
    MARGIN_INCHES,
    WIDTH_INCHES,
    Page,
    new_page,
)
from parcours_sim.report.style import BLACK, BLUE, ORANGE, SKY
from parcours_sim.report.words import Language, number, say

WINDOW_WEEKS = 2 * HALF_WINDOW_WEEKS + 1

COLUMNS = 2
CHART_INCHES, GAP_INCHES, NUMBERS_INCHES = 1.75, 0.45, 0.55
"""Height of a chart, what its title takes above it, and width of the numbers beside it."""
RIGHT_INCHES, LEGEND_INCHES = 0.22, 0.75
LEAST_AXIS_SHARE = 0.6
"""How far below the level at the end a vertical axis begins at the most, as a share of it."""
MOST_TICKS = 8
LEGEND = (
    *("welch_weekly", "welch_moving", "welch_expected", "welch_band", "welch_cut"),
    "welch_settled",
)
"""What the marks mean, in the order of the legend."""


@dataclass(frozen=True)
class WarmUp:
    """What is drawn: how each series settles, and what of."""

    settlings: Mapping[str, Settling]
    cut: int
    """Weeks of the scenario's own warm-up."""
    parameter_set: str
    replications: int
    inhabitants: float


def warm_up_figure(warm_up: WarmUp, who: str, language: Language) -> Figure:
    """Draw every series with its moving average, its band and the end of the scenario's warm-up.

    `who` is the scenario's title.
    """
    lines = -(-len(warm_up.settlings) // COLUMNS)
    page = new_page(
        finding_warm_up(warm_up, who, language),
        _footer(warm_up, language),
        head_inches=LEGEND_INCHES,
        charts_inches=lines * (CHART_INCHES + GAP_INCHES) - GAP_INCHES,
    )
    charts = _charts(page, lines)
    for chart, (name, settling) in zip(charts, warm_up.settlings.items(), strict=False):
        _draw(chart, settling, warm_up.cut)
        _write_axes(chart, len(settling.weekly), language)
        chart.set_title(say(f"series_{name}", language))
    for chart in charts[len(warm_up.settlings) :]:
        chart.set_axis_off()
    for chart in charts[-COLUMNS:]:
        chart.set_xlabel(say("axis_weeks", language))
    _legend(page, charts, language)
    return page.figure


def finding_warm_up(warm_up: WarmUp, who: str, language: Language) -> str:
    """Return how many series are settled when the scenario's own warm-up ends.

    For how many chance is too large beside the band to tell is said too.
    """
    told = [each for each in warm_up.settlings.values() if each.is_told]
    settled = [each for each in told if each.is_settled_by(warm_up.cut)]
    count = len(warm_up.settlings)
    text = say(
        "finding_warm_up",
        language,
        who=who,
        settled=str(len(settled)),
        count=str(count),
        band=number(BAND_PERCENT, language),
    )
    if len(told) == count:
        return text
    return text + say("finding_warm_up_unclear", language, unclear=str(count - len(told)))


def _charts(page: Page, lines: int) -> list[Axes]:
    """Charts in a grid with numbers beside them and a title above each."""
    width, height = page.figure.get_size_inches()
    place = {
        "left": NUMBERS_INCHES / width,
        "right": 1 - RIGHT_INCHES / width,
        "top": 1 - (page.title_inches + page.head_inches) / height,
        "bottom": (FOOTER_INCHES + AXIS_INCHES) / height,
        "hspace": GAP_INCHES / CHART_INCHES,
        "wspace": NUMBERS_INCHES / (WIDTH_INCHES / COLUMNS - NUMBERS_INCHES),
    }
    grid = page.figure.subplots(lines, COLUMNS, squeeze=False, sharex=True, gridspec_kw=place)
    return list(grid.flat)


def _draw(chart: Axes, settling: Settling, cut: int) -> None:
    """Draw one series; marks bear their keys of LEGEND."""
    weekly, moving, expected = settling.weekly, settling.moving, settling.expected
    weeks = [week + 0.5 for week in range(len(weekly))]
    band = settling.band_percent / 100 * expected
    low, high = expected - band, expected + band
    chart.fill_between(
        weeks[: len(expected)], low, high, color=ORANGE, linewidth=0, label="welch_band"
    )
    for key, values, color, line, width in (
        ("welch_weekly", weekly, SKY, "-", 1.0),
        ("welch_expected", expected, BLACK, "--", 1.0),
        ("welch_moving", moving, BLUE, "-", 1.8),
    ):
        chart.plot(weeks[: len(values)], values, line, color=color, linewidth=width, label=key)
    chart.axvline(cut, color=BLACK, linestyle=":", label="welch_cut")
    week = settling.settled_week
    if week is not None and settling.is_told:
        look: dict[str, Any] = {"color": BLUE, "markersize": 6, "markerfacecolor": "white"}
        chart.plot(weeks[week], moving[week], "D", label="welch_settled", **look)


def _write_axes(chart: Axes, weeks: int, language: Language) -> None:
    chart.grid(True, axis="both")
    step = WEEKS_PER_YEAR // 2 * -(-2 * weeks // (WEEKS_PER_YEAR * MOST_TICKS))
    chart.set_xlim(0, weeks)
    chart.set_xticks(range(0, weeks + 1, step))
    chart.margins(y=0.05)
    chart.yaxis.set_major_formatter(lambda value, _: _tick(value, language))
    low, high = chart.get_ylim()
    if low > LEAST_AXIS_SHARE * high:
        chart.set_ylim(LEAST_AXIS_SHARE * high, high)


def _legend(page: Page, charts: list[Axes], language: Language) -> None:
    """One legend for all charts, below the finding: every mark that any of them has."""
    marks: dict[str, Artist] = {}
    for chart in charts:
        handles, keys = chart.get_legend_handles_labels()
        marks |= {str(key): handle for key, handle in zip(keys, handles, strict=True)}
    shown = [key for key in LEGEND if key in marks]
    parts = {"weeks": str(WINDOW_WEEKS), "band": number(BAND_PERCENT, language)}
    width, height = page.figure.get_size_inches()
    page.figure.legend(
        [marks[key] for key in shown],
        [say(key, language, **parts) for key in shown],
        loc="upper left",
        bbox_to_anchor=(MARGIN_INCHES / width, 1 - page.title_inches / height),
        ncols=3,
        borderpad=0,
    )


def _footer(warm_up: WarmUp, language: Language) -> str:
    text = say(
        "footer_warm_up",
        language,
        parameter_set=warm_up.parameter_set,
        replications=say("replications", language, count=str(warm_up.replications)),
        inhabitants=number(warm_up.inhabitants, language),
        weeks=str(WINDOW_WEEKS),
    )
    if warm_up.inhabitants < SMALL_TERRITORY_INHABITANTS:
        text += " · " + say("small_territory", language)
    return text


def _tick(value: float, language: Language) -> str:
    return number(value, language, len(f"{value:.6g}".partition(".")[2]))
