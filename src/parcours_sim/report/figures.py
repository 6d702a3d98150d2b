"""The figures of a comparison as files: which there are, and what stands below each.

How each is drawn is in avoided_figures and access_figure.
"""

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.report.access_figure import access_figure
from parcours_sim.report.avoided_figures import avoided_by_kind_figure, avoided_figure
from parcours_sim.report.page import drawing
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language

Draw = Callable[[Comparison, Titles, Language], Figure]

FIGURES: dict[str, Draw] = {
    "avoided_hospitalisations": avoided_figure,
    "avoided_by_condition": avoided_by_kind_figure,
    "waits_and_delays": access_figure,
}


def draw_figures(
    comparison: Comparison, titles: Titles, folder: Path, language: Language = "en"
) -> list[Path]:
    """Draw every figure of a comparison as PNG and SVG into a folder; return their paths.

    English files have plain names, French ones end in ".fr". The same comparison gives the same
    bytes on one platform with the same Matplotlib.
    Raises ValueError where there is nothing to compare with the baseline, OSError where the
    folder can't be written.
    """
    if not comparison.organisations:
        raise ValueError("figures compare organisations: there is only the baseline")
    paths: list[Path] = []
    with drawing(folder, language) as save:
        for name, draw in FIGURES.items():
            paths += save(name, draw(comparison, titles, language))
    return paths
