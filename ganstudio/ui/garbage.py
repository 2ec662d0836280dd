"""Collects cyclic garbage in the GUI thread only, and gives memory back that nobody uses."""

from __future__ import annotations

import ctypes
import gc
import sys

from PySide6.QtCore import QObject, QTimer

CHECK_MILLISECONDS = 500
GIVE_BACK_MILLISECONDS = 30_000


def collect_due() -> None:
    """Collect the generations that are due, as Python itself would."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return


def give_back() -> None:
    """Return free pages to the system, where the C library is glibc; some milliseconds.

    Snapshots of the timeline go while others around them stay. By itself glibc keeps such gaps, and while they do not
    fit what comes next it takes more: one to two megabytes a minute.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


class GarbageCollector(QObject):
    """Stands in for Python's automatic collection, which runs in whatever thread happens to allocate.

    The thread that unpacks frames allocates most. Were the garbage to hold widgets, as closed dialogs do, they would
    be destroyed there, and Qt aborts. Now and then it gives free memory back as well.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(CHECK_MILLISECONDS)
        self._giving_back = QTimer(self)
        self._giving_back.timeout.connect(give_back)
        self._giving_back.start(GIVE_BACK_MILLISECONDS)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        self._giving_back.stop()
        if self._was_enabled:
            gc.enable()
