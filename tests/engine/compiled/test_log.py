"""The compiled engine's log: lines of numbers, as many as there is room for."""

import numpy as np
import pytest
from tests.engine.compiled.rows import clock_row, readable

from parcours_sim.care.tables import row_type
from parcours_sim.engine.compiled.log import note, trace
from parcours_sim.engine.compiled.state import NOBODY, Patient
from parcours_sim.engine.record import LINE, Trace, What, trace_key


def territory(lines, traces=0):
    patients = np.zeros(2, row_type(Patient))
    patients["person"], patients["generation"] = (40, 41), (0, 3)
    return {
        "clock": clock_row(1.5),
        "patients": patients,
        "lines": np.zeros(lines, LINE),
        "traces": np.zeros(traces, np.int64),
    }


def test_a_line_tells_when_whom_and_what():
    arrays = territory(2)
    note(readable(arrays), 1, What.NURSE_VISIT, occurrence=7)
    note(readable(arrays), NOBODY, What.GETS_A_ROOM)
    assert arrays["lines"].tolist() == [
        (1.5, 41, 3, What.NURSE_VISIT, 0, 7),
        (1.5, -1, 0, What.GETS_A_ROOM, 0, -1),
    ]


def test_a_full_log_is_an_error():
    arrays = territory(1)
    note(readable(arrays), 0, What.DIES)
    with pytest.raises(ValueError, match="too much to say for the log"):
        note(readable(arrays), 0, What.DIES)
    assert arrays["clock"]["lines"] == 1


def test_where_no_log_is_kept_nothing_is_written():
    arrays = territory(0)
    note(readable(arrays), 0, What.DIES)
    assert arrays["clock"]["lines"] == 0


def test_what_is_noted_of_an_episode_is_kept_by_person_whether_or_not_there_is_a_log():
    arrays = territory(0, traces=2)
    trace(readable(arrays), Trace.SPARED, 1, 3, 7)
    trace(readable(arrays), Trace.ANSWERED_IN_TIME, 0, 2, 5)
    expected = [trace_key(Trace.SPARED, 41, 3, 7), trace_key(Trace.ANSWERED_IN_TIME, 40, 2, 5)]
    assert arrays["traces"].tolist() == expected


def test_no_room_for_what_is_noted_is_an_error():
    arrays = territory(0, traces=1)
    trace(readable(arrays), Trace.SPARED, 1, 3, 7)
    with pytest.raises(ValueError, match="too much to note"):
        trace(readable(arrays), Trace.SPARED, 1, 3, 8)
    assert arrays["clock"]["traces"] == 1
