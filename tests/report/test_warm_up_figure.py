"""The figure of a warm-up: what stands where, what is said of it, and that nothing overlaps."""

import math
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from tests.report.drawing import assert_no_text_is_cut_or_overlaps
from tests.report.text import LONG

from parcours_sim.analysis.log_series import SERIES
from parcours_sim.analysis.warm_up import WEEKS_PER_YEAR, Settling, settling
from parcours_sim.report.style import figure_style
from parcours_sim.report.warm_up_figure import WarmUp, finding_warm_up, warm_up_figure

CUT = WEEKS_PER_YEAR
WEEKS = np.arange(3 * WEEKS_PER_YEAR)


def series(weeks_to_settle: float = 5.0, noise: float = 0.01) -> Settling:
    season = 10 + 3 * np.cos(2 * math.pi * WEEKS / WEEKS_PER_YEAR)
    mean = season * (1 - np.exp(-(WEEKS + 1) / weeks_to_settle))
    return settling(mean + noise * np.random.default_rng(2).normal(size=(20, len(WEEKS))), CUT)


def warm_up(**changed: Settling) -> WarmUp:
    usual = dict.fromkeys(SERIES, series())
    return WarmUp(usual | changed, CUT, "documents", 20, 20_000.0)


def made(found: WarmUp, language: str = "en", who: str = "Isolated practice") -> Figure:
    with figure_style():
        return warm_up_figure(found, who, language)


def drawn(found: WarmUp, language: str = "en", who: str = "Isolated practice") -> Figure:
    with figure_style():
        figure = warm_up_figure(found, who, language)
        figure.canvas.draw()
    return figure


def marks(figure: Figure, key: str, chart: int = 0) -> list:
    return [line for line in figure.axes[chart].lines if line.get_label() == key]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_is_cut_or_overlaps_with_a_long_title(language):
    small = replace(warm_up(ed_present=series(noise=9.0)), inhabitants=900.0)
    figure = drawn(small, language, LONG)
    assert_no_text_is_cut_or_overlaps(figure, 40)


def test_there_is_a_chart_for_each_series_with_its_title_in_either_language():
    titles = {
        language: [chart.get_title(loc="left") for chart in made(warm_up(), language).axes]
        for language in ("en", "fr")
    }
    assert len(set(titles["en"])) == len(set(titles["fr"])) == len(SERIES)
    assert not set(titles["en"]) & set(titles["fr"])


def test_lines_are_those_of_the_series():
    found = warm_up()
    figure = made(found)
    settled = found.settlings["ed_present"]
    chart = list(SERIES).index("ed_present")
    for key in ("weekly", "moving", "expected"):
        (line,) = marks(figure, f"welch_{key}", chart)
        assert list(line.get_ydata()) == list(getattr(settled, key))
        assert line.get_xdata()[0] == 0.5


def test_the_end_of_the_scenarios_warm_up_is_marked():
    (line,) = marks(made(warm_up()), "welch_cut")
    assert list(line.get_xdata()) == [CUT, CUT]


def test_the_settled_week_is_marked_where_it_is_known_and_chance_is_small():
    found = warm_up(episodes_open=series(noise=9.0), ed_present=series(weeks_to_settle=200.0))
    figure = made(found)
    (mark,) = marks(figure, "welch_settled", 0)
    assert mark.get_xdata()[0] == series().settled_week + 0.5
    assert not marks(figure, "welch_settled", list(SERIES).index("episodes_open"))


def test_the_finding_counts_what_is_settled_and_what_chance_leaves_open():
    assert "6 of 6 series stay within ±5\u00a0% of" in finding_warm_up(warm_up(), "X", "en")
    found = warm_up(episodes_open=series(noise=9.0), ed_present=series(weeks_to_settle=100.0))
    assert finding_warm_up(found, "X", "en").startswith("X, before the start: from the end of")
    assert "4 of 6 series" in finding_warm_up(found, "X", "en")
    assert finding_warm_up(found, "X", "en").endswith("; chance leaves it open for 1")
    assert finding_warm_up(found, "X", "fr").endswith(" pas de le dire pour 1")


def test_what_settles_after_the_cut_is_not_settled_at_it():
    late = series(weeks_to_settle=40.0)
    assert late.settled_week > CUT
    assert "5 of 6 series" in finding_warm_up(warm_up(ed_present=late), "X", "en")


def test_the_footer_says_what_it_rests_on():
    footer = made(warm_up()).texts[1].get_text()
    for part in ("documents", "replications: 20", "20,000 inhabitants", "window of 13 weeks"):
        assert part in footer


def test_numbers_are_written_as_the_language_does():
    ticks = {
        language: [label.get_text() for label in drawn(found, language).axes[0].get_yticklabels()]
        for found in [warm_up(gp_wait_days=replace(series(), **tenth(series())))]
        for language in ("en", "fr")
    }
    assert any("." in text for text in ticks["en"])
    assert [text.replace(".", ",") for text in ticks["en"]] == ticks["fr"]


def tenth(found: Settling) -> dict[str, np.ndarray]:
    return {name: getattr(found, name) / 10 for name in ("weekly", "moving", "expected")}


def test_a_series_that_is_never_known_leaves_its_chart_empty():
    unknown = settling(np.full((2, len(WEEKS)), math.nan), CUT)
    assert not marks(drawn(warm_up(gp_wait_days=unknown)), "welch_settled")


def test_the_same_series_give_the_same_picture_whatever_the_users_settings():
    first = bytes(drawn(warm_up()).canvas.buffer_rgba())
    with matplotlib.rc_context({"axes.facecolor": "pink", "lines.linewidth": 9}):
        assert bytes(drawn(warm_up()).canvas.buffer_rgba()) == first
