"""One figure of what organisations change on the way: waits for a GP, and information delays."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.tidy import ALL, LINK
from parcours_sim.report.findings import finding_delay, finding_wait
from parcours_sim.report.footer import footer
from parcours_sim.report.page import new_page
from parcours_sim.report.style import (
    BLACK,
    BLUE,
    SERIES,
    error_bars,
    label_rows,
    row_inches,
    shade_rows,
    write_ticks,
)
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, say

DELAYS = "information_delay_days"
# Above this ratio of the longest to the shortest delay a linear axis would hide the short ones.
LINEAR_UP_TO_RATIO = 20
LEGEND_COLUMNS = 2
SERIES_INCHES = 0.08


def access_figure(comparison: Comparison, titles: Titles, language: Language) -> Figure:
    """Draw waits for a GP and information delays by link, each scenario's own means."""
    names = comparison.scenarios
    labels = [titles.scenario(name, language) for name in names]
    links = comparison.groups(DELAYS, LINK)
    findings = (
        finding_wait(comparison, titles, language),
        finding_delay(comparison, titles, language),
    )
    page = new_page(
        "\n".join(f"{panel}. {finding}" for panel, finding in zip("AB", findings, strict=True)),
        footer(comparison, titles, language, "interval_levels"),
        head_inches=0.1 + 0.19 * -(-(1 + len(links)) // LEGEND_COLUMNS),
        charts_inches=row_inches(labels, 0.2 + SERIES_INCHES * len(links)) * len(names),
    )
    waits, delays = page.axes(1, 2, sharey=True, width_ratios=(1, 1.3))
    for axes in (waits, delays):
        shade_rows(axes, len(names))
    _draw_waits(waits, comparison, language)
    _draw_delays(delays, comparison, links, titles, language)
    for axes in (waits, delays):
        write_ticks(axes, language)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=LEGEND_COLUMNS)
    label_rows(waits, labels)
    return page.figure


def _draw_waits(axes: Axes, comparison: Comparison, language: Language) -> None:
    for statistic, offset, color, marker in (
        ("median", -0.12, BLUE, "o"),
        ("mean", 0.12, BLACK, "s"),
    ):
        found = [
            comparison.level(name, f"gp_wait_{statistic}_days") for name in comparison.scenarios
        ]
        _draw_series(axes, found, offset, say(statistic, language), color, marker)
    axes.set_xlim(left=0)
    axes.set_xlabel(say("axis_wait", language))


def _draw_delays(
    axes: Axes, comparison: Comparison, links: tuple[str, ...], titles: Titles, language: Language
) -> None:
    groups = (ALL, *links)
    step = 0.72 / len(groups)
    for place, group in enumerate(groups):
        color, marker = (BLACK, "D") if group == ALL else SERIES[(place - 1) % len(SERIES)]
        label = say("every_link", language) if group == ALL else titles.group(group, language)
        found = [comparison.level(name, DELAYS, group) for name in comparison.scenarios]
        _draw_series(axes, found, (place - (len(groups) - 1) / 2) * step, label, color, marker)
    axes.set_xlabel(say("axis_delay", language) + _scale(axes, comparison, groups, language))


def _scale(axes: Axes, comparison: Comparison, groups: tuple[str, ...], language: Language) -> str:
    found = [
        comparison.level(name, DELAYS, group).value
        for name in comparison.scenarios
        for group in groups
    ]
    known = [value for value in found if value >= 0]
    if known and 0 < LINEAR_UP_TO_RATIO * min(known) < max(known):
        axes.set_xscale("log")
        return say("log_scale", language)
    axes.set_xlim(left=0)
    return ""


def _draw_series(
    axes: Axes, found: list[Estimate], offset: float, label: str, color: str, marker: str
) -> None:
    rows = [place + offset for place in range(len(found))]
    error_bars(axes, found, rows, label, color, marker)
