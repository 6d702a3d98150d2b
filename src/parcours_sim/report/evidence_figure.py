"""The figure of evidence: what the numbers of each scenario rest on, as shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.scenario.coverage import ORIGINS, Coverage
from parcours_sim.scenario.evidence import Origin

from .page import drawing, new_page
from .style import GREY, label_rows, row_inches, shade_rows
from .titles import Titles
from .words import Language, number, say

ROW_INCHES = 0.4
COLOURS: dict[Origin, str] = {
    "documents": "#0072B2",
    "literature": "#56B4E9",
    "unverified": "#E69F00",
    "assumption": "#DDDDDD",
}
"""From the palette of `style.py`; what nobody measured is grey."""
FOUND_AS = {
    "documented": ("documents", "literature"),
    "unverified": ("unverified",),
    "assumption": ("assumption",),
}
"""Origins, as the finding above the bars tells them."""
LEAST_SHOWN = 0.035
"""A share too small to hold its own figure."""


def draw_evidence(
    coverages: Mapping[str, Coverage],
    titles: Titles,
    parameter_set: str,
    folder: Path,
    language: Language = "en",
) -> list[Path]:
    """Draw the figure as PNG and SVG into a folder; return their paths.

    Raises FolderError where one can't be written.
    """
    with drawing(folder, language) as save:
        return save("evidence", evidence_figure(coverages, titles, parameter_set, language))


def evidence_figure(
    coverages: Mapping[str, Coverage], titles: Titles, parameter_set: str, language: Language
) -> Figure:
    """Return a bar for each scenario, divided by origin."""
    labels = [titles.scenario(name, language) for name in coverages]
    page = new_page(
        _finding(coverages, titles, language),
        say("footer_evidence", language, parameter_set=parameter_set),
        head_inches=0.35,
        charts_inches=row_inches(labels, ROW_INCHES) * len(labels),
    )
    (axes,) = page.axes(1, 1)
    shade_rows(axes, len(labels))
    _draw_bars(axes, list(coverages.values()), language)
    label_rows(axes, labels)
    axes.set_xlim(0.0, 101.0)
    axes.set_xlabel(say("axis_evidence", language))
    page.legend(axes, columns=len(ORIGINS))
    return page.figure


def _finding(coverages: Mapping[str, Coverage], titles: Titles, language: Language) -> str:
    names = list(coverages)
    who = titles.scenario(names[0], language)
    if len(names) > 1:
        who = say("scenarios_counted", language, count=str(len(names)))
    parts = {
        word: _between(coverages.values(), origins, language) for word, origins in FOUND_AS.items()
    }
    return say("finding_evidence", language, who=who, **parts)


def _between(coverages: Iterable[Coverage], origins: Sequence[str], language: Language) -> str:
    """Return from which to which share of their numbers scenarios have origins, in per cent."""
    shares = [sum(map(each.share, origins)) for each in coverages]
    low, high = (number(100.0 * end, language) for end in (min(shares), max(shares)))
    share = low if low == high else say("from_to", language, low=low, high=high)
    return f"{share} %"


def _draw_bars(axes: Axes, coverages: list[Coverage], language: Language) -> None:
    begun = [0.0] * len(coverages)
    for origin in ORIGINS:
        shares = [coverage.share(origin) for coverage in coverages]
        widths = [100.0 * share for share in shares]
        label = say(f"origin_{origin}", language)
        axes.barh(
            range(len(shares)), widths, left=begun, color=COLOURS[origin], label=label, height=0.62
        )
        for row, share in enumerate(shares):
            if share >= LEAST_SHOWN:
                place = begun[row] + 50.0 * share
                text = number(100.0 * share, language)
                axes.text(place, row, text, ha="center", va="center", fontsize=8, color="black")
        begun = [left + width for left, width in zip(begun, widths, strict=True)]
    axes.grid(visible=False)
    axes.axvline(100.0, color=GREY, linewidth=0.6)
