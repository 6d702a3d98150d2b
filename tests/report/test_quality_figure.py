"""What is drawn of quality: every cell with its colour, and nothing cut or over anything else."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex
from tests.analysis.grouped import FEWER, MORE, STILL, UNSURE, grouped
from tests.analysis.synthetic import KINDS
from tests.report.drawing import assert_no_text_is_cut_or_overlaps, boxes
from tests.report.text import LONG_TITLES, TITLES

from parcours_sim.analysis.criteria import criteria, judge
from parcours_sim.report.quality_figure import draw_quality, quality_figure
from parcours_sim.report.style import ORANGE, SKY, figure_style
from parcours_sim.report.words import FIXED, LANGUAGES

PEOPLE = ("all", "age:under_75", "age:75+", "gp:with", "gp:without")
CONDITIONS = ("copd", "heart_failure", "diabetes", "anticoagulated", "frail")
OUTCOMES = tuple(name for each in criteria() for name in each.outcomes)
STAYS = "hospitalisations"
FEW = grouped(
    {
        (STAYS, "all"): FEWER,
        (STAYS, "age:75+"): UNSURE,
        (STAYS, "gp:without"): MORE,
        ("deaths", "all"): STILL,
    }
)


def full(groups):
    """Return a comparison in which every outcome is judged in every group."""
    told = {"all": FEWER, "age:75+": UNSURE}
    return grouped({(name, group): told.get(group, MORE) for name in OUTCOMES for group in groups})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("titles", [TITLES, LONG_TITLES], ids=["short", "long"])
@pytest.mark.parametrize("conditions", [(), CONDITIONS], ids=["few", "all"])
def test_no_text_is_cut_or_lies_over_another(language, titles, conditions):
    kinds = [f"kind:{name}" for name in KINDS]
    compared = full([*PEOPLE, *(f"condition:{name}" for name in conditions), *kinds])
    with figure_style():
        drawn = quality_figure(judge(compared), compared, titles, language)
        drawn.canvas.draw()
        cells = len(OUTCOMES) * (len(PEOPLE) + len(conditions) + len(kinds))
        assert_no_text_is_cut_or_overlaps(drawn, at_least=cells)


def test_blue_is_for_the_better_orange_for_the_worse_and_white_for_what_cannot_be_told():
    with figure_style():
        drawn = quality_figure(judge(FEW), FEW, TITLES, "en")
    looks = {
        text.get_text(): (to_hex(cell.get_facecolor()).upper(), text.get_fontweight())
        for cell, text in zip(drawn.axes[0].patches, drawn.axes[0].texts, strict=True)
    }
    assert looks == {
        f"−10{FIXED}%": (SKY, "normal"),
        f"+0.7{FIXED}%": ("#FFFFFF", "normal"),
        f"+10{FIXED}%": (ORANGE, "bold"),
        f"0.0{FIXED}%": ("#FFFFFF", "normal"),
    }


def test_each_cell_stands_in_the_row_of_its_outcome_and_the_column_of_its_group():
    with figure_style():
        drawn = quality_figure(judge(FEW), FEW, TITLES, "fr")
    axes = drawn.axes[0]
    columns = [label.get_text() for label in axes.get_xticklabels()]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert columns == ["Tous", "75 ans et plus", "Sans médecin traitant"]
    assert rows[1] == f"Hospitalisations{FIXED}↓"
    (harm,) = (text for text in axes.texts if text.get_text().startswith("+10"))
    assert (columns[int(harm.get_position()[0])], rows[int(harm.get_position()[1])]) == (
        "Sans médecin traitant",
        f"Hospitalisations{FIXED}↓",
    )


def test_the_finding_counts_what_is_for_the_worse():
    with figure_style():
        drawn = quality_figure(judge(FEW), FEW, TITLES, "en")
    found = next(text for text, _ in boxes(drawn) if text.startswith("MSP"))
    assert "of 3 changes, 1 for the better and 1 for the worse; 1 can’t be told" in found


def test_files_are_written_in_either_language_with_the_same_bytes_again(tmp_path):
    judged = judge(FEW)
    first = draw_quality(judged, FEW, TITLES, tmp_path, "en")
    french = draw_quality(judged, FEW, TITLES, tmp_path, "fr")
    assert [path.name for path in (*first, *french)] == [
        *("quality_msp.png", "quality_msp.svg"),
        *("quality_msp.fr.png", "quality_msp.fr.svg"),
    ]
    before = [path.read_bytes() for path in first]
    again = draw_quality(judged, FEW, TITLES, tmp_path, "en")
    assert [path.read_bytes() for path in again] == before
