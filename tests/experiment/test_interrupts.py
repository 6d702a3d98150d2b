"""Ctrl-C is heard once, and afterwards everything is as before."""

import signal

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
