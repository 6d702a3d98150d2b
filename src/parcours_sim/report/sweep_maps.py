"""The figure of a sweep along two axes: a heat map for each scenario, on one scale of colours.

Differences have a scale that is pale at zero, from the palette's vermilion to its blue, told
apart with the usual forms of colour blindness; levels go from pale to blue. Cells whose interval
includes zero are hatched. Where maps stand on the page is in sweep_places.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.ticker import MaxNLocator

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.report.page import (
    AXIS_INCHES,
    FOOTER_INCHES,
    MARGIN_INCHES,
    Page,
    new_page,
)
from parcours_sim.report.style import BLACK, BLUE
from parcours_sim.report.sweep_axes import LINE_INCHES, label_inches
from parcours_sim.report.sweep_places import GAP_INCHES, Places, places_for
from parcours_sim.report.sweep_texts import decimals_of, finding_sweep, measure_title, sweep_footer
from parcours_sim.report.sweep_view import SweepView
from parcours_sim.report.words import Language, number, plain, say

MOST_MAPS = 4
VERMILION, PALE, PALE_BLUE, WHITE = "#D55E00", "#F6F6F6", "#E3F0F9", "#FFFFFF"
UNKNOWN_COLOR = "#DDDDDD"
DIVERGING = LinearSegmentedColormap.from_list(
    "diverging", [VERMILION, PALE, BLUE], bad=UNKNOWN_COLOR
)
SEQUENTIAL = LinearSegmentedColormap.from_list("sequential", [PALE_BLUE, BLUE], bad=UNKNOWN_COLOR)
HATCHED: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": "#8C8C8C",
    "linewidth": 0,
    "hatch": "////",
}
SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=float)
DARK = 0.45
"""Below this luminance of a cell its number is written in white."""
MOST_VALUES = 150
"""A map of more cells has no numbers in them."""
LINED_INCHES = 0.25
"""Cells of this width and height have lines between them."""
SCALE_WIDTH, SCALE_HEIGHT, SCALE_WORDS, SCALE_MARGIN = 4.0, 0.16, 0.25, 0.3
"""Width and height of the scale of colours, height of the words above it, room for its ends."""

Column = list[Estimate]


class Colors(NamedTuple):
    """The scale of colours that all maps share."""

    norm: Normalize
    map: LinearSegmentedColormap

    def of(self, value: float) -> tuple[float, float, float]:
        """Return red, green and blue of a value."""
        red, green, blue, _ = self.map(float(self.norm(value)))
        return red, green, blue


def maps_figure(view: SweepView, language: Language) -> Figure:
    """Draw the outcome at every point of two axes, the first one to the right, the second up."""
    footer = sweep_footer(view, language)
    places = places_for(view, footer, language)
    page = new_page(
        finding_sweep(view, language),
        footer,
        head_inches=places.head_inches,
        charts_inches=places.charts_inches + places.below_inches - AXIS_INCHES - FOOTER_INCHES,
    )
    colors = _colors(view)
    decimals = decimals_of(estimate.value for estimate in view.shown.values())
    written = partial(number, language=language, decimals=decimals)
    for place, scenario in enumerate(view.scenarios):
        axes = places.map(page, place)
        columns = _columns(view, scenario)
        _paint(axes, columns, colors, places.step, hatched=view.is_compared)
        _write_values(axes, columns, colors, places.step, written)
        _name_steps(axes, places, place)
    _name_axes(page, places)
    _draw_scale(page, colors, view, language)
    return page.figure


def _columns(view: SweepView, scenario: str) -> list[Column]:
    """The estimates of a scenario, one list for each value of the first axis."""
    across, along = view.steps(0), view.steps(1)
    return [[view.at(scenario, (x, y)) for y in along] for x in across]


def _colors(view: SweepView) -> Colors:
    """One scale for all maps: as far to either side of zero as the largest effect."""
    values = [estimate.value for estimate in view.shown.values()] or [0.0]
    if not view.is_compared:
        return Colors(Normalize(min(values), max(values)), SEQUENTIAL)
    reach = max(map(abs, values)) or 1.0
    return Colors(Normalize(-reach, reach), DIVERGING)


def _paint(
    axes: Axes, columns: list[Column], colors: Colors, step: Sequence[float], *, hatched: bool
) -> None:
    values = np.array([[estimate.value for estimate in column] for column in columns]).T
    lines: dict[str, Any] = {"edgecolors": WHITE, "linewidth": 0.8}
    axes.grid(False)
    axes.pcolormesh(
        np.ma.masked_invalid(values),
        cmap=colors.map,
        norm=colors.norm,
        **lines if min(step) >= LINED_INCHES else {},
    )
    unclear = [corner for corner, cell in _each(columns) if _includes_zero(cell)]
    if hatched and unclear:
        # One outline for all cells: the pattern runs through them, and files stay small.
        squares = np.array(unclear, dtype=float)[:, None, :] + SQUARE
        axes.add_patch(PathPatch(Outline.make_compound_path_from_polys(squares), **HATCHED))


def _each(columns: list[Column]) -> Iterator[tuple[tuple[int, int], Estimate]]:
    for x, column in enumerate(columns):
        for y, cell in enumerate(column):
            yield (x, y), cell


def _includes_zero(cell: Estimate) -> bool:
    return cell.has_interval and not cell.excludes_zero


def _write_values(
    axes: Axes,
    columns: list[Column],
    colors: Colors,
    step: Sequence[float],
    written: Callable[[float], str],
) -> None:
    """Write values into their cells, where these are few and all have room."""
    if len(columns) * len(columns[0]) > MOST_VALUES:
        return
    texts = {corner: written(cell.value) for corner, cell in _each(columns)}
    wide, high = step
    if wide < max(map(label_inches, texts.values())) or high < 1.2 * LINE_INCHES:
        return
    for (x, y), cell in _each(columns):
        red, green, blue = colors.of(cell.value)
        is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < DARK
        box = {"facecolor": (red, green, blue), "edgecolor": "none", "pad": 1.5}
        axes.text(
            x + 0.5,
            y + 0.5,
            texts[x, y],
            color=WHITE if is_dark else BLACK,
            ha="center",
            va="center",
            bbox=box if _includes_zero(cell) else None,
        )


def _name_steps(axes: Axes, places: Places, place: int) -> None:
    axes.set_title(places.heads[place])
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(len(places.across)) + 0.5, places.across)
    axes.set_yticks(np.arange(len(places.along)) + 0.5, places.along)
    axes.tick_params(
        length=0, labelbottom=places.is_lowest(place), labelleft=place % places.columns == 0
    )
    axes.set_xlim(0, len(places.across))
    axes.set_ylim(0, len(places.along))


def _name_axes(page: Page, places: Places) -> None:
    """Name both axes once: below all maps and to the left of them."""
    figure = page.figure
    width, height = figure.get_size_inches()
    bottom = places.below_inches
    wide = places.columns * (places.map_width + GAP_INCHES) - GAP_INCHES
    middle = (places.left_inches + wide / 2) / width, (bottom + places.charts_inches / 2) / height
    words: dict[str, Any] = {"fontsize": 9, "linespacing": 1.25, "ha": "center"}
    below = places.across_inches / height
    figure.text(middle[0], below, places.across_title, va="bottom", **words)
    left = MARGIN_INCHES / width
    figure.text(
        left, middle[1], places.along_title, rotation=90, va="center", **words | {"ha": "left"}
    )


def _draw_scale(page: Page, colors: Colors, view: SweepView, language: Language) -> None:
    """Draw the scale of colours with its unit, and what hatched and grey cells mean."""
    figure = page.figure
    width, height = figure.get_size_inches()
    top = height - page.title_inches - SCALE_WORDS
    left = MARGIN_INCHES + SCALE_MARGIN
    place = (left / width, (top - SCALE_HEIGHT) / height)
    axes = figure.add_axes((*place, SCALE_WIDTH / width, SCALE_HEIGHT / height))
    bar = figure.colorbar(
        ScalarMappable(*colors), cax=axes, orientation="horizontal", ticks=MaxNLocator(6)
    )
    bar.outline.set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: plain(value, language))
    axes.set_title(measure_title(view, language), fontsize=9, x=-SCALE_MARGIN / SCALE_WIDTH)
    marks = _marks(view, language)
    if marks:
        corner = ((left + SCALE_WIDTH + 0.3) / width, (top + 0.03) / height)
        figure.legend(handles=marks, loc="upper left", bbox_to_anchor=corner, ncols=2, borderpad=0)


def _marks(view: SweepView, language: Language) -> list[Patch]:
    marks = []
    if view.is_compared and any(map(_includes_zero, view.shown.values())):
        marks.append(Patch(label=say("sweep_zero_inside", language), **HATCHED))
    if len(view.shown) < len(view.scenarios) * len(view.points):
        marks.append(Patch(label=say("sweep_not_known", language), facecolor=UNKNOWN_COLOR))
    return marks
