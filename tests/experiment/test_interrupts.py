"""Ctrl-C is heard once, and afterwards everything is as before."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from parcours_sim.experiment import interrupts
from parcours_sim.experiment.interrupts import first_interrupt_only, interrupts_kept_from_children


class Lossy:
    """Has a destructor, which no exception leaves."""

    def __init__(self, then) -> None:
        self.then = then

    def __del__(self) -> None:
        self.then()


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def lose_in_a_destructor() -> None:
    Lossy(interrupt)


def lose_in_a_callback_of_a_library() -> None:
    ctypes.CFUNCTYPE(None)(interrupt)()


LOSE = (lose_in_a_destructor, lose_in_a_callback_of_a_library)


def lose_and_go_on(lose, went_on: list[int], seconds: float = 10.0) -> None:
    with first_interrupt_only():
        lose()
        went_on.append(1)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.01)


def lose_and_press_again(lose, went_on: list[int]) -> None:
    with first_interrupt_only():
        lose()
        went_on.append(1)
        signal.raise_signal(signal.SIGTERM)
        went_on.append(2)


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


@pytest.mark.parametrize("lose", LOSE)
def test_an_interrupt_that_is_lost_on_its_way_is_raised_again_and_nothing_is_said(lose, capfd):
    before = (signal.getsignal(signal.SIGINT), sys.unraisablehook, threading.active_count())
    went_on: list[int] = []
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lose_and_go_on(lose, went_on)
    assert went_on == [1]
    assert time.monotonic() - began < 3
    after = (signal.getsignal(signal.SIGINT), sys.unraisablehook, threading.active_count())
    assert after == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("lose", LOSE)
def test_where_the_first_interrupt_was_lost_the_second_is_heard_at_once(lose, monkeypatch):
    monkeypatch.setattr(interrupts, "INSISTING_SECONDS", 60)
    went_on: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        lose_and_press_again(lose, went_on)
    assert went_on == [1]


def test_an_interrupt_that_is_lost_at_the_very_end_is_raised_there(monkeypatch):
    monkeypatch.setattr(interrupts, "INSISTING_SECONDS", 60)
    with pytest.raises(KeyboardInterrupt):
        lose_and_go_on(lose_in_a_destructor, [], seconds=0)


def test_an_interrupt_is_not_insisted_on_while_it_is_dealt_with(monkeypatch):
    monkeypatch.setattr(interrupts, "INSISTING_SECONDS", 0.001)
    saved: list[int] = []

    def interrupted() -> None:
        with first_interrupt_only():
            try:
                interrupt()
            except KeyboardInterrupt:
                for number in range(100):
                    time.sleep(0.001)
                    saved.append(number)
                raise RuntimeError("told in other words") from None
            finally:
                time.sleep(0.05)
                saved.append(100)

    with pytest.raises(RuntimeError, match="in other words"):
        interrupted()
    assert saved == list(range(101))


def test_an_interrupt_is_heard_by_who_tries_again_after_an_earlier_one():
    went_on: list[int] = []
    try:
        lose_and_go_on(interrupt, went_on)
    except KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            lose_and_go_on(interrupt, went_on)
    assert went_on == []


def test_other_exceptions_that_are_lost_are_still_complained_of(monkeypatch):
    complaints: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: complaints.append(lost.exc_type))
    with first_interrupt_only():
        Lossy(lambda: 1 // 0)
    assert complaints == [ZeroDivisionError]


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
