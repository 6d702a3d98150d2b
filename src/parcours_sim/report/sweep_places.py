"""Where the heat maps of a sweep stand on their page, in inches, and the words beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from parcours_sim.report.page import MARGIN_INCHES, WIDTH_INCHES, Page
from parcours_sim.report.style import wrap
from parcours_sim.report.sweep_axes import (
    TEXT_INCHES,
    footer_inches,
    label_inches,
    lines_inches,
    side_labels,
    tick_labels,
    wrap_key,
)
from parcours_sim.report.sweep_texts import axis_title
from parcours_sim.report.sweep_view import SweepView
from parcours_sim.report.words import Language

GAP_INCHES, TICK_INCHES = 0.2, 0.08
HEAD_INCHES = 0.08
"""Width of a character above a map."""
SCALE_INCHES = 0.65
"""What the scale of colours takes with its words, above the maps."""
MOST_STEP_INCHES = 1.5
ROW_INCHES = 0.45
HEIGHTS = {1: (2.7, 4.5), 2: (1.8, 3.0)}
"""Least and greatest height of a map, by how many lines of maps there are."""


@dataclass(frozen=True)
class Places:
    """A grid of maps of the same size: how large each is, and the words around it."""

    columns: int
    lines: int
    left_inches: float
    map_width: float
    map_height: float
    heads: tuple[str, ...]
    """Above each map."""
    across: tuple[str, ...]
    """Below the columns of a map."""
    along: tuple[str, ...]
    """Beside the rows of a map."""
    across_title: str
    along_title: str
    across_inches: float
    """From the lower edge to the title below the columns."""
    below_inches: float
    """From the lower edge to the lowest maps."""

    @property
    def step(self) -> tuple[float, float]:
        """Width and height of a cell."""
        return self.map_width / len(self.across), self.map_height / len(self.along)

    @property
    def head_inches(self) -> float:
        """The scale, and the head of the upper maps."""
        return SCALE_INCHES + self.gap_down

    @property
    def charts_inches(self) -> float:
        """All maps with the heads between them."""
        return self.lines * self.map_height + (self.lines - 1) * self.gap_down

    @property
    def gap_down(self) -> float:
        """What stands above a map: its head."""
        return GAP_INCHES + _highest(self.heads)

    def is_lowest(self, place: int) -> bool:
        """Whether no map stands below this one."""
        return place + self.columns >= len(self.heads)

    def map(self, page: Page, place: int) -> Axes:
        """Return the axes of a map."""
        width, height = page.figure.get_size_inches()
        line, column = divmod(place, self.columns)
        left = self.left_inches + column * (self.map_width + GAP_INCHES)
        top = page.title_inches + self.head_inches + line * (self.map_height + self.gap_down)
        bottom = height - top - self.map_height
        return page.figure.add_axes(
            (left / width, bottom / height, self.map_width / width, self.map_height / height)
        )


def places_for(view: SweepView, footer: str, language: Language) -> Places:
    """Return places that hold the maps of a view, whatever the words around them."""
    columns = min(2, len(view.scenarios))
    lines = -(-len(view.scenarios) // columns)
    across, along = (view.steps(place) for place in range(2))
    least, most = HEIGHTS[lines]
    height = min(most, max(least, ROW_INCHES * len(along)))
    beside = side_labels(along, height / len(along), language)
    along_title = _wrapped(axis_title(view.axes[1], language), height * lines)
    left = MARGIN_INCHES + lines_inches(along_title) + TICK_INCHES + _widest(beside)
    room = WIDTH_INCHES - MARGIN_INCHES - left - GAP_INCHES * (columns - 1)
    width = min(room / columns, MOST_STEP_INCHES * len(across))
    below = tick_labels(across, width / len(across), language)
    across_title = _wrapped(axis_title(view.axes[0], language), WIDTH_INCHES - left)
    foot = footer_inches(footer) + TICK_INCHES
    names = (view.about.titles.scenario(name, language) for name in view.scenarios)
    return Places(
        columns=columns,
        lines=lines,
        left_inches=left,
        map_width=width,
        map_height=height,
        heads=tuple(wrap(name, int(width / HEAD_INCHES)) for name in names),
        across=tuple(below),
        along=tuple(beside),
        across_title=across_title,
        along_title=along_title,
        across_inches=foot,
        below_inches=foot
        + lines_inches(across_title)
        + max(map(lines_inches, below))
        + TICK_INCHES,
    )


def _wrapped(text: str, inches: float) -> str:
    return wrap_key(text, int(inches / TEXT_INCHES))


def _widest(labels: Sequence[str]) -> float:
    return max(map(label_inches, labels))


def _highest(labels: Sequence[str]) -> float:
    return max(map(lines_inches, labels))
