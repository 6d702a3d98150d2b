"""Work on threads of this process: shared, kept in one thread, and given up when asked."""

import os
import threading
import time

import pytest
from tests.experiment import fakes

from parcours_sim.engine import Stopped
from parcours_sim.experiment.executors.threads import Threads

SHORT, LONG = fakes.scenario("short"), fakes.scenario("long", mischief="sleep 60")


def test_work_is_shared_among_threads_and_kept_in_the_one_that_called(journal):
    keepers = set()
    parcels = fakes.parcels(12, fakes.scenario("isole", mischief="dawdle"))
    Threads(2).run(fakes.job(), parcels, lambda *_: keepers.add(threading.get_ident()))
    assert len({begun.thread for begun in journal()}) == 2
    assert {begun.process for begun in journal()} == {os.getpid()}
    assert keepers == {threading.get_ident()}


def test_no_thread_is_left_behind_whatever_happens():
    before = set(threading.enumerate())

    def interrupt(*_):
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Threads(2).run(fakes.job(), fakes.parcels(4, SHORT, LONG), interrupt)
    assert time.monotonic() - began < 5
    assert set(threading.enumerate()) <= before


def test_a_replication_that_is_given_up_is_no_failure():
    (parcel,) = fakes.parcels(1, LONG)
    with pytest.raises(Stopped):
        fakes.job().run(parcel, lambda: True)


def test_what_was_given_up_is_not_kept():
    kept = []

    def keep(parcel, _):
        kept.append(parcel.name)
        if len(kept) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Threads(3).run(fakes.job(), fakes.parcels(4, SHORT, LONG), keep)
    assert "long" not in kept
