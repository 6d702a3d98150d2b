"""The table of validation: what stands in each cell, and that a file is whole or as it was."""

import csv
import errno
import json
import math
import os
from dataclasses import replace

import pytest

from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.validation import Compared, Told
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.validation_table import (
    COLUMNS,
    Source,
    as_data,
    page_lines,
    write_page,
    write_validation,
)
from parcours_sim.scenario.territory import Text

WHAT, UNIT = Text(fr="séjours, tous", en="stays, all"), Text(fr="séjours", en="stays")
ROW = Compared(
    evidence="L085",
    what=WHAT,
    unit=UNIT,
    role="validated",
    step=None,
    of="msp",
    against="isole",
    simulated=Estimate(0.1 + 0.2, 1 / 3, 1e-17, 24),
    low=9.0,
    high=11.0,
    stated=10.0,
    stated_low=8.5,
    stated_high=12.5,
    sign="",
    origin="literature",
    verdict="inside",
)
SOURCE = Source("documents", 2, "abc")
FITTED = replace(
    ROW,
    role="fitted",
    step=3,
    verdict="out of reach",
    notes=(Text(fr="ainsi", en='said "so", and so on'),),
    best=2 / 3,
    binding=("rate ≤ 1", "share ≥ 0.5"),
    beside=(
        Told(Text(fr="décès", en="deaths"), Text(fr="par an", en="per year"), ROW.simulated),
        Told(WHAT, UNIT, UNKNOWN),
    ),
)
ONE_SIDED = replace(ROW, against="", high=None, stated_high=None)
ABSENT = replace(
    ROW,
    role="not compared",
    of="",
    against="",
    simulated=UNKNOWN,
    low=None,
    high=None,
    stated=None,
    stated_low=None,
    stated_high=None,
    verdict="not comparable",
    notes=(Text(fr="rien ne le compte", en="nothing counts it"),),
)
ROWS = (FITTED, ROW, ONE_SIDED, ABSENT)
WRITE = (lambda rows, path: write_validation(rows, SOURCE, path), write_page)
SIMULATED = ("simulated", "simulated_low", "simulated_high")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "documents.csv"


def written(path, rows=ROWS):
    write_validation(rows, SOURCE, path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_fills_one_line_with_floats_in_full(path):
    write_validation([FITTED], SOURCE, path)
    assert path.read_bytes().decode() == (
        "evidence,what,unit,role,step,scenario,against,simulated,simulated_low,simulated_high,"
        "replications,low,high,stated,stated_low,stated_high,sign,origin,verdict,best,binding,"
        "note,parameter_set,seed,model\n"
        'L085,"stays, all",stays,fitted,3,msp,isole,0.30000000000000004,0.3333333333333333,1e-17,'
        "24,9.0,11.0,10.0,8.5,12.5,,literature,out of reach,0.6666666666666666,"
        'rate ≤ 1; share ≥ 0.5,"said ""so"", and so on",documents,2,abc\n'
        "L085,deaths,per year,predicted,,msp,isole,0.30000000000000004,0.3333333333333333,1e-17,"
        "24,,,,,,,,,,,,documents,2,abc\n"
        'L085,"stays, all",stays,predicted,,msp,isole,,,,,,,,,,,,,,,,documents,2,abc\n'
    )


def test_every_row_has_its_line_in_the_order_given(path):
    found = [(row["role"], row["verdict"]) for row in written(path)]
    assert found == [
        ("fitted", "out of reach"),
        *[("predicted", "")] * 2,
        *[("validated", "inside")] * 2,
        ("not compared", "not comparable"),
    ]
    assert b"\r" not in path.read_bytes()


def test_without_rows_the_columns_are_there_alone(path):
    write_validation([], SOURCE, path)
    assert path.read_text() == ",".join(COLUMNS) + "\n"


def test_what_is_written_reads_back_as_the_same_floats(path):
    numbers = (*SIMULATED, "low", "high", "stated", "stated_low", "stated_high", "best")
    for row in ROWS:
        found = written(path, [row])[0]
        read = {column: float(found[column]) if found[column] else None for column in numbers}
        assert read == {column: as_data(row, SOURCE)[column] for column in numbers}


@pytest.mark.parametrize(
    ("row", "empty"),
    [
        (FITTED, {"sign"}),
        (ROW, {"step", "sign", "best", "binding", "note"}),
        (ONE_SIDED, {"step", "sign", "best", "binding", "note", "against", "high", "stated_high"}),
        (ABSENT, set(COLUMNS[4:17]) | {"best", "binding"}),
    ],
)
def test_where_there_is_nothing_a_cell_is_empty(path, row, empty):
    found = written(path, [row])[0]
    assert {column for column, cell in found.items() if cell == ""} == empty


def test_an_interval_that_is_not_known_is_empty_beside_its_figure(path):
    alone = replace(ROW, simulated=Estimate(4.5, math.nan, math.nan, 1))
    (found,) = written(path, [alone])
    assert [found[column] for column in SIMULATED] == ["4.5", "", ""]
    assert [as_data(alone, SOURCE)[column] for column in SIMULATED] == [4.5, None, None]


def test_zero_is_a_figure_and_not_an_empty_cell(path):
    nothing = replace(ROW, simulated=Estimate(0.0, 0.0, 0.0, 24), low=0.0, high=0.0, stated=0.0)
    (found,) = written(path, [nothing])
    columns = (*SIMULATED, "low", "high", "stated")
    assert {found[column] for column in columns} == {"0.0"}
    assert [as_data(nothing, SOURCE)[column] for column in columns] == [0.0] * 6


def test_as_data_every_row_has_the_same_keys_and_is_json():
    found = [as_data(row, SOURCE) for row in ROWS]
    assert {tuple(data) for data in found} == {(*COLUMNS, "fit_doubts", "beside")}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_as_data_a_row_tells_its_own_range_and_that_of_the_evidence_apart():
    found = as_data(ROW, SOURCE)
    names = ("low", "high", "stated", "stated_low", "stated_high")
    assert [found[name] for name in names] == [9.0, 11.0, 10.0, 8.5, 12.5]
    assert [found[name] for name in SIMULATED] == [0.1 + 0.2, 1 / 3, 1e-17]
    assert (found["what"], found["unit"]) == ("stays, all", "stays")
    assert (found["scenario"], found["against"], found["step"]) == ("msp", "isole", None)


def test_as_data_binding_ends_and_what_stands_beside_are_lists():
    found = as_data(FITTED, SOURCE)
    assert found["binding"] == ["rate ≤ 1", "share ≥ 0.5"]
    known = dict(zip(SIMULATED, (0.1 + 0.2, 1 / 3, 1e-17), strict=True)) | {"replications": 24}
    unknown = dict.fromkeys((*SIMULATED, "replications"))
    assert found["beside"] == [
        {"what": "deaths", "unit": "per year", **known},
        {"what": "stays, all", "unit": "stays", **unknown},
    ]
    assert (as_data(ROW, SOURCE)["binding"], as_data(ROW, SOURCE)["beside"]) == ([], [])


def test_the_same_rows_give_the_same_bytes(tmp_path):
    paths = [tmp_path / name for name in ("first.csv", "second.csv")]
    for path in paths:
        write_validation([replace(row) for row in ROWS], SOURCE, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    write_validation([replace(ROWS[0], best=0.5), *ROWS[1:]], SOURCE, paths[1])
    assert paths[0].read_bytes() != paths[1].read_bytes()


@pytest.mark.parametrize("write", WRITE)
def test_a_folder_that_is_not_there_is_named(tmp_path, write):
    with pytest.raises(FolderError, match=r"nowhere.documents\.end: can't be written"):
        write(ROWS, tmp_path / "nowhere" / "documents.end")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", WRITE)
def test_a_disk_that_is_full_leaves_the_former_file_as_it_was(path, monkeypatch, write):
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path.write_text("former")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FolderError, match=r"documents\.csv: can't be written: No space left"):
        write(ROWS, path)
    assert path.read_text() == "former"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("write", WRITE)
def test_a_row_that_fails_half_way_leaves_the_former_file_as_it_was(path, write):
    path.write_text("former")
    broken = replace(ROW, beside=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not iterable"):
        write([ROW, broken], path)
    assert path.read_text() == "former"
    assert list(path.parent.iterdir()) == [path]


def test_the_page_has_one_line_a_row_and_one_for_what_is_predicted_beside_it(tmp_path):
    write_page(ROWS, tmp_path / "page.md")
    found = "0.3 (0.333 to 0.00000000000000001)"
    agrees = "| 10 stays | 9 to 11 |"
    assert (tmp_path / "page.md").read_bytes().decode() == (
        "| evidence | what | simulated (95 % interval) | stated | agrees within | verdict |\n"
        "|---|---|---|---|---|---|\n"
        f"| L085 | stays, all | {found} {agrees} fitted, step 3: out of reach, 0.667 at best"
        " in the worlds of the fit |\n"
        "|  | deaths | 0.3 per year (0.333 to 0.00000000000000001) |  |  | predicted |\n"
        "|  | stays, all | – |  |  | predicted |\n"
        f"| L085 | stays, all | {found} {agrees} validated: inside |\n"
        f"| L085 | stays, all | {found} | 10 stays | 9 or more | validated: inside |\n"
        "| L085 | stays, all | – |  |  | not compared: not comparable |\n"
    )


def test_every_line_of_the_page_has_as_many_cells():
    assert {line.count("|") for line in page_lines(ROWS)} == {7}


def test_a_line_says_with_what_it_was_simulated(path):
    for line in written(path):
        assert (line["parameter_set"], line["seed"], line["model"]) == ("documents", "2", "abc")
