"""The comparison of two records sees every kind of difference, and none where there is none."""

import math
import struct
from dataclasses import replace

import numpy as np
import pytest
from tests.engine.identity import first_difference

from parcours_sim.engine.record import Entry, Replication

LOG = (
    Entry(-0.0, 3, 0, "episode begins", "copd", 1),
    Entry(0.5, 3, 0, "nurse notices", "copd", 1),
    Entry(0.75, -1, 0, "gets a room", "", -1),
)
ROWS = (("episodes", "all", 3.0), ("gp_wait_mean_days", "all", 0.1), ("crises", "all", 0.0))
STAYS, TRACES = np.array([5, 9], np.int64), np.array([1 << 56, 3 << 56], np.int64)
RECORD = Replication(ROWS, STAYS, contacts=4, events=12, seconds=1.0, log=LOG, traces=TRACES)
NAN = math.nan
ANOTHER_NAN = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000001))[0]


def with_line(number, **columns):
    """Give the record with another line in its log."""
    lines = [*LOG[:number], LOG[number]._replace(**columns), *LOG[number + 1 :]]
    return replace(RECORD, log=tuple(lines))


def with_value(number, value):
    """Give the record with another value of an outcome."""
    name, group, _ = ROWS[number]
    return replace(RECORD, rows=(*ROWS[:number], (name, group, value), *ROWS[number + 1 :]))


def copy(record):
    """Give an equal record that shares no object with it."""
    return Replication(
        rows=tuple((name, group, float(repr(value))) for name, group, value in record.rows),
        stays=record.stays.copy(),
        contacts=record.contacts,
        events=record.events,
        seconds=99.0,
        log=tuple(Entry(*line) for line in record.log),
        traces=record.traces.copy(),
    )


def test_equal_records_do_not_differ_whatever_time_they_took():
    assert first_difference(RECORD, copy(RECORD)) is None


def test_a_float_of_numpy_is_a_float():
    assert first_difference(RECORD, with_value(0, np.float64(3.0))) is None


def test_a_number_that_is_none_is_the_same_as_itself():
    assert first_difference(with_value(1, NAN), with_value(1, float("nan"))) is None


@pytest.mark.parametrize(("column", "value"), [
    ("time_days", math.nextafter(0.5, 1.0)),
    ("person", 4),
    ("generation", 1),
    ("event", "gp notices"),
    ("detail", "heart_failure"),
    ("occurrence", 2),
])  # fmt: skip
def test_another_column_of_a_line_is_told_with_time_patient_and_event(column, value):
    told = first_difference(RECORD, with_line(1, **{column: value}))
    assert "line 1" in told
    assert "(0.5, 3, generation 0, 'nurse notices'" in told
    assert repr(value) in told
    assert told.endswith(f"({column})")


def test_the_first_of_several_differences_is_told():
    both = replace(with_line(0, person=8), log=(*with_line(0, person=8).log[:2], LOG[1]))
    assert "line 0" in first_difference(RECORD, both)


@pytest.mark.parametrize(("record", "other"), [
    (with_line(0, time_days=-0.0), with_line(0, time_days=0.0)),
    (with_line(0, time_days=NAN), with_line(0, time_days=ANOTHER_NAN)),
    (with_value(2, 0.0), with_value(2, -0.0)),
    (with_value(2, NAN), with_value(2, ANOTHER_NAN)),
    (with_value(1, 0.1), with_value(1, math.nextafter(0.1, 1.0))),
    (with_value(0, 3.0), with_value(0, 3)),
    (with_line(1, person=3), with_line(1, person=np.int64(3))),
])  # fmt: skip
def test_what_only_looks_equal_differs(record, other):
    assert first_difference(record, other) is not None


def test_a_log_that_ends_sooner_differs_where_it_ends():
    shorter = replace(RECORD, log=LOG[:2])
    assert "line 2" in first_difference(RECORD, shorter)
    assert "nothing more" in first_difference(RECORD, shorter)
    assert "'gets a room'" in first_difference(shorter, RECORD)


def test_lines_in_another_order_differ():
    assert "line 1" in first_difference(RECORD, replace(RECORD, log=(LOG[0], LOG[2], LOG[1])))


def test_a_line_that_is_no_entry_differs():
    plain = replace(RECORD, log=(LOG[0], tuple(LOG[1]), LOG[2]))
    assert "line 1" in first_difference(RECORD, plain)


def test_a_record_without_a_log_is_compared_with_its_like_alone():
    silent = replace(RECORD, log=None)
    assert first_difference(silent, copy(RECORD)) is not None
    assert first_difference(silent, replace(copy(RECORD), log=None)) is None


def test_an_outcome_that_is_missing_or_elsewhere_is_told():
    assert "crises" in first_difference(RECORD, replace(RECORD, rows=ROWS[:2]))
    assert "crises" in first_difference(RECORD, replace(RECORD, rows=(ROWS[2], *ROWS[:2])))
    other_group = (("episodes", "age:75+", 3.0), *ROWS[1:])
    assert "age:75+" in first_difference(RECORD, replace(RECORD, rows=other_group))


def test_the_log_is_told_before_the_outcomes():
    other = replace(with_value(0, 4.0), log=with_line(2, person=7).log)
    assert first_difference(RECORD, other).startswith("log")
    assert first_difference(RECORD, with_value(0, 4.0)).startswith("outcomes")


@pytest.mark.parametrize("stays", [
    np.array([5, 8], np.int64),
    np.array([5], np.int64),
    np.array([5, 9, 9], np.int64),
    np.array([5, 9], np.int32),
])  # fmt: skip
def test_other_stays_differ(stays):
    assert "stays" in first_difference(RECORD, replace(RECORD, stays=stays))


@pytest.mark.parametrize("traces", [
    np.array([1 << 56, 2 << 56], np.int64),
    np.array([1 << 56], np.int64),
    np.zeros(0, np.int64),
    np.array([1 << 56, 3 << 56], np.uint64),
])  # fmt: skip
def test_other_traces_differ(traces):
    assert first_difference(RECORD, replace(RECORD, traces=traces)).startswith("traces")
    assert first_difference(replace(RECORD, traces=traces), RECORD).startswith("traces")


@pytest.mark.parametrize("name", ["contacts", "events"])
def test_other_counts_of_the_run_differ(name):
    assert name in first_difference(RECORD, replace(RECORD, **{name: 5}))
