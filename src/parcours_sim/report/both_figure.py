"""The figure of a comparison under several parameter sets: what is avoided under each."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.report.findings import finding_avoided
from parcours_sim.report.footer import footer
from parcours_sim.report.page import drawing, new_page
from parcours_sim.report.style import (
    BLACK,
    error_bars,
    label_rows,
    row_inches,
    shade_rows,
    write_ticks,
)
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, say

NAME = "avoided_under_both_sets"
MARKS = (("#0072B2", "o"), ("#D55E00", "s"))
"""Colour and shape of the points of each set, from the palette of `style.py`."""
ROW_INCHES = 0.5
SPREAD = 0.36
"""How far apart the points of one organisation stand, as a share of its row."""


def draw_both(
    comparisons: Sequence[Comparison], titles: Titles, folder: Path, language: Language = "en"
) -> list[Path]:
    """Draw the figure as PNG and SVG into a folder; return their paths.

    The French file's name ends in ".fr". Raises OSError where the folder can't be written.
    """
    with drawing(folder, language) as save:
        return save(NAME, both_figure(comparisons, titles, language))


def both_figure(comparisons: Sequence[Comparison], titles: Titles, language: Language) -> Figure:
    """Draw the net avoided hospitalisations of each organisation, a point for each set."""
    names = comparisons[0].organisations
    labels = [titles.scenario(name, language) for name in names]
    findings = [
        say(
            "of_set",
            language,
            parameter_set=each.parameter_set,
            what=finding_avoided(each, titles, language),
        )
        for each in comparisons
    ]
    page = new_page(
        "\n".join(findings),
        footer(comparisons[0], titles, language, "interval_paired", *comparisons[1:]),
        head_inches=0.35,
        charts_inches=row_inches(labels, ROW_INCHES) * len(names),
    )
    (axes,) = page.axes(1, 1)
    shade_rows(axes, len(names))
    for place, each in enumerate(comparisons):
        _draw_points(axes, each, place / max(1, len(comparisons) - 1) - 0.5, MARKS[place], language)
    axes.axvline(0, color=BLACK, linewidth=0.9)
    label_rows(axes, labels)
    write_ticks(axes, language)
    axes.set_xlabel(say("axis_avoided", language))
    page.legend(axes)
    return page.figure


def _draw_points(
    axes: Axes, comparison: Comparison, offset: float, mark: tuple[str, str], language: Language
) -> None:
    factor = comparison.exposure.per_100k
    names = comparison.organisations
    net = [comparison.difference(name, "hospitalisations").scaled(-factor) for name in names]
    known = any(estimate.has_interval for estimate in net)
    what = say("net_with_interval" if known else "net", language)
    label = say("of_set", language, parameter_set=comparison.parameter_set, what=what)
    rows = [row + SPREAD * offset for row in range(len(names))]
    error_bars(axes, net, rows, label, *mark)
