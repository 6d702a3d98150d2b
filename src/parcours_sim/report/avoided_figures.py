"""Two figures of avoided hospitalisations: per organisation, and the same by condition.

A point with an interval is the net difference; the lighter bars behind it are what it is made
of, stays avoided to the right of zero and stays induced to the left.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.tidy import ALL, KIND
from parcours_sim.report.findings import finding_avoided, finding_by_kind
from parcours_sim.report.footer import footer
from parcours_sim.report.page import new_page
from parcours_sim.report.style import (
    BLACK,
    ORANGE,
    SKY,
    error_bars,
    label_rows,
    row_inches,
    shade_rows,
    wrap,
    write_cell,
    write_ticks,
)
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, between, number, say

# Outcome and factor of each column of resources (costs in thousands of euros).
RESOURCES: dict[str, tuple[str, float]] = {
    "column_gp": ("gp_hours", 1),
    "column_nurse": ("nurse_hours", 1),
    "column_coordination": ("coordination_hours", 1),
    "column_cost": ("cost_eur", 1e-3),
}
# Where columns end, as shares of the table's width.
COLUMN_ENDS = (0.37, 0.53, 0.69, 0.84, 0.985)
PANELS_PER_ROW = 3
PANEL_CHARACTERS = 32
ROW_INCHES = 0.48
KIND_INCHES = 0.34
# Measure, side of zero, colour and hatch of the bars of gross figures.
BARS = (("avoided", 1, SKY, ""), ("induced", -1, ORANGE, "////"))


def avoided_figure(comparison: Comparison, titles: Titles, language: Language) -> Figure:
    """Draw net and gross avoided hospitalisations per organisation, beside the resources."""
    names = comparison.organisations
    labels = [titles.scenario(name, language) for name in names]
    title = finding_avoided(comparison, titles, language)
    below = footer(comparison, titles, language, "interval_paired")
    row = row_inches(labels, ROW_INCHES)
    page = new_page(title, below, head_inches=0.95, charts_inches=row * len(names))
    chart, columns = page.axes(1, 2, width_ratios=(1, 1.05), sharey=True)
    for axes in (chart, columns):
        shade_rows(axes, len(names))
    _draw_rows(chart, comparison, [(name, ALL) for name in names], language)
    label_rows(chart, labels)
    write_ticks(chart, language)
    chart.set_xlabel(say("axis_avoided", language))
    page.legend(chart)
    _write_columns(columns, comparison, language, row)
    return page.figure


def avoided_by_kind_figure(comparison: Comparison, titles: Titles, language: Language) -> Figure:
    """Draw the same by kind of episode, one panel for each organisation."""
    names = comparison.organisations
    kinds = comparison.groups("hospitalisations", KIND) or (ALL,)
    labels = [titles.group(kind, language) for kind in kinds]
    heads = [wrap(titles.scenario(name, language), PANEL_CHARACTERS) for name in names]
    head_inches = 0.15 + 0.17 * max(head.count("\n") + 1 for head in heads)
    lines = -(-len(names) // PANELS_PER_ROW)
    page = new_page(
        finding_by_kind(comparison, kinds, titles, language),
        footer(comparison, titles, language, "interval_paired"),
        head_inches=0.3 + head_inches,
        charts_inches=lines * row_inches(labels, KIND_INCHES) * len(kinds)
        + (lines - 1) * (head_inches + 0.2),
    )
    across = min(PANELS_PER_ROW, len(names))
    panels = page.axes(lines, across, head_inches + 0.2, sharex=True, sharey=True)
    for place, (panel, name) in enumerate(zip(panels, names, strict=False)):
        shade_rows(panel, len(kinds))
        _draw_rows(panel, comparison, [(name, kind) for kind in kinds], language)
        panel.set_title(heads[place])
        panel.tick_params(labelbottom=place + across >= len(names))
    for panel in panels[len(names) :]:
        panel.set_axis_off()
    label_rows(panels[0], labels)
    write_ticks(panels[0], language)
    panels[(lines - 1) * across].set_xlabel(say("axis_avoided", language), x=0, ha="left")
    page.legend(panels[0])
    return page.figure


def _draw_rows(
    axes: Axes, comparison: Comparison, rows: list[tuple[str, str]], language: Language
) -> None:
    factor = comparison.exposure.per_100k
    heights = [float(place) for place in range(len(rows))]
    for measure, sign, color, hatch in BARS:
        gross = [comparison.gross_stays(name, measure, group).value for name, group in rows]
        if not np.isnan(gross).all():
            widths = sign * factor * np.nan_to_num(gross)
            label = say(f"gross_{measure}", language)
            axes.barh(heights, widths, 0.62, label=label, color=color, hatch=hatch)
    net = [
        comparison.difference(name, "hospitalisations", group).scaled(-factor)
        for name, group in rows
    ]
    known = any(estimate.has_interval for estimate in net)
    label = say("net_with_interval" if known else "net", language)
    error_bars(axes, net, heights, label, BLACK, "D")
    axes.axvline(0, color=BLACK, linewidth=0.9)


def _write_columns(axes: Axes, comparison: Comparison, language: Language, row: float) -> None:
    axes.set_axis_off()
    heads = [say(key, language) for key in ("column_net", *RESOURCES)]
    for end, head in zip(COLUMN_ENDS, heads, strict=True):
        write_cell(axes, end, -0.5 - 0.04 / row, head, va="bottom")
    above = -0.5 - 0.42 / row
    write_cell(axes, COLUMN_ENDS[-1], above - 0.04 / row, say("columns_extra", language), "bottom")
    ends = (COLUMN_ENDS[0] + 0.06, COLUMN_ENDS[-1])
    place = axes.get_yaxis_transform()
    axes.plot(ends, (above, above), color=BLACK, linewidth=0.7, transform=place, clip_on=False)
    for line, name in enumerate(comparison.organisations):
        share = comparison.percent(name, "hospitalisations").scaled(-1)
        texts = [_with_interval(share, language)]
        for outcome, factor in RESOURCES.values():
            extra = comparison.difference(name, outcome).value * factor
            texts.append(number(extra * comparison.exposure.per_100k, language, signed=True))
        for end, text in zip(COLUMN_ENDS, texts, strict=True):
            write_cell(axes, end, line, text, va="center")


def _with_interval(share: Estimate, language: Language) -> str:
    value = number(share.value, language, 1)
    if not share.has_interval:
        return value
    return f"{value} ({between(share.low, share.high, language, 1)})"
