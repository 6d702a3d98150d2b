"""differences.csv."""

import csv

import numpy as np
import pytest
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, comparison, values

from parcours_sim.analysis.paired import paired_differences
from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.tables import write_differences

HEADER = (
    "scenario,baseline,outcome,group,baseline_mean,mean_difference,low,high,percent,percent_low,"
    "percent_high,per_100k,replications,variance_ratio"
)


def test_one_row_is_written_in_full_with_empty_cells_for_what_is_unknown(tmp_path):
    outcomes = values("hospitalisations", isole=[3], msp=[2.9])
    path = tmp_path / "differences.csv"
    write_differences(paired_differences(outcomes, "isole", EXPOSURE, ADDITIVE), path)
    difference = 2.9 - 3
    expected = f"msp,isole,hospitalisations,all,3.0,{difference!r},,,{difference / 3 * 100!r}"
    lines = path.read_bytes().decode().split("\n")
    assert lines[0] == HEADER
    assert lines[1].startswith(expected + ",,,")
    assert lines[1].endswith(",1,")
    assert lines[2:] == [""]


def test_what_is_written_reads_back_as_the_same_floats(tmp_path):
    differences = comparison(replications=3).differences
    path = tmp_path / "differences.csv"
    write_differences(differences, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in ("baseline_mean", "mean_difference", "low", "percent_high", "variance_ratio"):
        found = [float(row[column] or "nan") for row in rows]
        assert np.array_equal(found, differences[column], equal_nan=True)
    assert sum((row["outcome"], row["group"]) == ("hospitalisations", "all") for row in rows) == 6


def test_a_failure_leaves_the_former_file_as_it_was(tmp_path):
    path = tmp_path / "differences.csv"
    path.write_text("former")
    incomplete = comparison(replications=2).differences.drop(columns="variance_ratio")
    with pytest.raises(KeyError, match="variance_ratio"):
        write_differences(incomplete, path)
    assert path.read_text() == "former"
    with pytest.raises(FolderError, match="nowhere"):
        write_differences(comparison(replications=2).differences, tmp_path / "nowhere" / "d.csv")
