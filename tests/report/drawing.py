"""What is drawn of a figure's texts, and that each can be read."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with the box that it takes."""
    hidden = {
        text
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        if not axes.axison or not axis.get_visible()
        for text in axis.findobj(Text)
    }
    found = [text for text in figure.findobj(Text) if text.get_text().strip()]
    shown = [text for text in found if text.get_visible() and text not in hidden]
    ticks = {
        tick_text: axes
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for tick_text in (tick.label1, tick.label2)
    }
    return [
        (text.get_text(), text.get_window_extent())
        for text in shown
        if text not in ticks or in_view(text, ticks[text])
    ]


def in_view(text: Text, axes: Axes) -> bool:
    """Whether a tick's label is within the limits of its axis, and so is drawn."""
    box, frame = text.get_window_extent(), axes.get_window_extent()
    across = frame.x0 - 1 <= (box.x0 + box.x1) / 2 <= frame.x1 + 1
    along = frame.y0 - 1 <= (box.y0 + box.y1) / 2 <= frame.y1 + 1
    return across or along


def assert_no_text_is_cut_or_overlaps(figure: Figure, at_least: int) -> None:
    """See that a drawn figure has some texts, all within its edges and none over another."""
    found = boxes(figure)
    assert len(found) > at_least
    for text, box in found:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for (one, box), (other, other_box) in combinations(found, 2):
        assert not box.padded(-1).overlaps(other_box.padded(-1)), (one, other)
