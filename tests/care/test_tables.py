"""Records as rows: a row reads as its record does, number by number, and keeps every bit."""

import doctest
import math
from dataclasses import fields

import numpy as np
import pytest
from tests.care.world import parameters

from parcours_sim.care import tables
from parcours_sim.care.parameters import (
    Condition,
    Hospital,
    Kind,
    Layer,
    Link,
    People,
    Practice,
    Work,
)
from parcours_sim.care.person import Held, Person
from parcours_sim.care.tables import as_rows, row_type

TEXTS_AND_LISTS = {
    Condition: {"name", "severities"},
    Kind: {"name", "link_ids"},
    Link: {"name"},
    Layer: {"name", "links", "noticing"},
    Practice: {"name", "links"},
    **{record: set() for record in (People, Work, Hospital, Person, Held)},
}
"""What has no place in a row, by record."""


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(tables).failed == 0


@pytest.mark.parametrize("record", TEXTS_AND_LISTS, ids=lambda record: record.__name__)
def test_a_row_has_every_number_of_its_record_in_the_same_order(record):
    left_out = TEXTS_AND_LISTS[record]
    expected = [field.name for field in fields(record) if field.name not in left_out]
    assert list(row_type(record).names) == expected


def test_a_row_reads_as_its_record():
    of = parameters("cpts")
    families = {
        Condition: of.conditions,
        Kind: of.kinds,
        Link: of.links,
        Layer: of.layers,
        Practice: of.practices,
        People: [of.people],
        Work: [of.work],
        Hospital: [of.hospital],
    }
    for record, records in families.items():
        rows = as_rows(records, record)
        assert len(rows) == len(records) > 0
        for row, each in zip(rows, records, strict=True):
            for name in rows.dtype.names:
                assert np.array_equal(row[name], getattr(each, name)), (record, name)


def test_whole_numbers_truths_and_pairs_keep_their_types():
    assert row_type(Kind)["id"] == np.int64
    assert row_type(Kind)["urgent"] == np.bool_
    assert row_type(Layer)["uptake"].shape == (2,)
    assert row_type(Condition)["control_ratios"].shape == (3,)


def test_the_largest_stable_number_and_infinity_pass_unchanged():
    of = parameters()
    kinds = as_rows(of.kinds, Kind)
    assert [int(row["id"]) for row in kinds] == [each.id for each in of.kinds]
    assert max(each.id for each in of.kinds) > 2**53  # more than a float could hold
    never = as_rows([Held(0, 1.0, 1.0, 0, math.inf, 0)], Held)
    assert never["drifts_at"][0] == math.inf


def test_rows_of_nobody_are_none_and_still_have_their_type():
    rows = as_rows([], Layer)
    assert len(rows) == 0
    assert rows.dtype == row_type(Layer)
