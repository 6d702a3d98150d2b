"""A comparison under both parameter sets: in the terminal, and as a figure."""

import io

import pytest
from rich.console import Console
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, Organisation, comparison, study, values
from tests.report.drawing import assert_no_text_is_cut_or_overlaps
from tests.report.text import LONG_TITLES, SEVEN, TITLES

from parcours_sim.analysis.comparison import Comparison, compare
from parcours_sim.analysis.summary import summarise
from parcours_sim.report.both_console import notes_of_both, print_both
from parcours_sim.report.both_figure import MARKS, both_figure, draw_both
from parcours_sim.report.style import figure_style


def under_both(organisations: tuple[Organisation, ...] = SEVEN, **options) -> list[Comparison]:
    """Return a comparison, and one in which every organisation avoids half as much."""
    less = tuple(Organisation(one.name, one.avoids / 2, one.induces) for one in organisations)
    outcomes, stays = study(less, **options)
    cautious = outcomes.assign(parameter_set="literature")
    return [
        comparison(organisations=organisations, **options),
        compare(cautious, stays, "isole", EXPOSURE, ADDITIVE),
    ]


def printed(found: list[Comparison], titles=TITLES, **options) -> str:
    file = io.StringIO()
    print_both([summarise(each) for each in found], titles, Console(file=file, **options))
    return file.getvalue()


def test_each_organisation_has_a_line_for_each_set_with_the_figures_of_that_set():
    found = under_both(replications=4)
    lines = printed(found).splitlines()
    for each in found:
        net = -each.difference("msp", "hospitalisations").value
        gross = [each.gross_stays("msp", measure).value for measure in ("avoided", "induced")]
        starts = [place for place, line in enumerate(lines) if line.startswith(" MSP")]
        first, second = (
            next(line for line in lines[start:] if each.parameter_set in line) for start in starts
        )
        assert first.split(each.parameter_set)[1].split()[0] == f"{net:.0f}"
        cells = second.split(each.parameter_set)[1].split()
        assert [float(cell) for cell in cells] == pytest.approx(gross, abs=0.5)


def test_the_set_stands_beside_every_figure():
    text = printed(under_both(replications=3))
    assert "hospitalisations: documents 3,9" in text.splitlines()[0]
    for line in text.split("·")[0].splitlines()[4:]:
        if any(sign.isdigit() for sign in line.replace("100", "")):
            assert "documents" in line or "literature" in line or "(" in line, line


@pytest.mark.parametrize("titles", [TITLES, LONG_TITLES])
def test_a_pipe_gets_a_table_of_100_columns_with_nothing_cut(titles):
    text = printed(under_both(replications=3), titles, width=80)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    for word in ("…", "induce\n"):
        assert word not in text
    assert text.count("documents  ") >= len(SEVEN)


def test_a_narrow_terminal_gets_more_tables_with_nothing_cut():
    text = printed(under_both(replications=3), width=80, force_terminal=True)
    assert text.count("Organisation") == 3
    assert "…" not in text


def test_notes_of_one_set_alone_name_it_and_the_others_are_said_once():
    outcomes = values("hospitalisations", isole=[100, 101, 99], msp=[90, 92, 88])
    vague = values("hospitalisations", isole=[100, 101, 99], msp=[90, 110, 99])
    pair = [outcomes, vague.assign(parameter_set="literature")]
    found = [summarise(compare(each, {}, "isole", EXPOSURE, ADDITIVE)) for each in pair]
    notes = list(notes_of_both(found, TITLES))
    assert "literature: Net effect not distinguishable from zero: MSP." in notes
    assert len([note for note in notes if note.startswith("Net avoided = ")]) == 1
    assert [note.split(";")[0] for note in notes if note.startswith("Parameter")] == [
        "Parameter set documents",
        "Parameter set literature",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_of_the_figure_is_cut_or_overlaps(language):
    with figure_style():
        figure = both_figure(under_both(replications=3), LONG_TITLES, language)
        figure.canvas.draw()
    assert_no_text_is_cut_or_overlaps(figure, 10)


def test_points_of_each_set_stand_where_its_comparison_says_in_a_colour_of_their_own():
    found = under_both(replications=3)
    with figure_style():
        figure = both_figure(found, TITLES, "en")
    (axes,) = figure.axes
    for each, series, (color, _) in zip(found, axes.containers, MARKS, strict=True):
        expected = [
            -each.difference(name, "hospitalisations").value * EXPOSURE.per_100k
            for name in each.organisations
        ]
        assert list(series.lines[0].get_xdata()) == pytest.approx(expected, rel=1e-12)
        assert series.lines[0].get_color() == color
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert [text.split(":")[0] for text in legend] == ["documents", "literature"]


def test_the_title_says_what_was_found_under_each_set_and_the_footer_names_both():
    with figure_style():
        figure = both_figure(under_both(replications=3), TITLES, "fr")
    title, footer = (text.get_text() for text in figure.texts[:2])
    assert title.startswith("documents\u202f: ")
    assert "\nliterature\u202f: " in title
    assert "documents, literature" in footer


def test_files_of_both_languages_stand_side_by_side_and_come_out_the_same_again(tmp_path):
    found = under_both(replications=2)
    english = draw_both(found, TITLES, tmp_path / "one")
    french = draw_both(found, TITLES, tmp_path / "one", "fr")
    assert [path.name for path in (*english, *french)] == [
        f"avoided_under_both_sets{end}" for end in (".png", ".svg", ".fr.png", ".fr.svg")
    ]
    again = draw_both(found, TITLES, tmp_path / "two")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in english]
