"""Collects cyclic garbage in the GUI thread only, and keeps gaps out of memory."""

from __future__ import annotations

import ctypes
import gc
import sys

from PySide6.QtCore import QObject, QTimer

CHECK_MILLISECONDS = 500
LARGE_BYTES = 128 * 2**10
"""What glibc begins with."""
_M_MMAP_THRESHOLD = -3  # malloc.h


def collect_due() -> None:
    """Collect the generations that are due, as Python itself would."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return


def map_large_pieces() -> None:
    """Keep pieces of memory from :data:`LARGE_BYTES` on out of the heap, for good, where the C library is glibc.

    By itself it raises that limit whenever such a piece is given back. Then the snapshots of the timeline lie among
    small things that stay; when one goes, its gap does not fit the next, and memory grows by megabytes a minute.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


class GarbageCollector(QObject):
    """Stands in for Python's automatic collection, which runs in whatever thread happens to allocate.

    The thread that unpacks frames allocates most. Were the garbage to hold widgets, as closed dialogs do, they would
    be destroyed there, and Qt aborts.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(CHECK_MILLISECONDS)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
