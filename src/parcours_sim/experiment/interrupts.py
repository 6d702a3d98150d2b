"""Ctrl-C: heard once, by the coordinating process, and by nobody else.

A request to end (SIGTERM) and a terminal that closes (SIGHUP) count as Ctrl-C. What is saved when
it comes is in `run.py` and `processes.py`.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

USUAL = {"SIGINT": signal.default_int_handler, "SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL}
"""Signals that interrupt, where the system has them, and how Python usually treats each."""


@contextmanager
def first_interrupt_only() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first interrupt and ignore an impatient second one.

    So the second can't spoil the storing of what is finished. Does nothing where a signal isn't
    Python's usual affair: in another thread, or when it is ignored or handled already.
    """
    ours = {
        number: usual
        for name, usual in USUAL.items()
        if _in_main_thread()
        and (number := getattr(signal, name, None)) is not None
        and signal.getsignal(number) is usual
    }

    is_open = True
    late: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)
        if is_open:
            raise KeyboardInterrupt
        late.append(number)  # not now, or this process would stay deaf

    try:
        for number in ours:
            signal.signal(number, interrupt)
        yield
    finally:
        is_open = False
        for number, usual in ours.items():
            signal.signal(number, usual)
    if late:
        raise KeyboardInterrupt


@contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Let processes started here be born deaf to Ctrl-C, and whole.

    Else each would print a traceback: at the signal itself, or because its parent was interrupted
    half-way through telling it what to do. An interrupt that comes meanwhile is raised afterwards.
    """
    with _interrupts_postponed():
        if sys.platform == "win32":
            yield
            return
        from multiprocessing import resource_tracker

        # Begun here, since the first process that needs it would make this one hear again.
        resource_tracker.ensure_running()
        # Not SIGTERM, by which the pool ends its processes.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupts_postponed() -> Iterator[None]:
    """Call Python's handlers of interrupts after the block instead of amid it.

    Blocking a signal in this thread isn't enough: any other thread may receive it, and Python
    then runs the handler in this one.
    """
    handlers = {
        number: handler
        for name in USUAL
        if _in_main_thread()
        and (number := getattr(signal, name, None)) is not None
        and callable(handler := signal.getsignal(number))
    }
    came: list[tuple[int, FrameType | None]] = []
    for number in handlers:
        signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number, frame in came[:1]:
            handlers[signal.Signals(number)](number, frame)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
