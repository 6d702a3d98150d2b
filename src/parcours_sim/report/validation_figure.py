"""The figure of validation: each simulated figure against what counts as agreeing with evidence.

All rows share one axis: 0 is what is stated, −1 and 1 are the ends of the range that agrees. Colour
and mark tell the verdict. Rows without a figure to compare are in the table only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.validation import Compared, Verdict

from .page import AXIS_INCHES, FOOTER_INCHES, MARGIN_INCHES, WIDTH_INCHES, drawing, new_page
from .style import GREY, SERIES, shade_rows, wrap
from .validation_words import figure_text, text_of, verdict_word
from .words import Language, plain, say

ROW_INCHES = 0.3
LABELS_INCHES, FIGURES_INCHES = 4.4, 2.1
LEGEND_INCHES = 0.4
REACH = 4.0
"""Half-widths of a range that the axis shows either way; what is farther stands at its end."""
LABEL_CHARACTERS = 62
LOOKS: dict[Verdict, tuple[str, str]] = {
    "by construction": SERIES[0],
    "inside": SERIES[2],
    "outside": SERIES[3],
    "out of reach": SERIES[4],
}


def draw_validation(
    rows: Sequence[Compared], parameter_set: str, folder: Path, language: Language
) -> list[Path]:
    """Draw the figure as PNG and SVG into a folder; return their paths.

    Raises FolderError where one can't be written.
    """
    with drawing(folder, language) as save:
        return save("validation", validation_figure(rows, parameter_set, language))


def validation_figure(rows: Sequence[Compared], parameter_set: str, language: Language) -> Figure:
    """Return the figure of the rows that have a figure to compare."""
    shown = [row for row in rows if _place(row, row.simulated.value) is not None]
    page = new_page(
        say("finding_validation", language, **_counts(rows)),
        say("footer_validation", language, parameter_set=parameter_set),
        head_inches=LEGEND_INCHES,
        charts_inches=ROW_INCHES * max(1, len(shown)),
    )
    width, height = page.figure.get_size_inches()
    axes = page.figure.add_axes(
        (
            LABELS_INCHES / width,
            (FOOTER_INCHES + AXIS_INCHES) / height,
            (WIDTH_INCHES - LABELS_INCHES - FIGURES_INCHES - MARGIN_INCHES) / width,
            ROW_INCHES * max(1, len(shown)) / height,
        )
    )
    _draw(axes, shown, language)
    handles, names = axes.get_legend_handles_labels()
    corner = (LABELS_INCHES / width, 1 - page.title_inches / height)
    page.figure.legend(
        handles, names, loc="upper left", bbox_to_anchor=corner, ncols=4, borderpad=0
    )
    return page.figure


def _counts(rows: Sequence[Compared]) -> dict[str, str]:
    verdicts = [row.verdict for row in rows]
    return {each.replace(" ", "_"): str(verdicts.count(each)) for each in get_args(Verdict)}


def _draw(axes: Axes, rows: Sequence[Compared], language: Language) -> None:
    shade_rows(axes, len(rows))
    axes.axvspan(-1.0, 1.0, color="#DCEBF5", linewidth=0, zorder=1)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=2)
    for verdict, (color, marker) in LOOKS.items():
        chosen = [(place, row) for place, row in enumerate(rows) if row.verdict == verdict]
        if not chosen:
            continue
        for place, row in chosen:
            ends = [_clipped(row, end) for end in (row.simulated.low, row.simulated.high)]
            axes.plot(ends, [place, place], color=color, linewidth=1.4, zorder=3)
        axes.plot(
            [_clipped(row, row.simulated.value) for _, row in chosen],
            [place for place, _ in chosen],
            linestyle="none",
            marker=marker,
            markersize=5,
            color=color,
            label=verdict_word(verdict, language),
            zorder=4,
        )
    for place, row in enumerate(rows):
        axes.annotate(
            _in_figures(row, language),
            (1.01, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
        )
    axes.set_yticks(range(len(rows)), [_label(row, language) for row in rows], fontsize=7)
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    axes.set_xlim(-REACH - 0.2, REACH + 0.2)
    axes.set_xlabel(say("axis_validation", language))


def _place(row: Compared, value: float) -> float | None:
    """Where a value stands: −1 and 1 at the ends of what agrees; None where nothing is compared.

    0 is what is stated, or the middle where that is an end. An open end is never passed.
    """
    is_stated = row.stated is not None or row.sign
    if not is_stated or math.isnan(value) or (row.low is None and row.high is None):
        return None
    if row.high is None or row.low is None:
        return _place_of_one_end(row, value)
    middle = (row.low + row.high) / 2.0
    if row.stated is not None and row.low < row.stated < row.high:
        middle = row.stated
    reach = (row.high - middle) if value >= middle else (middle - row.low)
    return (value - middle) / (reach or _tenth(middle))


def _place_of_one_end(row: Compared, value: float) -> float:
    end, side = (row.low, -1.0) if row.low is not None else (row.high or 0.0, 1.0)
    beyond = side * (value - end) / (abs((row.stated or 0.0) - end) or _tenth(end))
    return side * max(-1.0, 1.0 + beyond)


def _tenth(of: float) -> float:
    """Stands for the width of a range that has none."""
    return 0.1 * abs(of) or 1.0


def _clipped(row: Compared, value: float) -> float:
    place = _place(row, value)
    return math.nan if place is None else min(REACH, max(-REACH, place))


def _label(row: Compared, language: Language) -> str:
    return wrap(f"{row.evidence} · {text_of(row.what, language)}", LABEL_CHARACTERS)


def _in_figures(row: Compared, language: Language) -> str:
    simulated, unit = figure_text(row.simulated.value, language), text_of(row.unit, language)
    if row.stated is None:
        return say(f"simulated_for_{row.sign}", language, simulated=simulated, unit=unit)
    stated = plain(row.stated, language)
    return say("simulated_for_stated", language, simulated=simulated, stated=stated, unit=unit)
