"""The store: written once, read back the same, and strict about what it opens."""

import sqlite3
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.experiment import fakes

from parcours_sim.experiment.errors import StoreBusyError, StoreError
from parcours_sim.experiment.store import ReplicationKey, Store

KEY = ReplicationKey("a" * 64, "model-1", 7, 0)
MEASURED = fakes.simulate(fakes.scenario("isole"), 7, 0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


def test_a_replication_is_read_back_as_it_was_written(path):
    with Store(path) as store:
        store.put(KEY, MEASURED)
    with Store(path) as store:
        found = store.get(KEY)
    assert found.rows == MEASURED.rows
    assert found.stays.dtype == np.int64
    assert found.stays.tolist() == MEASURED.stays.tolist()
    assert (found.contacts, found.events) == (MEASURED.contacts, MEASURED.events)
    assert found.seconds == MEASURED.seconds


def test_awkward_floats_and_no_stays_at_all_are_kept_exactly(path):
    values = (0.1 + 0.2, 5e-324, -1.7976931348623157e308, float(2**53), 1 / 3)
    rows = tuple((f"outcome_{n}", "all", value) for n, value in enumerate(values))
    with Store(path) as store:
        store.put(KEY, replace(MEASURED, rows=rows, stays=np.array([], dtype=np.int64)))
        assert store.get(KEY).rows == rows
        assert store.get(KEY).stays.tolist() == []


def test_numbers_of_numpy_are_stored_as_numbers(path):
    rows = (("deaths", "all", np.float64(2.5)), ("crises", "all", np.int64(3)))
    with Store(path) as store:
        store.put(KEY, replace(MEASURED, rows=rows, contacts=np.int64(4)))
        found = store.get(KEY)
    assert found.rows == (("deaths", "all", 2.5), ("crises", "all", 3.0))
    assert found.contacts == 4


def test_stays_are_little_endian_whatever_the_machine(path):
    with Store(path) as store:
        store.put(KEY, replace(MEASURED, stays=np.array([1, 258], dtype=">i8")))
    ((blob,),) = sqlite3.connect(path).execute("SELECT stays FROM replications").fetchall()
    assert blob == (1).to_bytes(8, "little") + (258).to_bytes(8, "little")


@pytest.mark.parametrize("part", ["scenario_hash", "model_version", "seed", "replication"])
def test_every_part_of_the_key_makes_another_replication(path, part):
    other = KEY._replace(**{part: 1 if part in {"seed", "replication"} else "b"})
    with Store(path) as store:
        store.put(KEY, MEASURED)
        assert KEY in store
        assert other not in store
        assert store.numbers(*KEY[:3]) == {KEY.replication}
        store.put(other, MEASURED)
        assert len(store) == 2
        of_the_same_arm = {0, 1} if part == "replication" else {0}
        assert store.numbers(*other[:3]) == of_the_same_arm


def test_a_stored_replication_never_changes(path):
    with Store(path) as store:
        store.put(KEY, MEASURED)
        with pytest.raises(StoreError, match="stored already"):
            store.put(KEY, replace(MEASURED, contacts=1))
        assert store.get(KEY).contacts == MEASURED.contacts


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_refused_by_outcome_and_group(path, value):
    with Store(path) as store:
        with pytest.raises(StoreError, match=r"deaths of kind:x is (nan|inf)"):
            store.put(KEY, replace(MEASURED, rows=(("deaths", "kind:x", value),)))
        assert KEY not in store


def test_a_replication_that_fails_half_way_leaves_nothing(path):
    twice = (("deaths", "all", 1.0), ("deaths", "all", 2.0))
    with Store(path) as store:
        with pytest.raises(StoreError, match="twice"):
            store.put(KEY, replace(MEASURED, rows=twice))
        assert KEY not in store
        store.put(KEY, MEASURED)
        assert store.get(KEY).rows == MEASURED.rows


def test_a_full_disk_is_told_and_earlier_replications_stay(path):
    with Store(path) as store:
        store.put(KEY, MEASURED)
        store._connection.execute("PRAGMA max_page_count = 1")  # as many as there are
        with pytest.raises(StoreError, match="the disk is full"):
            store.put(KEY._replace(replication=1), replace(MEASURED, stays=np.arange(100_000)))
        assert store.numbers(*KEY[:3]) == {KEY.replication}


def test_what_is_not_stored_is_not_read(path):
    with Store(path) as store, pytest.raises(StoreError, match="is not stored"):
        store.get(KEY)


def test_a_second_writer_is_refused_until_the_first_has_closed(path):
    with Store(path), pytest.raises(StoreBusyError, match=r"store\.sqlite: another run"):
        Store(path)
    Store(path).close()


def test_the_lock_holds_between_processes_and_ends_with_a_killed_one(path):
    hold = (
        "import sys, time; from pathlib import Path; "
        "from parcours_sim.experiment.store import Store; "
        "store = Store(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreBusyError):
            Store(path)
        holder.kill()
        holder.wait()
    Store(path).close()


def test_a_reader_is_not_shut_out_and_cannot_write(path):
    with Store(path) as writer:
        writer.put(KEY, MEASURED)
        with Store(path, writable=False) as reader:
            assert reader.get(KEY).rows == MEASURED.rows
            with pytest.raises(StoreError, match="can't be written"):
                reader.put(KEY._replace(seed=8), MEASURED)


def test_reading_where_there_is_no_store_makes_none(path):
    with pytest.raises(StoreError, match="can't be opened"):
        Store(path, writable=False)
    assert not path.exists()


def test_a_file_that_is_not_sqlite_is_refused_and_left_alone(path):
    path.write_text("scenario,replication\n" * 200)
    with pytest.raises(StoreError, match=r"store\.sqlite: it isn't a parcours_sim store"):
        Store(path)
    assert path.read_text() == "scenario,replication\n" * 200


def test_an_sqlite_file_of_another_program_is_refused_and_left_alone(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a parcours_sim store"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_of_another_layout_is_refused(path):
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="layout 99; this one reads layout 2"):
        Store(path)


def test_a_store_cut_short_or_scribbled_over_is_refused_by_name(path):
    with Store(path) as store:
        for number in range(20):
            store.put(KEY._replace(replication=number), MEASURED)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for damaged in (whole[:middle], whole[:8192] + b"\x55" * 8192 + whole[16384:]):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match=r"store\.sqlite: it is damaged"):
            Store(path)


def test_a_store_that_failed_to_open_is_not_left_locked(path):
    path.write_text("nothing of ours\n" * 100)
    with pytest.raises(StoreError):
        Store(path)
    path.unlink()
    Store(path).close()
