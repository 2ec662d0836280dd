"""Collects cyclic garbage in the GUI thread only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

CHECK_MILLISECONDS = 500


def collect_due() -> None:
    """Collect the generations that are due, as Python itself would."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return


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
