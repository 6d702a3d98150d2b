"""The figure of evidence: a bar a scenario, divided as its numbers are."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.report.drawing import assert_no_text_is_cut_or_overlaps
from tests.report.text import LONG

from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.evidence_figure import COLOURS, draw_evidence, evidence_figure
from parcours_sim.report.style import figure_style
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import LANGUAGES
from parcours_sim.scenario.coverage import ORIGINS, Coverage
from parcours_sim.scenario.territory import Text

TITLES = Titles({"isole": Text(fr="Exercice isolé", en="Isolated practice")})


def coverage(*counts: int) -> Coverage:
    """Numbers by origin, in the order of ORIGINS."""
    return Coverage(Counter(dict(zip(ORIGINS, counts, strict=True))), Counter(), 0, {}, {})


ONE = {"isole": coverage(10, 20, 30, 40)}
TWO = ONE | {"msp": coverage(0, 10, 0, 90)}


def drawn(coverages, language="en", titles=TITLES):
    with figure_style():
        figure = evidence_figure(coverages, titles, "documents", language)
        figure.canvas.draw()
    return figure


def test_bars_follow_one_another_and_fill_the_whole():
    (axes,) = drawn(TWO).axes
    bars = [[(bar.get_x(), bar.get_width()) for bar in each] for each in axes.containers]
    assert len(bars) == len(ORIGINS)
    assert [bar[0][0] for bar in bars] == pytest.approx([0.0, 10.0, 30.0, 60.0])
    assert [bar[0][1] for bar in bars] == pytest.approx([10.0, 20.0, 30.0, 40.0])
    assert [width for _, width in (bar[1] for bar in bars)] == pytest.approx([0, 10, 0, 90])


def test_each_origin_has_its_own_colour_which_the_legend_explains():
    (legend,) = drawn(ONE, "fr").legends
    said = [text.get_text() for text in legend.get_texts()]
    assert said == ["documents", "littérature", "non vérifié", "hypothèse"]
    assert len(set(COLOURS.values())) == len(ORIGINS)


@pytest.mark.parametrize(
    ("coverages", "language", "said"),
    [
        (ONE, "en", "Numbers of Isolated practice: 30 % have a source that was seen, 30 % one"),
        (ONE, "fr", "Nombres, Exercice isolé : 30 % ont une source vue, 30 % une source non vue"),
        (TWO, "en", "Numbers of 2 scenarios: 10 to 30 % have a source that was seen, 0 to 30 %"),
        (TWO, "fr", "Nombres, 2 scénarios : 10 à 30 % ont une source vue, 0 à 30 % une source"),
    ],
)
def test_the_finding_tells_the_shares_of_one_scenario_or_of_several(coverages, language, said):
    title = re.sub(r"\s", " ", drawn(coverages, language).texts[0].get_text())
    assert title.startswith(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_or_overlaps_with_many_scenarios_and_long_titles(language):
    many = {f"s{number}": coverage(1, 9, 4, 86) for number in range(30)}
    titles = Titles({name: Text(fr=LONG, en=LONG) for name in many})
    assert_no_text_is_cut_or_overlaps(drawn(many, language, titles), 100)


def test_files_are_named_by_language_and_have_the_same_bytes_again(tmp_path):
    paths = [
        path
        for language in LANGUAGES
        for path in draw_evidence(ONE, TITLES, "documents", tmp_path / "a", language)
    ]
    assert [path.name for path in paths] == [
        *("evidence.png", "evidence.svg", "evidence.fr.png", "evidence.fr.svg")
    ]
    again = draw_evidence(ONE, TITLES, "documents", tmp_path / "b")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths[:2]]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FolderError, match="mine"):
        draw_evidence(ONE, TITLES, "documents", tmp_path / "mine")
