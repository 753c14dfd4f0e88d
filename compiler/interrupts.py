"""Ctrl-C where a run has something to bring to an end, and so must not end at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_raised() -> Iterator[None]:
    """Turns Ctrl-C into `KeyboardInterrupt` inside, whatever the program does with it elsewhere.

    A program that ignores Ctrl-C, as one in the background does, goes on ignoring it.
    """
    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or before is None or before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
