"""Where the parts of a figure stand, and how it becomes files.

Places are in inches, so that nothing overlaps however long the titles are; the same data gives
the same bytes. Colours and marks are in style.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from parcours_sim.experiment.files import in_place_of, make_folder
from parcours_sim.report.style import GREY, figure_style, wrap
from parcours_sim.report.words import Language

PNG_DPI = 200
WIDTH_INCHES = 11.0
MARGIN_INCHES = 0.12
LABELS_INCHES = 2.1
AXIS_INCHES = 0.5
AXIS_LINE_INCHES = 0.16  # of each line of an axis' title but the first
FOOTER_INCHES = 0.45
TITLE_LINE_INCHES = 0.21
TITLE_CHARACTERS = 106

# Dates and versions would change the bytes without any change of data.
METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}

Save = Callable[[str, Figure], list[Path]]
"""Saves a figure under a name, as PNG and SVG; returns their paths."""


@dataclass(frozen=True)
class Page:
    """A figure of fixed width whose parts have places in inches, so that nothing overlaps.

    From top to bottom: the finding, a head (legends, column heads), the charts, the footer.
    """

    figure: Figure
    title_inches: float
    head_inches: float

    def axes(self, lines: int, columns: int, gap_inches: float = 0.0, **options: Any) -> list[Axes]:
        """Return charts in a grid, row by row; options are those of Figure.subplots."""
        width, height = self.figure.get_size_inches()
        top = 1 - (self.title_inches + self.head_inches) / height
        bottom = (FOOTER_INCHES + AXIS_INCHES) / height
        tall = ((top - bottom) * height - gap_inches * (lines - 1)) / lines
        place = {
            "left": LABELS_INCHES / width,
            "right": 1 - MARGIN_INCHES / width,
            "top": top,
            "bottom": bottom,
            "hspace": gap_inches / tall,
            "wspace": 0.06,
        }
        grid = self.figure.subplots(lines, columns, squeeze=False, gridspec_kw=place, **options)
        return list(grid.flat)

    def lift(self, charts: Iterable[Axes], inches: float) -> None:
        """Make room below charts for what is longer than on other figures."""
        raised = inches / self.figure.get_size_inches()[1]
        for axes in charts:
            place = axes.get_position()
            axes.set_position((place.x0, place.y0 + raised, place.width, place.height - raised))

    def legend(self, axes: Axes, columns: int = 3) -> None:
        """Put the legend of a chart in one line below the finding."""
        width, height = self.figure.get_size_inches()
        corner = (LABELS_INCHES / width, 1 - self.title_inches / height)
        series = axes.get_legend_handles_labels()
        self.figure.legend(
            *series, loc="upper left", bbox_to_anchor=corner, ncols=columns, borderpad=0
        )


def new_page(title: str, footer: str, head_inches: float, charts_inches: float) -> Page:
    """Return a figure with a finding above and what it rests on below; drawn without a window."""
    lines = [wrap(part, TITLE_CHARACTERS) for part in title.splitlines()]
    wrapped = "\n".join(lines)
    title_inches = 2 * MARGIN_INCHES + TITLE_LINE_INCHES * (wrapped.count("\n") + 1)
    height = title_inches + head_inches + charts_inches + AXIS_INCHES + FOOTER_INCHES
    figure = Figure(figsize=(WIDTH_INCHES, height))
    FigureCanvasAgg(figure)
    left = MARGIN_INCHES / WIDTH_INCHES
    bold: dict[str, Any] = {"fontsize": 11, "fontweight": "bold"}
    figure.text(left, 1 - MARGIN_INCHES / height, wrapped, va="top", linespacing=1.25, **bold)
    figure.text(left, MARGIN_INCHES / height, footer, va="bottom", fontsize=7.5, color=GREY)
    return Page(figure, title_inches, head_inches)


@contextmanager
def drawing(folder: Path, language: Language) -> Iterator[Save]:
    """Make a folder for figures, and give what saves them there; names of French files end in .fr.

    Figures are to be made inside, since they take their style as they are drawn. Raises FolderError
    where the folder can't be made or a file can't be written.
    """
    make_folder(folder)
    ending = "" if language == "en" else f".{language}"
    with figure_style():
        yield lambda name, figure: [*save_figure(figure, folder, name + ending)]


def save_figure(figure: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """Write name.png and name.svg into a folder, each whole or not at all; return their paths.

    Raises FolderError where one can't be written.
    """
    return _save(figure, folder, name, "png"), _save(figure, folder, name, "svg")


def _save(figure: Figure, folder: Path, name: str, form: str) -> Path:
    path = folder / f"{name}.{form}"
    with in_place_of(path) as part:
        figure.savefig(part, format=form, dpi=PNG_DPI, metadata=METADATA[form])
    return path
