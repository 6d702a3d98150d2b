"""What is said of quality: the table as a file, names, changes and findings in words."""

from __future__ import annotations

import csv

import pytest
from tests.analysis.grouped import FEWER, MORE, STILL, UNSURE, grouped
from tests.report.text import TITLES

from parcours_sim.analysis.criteria import criteria, judge
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.quality_table import COLUMNS, write_quality
from parcours_sim.report.quality_texts import (
    change_text,
    change_with_interval,
    finding_quality,
    group_title,
    outcome_title,
)
from parcours_sim.report.words import FIXED, THIN

STAYS, WAIT = "hospitalisations", "gp_wait_median_days"
CHANGES = {(STAYS, "all"): FEWER, (STAYS, "gp:without"): MORE, (WAIT, "age:75+"): UNSURE}
OF_ONE = {(STAYS, "all"): (1e-3 / 3, 2e-3 / 3)}


def written(path, changes):
    compared = grouped(changes)
    write_quality(judge(compared), compared, path)
    return path


def only(changes, levels=None):
    (found,) = judge(grouped(changes, levels))
    return found


def test_the_table_holds_each_change_with_its_interval_and_definition(tmp_path):
    with written(tmp_path / "quality.csv", CHANGES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["outcome"], row["group"], row["verdict"]) for row in rows] == [
        (WAIT, "age:75+", "untold"),
        (STAYS, "all", "better"),
        (STAYS, "gp:without", "worse"),
    ]
    row = rows[2]
    assert [row[name] for name in ("scenario", "baseline", "parameter_set", "unit")] == [
        *("msp", "isole", "documents", "count")
    ]
    assert float(row["difference"]) == pytest.approx(10.0)
    assert 7.0 < float(row["low"]) < 9.0 < float(row["percent"]) < float(row["percent_high"])
    assert (row["criterion"], row["replications"]) == ("orientation", "3")
    assert row["definition"] == OUTCOMES[STAYS].definition


def test_the_same_figures_give_the_same_bytes_with_every_digit(tmp_path):
    first = written(tmp_path / "first.csv", OF_ONE).read_bytes()
    assert written(tmp_path / "second.csv", OF_ONE).read_bytes() == first
    (row,) = csv.DictReader(first.decode().splitlines())
    (found,) = judge(grouped(OF_ONE))
    assert float(row["low"]) == found.difference.low
    assert b"\r" not in first


def test_cells_of_what_is_unknown_are_empty(tmp_path):
    path = written(tmp_path / "quality.csv", {(STAYS, "all"): [-3.0]})
    (row,) = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert (row["difference"], row["low"], row["percent_high"]) == ("-3.0", "", "")
    assert row["verdict"] == "untold"


def test_a_table_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "quality.csv").mkdir()
    with pytest.raises(FolderError):
        written(tmp_path / "quality.csv", CHANGES)


@pytest.mark.parametrize("outcome", [name for each in criteria() for name in each.outcomes])
def test_every_definition_can_be_read_alone(outcome):
    told = OUTCOMES[outcome].definition
    assert not told.startswith(("Those", "Median of the same", "The same"))
    assert told.endswith(".")


@pytest.mark.parametrize(
    ("group", "english", "french"),
    [
        ("all", "Everyone", "Tous"),
        ("age:75+", "75 and over", "75 ans et plus"),
        ("gp:with", "With a usual GP", "Avec médecin traitant"),
        ("gp:without", "Without a usual GP", "Sans médecin traitant"),
        ("kind:copd", "COPD exacerbation", "Exacerbation de BPCO"),
        ("condition:heart_failure", "heart failure", "heart failure"),
    ],
)
def test_groups_have_titles_or_their_names(group, english, french):
    assert group_title(group, TITLES, "en") == english
    assert group_title(group, TITLES, "fr") == french


def test_an_arrow_says_which_way_is_good():
    assert outcome_title("deaths", "fr") == f"Décès{FIXED}↓"
    assert outcome_title("gp_wait_same_or_next_day", "en") == f"Same or next day{FIXED}↑"


def test_changes_are_written_in_per_cent_and_as_the_language_does():
    found = only({(STAYS, "all"): (-1.0, -1.5, -2.0)})
    assert change_text(found, "fr") == f"−1,5{THIN}%"
    assert change_with_interval(found, "en") == f"−1.5 (−2.7 to −0.3){FIXED}%"


def test_a_bound_near_zero_is_not_rounded_to_it():
    found = only({(STAYS, "all"): (0.1, 0.2, 0.2, 0.1, 0.3, 0.03)})
    assert found.verdict == "worse"
    assert change_with_interval(found, "en") == f"+0.15 (0.05 to 0.26){FIXED}%"


def test_where_the_baseline_has_none_a_change_is_in_its_own_unit():
    found = only({("nurse_wait_minutes", "all"): MORE}, {("nurse_wait_minutes", "all"): 0.0})
    assert change_text(found, "fr") == "+10,0"
    assert change_with_interval(found, "en") == "+10 (8 to 12) minutes"


def test_the_finding_says_so_where_nothing_is_for_the_worse():
    judged = judge(grouped({(STAYS, "all"): FEWER, ("deaths", "all"): STILL}))
    assert finding_quality(judged, "MSP", "en").startswith("MSP: of 1 changes, 1 for the better")
    assert "aucun en moins bien" in finding_quality(judged, "MSP", "fr")
