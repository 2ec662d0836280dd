"""Python's collector of cyclic garbage, kept from what has next to none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No automatic collection meanwhile.

    The inputs of a burst are tens of thousands of small objects without a cycle among them. The collector would go
    through all of them, and through the whole program, again and again: up to a quarter of the time. The few hundred
    objects that an iteration of the eager step leaves, no tensors among them, wait until the burst has ended.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
