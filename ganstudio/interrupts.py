"""Ctrl-C, which a terminal sends to all processes of a program at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def interrupts_held() -> Iterator[None]:
    """A process that is started meanwhile never gets Ctrl-C, not even before it can say so; this one gets it after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Where Python starts it for a process, on the way it lets Ctrl-C in again, whoever had held it.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
