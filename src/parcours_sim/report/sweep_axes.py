"""How the axes of a sweep's figures are named and numbered, and the room that this takes.

Inches come from the number of characters, before anything is drawn.
"""

from collections.abc import Sequence
from math import ceil

from parcours_sim.experiment.sweep import Value
from parcours_sim.report.page import FOOTER_INCHES
from parcours_sim.report.style import wrap
from parcours_sim.report.sweep_texts import value_text
from parcours_sim.report.words import Language

CHARACTER_INCHES, TEXT_INCHES = 0.082, 0.068
"""Width of a character of 9 points: of figures, the widest, and as a mean of running text."""
LINE_INCHES, FOOTER_LINE_INCHES = 0.165, 0.13
END_INCHES = 0.1
"""How far a label may stand out beyond the end of its axis."""
LEAST_CHARACTERS = 10
MOST_CHARACTERS = 24
NO_BREAK = "\x00"


def tick_labels(values: Sequence[Value], inches: float, language: Language) -> list[str]:
    """Return labels for steps that are so many inches wide, wrapped; some are empty if need be."""
    characters = max(LEAST_CHARACTERS, min(MOST_CHARACTERS, int(inches / CHARACTER_INCHES) - 1))
    labels = [wrap(value_text(value, language), characters) for value in values]
    return _thinned(labels, max(map(label_inches, labels)), inches)


def side_labels(values: Sequence[Value], inches: float, language: Language) -> list[str]:
    """Return labels for rows that are so many inches high."""
    labels = [wrap(value_text(value, language), MOST_CHARACTERS) for value in values]
    return _thinned(labels, max(map(lines_inches, labels)), inches)


def label_inches(label: str) -> float:
    """Return how wide a label of one or more lines is, with a character of distance."""
    return CHARACTER_INCHES * (1 + max(map(len, label.split("\n"))))


def lines_inches(label: str) -> float:
    """Return how high a label of one or more lines is."""
    return LINE_INCHES * (1 + label.count("\n"))


def footer_inches(footer: str) -> float:
    """Return how high a footer stands from the page's lower edge: two lines, or more."""
    return FOOTER_INCHES + FOOTER_LINE_INCHES * max(0, footer.count("\n") - 1)


def wrap_key(title: str, characters: int) -> str:
    """Break the title of an axis into lines at spaces and behind the points of its key path."""
    lines = wrap(title.replace(".", f".{NO_BREAK} "), characters)
    return lines.replace(f"{NO_BREAK} ", "").replace(NO_BREAK, "")


def _thinned(labels: list[str], size: float, step: float) -> list[str]:
    """Leave out labels that would touch another one, or stand out at either end of the axis."""
    every = max(1, ceil(size / step))
    ends = max(0, ceil((size / 2 - END_INCHES) / step - 0.5))
    shown = range(ends, len(labels) - ends, every) or range(0, len(labels), every)
    return [label if place in shown else "" for place, label in enumerate(labels)]
