"""A table of territories: each line a world of its own, checked as a scenario is."""

from __future__ import annotations

import pytest

from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.territories import COLUMNS, read_territories
from parcours_sim.scenario.vary import varied

HEADER = ",".join(COLUMNS)
VALLEY = "Vallée,12000,0.12,9,16,4,2,14"
TOWN = "Ville,45000,0.08,40,70,15,6,50"


@pytest.fixture(scope="module")
def isole():
    return load_scenario("isole")


@pytest.fixture
def table(tmp_path):
    def write(*lines: str, header: str = HEADER) -> object:
        path = tmp_path / "territories.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def findings(path, scenario) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as refused:
        read_territories(path, scenario)
    assert {finding.file.endswith("territories.csv") for finding in refused.value.findings} == {
        True
    }
    return [(finding.key, finding.code) for finding in refused.value.findings]


def test_counts_become_what_there_is_for_100_000_inhabitants(table, isole) -> None:
    found = read_territories(table(VALLEY, TOWN), isole)
    assert list(found) == ["Vallée", "Ville"]
    territory = varied(isole, found["Vallée"], {}).territory
    assert territory.inhabitants.value == 12000
    assert territory.people.share_75_and_over.value == 0.12
    assert territory.professionals.gps_per_100k.value == pytest.approx(75.0, rel=1e-12)
    assert territory.hospital.ed_rooms_per_100k.value == pytest.approx(2 / 0.12, rel=1e-12)


def test_columns_may_stand_in_any_order(table, isole) -> None:
    turned = table(",".join(reversed(VALLEY.split(","))), header=",".join(reversed(COLUMNS)))
    again = read_territories(turned, isole)
    assert again == read_territories(table(VALLEY), isole)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Vallée,many,0.12,9,16,4,2,14", [("line 2, inhabitants", "wrong-type")]),
        ("Vallée,nan,0.12,9,16,4,2,14", [("line 2, inhabitants", "wrong-type")]),
        ("Vallée,0,0.12,9,16,4,2,14", [("line 2, inhabitants", "wrong-type")]),
        ("Vallée,12000,1.2,9,16,4,2,14", [("line 2, share_75_and_over", "out-of-bounds")]),
        ("Vallée,12000,0.12,-9,16,4,2,14", [("line 2, gps", "wrong-type")]),
        ("Vallée,12000,0.12,9,16,4,2", [("line 2", "uneven-line")]),
        ("Vallée,12000,0,12,9,16,4,2,14", [("line 2", "uneven-line")]),
        ("Vallée,12000,0.12,9,16,4,2,", [("line 2, beds", "wrong-type")]),
        ("Vallée,12000.5,0.12,9,16,4,2,14", [("line 2, inhabitants", "out-of-bounds")]),
        (",12000,0.12,9,16,4,2,14", [("line 2, name", "bad-name")]),
        ("all,12000,0.12,9,16,4,2,14", [("line 2, name", "bad-name")]),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(table, isole, line, found) -> None:
    assert findings(table(line), isole) == found


def test_two_territories_of_one_name_are_refused(table, isole) -> None:
    assert findings(table(VALLEY, VALLEY), isole) == [("line 3, name", "duplicate-name")]


def test_a_table_without_its_columns_is_refused(table, isole) -> None:
    path = table(VALLEY, header=HEADER.replace("beds", "bed"))
    assert findings(path, isole) == [("bed", "unknown-key"), ("beds", "missing-key")]


def test_every_line_with_other_cells_than_the_header_is_told(table, isole) -> None:
    path = table("Vallée,12000,0,12,9,16,4,2,14", "", VALLEY, "Ville")
    assert findings(path, isole) == [("line 2", "uneven-line"), ("line 5", "uneven-line")]
    with pytest.raises(ScenarioError, match="line 2: found 9 cells, allowed 8, as the header has"):
        read_territories(path, isole)


@pytest.mark.parametrize(("sign", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_with_other_separators_than_commas_is_told_so_once(
    table, isole, sign, words
) -> None:
    path = table(VALLEY.replace(",", sign), header=HEADER.replace(",", sign))
    with pytest.raises(ScenarioError) as refused:
        read_territories(path, isole)
    (finding,) = refused.value.findings
    assert (finding.found, finding.code) == (f"{words} between cells", "not-csv")
    assert finding.allowed == "commas, and points in decimals"


def test_a_count_is_refused_as_a_count_beside_the_inhabitants(table, isole) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_territories(table("Vallée,12000,0.12,0,16,4,2,14"), isole)
    (finding,) = refused.value.findings
    assert (finding.key, finding.found) == ("line 2, gps", "0 for 12,000 inhabitants")
    assert finding.allowed.endswith("100,000 for 100,000 inhabitants")


def test_an_empty_table_is_refused(table, isole) -> None:
    assert findings(table(), isole) == [("", "empty")]


def test_what_is_no_text_is_refused(table, isole, tmp_path) -> None:
    path = tmp_path / "territories.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert findings(path, isole) == [("", "not-csv")]
    assert findings(tmp_path / "no_territories.csv", isole) == [("", "unreadable")]
