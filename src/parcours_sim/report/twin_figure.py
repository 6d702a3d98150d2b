"""The figure of two lives: each a lane of time, marks for what happens, bars for stays.

The moment at which the lives part is a line across both, if it lies in what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from parcours_sim.analysis.twin import Twin
from parcours_sim.analysis.who import Who
from parcours_sim.engine.record import Entry

from .event_words import Sort, sort_of
from .page import drawing, new_page
from .style import GREY, SERIES, SKY, label_rows, write_ticks
from .twin_words import AROUND_DAYS, LIVES, Teller, looked_at
from .words import say

LANE_INCHES, HEAD_INCHES = 1.15, 0.62
LOOKS: dict[Sort, tuple[str, str]] = dict(zip(get_args(Sort), SERIES, strict=True))
HEIGHTS: dict[Sort, float] = {
    "contact": 0.0,
    "worsening": -0.28,
    "noticing": -0.2,
    "message": -0.12,
    "answer": 0.2,
    "crisis": -0.28,
    "stay": 0.28,
    "death": 0.28,
}
"""How far from the middle of its lane each sort stands, so that marks of one day don't hide one
another; up is negative."""


def draw_twin(
    twin: Twin,
    who: Who,
    teller: Teller,
    footer: str,
    folder: Path,
    around_days: float = AROUND_DAYS,
) -> list[Path]:
    """Draw the figure as PNG and SVG into a folder; return their paths.

    Raises FolderError where one can't be written.
    """
    with drawing(folder, teller.language) as save:
        figure = twin_figure(twin, who, teller, footer, around_days)
        return save(f"twin_{twin.change}_{twin.person}", figure)


def twin_figure(
    twin: Twin, who: Who, teller: Teller, footer: str, around_days: float = AROUND_DAYS
) -> Figure:
    """Return two lanes of time, the first life's above."""
    page = new_page(
        "\n".join([teller.heading(twin, who), *list(teller.sentences(twin))[:2]]),
        footer,
        head_inches=HEAD_INCHES,
        charts_inches=2 * LANE_INCHES,
    )
    (axes,) = page.axes(1, 1)
    begins, ends = looked_at(twin)
    low, high = begins - around_days, ends + around_days
    shown = [[e for e in life if low <= e.time_days <= high] for life in twin.lives]
    for row, life in enumerate(twin.lives):
        axes.axhline(row, color=GREY, linewidth=0.8, zorder=1)
        _draw_stays(axes, row, life)
    _draw_marks(axes, shown, teller)
    if twin.parting and low <= twin.parting.time_days <= high:
        axes.axvline(twin.parting.time_days, color=GREY, linestyle=":", linewidth=1.0, zorder=1)
    label_rows(axes, [f"{name}: {teller.scenario(life)}" for life, name in enumerate(LIVES)])
    axes.set_xlim(low, high)
    write_ticks(axes, teller.language)
    axes.set_xlabel(say("axis_twin", teller.language, date=teller.start_date))
    page.legend(axes, columns=4)
    return page.figure


def _draw_stays(axes: Axes, row: int, life: Sequence[Entry]) -> None:
    for begins, ends in stays_in(life):
        axes.barh(row, ends - begins, left=begins, height=0.5, color=SKY, linewidth=0, zorder=2)


def stays_in(life: Sequence[Entry]) -> Iterator[tuple[float, float]]:
    """Yield from when to when a life is spent in a hospital bed, in days."""
    begun: float | None = None
    for entry in life:
        if entry.event == "gets a bed":
            begun = entry.time_days
        elif entry.event in ("discharged", "dies") and begun is not None:
            yield begun, entry.time_days
            begun = None
    if begun is not None:
        yield begun, life[-1].time_days


def _draw_marks(axes: Axes, lives: Sequence[Sequence[Entry]], teller: Teller) -> None:
    for sort, (color, marker) in LOOKS.items():
        points = [
            (entry.time_days, row + HEIGHTS[sort])
            for row, life in enumerate(lives)
            for entry in life
            if sort_of(entry.event) == sort
        ]
        if points:
            days, rows = zip(*points, strict=True)
            label = say(f"sort_{sort}", teller.language)
            axes.plot(
                days, rows, linestyle="none", marker=marker, color=color, markersize=5, label=label,
                zorder=3,
            )  # fmt: skip
