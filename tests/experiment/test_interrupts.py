"""Ctrl-C is heard once, and afterwards everything is as before."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from parcours_sim.experiment.interrupts import first_interrupt_only, interrupts_kept_from_children


def press_twice(outlived: list[int]) -> None:
    with first_interrupt_only():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            outlived.append(1)
            signal.raise_signal(signal.SIGINT)
            outlived.append(2)


def press_while_starting(outlived: list[int]) -> None:
    with interrupts_kept_from_children():
        signal.raise_signal(signal.SIGINT)
        outlived.append(1)


def test_the_first_interrupt_is_raised_and_the_second_ignored():
    before = signal.getsignal(signal.SIGINT)
    outlived: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        press_twice(outlived)
    assert outlived == [1, 2]
    assert signal.getsignal(signal.SIGINT) is before is signal.default_int_handler


def test_a_handler_of_someone_else_is_left_in_place():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with first_interrupt_only():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no signal masks here")
def test_an_interrupt_kept_from_children_still_comes_afterwards():
    outlived: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        press_while_starting(outlived)
    assert outlived == [1]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whatever_asks_to_end_interrupts_once_and_then_is_as_before(name):
    if not hasattr(signal, name):
        pytest.skip("no such signal here")
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), first_interrupt_only():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_a_hangup_that_is_ignored_stays_ignored():
    if not hasattr(signal, "SIGHUP"):
        pytest.skip("no such signal here")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with first_interrupt_only():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_interrupt_that_another_thread_receives_comes_after_the_children_are_started():
    outlived: list[int] = []
    ready, over = threading.Event(), threading.Event()

    def listen() -> None:  # begun before: its mask lets the signal in
        ready.wait(10)
        os.kill(os.getpid(), signal.SIGINT)
        over.set()

    def start_children() -> None:
        with first_interrupt_only(), interrupts_kept_from_children():
            ready.set()
            over.wait(10)
            time.sleep(0.05)
            outlived.append(1)

    listener = threading.Thread(target=listen)
    listener.start()
    with pytest.raises(KeyboardInterrupt):
        start_children()
    listener.join()
    assert outlived == [1]


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at signal masks in /proc")
def test_children_are_deaf_even_if_they_are_the_first():
    code = (
        "import signal, subprocess\n"
        "from multiprocessing import get_context\n"
        "from parcours_sim.experiment.interrupts import interrupts_kept_from_children\n"
        "with interrupts_kept_from_children():\n"
        "    get_context('spawn').Lock()\n"  # asks for a process that tracks resources
        "    print(subprocess.check_output(['grep', 'SigBlk', '/proc/self/status'], text=True))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[1], 16) & 1 << (signal.SIGINT - 1)
