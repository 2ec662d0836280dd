"""A walk through the iteration that was just made: its lines one after another, and where one stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ganstudio.experiment import Experiment
from ganstudio.messages.events import Walkthrough
from ganstudio.messages.snapshot import Progress
from ganstudio.ui.theory.walk_places import Place, places

if TYPE_CHECKING:
    from ganstudio.ui.training_run import TrainingRun


class Walk(QObject):
    """Asks the run for an iteration with all its numbers, and goes through its lines, forth and back.

    The trainer has made the whole iteration when its first line is shown: what is walked through lies behind the run,
    never before it, so that walking is training. Once the run has moved on the walk is *past*: it can still be read,
    and the next step forward begins another.
    """

    changed = Signal()

    def __init__(self, run: TrainingRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._event: Walkthrough | None = None
        self._asked_of: Experiment | None = None
        self._experiment: Experiment | None = None
        self._places: tuple[Place, ...] = ()
        self._at = 0
        self._past = False
        run.walked.connect(self._on_walked)
        run.begun.connect(self.end)
        run.progressed.connect(self._on_progress)

    # -- where it stands -----------------------------------------------------------------------------------------

    @property
    def places(self) -> tuple[Place, ...]:
        """Every line of the iteration, in order; none when there is no walk."""
        return self._places

    @property
    def at(self) -> int:
        """The current one of ``places``."""
        return self._at

    @property
    def place(self) -> Place | None:
        """The current line; None when there is no walk."""
        return self._places[self._at] if self._places else None

    @property
    def iteration(self) -> int:
        """The number of the iteration that is walked through; 0 when there is none."""
        return self._event.progress.iteration if self._event is not None else 0

    @property
    def experiment(self) -> Experiment | None:
        """As it was when the iteration was made."""
        return self._experiment

    @property
    def is_past(self) -> bool:
        """Whether the run has moved on since."""
        return self._past

    @property
    def is_last(self) -> bool:
        """Whether no line follows."""
        return self._at + 1 >= len(self._places)

    # -- going through it ----------------------------------------------------------------------------------------

    def forward(self) -> None:
        """The next line; where there is none, or the run has moved on, the next iteration."""
        if self._past or self.is_last:
            self._asked_of = self._run.experiment
            self._run.walk_iteration()
        else:
            self.go_to(self._at + 1)

    def back(self) -> None:
        """The line before; the first one stays."""
        self.go_to(self._at - 1)

    def go_to(self, at: int) -> None:
        """That one of ``places``; beyond the ends, the nearest."""
        at = min(max(at, 0), len(self._places) - 1)
        if self._places and at != self._at:
            self._at = at
            self.changed.emit()

    def end(self) -> None:
        """Put it away. The iteration stays made."""
        if self._event is not None:
            self._event, self._places, self._at, self._past = None, (), 0, False
            self.changed.emit()

    # -- told by the run -----------------------------------------------------------------------------------------

    def _on_walked(self, event: Walkthrough) -> None:
        self._event, self._experiment = event, self._asked_of or self._run.experiment
        self._places, self._at, self._past = places(event.steps), 0, False
        self.changed.emit()

    def _on_progress(self, progress: Progress, _rate: float) -> None:
        if self._event is None or self._past:
            return
        here, there = progress, self._event.progress
        updates = (here.iteration, here.discriminator_updates, here.generator_updates)
        if updates != (there.iteration, there.discriminator_updates, there.generator_updates):
            self._past = True
            self.changed.emit()
