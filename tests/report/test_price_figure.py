"""What is drawn and written of prices: the finding, every row, and nothing over anything else."""

from __future__ import annotations

import csv

import pytest
from tests.analysis.synthetic import SIX, comparison
from tests.report.drawing import assert_no_text_is_cut_or_overlaps, boxes
from tests.report.priced import price, prices
from tests.report.text import LONG_TITLES, SEVEN, TITLES

from parcours_sim.analysis.price import THRESHOLDS_EUR
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.price_figure import draw_prices, price_figure
from parcours_sim.report.price_table import COLUMNS, write_price_tables
from parcours_sim.report.price_texts import finding_price, is_told, per_stay_text
from parcours_sim.report.style import figure_style
from parcours_sim.report.words import FIXED, LANGUAGES, THIN

NAMES = [each.name for each in SIX]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("titles", [TITLES, LONG_TITLES])
def test_no_text_is_cut_or_lies_over_another(language, titles):
    found = prices(each.name for each in SEVEN)
    with figure_style():
        drawn = price_figure(found, comparison(organisations=SEVEN), titles, language)
        drawn.canvas.draw()
        assert_no_text_is_cut_or_overlaps(drawn, at_least=4 * len(SEVEN))


def test_the_finding_names_the_least_price_and_how_many_can_be_told():
    found = prices(["esp", "msp"]) | {"paerpa": price("paerpa", is_told=False)}
    text = finding_price(found, TITLES, "en")
    assert text.startswith("esp avoids stays at the least price: 5,000 euros each")
    assert f"95{FIXED}% interval 4,500 to 5,500" in text
    assert "2 organisations out of 3" in text


def test_an_organisation_that_saves_is_said_to_with_its_bounds_the_right_way_round():
    text = finding_price({"msp": price("msp", cost=-90_000.0)}, TITLES, "fr")
    assert f"1{THIN}000 euros économisés" in text
    assert f"900 à 1{THIN}100" in text


def test_where_nothing_is_avoided_for_certain_no_price_is_told():
    found = {"msp": price("msp", is_told=False)}
    assert not is_told(found["msp"])
    assert finding_price(found, TITLES, "en").startswith("No organisation avoids stays")
    assert per_stay_text(found["msp"].per_avoided, "en") == "–"


def test_each_row_has_what_a_stay_costs_and_who_needs_posts():
    found = {"msp": price("msp")}
    with figure_style():
        drawn = price_figure(found, comparison(organisations=SIX), TITLES, "en")
        texts = [text for text, _ in boxes(drawn)]
    assert "5,000\n(4,500 to 5,500)" in texts
    assert texts.count("+0.50") == 2
    assert "+1.50" in texts  # 150,000 euros over five years and 20,000 inhabitants


def test_a_curve_rises_where_its_stays_become_worth_their_cost():
    found = {"msp": price("msp")}
    with figure_style():
        drawn = price_figure(found, comparison(organisations=SIX), TITLES, "en")
    curve = drawn.axes[1].lines[0]
    limits, heights = curve.get_xdata(), curve.get_ydata()
    assert heights[limits < 5.0].tolist() == [heights[0]] * 5
    assert (heights[limits >= 5.0] < heights[0]).all()


def test_files_are_written_in_either_language_with_the_same_bytes_again(tmp_path):
    found, compared = prices(NAMES), comparison()
    first = draw_prices(found, compared, TITLES, tmp_path, "en")
    french = draw_prices(found, compared, TITLES, tmp_path, "fr")
    assert [path.name for path in (*first, *french)] == [
        *("price.png", "price.svg"),
        *("price.fr.png", "price.fr.svg"),
    ]
    before = [path.read_bytes() for path in first]
    assert [
        path.read_bytes() for path in draw_prices(found, compared, TITLES, tmp_path, "en")
    ] == before


def test_the_tables_hold_every_measure_and_every_threshold(tmp_path):
    found = prices(["esp", "msp"]) | {"paerpa": price("paerpa", is_told=False)}
    table, curve = write_price_tables(found, comparison(), tmp_path)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    keys = [(row["scenario"], row["account"], row["measure"], row["of"]) for row in rows]
    assert len(set(keys)) == len(keys)
    row = rows[keys.index(("msp", "fees", "paid", "teams"))]
    assert float(row["value"]) == pytest.approx(300_000.0)
    assert (row["unit"], row["baseline"], row["parameter_set"]) == ("EUR", "isole", "documents")
    untold = rows[keys.index(("paerpa", "", "per_avoided", "everyone"))]
    assert (untold["value"], untold["low"]) == ("", "")
    with curve.open(encoding="utf-8", newline="") as file:
        worth = [row for row in csv.DictReader(file) if row["scenario"] == "esp"]
    assert [float(row["eur_per_stay"]) for row in worth] == list(THRESHOLDS_EUR)
    assert [row["share"] for row in worth[4:6]] == ["0.0", "1.0"]


def test_a_folder_that_cant_be_written_is_told(tmp_path):
    (tmp_path / "price.csv").mkdir()
    with pytest.raises(FolderError):
        write_price_tables(prices(["msp"]), comparison(), tmp_path)
