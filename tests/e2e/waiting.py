"""Waiting for what another process does: by looking, with a deadline far beyond what it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 90.0
"""Seconds; a hundred times what anything takes on an idle machine."""
_never = threading.Event()


def until(look: Callable[[], T], what: str, seconds: float = PATIENCE, every: float = 0.1) -> T:
    """The first true answer of ``look``; fails, saying ``what`` was waited for, when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        _never.wait(every)
    return answer
