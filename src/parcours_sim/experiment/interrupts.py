"""Ctrl-C: heard once, by the coordinating process, and by nobody else.

What is saved when it comes is in `run.py` and `processes.py`.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def first_interrupt_only() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first Ctrl-C and ignore an impatient second one.

    So the second can't spoil the storing of what is finished. Does nothing where Ctrl-C isn't
    Python's usual affair: in another thread, or when it is ignored or handled already.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    usual = signal.getsignal(signal.SIGINT)
    if not in_main_thread or usual is not signal.default_int_handler:
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


@contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Let processes started here be born deaf to Ctrl-C, which would print a traceback each."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
