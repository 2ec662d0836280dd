"""Short work beside the GUI thread: reading and writing files, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from ganstudio.errors import UserError

log = logging.getLogger(__name__)

T = TypeVar("T")


class _Outcome(QObject):
    ended = Signal(object, object)  # result, exception or None


class _Task(QRunnable):
    def __init__(self, work: Callable[[], object], outcome: _Outcome) -> None:
        super().__init__()
        self._work = work
        self._outcome = outcome

    def run(self) -> None:
        try:
            result = self._work()
        except Exception as error:  # noqa: BLE001  # handed over, not swallowed
            self._outcome.ended.emit(None, error)
        else:
            self._outcome.ended.emit(result, None)


class Background(QObject):
    """Does one thing at a time, in order, and tells the outcome in the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._going: dict[_Outcome, tuple[Callable[[Any], object], Callable[[str], object] | None]] = {}

    def do(
        self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[str], object] | None = None
    ) -> None:
        """Do ``work``; then call ``done`` with its result, or ``failed`` with what to tell the user."""
        outcome = _Outcome(self)
        self._going[outcome] = (done, failed)
        # A slot of this object, so that it is called in its thread: a bare function would run in the worker's.
        outcome.ended.connect(self._on_ended)
        self._pool.start(_Task(work, outcome))

    def close(self, milliseconds: int = 1500) -> bool:
        """Wait for what is under way, so long; say whether all has ended. Nothing is told any more."""
        self._going.clear()
        return self._pool.waitForDone(milliseconds)

    def _on_ended(self, result: object, error: Exception | None) -> None:
        outcome = self.sender()
        if not isinstance(outcome, _Outcome) or outcome not in self._going:
            return
        done, failed = self._going.pop(outcome)
        outcome.deleteLater()
        if error is None:
            done(result)
            return
        if not isinstance(error, UserError):
            log.error("work in the background failed", exc_info=error)
        if failed is not None:
            failed(str(error) if isinstance(error, UserError) else f"This should not happen: {error}. See the log.")
