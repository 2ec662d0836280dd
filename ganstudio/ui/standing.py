"""Where the run stands, while that is not at its newest iteration: a person went back along the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ganstudio.messages.snapshot import Progress

if TYPE_CHECKING:
    from ganstudio.ui.training_run import TrainingRun


class Standing(QObject):
    """Follows from the run's progress and its history alone: what lies after the one in the other is kept for now."""

    changed = Signal(object)  # int or None, as ``at``

    def __init__(self, run: TrainingRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.at: int | None = None
        """The iteration that was gone back to; None where the run stands at its newest one."""
        run.progressed.connect(self._compare)

    def _compare(self, progress: Progress, _rate: float) -> None:
        rows = self._run.history.rows
        # While it trains, frames tell of iterations that the history has passed already.
        is_behind = not self._run.is_training and len(rows) > 0 and rows[-1, 0] > progress.iteration
        at = progress.iteration if is_behind else None
        if at != self.at:
            self.at = at
            self.changed.emit(at)
