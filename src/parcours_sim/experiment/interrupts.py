"""Ctrl-C: heard once, by the coordinating process, and by nobody else.

A request to end (SIGTERM) and a terminal that closes (SIGHUP) count as Ctrl-C. What is saved when
it comes is in `campaign.py`.
"""

from __future__ import annotations

import signal
import sys
import threading
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Complain = Callable[[sys.UnraisableHookArgs], object]

USUAL = {"SIGINT": signal.default_int_handler, "SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL}
"""Signals that interrupt, where the system has them, and how Python usually treats each."""
INSISTING_SECONDS = 0.2
"""How soon an interrupt that was lost is raised again."""


@contextmanager
def first_interrupt_only() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first interrupt and ignore an impatient second one.

    So the second can't spoil the storing of what is finished. An exception that is lost on its way
    is raised again, until it isn't lost: none gets out of a destructor, or through a library in C
    that called Python back. Does nothing where a signal isn't Python's usual affair: in another
    thread, or when it is ignored or handled already.
    """
    ours = {
        number: usual
        for name, usual in USUAL.items()
        if _in_main_thread()
        and (number := getattr(signal, name, None)) is not None
        and signal.getsignal(number) is usual
    }
    if not ours:
        yield
        return
    listening, complain = _Listening(), sys.unraisablehook
    try:
        for number in ours:
            signal.signal(number, listening.hear)
        sys.unraisablehook = _but_not_of_interrupts(complain)
        listening.insisting.start()
        yield
    finally:
        listening.is_open = False  # set here, where no interrupt can come before it
        listening.end()
        sys.unraisablehook = complain
        for number, usual in ours.items():
            signal.signal(number, usual)
    if listening.heard:
        raise KeyboardInterrupt


class _Listening:
    """Hears interrupts, and raises them while it is open.

    As long as the exception is under way, or one that was made of it, further interrupts are
    ignored. Where an interrupt was heard and nothing is under way, the exception was lost.
    """

    def __init__(self) -> None:
        self.is_open = True
        self.heard: list[signal.Signals] = []
        self.insisting = threading.Thread(target=self._insist, name="insisting", daemon=True)
        self._raised: KeyboardInterrupt | None = None
        self._over = threading.Event()

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt, unless it is under way; Python calls this at a signal."""
        self.heard.append(signal.Signals(number))
        if self.is_open and not self._is_under_way():
            self._raised = KeyboardInterrupt()
            raise self._raised

    def end(self) -> None:
        """Insist no longer, and let go of the exception and the frames that it keeps alive."""
        self._raised = None
        self._over.set()
        if self.insisting.is_alive():
            self.insisting.join()

    def _is_under_way(self) -> bool:
        """Whether what the main thread is about is dealing with the exception that was raised."""
        error = sys.exception()
        while error is not None and error is not self._raised:
            error = error.__context__
        return error is not None

    def _insist(self) -> None:
        """Let the main thread hear again what it has heard, until whoever listens has gone."""
        while not self._over.wait(INSISTING_SECONDS):
            if self.heard:
                interrupt_main(self.heard[0])


def _but_not_of_interrupts(complain: Complain) -> Complain:
    """Return what complains of exceptions that are lost, but not of one that is raised again."""

    def hook(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            complain(lost)

    return hook


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
