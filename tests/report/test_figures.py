"""Figures: files, sameness, and that nothing overlaps or is cut."""

import matplotlib
import pytest
from matplotlib.figure import Figure
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, comparison, study, values
from tests.report.drawing import assert_no_text_is_cut_or_overlaps
from tests.report.text import LONG_TITLES, SEVEN, TITLES

from parcours_sim.analysis.comparison import compare
from parcours_sim.report.figures import FIGURES, draw_figures
from parcours_sim.report.style import figure_style


def drawn(name: str, language: str = "en", titles=TITLES, **options: object) -> Figure:
    with figure_style():
        figure = FIGURES[name](comparison(**options), titles, language)
        figure.canvas.draw()
    return figure


@pytest.mark.parametrize("name", sorted(FIGURES))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_is_cut_or_overlaps_with_seven_organisations_and_long_titles(name, language):
    figure = drawn(name, language, LONG_TITLES, organisations=SEVEN, replications=3)
    assert_no_text_is_cut_or_overlaps(figure, 20)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_footer_names_set_replications_interval_inhabitants_and_years(name):
    footer = drawn(name, replications=3).texts[1].get_text()
    for part in (
        "documents",
        "replications: 3",
        "95\u00a0% intervals: Student’s",
        "20,000",
        ": 5 ",
    ):
        assert part in footer


def test_the_footer_says_when_there_is_no_interval():
    figure = drawn("avoided_hospitalisations", "fr", replications=1)
    assert "sans intervalle" in figure.texts[1].get_text()


def test_net_points_stand_where_the_comparison_says():
    found = comparison(replications=3)
    with figure_style():
        figure = FIGURES["avoided_hospitalisations"](found, TITLES, "en")
    points = figure.axes[0].containers[2].lines[0].get_xdata()
    expected = [
        -found.difference(name, "hospitalisations").value * EXPOSURE.per_100k
        for name in found.organisations
    ]
    assert list(points) == pytest.approx(expected, rel=1e-12)


def test_without_the_keys_of_stays_there_are_no_gross_bars():
    outcomes, _ = study(replications=2)
    found = compare(outcomes, {}, "isole", EXPOSURE, ADDITIVE)
    with figure_style():
        figure = FIGURES["avoided_hospitalisations"](found, TITLES, "en")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "Net avoided, 95\u00a0% interval"
    ]


def test_delays_that_differ_twenty_fold_are_on_a_logarithmic_axis():
    outcomes = values("information_delay_days", isole=[30.0, 31.0], msp=[0.5, 0.6])
    found = compare(outcomes, {}, "isole", EXPOSURE, ADDITIVE)
    with figure_style():
        axes = FIGURES["waits_and_delays"](found, TITLES, "en").axes[1]
    assert axes.get_xscale() == "log"
    assert "logarithmic" in axes.get_xlabel()
    assert drawn("waits_and_delays", replications=2).axes[1].get_xscale() == "linear"


def test_the_same_data_gives_the_same_bytes_whatever_the_users_settings(tmp_path):
    found = comparison(replications=2)
    first = draw_figures(found, TITLES, tmp_path / "first")
    with matplotlib.rc_context({"axes.facecolor": "pink", "svg.hashsalt": "other"}):
        second = draw_figures(found, TITLES, tmp_path / "second")
    assert [path.name for path in first] == [
        f"{name}.{form}" for name in FIGURES for form in ("png", "svg")
    ]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert b"<dc:date>" not in first[1].read_bytes()


def test_french_figures_stand_beside_the_english_ones(tmp_path):
    found = comparison(replications=2)
    paths = draw_figures(found, TITLES, tmp_path, "fr")
    assert paths[0].name == "avoided_hospitalisations.fr.png"
    assert sorted(tmp_path.iterdir()) == sorted(paths)  # nothing unfinished is left


def test_a_baseline_alone_has_no_figure(tmp_path):
    found = compare(values("hospitalisations", isole=[1, 2]), {}, "isole", EXPOSURE, ADDITIVE)
    with pytest.raises(ValueError, match="only the baseline"):
        draw_figures(found, TITLES, tmp_path)
