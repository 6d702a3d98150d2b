"""The figure of two lives: lanes, marks, bars, the moment of parting, and that all can be read."""

from __future__ import annotations

import pytest
from tests.analysis.lives import BEGINS, EARLIER, KIND, KINDS, ONE_STAY, PATIENT, replication
from tests.report.drawing import assert_no_text_is_cut_or_overlaps
from tests.report.test_twin_words import ADMITTED, AVERTED, CONDITIONS, WHO, avoided, teller
from tests.report.text import LONG

from parcours_sim.analysis.twin import twin_of
from parcours_sim.analysis.who import Who
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.style import SKY, figure_style
from parcours_sim.report.titles import Titles
from parcours_sim.report.twin_figure import draw_twin, stays_in, twin_figure
from parcours_sim.report.twin_words import Teller
from parcours_sim.report.words import LANGUAGES
from parcours_sim.scenario.territory import Text

OTHER = [*EARLIER, *BEGINS, *AVERTED]


def drawn(twin, telling=None, who=WHO, around_days=30.0):
    with figure_style():
        figure = twin_figure(twin, who, telling or teller(), "a footer", around_days)
        figure.canvas.draw()
    return figure


def marks(figure) -> dict[str, list[tuple[float, int]]]:
    """Day and lane of every mark, by what the legend calls it."""
    (axes,) = figure.axes
    found = {}
    for line in axes.lines:
        if line.get_marker() not in ("None", None) and not line.get_label().startswith("_"):
            days, rows = line.get_xdata(), line.get_ydata()
            found[line.get_label()] = [
                (float(d), round(float(r))) for d, r in zip(days, rows, strict=True)
            ]
    return found


def test_marks_stand_at_their_days_in_the_lane_of_their_life():
    found = marks(drawn(avoided(ADMITTED, OTHER)))
    assert found["worsening"] == [(10.0, 0), (10.0, 1)]
    assert found["answered"] == [(14.0, 1), (15.0, 1)]
    assert found["contact"] == [(1.0, 0), (1.0, 1)]
    assert "death" not in found


def test_stays_are_bars_from_bed_to_discharge():
    figure = drawn(avoided(ADMITTED, OTHER))
    bars = [bar for bar in figure.axes[0].patches if bar.get_facecolor()[:3] != (1, 1, 1)]
    (bar,) = [each for each in bars if each.get_width() == 5.0]
    assert (bar.get_x(), bar.get_y() + bar.get_height() / 2) == (16.0, 0.0)
    assert SKY


@pytest.mark.parametrize(
    ("events", "stays"),
    [
        (((1.0, "gets a bed"), (4.0, "discharged")), [(1.0, 4.0)]),
        (((1.0, "gets a bed"), (4.0, "dies")), [(1.0, 4.0)]),
        (((1.0, "gets a bed"), (2.0, "nurse visit")), [(1.0, 2.0)]),
        (((4.0, "dies"),), []),
    ],
)
def test_a_stay_ends_with_a_discharge_a_death_or_with_what_is_known(events, stays):
    life = list(replication(*((day, PATIENT, event, "", -1) for day, event in events)).log)
    assert list(stays_in(life)) == stays


def test_the_moment_of_parting_is_a_line_where_it_can_be_seen():
    for around_days, count in ((30.0, 1), (0.0, 1)):
        lines = drawn(avoided(ADMITTED, OTHER), around_days=around_days).axes[0].lines
        upright = [line for line in lines if list(line.get_xdata()) == [14.0, 14.0]]
        assert len(upright) == count
    twin = avoided([*ADMITTED[1:]], OTHER)  # the first contact in one life only
    lines = drawn(twin, around_days=2.0).axes[0].lines
    assert not [line for line in lines if list(line.get_xdata()) == [1.0, 1.0]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut_or_overlaps(language):
    titles = Titles({name: Text(fr=LONG, en=LONG) for name in ("isole", "msp")},
                    {f"kind:{KIND}": Text(fr=LONG, en=LONG)})  # fmt: skip
    telling = Teller(titles, CONDITIONS, ("isole", "msp"), "2025-01-01", language)
    who = Who(PATIENT, is_75_or_over=False, has_gp=False, conditions=("heart_failure",) * 4)
    assert_no_text_is_cut_or_overlaps(drawn(avoided(ADMITTED, OTHER), telling, who), 10)


def test_lives_without_a_stay_are_drawn_around_their_parting():
    first, second = (
        replication(*ADMITTED, stays=ONE_STAY),
        replication(*ADMITTED[1:], stays=ONE_STAY),
    )
    figure = drawn(twin_of(PATIENT, first, second, KINDS), around_days=4.0)
    assert figure.axes[0].get_xlim() == (-3.0, 5.0)


def test_files_are_named_by_change_patient_and_language(tmp_path):
    twin = avoided(ADMITTED, OTHER)
    names = [
        path.name
        for language in LANGUAGES
        for path in draw_twin(twin, WHO, teller(language), "a footer", tmp_path)
    ]
    stem = f"twin_avoided_{PATIENT}"
    assert names == [f"{stem}{end}" for end in (".png", ".svg", ".fr.png", ".fr.svg")]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FolderError, match="mine"):
        draw_twin(avoided(ADMITTED, OTHER), WHO, teller(), "a footer", tmp_path / "mine")
