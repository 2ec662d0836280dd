"""Which phase of training the run is in, brought up to date now and then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import equilibrium
from ganstudio.messages.history import History
from ganstudio.metrics.phases import PhaseReader, Phases
from ganstudio.ui.standing import Standing

if TYPE_CHECKING:
    from ganstudio.ui.training_run import TrainingRun

PAUSE_MILLISECONDS = 500
"""The shortest time between two looks at the history."""
SHARE = 100
"""A look that takes long, at all of a run of 100,000 iterations, is followed by a pause so many times as long."""

NOTHING = Phases("before training", ())


class PhaseWatch(QObject):
    """Tells the phases of the run, the current one that of where it stands, whenever they may have changed.

    At once where it was taken back along the timeline or went on from there; otherwise at most twice a second.
    """

    changed = Signal(object)  # Phases

    def __init__(self, run: TrainingRun, standing: Standing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._standing = standing
        self._level: float | None = 0.5
        self.reader = PhaseReader()
        """For all in the window who ask about this run."""
        self._due = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look_if_due)
        self.now = NOTHING
        """As they were told last."""
        run.history_changed.connect(self._look_soon)
        run.begun.connect(lambda: self._tell(NOTHING))
        standing.changed.connect(self._look)

    def show_experiment(self, old: Experiment, new: Experiment) -> None:
        """Where D comes to rest depends on the objective."""
        output = equilibrium(new).output
        level = None if output is None else output.value
        if level != self._level:
            self._level = level
            self._look_soon()

    def _look_soon(self) -> None:
        self._due = True
        if not self._timer.isActive():
            self._look_if_due()

    def _look_if_due(self) -> None:
        if self._due:
            self._look()

    def _look(self) -> None:
        self._due = False
        history: History = self._run.history
        began = time.perf_counter()
        found = self.reader.read(history, self._level)
        took = (time.perf_counter() - began) * 1000
        self._timer.start(max(PAUSE_MILLISECONDS, round(SHARE * took)))
        at = self._standing.at
        self._tell(found if at is None else found.seen_from(at))

    def _tell(self, found: Phases) -> None:
        self.now = found
        self.changed.emit(found)
