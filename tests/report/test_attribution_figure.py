"""The figure of an attribution: what stands where, in which words, and that nothing overlaps."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure
from tests.report.drawing import boxes

from parcours_sim.analysis.attribution import Attribution, Credit
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.paired import Exposure
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.attribution_figure import attribution_figure, draw_attribution
from parcours_sim.report.attribution_table import COLUMNS, rows_of, write_attributions
from parcours_sim.report.attribution_texts import finding_attribution
from parcours_sim.report.style import figure_style
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import FIXED, LANGUAGES, THIN
from parcours_sim.scenario.channels import CHANNELS
from parcours_sim.scenario.territory import Text

NOTHING = Estimate(0.0, 0.0, 0.0, 0)
TITLES = Titles(
    {
        "msp": Text(fr="Maisons de santé", en="Health centres"),
        "before": Text(fr="Exercice isolé", en="Isolated practice"),
    },
    {"kind:copd": Text(fr="BPCO", en="COPD")},
)
PARTS = {"warning": (5.0, 6.0, 4.0), "control": (90.0, 95.0, 85.0), "capacity": (-2.0, 1.0, -4.0)}
"""Value, alone and last, per replication."""


def around(value: float, half: float = 3.0) -> Estimate:
    return Estimate(value, value - half, value + half, 20)


def credit(channel: str, factor: float = 1.0) -> Credit:
    if channel not in PARTS:
        return Credit(channel, False, *[NOTHING] * 5)
    value, alone, last = (factor * each for each in PARTS[channel])
    percent, share = around(value / 20.0), around(value / (93.0 * factor))
    return Credit(channel, True, around(value), percent, share, around(alone), around(last))


def of(factor: float = 1.0, **keys) -> Attribution:
    usual = {
        "scenario": "msp",
        "baseline": "before",
        "parameter_set": "documents",
        "outcome": "hospitalisations",
        "group": "all",
        "exposure": Exposure(20_000.0, 5.0),
        "credits": tuple(credit(each, factor) for each in CHANNELS),
        "total": around(93.0 * factor),
        "total_percent": around(4.6),
        "before": around(2000.0),
        "by_world": np.zeros((3, 20)),
        "avoided_by_world": np.zeros(20),
    }
    return Attribution(**(usual | keys))


def drawn(found: Attribution, language="en") -> Figure:
    with figure_style():
        figure = attribution_figure(found, TITLES, language)
        figure.canvas.draw()
    return figure


def texts(figure: Figure) -> list[str]:
    return [" ".join(text.split()) for text, _ in boxes(figure)]


def untold() -> Attribution:
    """Give one of which nothing is distinguishable from zero."""
    small = tuple(replace(each, value=around(0.5)) if each.moves else each for each in of().credits)
    return of(credits=small, total=around(1.0))


def of_one_world() -> Attribution:
    def alone(each: Estimate) -> Estimate:
        return Estimate(each.value, math.nan, math.nan, 1)

    fields = ("value", "percent", "share", "alone", "last")
    credits_ = tuple(
        replace(each, **{name: alone(getattr(each, name)) for name in fields})
        for each in of().credits
    )
    return of(credits=credits_, total=alone(of().total), total_percent=alone(of().total_percent))


def test_points_bars_and_marks_stand_where_the_parts_are():
    chart = drawn(of()).axes[0]
    rows = [CHANNELS.index(name) for name in PARTS]
    (points,) = [line for line in chart.lines if line.get_marker() == "D"]
    assert list(points.get_ydata()) == [*rows, len(CHANNELS)]
    assert list(points.get_xdata()) == pytest.approx([5.0, 90.0, -2.0, 93.0])
    for place, marker in ((1, ">"), (2, "<")):
        (marks,) = [line for line in chart.lines if line.get_marker() == marker]
        assert list(marks.get_xdata()) == pytest.approx([each[place] for each in PARTS.values()])
        assert list(marks.get_ydata()) == rows
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in chart.containers[0]]
    assert bars == [pytest.approx(each[1:]) for each in PARTS.values()]


def test_parts_are_shown_per_100_000_inhabitants_and_year():
    chart = drawn(of(exposure=Exposure(10_000.0, 5.0))).axes[0]
    (points,) = [line for line in chart.lines if line.get_marker() == "D"]
    assert list(points.get_xdata()) == pytest.approx([10.0, 180.0, -4.0, 186.0])


def test_intervals_reach_from_low_to_high():
    chart = drawn(of()).axes[0]
    (bars,) = chart.containers[1].lines[2]
    reach = [tuple(segment[:, 0]) for segment in bars.get_segments()]
    assert reach == [pytest.approx(ends) for ends in [(2, 8), (87, 93), (-5, 1), (90, 96)]]


def test_every_channel_has_a_row_with_its_part_and_its_share_or_why_it_has_none():
    shown = texts(drawn(of()))
    for text in ("5.0 (2.0 to 8.0)", "90.0 (87.0 to 93.0)", "−2.0 (−5.0 to 1.0)", "97", "−2"):
        assert shown.count(text) == 1, (text, shown)
    assert shown.count("doesn’t move") == 5
    assert "All channels" in shown
    assert "100" in shown


def test_in_french_everything_is_in_french():
    english, french = texts(drawn(of())), texts(drawn(of(), "fr"))
    figures = {text for text in english if not any(letter.isalpha() for letter in text)}
    assert {text for text in english if text in french} <= figures
    assert any(text.startswith("Maisons de santé. Hospitalisations évitées") for text in french)
    assert french.count("ne change pas") == 5


def test_no_share_is_given_of_a_total_that_may_be_zero():
    assert {"97", "−2", "100"} <= {*texts(drawn(of()))}
    assert not {"97", "−2", "100"} & {*texts(drawn(untold()))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "found", [of(), of(0.02), of(30.0, group="kind:copd"), untold(), of_one_world(),
              of(outcome="readmissions_same_kind_180_days", group="kind:copd"),
              of(exposure=Exposure(3000.0, 0.5))],
)  # fmt: skip
def test_no_text_is_cut_or_overlaps(found, language):
    figure = drawn(found, language)
    width, height = figure.bbox.width, figure.bbox.height
    found_boxes = boxes(figure)
    for text, box in found_boxes:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
    for (one, here), (two, there) in combinations(found_boxes, 2):
        assert not here.overlaps(there), (one, two)


def test_the_finding_names_the_total_and_the_channel_that_most_comes_from():
    said = finding_attribution(of(), TITLES, "en")
    assert said == (
        "Health centres. Hospitalisations avoided per 100,000 inhabitants and year: 93.0 "
        f"(95{FIXED}% interval 90.0 to 96.0); most of it through “Sustained follow-up (control)”: "
        f"90.0 (97{FIXED}%)"
    )


def test_the_finding_in_french_has_french_spaces():
    said = finding_attribution(of(group="kind:copd"), TITLES, "fr")
    assert said == (
        f"Maisons de santé. Hospitalisations (BPCO) évitées pour 100{THIN}000 habitants et par "
        f"an{THIN}: 93,0 (intervalle à 95{THIN}%{THIN}: 90,0 à 96,0){THIN}; surtout par "
        f"«{THIN}Suivi au long cours{THIN}»{THIN}: 90,0 (97{THIN}%)"
    )


def test_where_no_channel_is_told_from_zero_the_finding_says_so():
    assert "no channel’s part is distinguishable from zero" in finding_attribution(
        untold(), TITLES, "en"
    )


def test_of_one_world_nothing_is_claimed():
    said = finding_attribution(of_one_world(), TITLES, "en")
    assert said.endswith("and year: 93.0")


@pytest.mark.parametrize("outcome", ["ed_visits", "deaths", "bed_days"])
def test_other_outcomes_are_called_fewer_not_avoided(outcome):
    said = finding_attribution(of(outcome=outcome), TITLES, "en")
    assert f"{OUTCOMES[outcome].title_en}, fewer per 100,000" in said


def test_files_are_there_in_both_languages_with_the_same_bytes_each_time(tmp_path):
    first, second = (draw_attribution(of(), TITLES, tmp_path / n, "a") for n in ("1", "2"))
    assert [path.name for path in first] == ["a.png", "a.svg", "a.fr.png", "a.fr.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_table_has_a_row_for_each_channel_and_the_total_in_full(tmp_path):
    path = tmp_path / "a.csv"
    write_attributions([of(1 / 3), of(outcome="ed_visits")], path)
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == list(COLUMNS)
    assert [row["channel"] for row in found] == [*CHANNELS, "total"] * 2
    assert {row["outcome"] for row in found[9:]} == {"ed_visits"}
    warning, total = found[0], found[8]
    assert float(warning["value"]) == 5.0 * (1 / 3)
    assert float(warning["last_low"]) == 4.0 * (1 / 3) - 3.0
    assert (found[3]["channel"], found[3]["moves"], found[3]["value"]) == (
        *("expert_advice", "False", "0.0"),
    )
    assert (float(total["value"]), total["share"], total["replications"]) == (31.0, "", "20")


def test_what_is_unknown_is_an_empty_cell_and_nothing_in_data(tmp_path):
    row = next(rows_of(of_one_world()))
    assert (row["value"], row["value_low"], row["value_high"]) == (5.0, None, None)
    path = tmp_path / "a.csv"
    write_attributions([of_one_world()], path)
    assert "nan" not in path.read_text(encoding="utf-8")


def test_a_table_that_fails_half_way_leaves_the_former_one(tmp_path):
    path = tmp_path / "a.csv"
    write_attributions([of()], path)
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        write_attributions([of(2.0), None], path)  # type: ignore[list-item]
    assert path.read_bytes() == before
    with pytest.raises(FolderError, match="can't be written"):
        write_attributions([of()], tmp_path / "nowhere" / "a.csv")
