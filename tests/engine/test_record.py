"""What a replication leaves behind: its log is read line by line, and equal to the bit."""

import doctest
import math

import numpy as np
import pytest
from tests.care.world import parameters

from parcours_sim.care.parameters import HOSPITAL, NURSE, ROLES
from parcours_sim.engine import record
from parcours_sim.engine.record import (
    ANSWER,
    FIRST_KIND,
    FIRST_ROLE,
    FOLLOW_UP,
    LINE,
    NO_DETAIL,
    PLANNED,
    TEXTS,
    Entry,
    Log,
    Replication,
    Trace,
    What,
    details_of,
    stay_key,
    trace_key,
)

DETAILS = details_of(parameters())
LINES = [
    (-18.25, 4, 0, What.APPOINTMENT_BOOKED, PLANNED, 3),
    (0.0, -1, 0, What.ARRIVES_AT_EMERGENCY_DEPARTMENT, NO_DETAIL, -1),
    (1 / 3, 4, 1, What.EPISODE_BEGINS, FIRST_KIND, 7),
]


def log_of(lines):
    return Log(np.array(lines, LINE), DETAILS)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(record).failed == 0


def test_a_log_reads_as_the_entries_that_were_written():
    first_kind = parameters().kinds[0].name
    entries = [
        Entry(-18.25, 4, 0, "appointment booked", "planned", 3),
        Entry(0.0, -1, 0, "arrives at emergency department", "", -1),
        Entry(1 / 3, 4, 1, "episode begins", first_kind, 7),
    ]
    log = log_of(LINES)
    assert list(log) == entries
    assert [log[place] for place in range(3)] == entries
    assert log[-1] == entries[-1]
    assert len(log) == 3


def test_an_entry_is_made_of_plain_numbers_and_texts():
    for entry in (*log_of(LINES), log_of(LINES)[0]):
        assert [type(value) for value in entry] == [float, int, int, str, str, int]


def test_a_long_log_is_read_whole_and_in_order():
    log = log_of([(0.5 * place, place, 0, What.DIES, NO_DETAIL, -1) for place in range(25_001)])
    assert [entry.person for entry in log] == list(range(25_001))
    assert not log_of([])
    assert list(log_of([])) == []


def test_logs_are_equal_if_every_bit_is():
    assert log_of(LINES) == log_of(LINES)
    assert hash(log_of(LINES)) == hash(log_of(LINES))
    assert log_of(LINES) != log_of(LINES[:2])
    assert log_of(LINES) != Log(np.array(LINES, LINE), (*DETAILS, "another"))
    assert log_of(LINES) != LINES
    later = [*LINES[:2], (math.nextafter(1 / 3, 1.0), *LINES[2][1:])]
    assert log_of(LINES) != log_of(later)
    minus_nothing = [LINES[0], (-0.0, *LINES[1][1:]), LINES[2]]
    assert log_of(LINES) != log_of(minus_nothing)


def test_the_details_of_an_event_stand_at_their_numbers():
    of = parameters()
    assert DETAILS[NO_DETAIL] == ""
    numbers = (PLANNED, ANSWER, FOLLOW_UP)
    assert [DETAILS[number] for number in numbers] == ["planned", "answer", "follow-up"]
    assert [DETAILS[FIRST_ROLE + role] for role in range(len(ROLES))] == list(ROLES)
    assert (DETAILS[FIRST_ROLE + NURSE], DETAILS[FIRST_ROLE + HOSPITAL]) == ("nurse", "hospital")
    names = [row.name for row in (*of.kinds, *of.links)]
    assert list(DETAILS[FIRST_KIND:]) == names


def test_every_event_has_a_number_and_words_of_its_own():
    assert [each.value for each in What] == list(range(len(What)))
    assert len(set(TEXTS)) == len(TEXTS) == len(What.__members__)
    assert TEXTS[What.INFORMED_FOLLOW_UP] == "informed follow-up"
    assert TEXTS[What.GETS_A_BED] == "gets a bed"


@pytest.mark.parametrize("address", [(0, 0, 0), (1, 2, 3), (2**31 - 1, 255, 2**24 - 1)])
def test_a_stay_has_one_number_that_tells_all_three_apart(address):
    key = stay_key(*address)
    assert (key >> 32, (key >> 24) & 255, key & (2**24 - 1)) == address
    assert key == int(np.int64(key))


@pytest.mark.parametrize("address", [(0, 0, 0), (1, 2, 3), (5_000_000, 255, 2**24 - 1)])
def test_what_is_noted_of_an_episode_is_read_by_its_sort_with_the_keys_of_stays(address):
    keys = [trace_key(what, *address) for what in Trace]
    assert keys == sorted(set(keys))
    found = Replication((), np.zeros(0, np.int64), 5, 9, 1.0, traces=np.array(keys, np.int64))
    for what in Trace:
        assert found.traced(what).tolist() == [stay_key(*address)]
        assert found.traced(what).dtype == np.int64


def test_of_no_episode_nothing_is_noted_unless_something_is():
    found = Replication((), np.zeros(0, np.int64), 5, 9, 1.0)
    assert found.traces.dtype == np.int64
    assert [len(found.traced(what)) for what in Trace] == [0] * len(Trace)


def test_every_sort_of_trace_has_a_number_of_its_own():
    assert [each.value for each in Trace] == list(range(len(Trace.__members__)))


def test_the_time_a_run_took_is_no_part_of_what_it_is():
    keys = np.zeros(0, np.int64)
    one, other = (Replication((), keys, 5, 9, seconds, traces=keys) for seconds in (1.0, 2.0))
    assert one == other
    assert one != Replication((), keys, 6, 9, 1.0, traces=keys)
