"""The event log as a file, in both formats."""

import csv
from datetime import datetime

import numpy as np
import pyarrow.parquet as parquet
import pytest

from parcours_sim.engine.record import LINE, Entry, Log
from parcours_sim.report import eventlog
from parcours_sim.report.eventlog import EventLog, Row, write_event_log

ENTRIES = (
    Entry(-18.25, 4, 0, "appointment booked", "planned", 3),
    Entry(0.0, -1, 0, "arrives at the ED", "", -1),
    Entry(1 / 3, 4, 1, "warning", "nurse, by phone", 7),
)
LOGS = [EventLog("isole", 0, "2025-01-01", ENTRIES), EventLog("msp", 2, "2025-01-01", ENTRIES[:1])]


def test_csv_has_a_row_per_event_and_empty_cells_where_there_is_no_number(tmp_path):
    path = tmp_path / "events.csv"
    assert write_event_log(path, LOGS) == 4
    assert path.read_bytes().decode().split("\n") == [
        "scenario,replication,timestamp,time_days,person,generation,event,detail,occurrence",
        "isole,0,2024-12-13T18:00:00,-18.25,4,0,appointment booked,planned,3",
        "isole,0,2025-01-01T00:00:00,0.0,,0,arrives at the ED,,",
        f'isole,0,2025-01-01T08:00:00,{1 / 3!r},4,1,warning,"nurse, by phone",7',
        "msp,2,2024-12-13T18:00:00,-18.25,4,0,appointment booked,planned,3",
        "",
    ]


@pytest.mark.parametrize("at_once", [1, 3, 50_000])
def test_parquet_holds_the_same_rows_with_types_however_many_are_written_at_once(
    tmp_path, monkeypatch, at_once
):
    monkeypatch.setattr(eventlog, "ROWS_AT_ONCE", at_once)
    path = tmp_path / "events.PARQUET"
    assert write_event_log(path, iter(LOGS)) == 4
    table = parquet.read_table(path)
    assert tuple(table.column_names) == Row._fields
    assert table.to_pylist()[1:3] == [
        Row(
            "isole", 0, datetime(2025, 1, 1), 0.0, None, 0, "arrives at the ED", "", None
        )._asdict(),
        Row(
            "isole", 0, datetime(2025, 1, 1, 8), 1 / 3, 4, 1, "warning", "nurse, by phone", 7
        )._asdict(),
    ]
    assert table.column("scenario").to_pylist() == ["isole"] * 3 + ["msp"]


def test_both_formats_tell_the_same(tmp_path):
    write_event_log(tmp_path / "e.csv", LOGS)
    write_event_log(tmp_path / "e.parquet", LOGS)
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    for text, typed in zip(
        from_csv, parquet.read_table(tmp_path / "e.parquet").to_pylist(), strict=True
    ):
        assert float(text["time_days"]) == typed["time_days"]
        assert datetime.fromisoformat(text["timestamp"]) == typed["timestamp"]
        assert text["person"] == ("" if typed["person"] is None else str(typed["person"]))


@pytest.mark.parametrize("name", ["e.csv", "e.parquet"])
def test_the_log_of_a_replication_is_written_as_the_entries_it_is_read_as(tmp_path, name):
    lines = [(-0.5, 4, 0, 0, 1, 3), (1 / 3, -1, 0, 21, 0, -1)]
    log = Log(np.array(lines, LINE), ("", "planned"))
    entries = [
        Entry(-0.5, 4, 0, "appointment booked", "planned", 3),
        Entry(1 / 3, -1, 0, "arrives at emergency department", "", -1),
    ]
    written = []
    for number, told in enumerate((log, entries)):
        (tmp_path / str(number)).mkdir()
        path = tmp_path / str(number) / name
        assert write_event_log(path, [EventLog("isole", 0, "2025-01-01", told)]) == 2
        written.append(path.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("name", ["e.csv", "e.parquet"])
def test_a_log_without_events_is_a_file_with_columns(tmp_path, name):
    assert write_event_log(tmp_path / name, [EventLog("isole", 0, "2025-01-01", ())]) == 0
    if name == "e.csv":
        assert (tmp_path / name).read_text().strip() == ",".join(Row._fields)
    else:
        assert tuple(parquet.read_table(tmp_path / name).column_names) == Row._fields


@pytest.mark.parametrize("name", ["e.csv", "e.parquet"])
def test_a_failure_half_way_leaves_the_former_file_and_nothing_else(tmp_path, name):
    def breaks_off():
        yield LOGS[0]
        raise RuntimeError("half-way")

    (tmp_path / name).write_text("former")
    with pytest.raises(RuntimeError, match="half-way"):
        write_event_log(tmp_path / name, breaks_off())
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "former"


def test_another_ending_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match=r"\.csv or \.parquet"):
        write_event_log(tmp_path / "e.xlsx", LOGS)
    assert not list(tmp_path.iterdir())
