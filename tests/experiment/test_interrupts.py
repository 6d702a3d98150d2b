"""Ctrl-C is heard once, and afterwards everything is as before."""

import signal

import pytest

from parcours_sim.experiment.interrupts import first_interrupt_only, interrupts_kept_from_children


def test_the_first_interrupt_is_raised_and_the_second_ignored():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), first_interrupt_only():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            survived = True
    assert survived
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
    entered = []
    with pytest.raises(KeyboardInterrupt), interrupts_kept_from_children():
        signal.raise_signal(signal.SIGINT)
        entered.append("not yet interrupted")
    assert entered
