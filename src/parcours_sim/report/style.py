"""How figures look: colours, marks, rows and ticks. Where parts stand on a figure is in page.

Colours are from the palette of Okabe and Ito (Color Universal Design, 2008), told apart with the
usual forms of colour blindness; markers and hatches differ too, for prints in grey.
"""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.report.words import Language, number

BLACK = "#000000"
BLUE = "#0072B2"
SKY = "#9CD3F3"  # the palette's sky blue, lighter: a point must stand out on it
ORANGE = "#F2CB80"  # the palette's orange, lighter
GREY = "#6E6E6E"

# One look for each of up to eight series, in colour and in shape.
SERIES: tuple[tuple[str, str], ...] = (
    ("#0072B2", "o"),
    ("#E69F00", "s"),
    ("#009E73", "^"),
    ("#D55E00", "v"),
    ("#CC79A7", "P"),
    ("#56B4E9", "X"),
    ("#8A7F00", "<"),
    ("#6E6E6E", ">"),
)

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib: the same letters on every machine
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.columnspacing": 1.4,
    "legend.handletextpad": 0.5,
    "svg.hashsalt": "parcours_sim",  # identifiers inside SVG files, otherwise drawn at random
    "svg.fonttype": "path",
}
LABEL_CHARACTERS = 24


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw with this style alone, whatever the user's own Matplotlib settings are."""
    with matplotlib.style.context(STYLE, after_reset=True):
        yield


def row_inches(labels: list[str], least: float) -> float:
    """Return the height of a row that holds the longest of its labels, wrapped."""
    lines = max(wrap(label, LABEL_CHARACTERS).count("\n") + 1 for label in labels)
    return max(least, 0.1 + 0.16 * lines)


def label_rows(axes: Axes, labels: list[str]) -> None:
    """Name the rows of a horizontal chart, the first one on top."""
    axes.set_yticks(range(len(labels)), [wrap(label, LABEL_CHARACTERS) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)


def shade_rows(axes: Axes, count: int) -> None:
    """Shade every second row, to lead the eye from a label to its marks."""
    for row in range(0, count, 2):
        axes.axhspan(row - 0.5, row + 0.5, color="#F4F4F4", linewidth=0, zorder=0)


def write_cell(axes: Axes, end: float, row: float, text: str, va: str) -> None:
    """Write a text in a row of a chart; it ends at a share of the chart's width."""
    place = axes.get_yaxis_transform()
    axes.text(end, row, text, transform=place, ha="right", va=va, fontsize=8.5)


def write_ticks(axes: Axes, language: Language, count: int = 6) -> None:
    """Number the horizontal axis as the language does, with round steps."""
    if axes.get_xscale() == "log":
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(count, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value, language))


def error_bars(
    axes: Axes, estimates: list[Estimate], rows: list[float], label: str, color: str, marker: str
) -> None:
    """Draw points with their intervals, those that have one, at some heights."""
    values = np.array([estimate.value for estimate in estimates])
    bounds = np.array([[estimate.low, estimate.high] for estimate in estimates]).T
    reach = np.nan_to_num(np.abs(bounds - values))
    axes.errorbar(
        values,
        rows,
        xerr=reach,
        label=label,
        color=color,
        marker=marker,
        markersize=5,
        linestyle="none",
        capsize=3,
        elinewidth=1.3,
        zorder=3,
    )


def wrap(text: str, characters: int) -> str:
    """Break a text into lines at plain spaces only, so that unbreakable ones hold."""
    return "\n".join(textwrap.wrap(text, characters, break_long_words=False))


def _tick(value: float, language: Language) -> str:
    decimals = len(f"{value:.6g}".partition(".")[2])
    return number(value, language, decimals)
