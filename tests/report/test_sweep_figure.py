"""Figures of sweeps: what stands where, that colours can be told apart, and that nothing is cut."""

import math
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from tests.report.drawing import assert_no_text_is_cut_or_overlaps, boxes
from tests.report.swept import CALENDAR, EXPOSURE, GPS, SHARE, about, rows
from tests.report.text import LONG_TITLES, SEVEN, TITLES

from parcours_sim.analysis.paired import Exposure
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.style import SERIES, figure_style
from parcours_sim.report.sweep_curves import is_logarithmic
from parcours_sim.report.sweep_figure import draw_sweep, sweep_figure
from parcours_sim.report.sweep_maps import DIVERGING, UNKNOWN_COLOR
from parcours_sim.report.sweep_view import sweep_view
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import LANGUAGES

NAMES = [one.name for one in SEVEN]
LONG_AXES = (
    Axis("organisation.layers.cpts.layer.coordination_hours_per_patient_per_year", (0.0, 1.0, 2.5)),
    Axis("territory.professionals.pharmacy_counters_per_pharmacy", (1.0, 2.0, 3.0, 4.0)),
)
DATES = Axis("horizon.start_date", tuple(f"20{year}-01-01" for year in range(10, 41)))
FINE = (
    Axis(SHARE.key, tuple(number / 20 for number in range(20))),
    Axis(GPS.key, tuple(50.0 + number for number in range(20))),
)
# How colours look to people who lack one kind of cone, on linear light: G. M. Machado,
# M. M. Oliveira, L. A. F. Fernandes, IEEE Trans. Vis. Comput. Graph. 15 (2009), severity 1.
COLOUR_BLIND = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def drawn(axes, effects, language="en", titles=TITLES, baseline="isole", **options) -> Figure:
    exposure = options.pop("exposure", EXPOSURE)
    swept = rows(axes, effects, baseline=baseline, **options)
    view = sweep_view(swept, axes, about(axes, baseline, exposure, titles))
    with figure_style():
        return sweep_figure(view, language)


def rising(count: int) -> dict:
    """Return effects of several scenarios that avoid more where the first axis is higher."""
    return {name: lambda x, *_, n=n: 8.0 * n - 100.0 * x for n, name in enumerate(NAMES[:count])}


def flat(count: int) -> dict:
    return {name: lambda *_: -100.0 for name in NAMES[:count]}


def hatched(figure: Figure) -> list[PathPatch]:
    patches = [patch for axes in figure.axes for patch in axes.patches]
    return [patch for patch in patches if isinstance(patch, PathPatch) and patch.get_hatch()]


def seen(colour, matrix) -> np.ndarray:
    """Return a colour as a colour-blind eye sees it, as sRGB."""
    colour = np.array(colour)
    light = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    mixed = np.clip(np.array(matrix) @ light, 0, 1)
    return np.where(mixed <= 0.0031308, 12.92 * mixed, 1.055 * mixed ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("axes", "count", "options"),
    [
        ((SHARE,), 1, {}),
        ((SHARE,), 7, {"titles": LONG_TITLES}),
        ((DATES,), 3, {}),
        ((CALENDAR,), 4, {"replications": 1, "exposure": Exposure(1_500, 0.5)}),
        ((LONG_AXES[1], SHARE), 1, {}),
        (LONG_AXES, 7, {"titles": LONG_TITLES, "exposure": Exposure(1_500, 0.5)}),
        ((CALENDAR, LONG_AXES[0]), 2, {"titles": LONG_TITLES}),
        ((DATES, DATES._replace(key="horizon.other_date")), 3, {}),
        (FINE, 4, {}),
    ],
)
def test_no_text_is_cut_or_overlaps(axes, count, options, language):
    figure = drawn(axes, flat(count), language, **options)
    figure.canvas.draw()
    assert_no_text_is_cut_or_overlaps(figure, 8)


def test_curves_and_their_bands_stand_where_the_rows_say():
    figure = drawn((SHARE,), {"msp": lambda share: -100 * share}, half=20)
    chart = figure.axes[0]
    line = chart.containers[0].lines[0]
    assert list(line.get_xdata()) == list(SHARE.values)
    assert list(line.get_ydata()) == pytest.approx([10, 30, 50, 70, 90], rel=1e-12)
    band = chart.collections[0].get_paths()[0].vertices
    assert {round(float(y)) for x, y in band if x == 0.5} == {30, 70}
    assert any(list(mark.get_ydata()) == [0, 0] for mark in chart.lines)  # the line of zero


def test_levels_have_no_line_of_zero():
    chart = drawn((SHARE,), rising(1), baseline=None).axes[0]
    assert not any(list(mark.get_ydata()) == [0, 0] for mark in chart.lines)
    assert chart.get_ylim()[0] > 3_000


def test_up_to_eight_scenarios_differ_in_colour_and_in_marker():
    effects = {f"s{number}": lambda share: -share for number in range(8)}
    chart = drawn((SHARE,), effects, titles=Titles()).axes[0]
    looks = [container.lines[0] for container in chart.containers]
    assert len({line.get_color() for line in looks}) == len(looks) == len(SERIES)
    assert len({line.get_marker() for line in looks}) == len(looks)


@pytest.mark.parametrize(("axes", "most"), [((SHARE,), 8), ((SHARE, GPS), 4)])
def test_of_more_scenarios_the_first_are_drawn_and_the_footer_says_so(axes, most):
    effects = {f"s{number}": lambda *_: -10.0 for number in range(most + 1)}
    figure = drawn(axes, effects, titles=Titles())
    shown = [text for text, _ in boxes(figure) if text in effects]
    assert shown == list(effects)[:most]
    footer = figure.texts[1].get_text().replace("\u00a0", " ")
    assert f"drawn: the first {most} of {most + 1} scenarios" in footer


def test_many_curves_have_bars_side_by_side_instead_of_bands_on_bands():
    few, many = (drawn((SHARE,), rising(count)).axes[0] for count in (4, 5))
    assert not any(container.has_yerr for container in few.containers)
    assert all(container.has_yerr for container in many.containers)
    middles = [
        container.lines[0].get_transform().transform((0.5, 0))[0] for container in many.containers
    ]
    assert min(right - left for left, right in pairwise(middles)) > 5


@pytest.mark.parametrize("axis", [CALENDAR, Axis(SHARE.key, (0.5,))])
def test_categories_and_single_values_are_points_that_nothing_joins(axis):
    chart = drawn((axis,), flat(2), half=30).axes[0]
    labels = [tick.get_text() for tick in chart.get_xticklabels()]
    assert labels == [str(value) for value in axis.values]
    for container in chart.containers:
        assert container.lines[0].get_linestyle() == "None"
        (bars,) = container.lines[2]
        assert [list(bar[:, 1]) for bar in bars.get_segments()] == [[70, 130]] * len(axis.values)
    left, right = (container.lines[0].get_xdata()[0] for container in chart.containers)
    assert left < 0 < right


@pytest.mark.parametrize(
    ("values", "logarithmic"),
    [
        ((1_000.0, 2_000.0, 5_000.0, 20_000.0, 50_000.0), True),
        ((0.01, 0.11, 0.21, 0.31), False),
        ((0.0, 1.0, 10.0, 100.0), False),
        ((1.0, 2.0, 4.0, 8.0), False),
        ((1.0, 100.0), False),
    ],
)
def test_an_axis_is_logarithmic_where_values_are_spread_by_their_ratios(values, logarithmic):
    assert is_logarithmic(values) == logarithmic
    chart = drawn((Axis("territory.hospital.beds_per_100k", values),), flat(1)).axes[0]
    assert (chart.get_xscale() == "log") == logarithmic
    assert ("logarithmic" in chart.get_xlabel()) == logarithmic


def test_a_map_has_the_first_axis_to_the_right_the_second_up_and_its_values_in_the_cells():
    axes = (Axis(SHARE.key, (0.9, 0.1)), Axis(GPS.key, (60.0, 70.0, 80.0)))
    figure = drawn(axes, {"msp": lambda share, gps: -1_000 * share - gps}, half=1)
    panel = figure.axes[0]
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["0.1", "0.9"]
    assert [tick.get_text() for tick in panel.get_yticklabels()] == ["60", "70", "80"]
    written = {text.get_position(): text.get_text() for text in panel.texts}
    assert written == {
        (x + 0.5, y + 0.5): f"{1_000 * share + gps:.0f}"
        for x, share in enumerate((0.1, 0.9))
        for y, gps in enumerate((60, 70, 80))
    }
    mesh = np.asarray(panel.collections[0].get_array()).reshape(3, 2)
    assert mesh[2].tolist() == pytest.approx([180, 980], rel=1e-12)


def test_cells_whose_interval_includes_zero_are_hatched_and_no_others():
    figure = drawn((SHARE, GPS), {"msp": lambda share, gps: 55 - 100 * share}, half=10)
    (patch,) = hatched(figure)
    centres = [(x + 0.5, y + 0.5) for x in range(5) for y in range(4)]
    inside = [c for c in centres if patch.get_path().contains_point(c)]
    assert inside == [(2.5, y + 0.5) for y in range(4)]  # 5 ± 10, where the share is a half
    assert "includes zero" in figure.legends[0].get_texts()[0].get_text()


def test_everything_is_hatched_where_nothing_can_be_told_and_nothing_without_intervals():
    (patch,) = hatched(drawn((SHARE, GPS), rising(1), half=1_000))
    assert all(
        patch.get_path().contains_point((x + 0.5, y + 0.5)) for x in range(5) for y in (0, 3)
    )
    alone = drawn((SHARE, GPS), rising(1), replications=1)
    assert hatched(alone) == []
    assert alone.legends == []
    assert hatched(drawn((SHARE, GPS), rising(1), baseline=None, half=5_000)) == []


def test_colours_are_centred_at_zero_and_the_same_in_all_maps():
    effects = {"msp": lambda share, gps: -100 * share, "esp": lambda share, gps: 40 * share}
    figure = drawn((SHARE, GPS), effects)
    norms = [axes.collections[0].norm for axes in figure.axes[:2]]
    assert norms[0] is norms[1]
    assert (norms[0].vmin, norms[0].vmax) == pytest.approx((-90, 90), rel=1e-12)
    assert min(DIVERGING(float(norms[0](0.0)))[:3]) > 0.95


def test_both_sides_of_zero_are_told_apart_by_colour_blind_readers():
    for name, matrix in COLOUR_BLIND.items():
        for distance in (0.25, 0.5):
            below, above = (DIVERGING(0.5 + side * distance)[:3] for side in (-1, 1))
            apart = np.linalg.norm(seen(below, matrix) - seen(above, matrix))
            assert apart > distance, name


def test_values_are_written_in_few_cells_only_and_dark_cells_have_white_ones():
    assert not drawn(FINE, rising(1)).axes[0].texts
    few = drawn((SHARE, GPS), {"msp": lambda share, gps: -100 * share}).axes[0].texts
    by_text = {text.get_text(): to_rgb(text.get_color()) for text in few}
    assert by_text["90.0"] == (1, 1, 1)
    assert by_text["10.0"] == (0, 0, 0)


def test_what_is_not_known_is_grey_and_the_legend_says_so():
    effects = {"msp": lambda share, gps: math.nan if gps == 60 else -100.0}
    figure = drawn((SHARE, GPS), effects, outcome="gp_wait_median_days")
    panel = figure.axes[0]
    figure.canvas.draw()
    colours = panel.collections[0].get_facecolors()[:, :3]
    assert colours[0].tolist() == pytest.approx(to_rgb(UNKNOWN_COLOR), rel=1e-6)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["not known"]
    assert [text.get_text() for text in panel.texts].count("–") == 5


@pytest.mark.parametrize("axes", [(SHARE,), (SHARE, GPS)])
def test_what_is_known_nowhere_or_the_same_everywhere_can_be_drawn(axes):
    unknown = drawn(axes, {"msp": lambda *_: math.nan}, outcome="follow_up_days")
    assert "not known anywhere" in unknown.texts[0].get_text()
    same = drawn(axes, {"msp": lambda *_: 0.0}, baseline=None, half=0)
    assert "4,000 at every point" in same.texts[0].get_text()


@pytest.mark.parametrize("axes", [(SHARE,), (SHARE, GPS)])
def test_the_same_rows_give_the_same_bytes_whatever_the_users_settings(tmp_path, axes):
    swept = list(rows(axes, rising(2)))
    first = draw_sweep(swept, axes, about(axes), tmp_path / "first")
    with matplotlib.rc_context({"axes.facecolor": "pink", "svg.hashsalt": "other"}):
        second = draw_sweep(swept, axes, about(axes), tmp_path / "second")
    assert [path.name for path in first] == [
        "sweep_hospitalisations.png",
        "sweep_hospitalisations.svg",
    ]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_french_figures_stand_beside_the_english_ones_of_other_outcomes(tmp_path):
    swept = rows((SHARE,), rising(1), outcome="ed_visits")
    paths = draw_sweep(swept, (SHARE,), about((SHARE,)), tmp_path, "fr")
    assert [path.name for path in paths] == ["sweep_ed_visits.fr.png", "sweep_ed_visits.fr.svg"]
    assert sorted(tmp_path.iterdir()) == sorted(paths)  # nothing unfinished is left


def test_where_there_is_nothing_to_draw_nothing_is_written(tmp_path):
    with pytest.raises(ValueError, match="only the baseline"):
        draw_sweep(rows((SHARE,), {}), (SHARE,), about((SHARE,)), tmp_path / "figures")
    assert list(tmp_path.iterdir()) == []
