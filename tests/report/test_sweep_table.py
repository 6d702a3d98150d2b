"""sweep.csv."""

import csv
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256

import pytest
from tests.report.swept import CALENDAR, GPS, SHARE, about, estimate, rows

from parcours_sim.analysis.intervals import UNKNOWN
from parcours_sim.analysis.sweep import SweptRow
from parcours_sim.experiment.errors import FolderError
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.sweep_table import write_sweep

MANY = Axis("organisation.practices.msp.share", tuple(number / 4_000 for number in range(4_000)))
KIB = 1 << 10


def read(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_is_written_in_full_with_a_column_for_each_axis(tmp_path):
    axes = (GPS, CALENDAR)
    row = SweptRow(
        point=(70.0, "a text, with a comma"),
        scenario="msp",
        outcome="bed_days",
        level=estimate(0.1 + 0.2, 0.5),
        baseline_mean=1 / 3,
        difference=estimate(-1.5, 0.5),
        percent=estimate(-10.0, 2.0, replications=1),
    )
    write_sweep([row], axes, about(axes), tmp_path / "sweep.csv")
    lines = (tmp_path / "sweep.csv").read_bytes().decode().split("\n")
    assert lines[0] == (
        "scenario,baseline,parameter_set,territory.professionals.gps_per_100k,"
        "territory.professionals.calendar,outcome,unit,mean,mean_low,mean_high,baseline_mean,"
        "mean_difference,low,high,percent,percent_low,percent_high,replications"
    )
    assert lines[1] == (
        'msp,isole,documents,70.0,"a text, with a comma",bed_days,days,'
        f"{0.1 + 0.2!r},{0.1 + 0.2 - 0.5!r},{0.1 + 0.2 + 0.5!r},{1 / 3!r},"
        "-1.5,-2.0,-1.0,-10.0,,,10"
    )
    assert lines[2:] == [""]


@pytest.mark.parametrize("baseline", ["isole", None])
def test_who_is_compared_with_nobody_has_empty_cells_there(tmp_path, baseline):
    axes = (SHARE,)
    swept = rows(axes, {"msp": lambda share: -share}, baseline=baseline)
    write_sweep(swept, axes, about(axes, baseline), tmp_path / "sweep.csv")
    found = read(tmp_path / "sweep.csv")
    alone = [row for row in found if row["scenario"] == (baseline or "msp")]
    assert len(alone) == len(SHARE.values)
    for row in alone:
        assert {row[name] for name in ("baseline", "baseline_mean", "mean_difference")} == {""}
        assert {row[name] for name in ("low", "high", "percent", "percent_high")} == {""}
        assert (float(row["mean"]) > 3_000, row["replications"]) == (True, "10")


def test_what_is_written_reads_back_as_the_same_floats(tmp_path):
    axes = (SHARE, GPS)
    written = list(rows(axes, {"msp": lambda share, gps: -share / gps}, half=1 / 7))
    write_sweep(written, axes, about(axes), tmp_path / "sweep.csv")
    found = read(tmp_path / "sweep.csv")
    assert len(found) == len(written) == 5 * 4 * 2
    for row, swept in zip(found, written, strict=True):
        assert tuple(float(row[axis.key]) for axis in axes) == swept.point
        assert float(row["mean_high"]) == swept.level.high
        if swept.scenario == "msp":
            assert float(row["mean_difference"]) == swept.difference.value
            assert float(row["low"]) == swept.difference.low
            assert float(row["percent_low"]) == swept.percent.low


def test_replications_are_those_of_the_difference_or_else_of_the_mean(tmp_path):
    axes = (SHARE,)
    level = estimate(3.0, 1.0, replications=9)
    difference = estimate(1.0, 1.0, replications=7)
    common = ((0.1,), "msp", "follow_up_days", level, 2.0)
    swept = [SweptRow(*common, each, each) for each in (difference, UNKNOWN)]
    write_sweep(swept, axes, about(axes), tmp_path / "sweep.csv")
    assert [row["replications"] for row in read(tmp_path / "sweep.csv")] == ["7", "9"]


def test_the_digest_returned_is_that_of_the_file(tmp_path):
    axes = (SHARE,)
    path = tmp_path / "sweep.csv"
    digest = write_sweep(rows(axes, {"msp": lambda share: -share}), axes, about(axes), path)
    assert digest == sha256(path.read_bytes()).hexdigest()


def test_a_failure_half_way_leaves_the_former_file_as_it_was(tmp_path):
    axes = (SHARE,)
    path = tmp_path / "sweep.csv"
    path.write_text("former")

    def broken() -> Iterator[SweptRow]:
        yield from rows(axes, {"msp": lambda share: -share})
        raise RuntimeError("the store is gone")

    with pytest.raises(RuntimeError, match="the store is gone"):
        write_sweep(broken(), axes, about(axes), path)
    assert path.read_text() == "former"
    with pytest.raises(FolderError, match="nowhere"):
        write_sweep([], axes, about(axes), tmp_path / "nowhere" / "sweep.csv")


def test_memory_does_not_grow_with_the_number_of_points(tmp_path):
    axes = (MANY,)
    swept = rows(axes, {"msp": lambda share: -share})
    tracemalloc.start()
    write_sweep(swept, axes, about(axes), tmp_path / "sweep.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "sweep.csv").stat().st_size > 900 * KIB
    assert peak < 600 * KIB  # 256 of them read the file for its digest
