"""The figure of validation: where each row stands, which rows are drawn, and in what words."""

import math
import re

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from tests.report.drawing import assert_no_text_is_cut_or_overlaps, boxes

from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.validation import Compared, validate
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.style import figure_style
from parcours_sim.report.validation_figure import REACH, draw_validation, validation_figure
from parcours_sim.report.words import LANGUAGES
from parcours_sim.scenario.fit_account import Account
from parcours_sim.scenario.targets import load_rows, load_steps
from parcours_sim.scenario.territory import Text

VERDICTS = {
    "by construction": "par construction",
    "inside": "dans l’intervalle",
    "outside": "hors de l’intervalle",
    "out of reach": "hors d’atteinte",
}
TWO_SIDED, BELOW, ABOVE = (8.0, 10.0, 12.0), (None, 10.0, 12.0), (8.0, 10.0, None)
UNEVEN, NEGATIVE = (8.0, 10.0, 20.0), (-20.0, -12.0, -8.0)
NO_WIDTH, AT_ZERO = (10.0, 10.0, 10.0), (0.0, 0.0, 0.0)


def row(value: float = 10.5, within=TWO_SIDED, half: float = 0.5, **keys) -> Compared:
    low, stated, high = within
    usual = {
        "evidence": "L085",
        "what": Text(fr="séjours : tous", en="stays: all"),
        "unit": Text(fr="séjours", en="stays"),
        "role": "validated",
        "step": None,
        "of": "msp",
        "against": "isole",
        "simulated": Estimate(value, value - half, value + half, 24),
        "low": low,
        "high": high,
        "stated": stated,
        "stated_low": low,
        "stated_high": high,
        "sign": "",
        "origin": "literature",
        "verdict": "inside",
    }
    return Compared(**(usual | keys))


def of_all_verdicts() -> list[Compared]:
    return [row(10.0 + place, verdict=verdict) for place, verdict in enumerate(VERDICTS)]


def real_rows(value: float) -> list[Compared]:
    """Every row of evidence, as if the model gave the same for all."""
    found = Estimate(value, value - 1.0, value + 1.0, 24)
    steps, rows = load_steps(), load_rows()
    return list(validate(steps, rows, Account(), lambda asked, *_: [found] * len(asked)))


def drawn(rows, language="en", parameter_set="documents") -> Figure:
    with figure_style():
        figure = validation_figure(rows, parameter_set, language)
        figure.canvas.draw()
    return figure


def points(axes: Axes) -> dict[float, float]:
    """Where each row's mark stands, by its line of the chart."""
    marks = [line for line in axes.lines if line.get_marker() != "None"]
    return {
        y: float(x)
        for mark in marks
        for x, y in zip(mark.get_xdata(), mark.get_ydata(), strict=True)
    }


def intervals(axes: Axes) -> dict[float, list[float]]:
    """The ends of each row's line, by its line of the chart."""
    lines = [line for line in axes.lines if line.get_marker() == "None"]
    level = [line for line in lines if len(set(line.get_ydata())) == 1]
    return {line.get_ydata()[0]: list(line.get_xdata()) for line in level}


def labels(axes: Axes) -> list[str]:
    return [tick.get_text() for tick in axes.get_yticklabels()]


def words_of(figure: Figure) -> list[str]:
    return [text for text, _ in boxes(figure)]


@pytest.mark.parametrize(
    ("within", "value", "place"),
    [
        *((TWO_SIDED, 10.0, 0.0), (TWO_SIDED, 8.0, -1.0), (TWO_SIDED, 12.0, 1.0)),
        *((TWO_SIDED, 11.0, 0.5), (TWO_SIDED, 14.0, 2.0), (TWO_SIDED, 4.0, -3.0)),
        *((UNEVEN, 10.0, 0.0), (UNEVEN, 8.0, -1.0), (UNEVEN, 20.0, 1.0)),
        *((UNEVEN, 9.0, -0.5), (UNEVEN, 15.0, 0.5)),
        *((NEGATIVE, -12.0, 0.0), (NEGATIVE, -20.0, -1.0), (NEGATIVE, -8.0, 1.0)),
        *((BELOW, 10.0, 0.0), (BELOW, 12.0, 1.0), (BELOW, 13.0, 1.5)),
        *((ABOVE, 10.0, 0.0), (ABOVE, 8.0, -1.0), (ABOVE, 7.0, -1.5)),
        *((NO_WIDTH, 10.0, 0.0), (NO_WIDTH, 11.0, 1.0), (NO_WIDTH, 9.5, -0.5)),
        *((AT_ZERO, 0.0, 0.0), (AT_ZERO, 1.0, 1.0), (AT_ZERO, -2.0, -2.0)),
    ],
)
def test_a_row_stands_at_0_where_it_is_as_stated_and_at_1_where_its_range_ends(
    within, value, place
):
    (axes,) = drawn([row(value, within)]).axes
    assert points(axes) == {0.0: pytest.approx(place, abs=1e-12)}


@pytest.mark.parametrize(("value", "end"), [(1e9, REACH), (-1e9, -REACH), (18.1, 4.0), (17.8, 3.9)])
def test_what_is_farther_than_the_axis_stands_at_its_end(value, end):
    (axes,) = drawn([row(value)]).axes
    assert points(axes) == {0.0: pytest.approx(end, abs=1e-12)}
    left, right = axes.get_xlim()
    assert left < -REACH
    assert right > REACH


def test_lines_reach_from_end_to_end_of_the_intervals_and_no_farther_than_the_axis():
    (axes,) = drawn([row(11.0, half=1.0), row(11.0, half=3.0), row(11.0, half=1e6)]).axes
    found = intervals(axes)
    assert found == {0: [0.0, 1.0], 1: [-1.0, 2.0], 2: [-REACH, REACH]}


def test_rows_stand_one_below_another_in_their_order_whatever_their_verdicts():
    given = [row(10.0 + place, evidence=f"L{place}") for place in range(4)]
    mixed = ("outside", "inside", "by construction", "inside")
    (axes,) = drawn(
        [row(10.0 + 2 * n, evidence=f"L{n}", verdict=each) for n, each in enumerate(mixed)]
    ).axes
    assert [label.partition(" ")[0] for label in labels(axes)] == [one.evidence for one in given]
    assert points(axes) == {0: 0.0, 1: 1.0, 2: 2.0, 3: 3.0}
    bottom, top = axes.get_ylim()
    assert bottom > 3 > 0 > top


def test_rows_without_a_figure_to_compare_are_left_out():
    without = {
        "unknown": {"simulated": UNKNOWN},
        "nothing stated": {"within": (8.0, None, 12.0)},
        "no range": {"within": (None, 10.0, None)},
        "not comparable": {"simulated": UNKNOWN, "verdict": "not comparable"},
    }
    left_out = [row(evidence=name, **keys) for name, keys in without.items()]
    (axes,) = drawn([left_out[0], row(evidence="A"), *left_out[1:], row(evidence="B")]).axes
    assert [label.partition(" ")[0] for label in labels(axes)] == ["A", "B"]
    assert set(points(axes)) == {0, 1}
    assert [text.get_text() for text in axes.texts] == ["10.5 for 10 stays"] * 2


@pytest.mark.parametrize(
    ("sign", "within", "value", "place"),
    [
        ("decrease", (None, None, 0.0), -0.5, 0.5),
        ("decrease", (None, None, 0.0), -9.0, -1.0),
        ("decrease", (None, None, 0.0), 2.0, 3.0),
        ("increase", (0.0, None, None), 0.5, -0.5),
        ("increase", (0.0, None, None), -1.0, -2.0),
    ],
)
def test_a_direction_has_its_end_at_0_and_is_said_in_words(sign, within, value, place):
    (axes,) = drawn([row(value, within, sign=sign)]).axes
    assert points(axes) == {0.0: pytest.approx(place, abs=1e-12)}
    assert axes.texts[0].get_text().endswith(f" stays for a{'n' * (sign == 'increase')} {sign}")


def test_the_legend_explains_no_verdict_that_does_not_occur():
    (legend,) = drawn([row(), row(verdict="outside")]).legends
    assert [text.get_text() for text in legend.get_texts()] == ["inside", "outside"]


def test_the_title_counts_every_row_drawn_or_not():
    outside = [row(verdict="outside", within=(None, None, None)), row(verdict="outside")]
    figure = drawn([*of_all_verdicts(), *outside, row(verdict="not comparable")])
    title = " ".join(figure.texts[0].get_text().split())
    assert "1 figures by construction, 1 inside their range, 3 outside, 1 out of reach, " in title
    assert title.endswith("1 not comparable")


def test_the_footer_names_the_parameter_set():
    for name in ("documents", "literature"):
        assert f"Parameter set: {name} " in drawn([row()], parameter_set=name).texts[1].get_text()


def test_each_verdict_has_its_own_look_which_the_legend_explains():
    figure = drawn(of_all_verdicts())
    (axes,), (legend,) = figure.axes, figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert set(names) == set(VERDICTS)
    explained = {
        name: (mark.get_color(), mark.get_marker())
        for name, mark in zip(names, legend.legend_handles, strict=True)
    }
    assert len({color for color, _ in explained.values()}) == len(VERDICTS)
    assert len({marker for _, marker in explained.values()}) == len(VERDICTS)
    looks = {
        float(place): (mark.get_color(), mark.get_marker())
        for mark in axes.lines
        for place in mark.get_ydata()
        if mark.get_marker() != "None"
    }
    assert looks == {place: explained[verdict] for place, verdict in enumerate(VERDICTS)}


@pytest.mark.parametrize("verdict", sorted(VERDICTS))
def test_a_verdict_that_occurs_alone_is_in_the_legend_in_either_language(verdict):
    for language, name in (("en", verdict), ("fr", VERDICTS[verdict])):
        (legend,) = drawn([row(verdict=verdict)], language).legends
        assert name in [text.get_text() for text in legend.get_texts()]


def test_figures_are_written_as_each_language_does():
    rows = [row(1234.5678, (1000.0, 1100.25, 1200.0)), row(-0.12345, NEGATIVE)]
    english, french = (
        [t.get_text() for t in drawn(rows, each).axes[0].texts] for each in LANGUAGES
    )
    assert english == ["1,230 for 1,100.25 stays", "−0.123 for −12 stays"]
    assert french == ["1\u202f230 pour 1\u202f100,25 séjours", "−0,123 pour −12 séjours"]


def test_labels_are_in_the_language_asked_for():
    assert labels(drawn([row()]).axes[0]) == ["L085 · stays: all"]
    assert labels(drawn([row()], "fr").axes[0]) == ["L085 · séjours\u202f: tous"]


def test_in_french_every_word_is_french_and_so_is_the_typography():
    figure = drawn([row(10.25 + n, verdict=each) for n, each in enumerate(VERDICTS)], "fr")
    said = "\n".join(words_of(figure))
    for part in (*VERDICTS.values(), "Le modèle face aux données", "comme énoncé", "séjours"):
        assert part in said
    english = r"\b(for|inside|outside|reach|stated|stays|figures|Parameter|lines|axis)\b"
    assert not re.search(english, said)


def test_in_french_no_row_of_evidence_has_a_straight_apostrophe_or_a_decimal_point():
    texts = words_of(drawn(real_rows(1.25), "fr"))
    assert len(texts) > 100
    for text in texts:
        assert "'" not in text
        assert not re.search(r"\d\.\d", text), text
        assert not re.search(r" [:;!?%»]", text), text
    assert any(text.startswith("1,25 pour ") for text in texts)


def extreme_rows() -> list[Compared]:
    """As many rows as there may be, with long labels and figures."""
    long = Text(
        fr="personnes de 75 ans et plus : passages aux urgences suivis d’un séjour, "
        "pour 100 000 habitants et par an",
        en="people aged 75 and over: visits to the emergency department that lead to a stay, "
        "per 100,000",
    )
    return [row(123456.0 + place, what=long) for place in range(90)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(lambda: real_rows(-1234.5), id="evidence"),
        pytest.param(extreme_rows, id="long labels"),
        pytest.param(lambda: [row()], id="one row"),
    ],
)
def test_no_text_is_cut_or_overlaps(rows, language):
    figure = drawn(rows(), language)
    assert_no_text_is_cut_or_overlaps(figure, 8)


def test_the_same_rows_give_the_same_bytes_whatever_the_users_settings(tmp_path):
    first = draw_validation(of_all_verdicts(), "documents", tmp_path / "first", "en")
    with matplotlib.rc_context({"axes.facecolor": "pink", "svg.hashsalt": "other"}):
        second = draw_validation(of_all_verdicts(), "documents", tmp_path / "second", "en")
    assert [path.name for path in first] == ["validation.png", "validation.svg"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert b"<dc:date>" not in first[1].read_bytes()
    other = draw_validation(of_all_verdicts()[::-1], "documents", tmp_path / "second", "en")
    assert other[0].read_bytes() != first[0].read_bytes()


def test_french_figures_stand_beside_the_english_ones(tmp_path):
    paths = [
        path
        for language in LANGUAGES
        for path in draw_validation([row()], "documents", tmp_path, language)
    ]
    ends = (".png", ".svg", ".fr.png", ".fr.svg")
    assert [path.name for path in paths] == [f"validation{end}" for end in ends]
    assert sorted(tmp_path.iterdir()) == sorted(paths)  # nothing unfinished is left


def test_a_figure_that_cannot_be_written_is_named_and_nothing_unfinished_is_left(tmp_path):
    taken = tmp_path / "validation.png" / "mine.txt"
    taken.parent.mkdir()
    taken.write_text("mine")
    with pytest.raises(FolderError, match=r"validation\.png: can't be written"):
        draw_validation([row()], "documents", tmp_path, "en")
    assert list(tmp_path.rglob("*")) == [taken.parent, taken]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FolderError, match=r"figures: can't be made"):
        draw_validation([row()], "documents", tmp_path / "mine" / "figures", "en")


def test_a_figure_without_an_interval_has_its_mark_where_it_stands():
    (axes,) = drawn([row(simulated=Estimate(11.0, math.nan, math.nan, 1))]).axes
    assert points(axes) == {0.0: 0.5}
