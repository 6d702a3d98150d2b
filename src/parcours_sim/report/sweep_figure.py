"""The figure of a sweep as files: curves along one axis, heat maps along two.

How either is drawn is in sweep_curves and sweep_maps.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from parcours_sim.analysis.sweep import SweptRow
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.page import drawing
from parcours_sim.report.sweep_curves import MOST_CURVES, curves_figure
from parcours_sim.report.sweep_maps import MOST_MAPS, maps_figure
from parcours_sim.report.sweep_view import SweepAbout, SweepView, sweep_view
from parcours_sim.report.words import Language

Draw = Callable[[SweepView, Language], Figure]

FIGURES: dict[int, tuple[Draw, int]] = {
    1: (curves_figure, MOST_CURVES),
    2: (maps_figure, MOST_MAPS),
}
"""By number of axes: what draws a sweep, and how many scenarios it tells apart."""


def draw_sweep(
    rows: Iterable[SweptRow],
    axes: Sequence[Axis],
    about: SweepAbout,
    folder: Path,
    language: Language = "en",
) -> list[Path]:
    """Draw the rows of one outcome as sweep_OUTCOME.png and .svg into a folder; return their paths.

    French files end in ".fr". Where there are more scenarios than a figure tells apart, the first
    ones are drawn and the footer says so. The same rows give the same bytes on one platform with
    the same Matplotlib.
    Raises ValueError where there is nothing to draw (see `sweep_view`), OSError where the folder
    can't be written.
    """
    view = sweep_view(rows, axes, about)
    with drawing(folder, language) as save:
        return save(f"sweep_{view.outcome}", sweep_figure(view, language))


def sweep_figure(view: SweepView, language: Language) -> Figure:
    """Return the figure of a view, not yet saved; to be called within `drawing`."""
    draw, most = FIGURES[len(view.axes)]
    return draw(view.first(most), language)
