"""Looks at the target, beside the GUI thread, whenever it has rested for a moment."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtCore import Signal as QtSignal

from ganstudio.experiment import Experiment
from ganstudio.experiment.sight import Sight
from ganstudio.targets.sight import sight_of
from ganstudio.ui.background import Background
from ganstudio.ui.studio import Studio

REST_MILLISECONDS = 400
"""Not between the strokes of a drawing, nor while a number is turned."""


class Lookout(QObject):
    """Tells what is seen of the target, each time that there is another, or another unit to see it in.

    The first look waits for the trainer to be there: it loads much that no first frame needs.
    """

    seen = QtSignal(object)  # Sight, or None where there is nothing to see

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._background = Background(self)
        self._is_up = False
        self._last: Experiment | None = None
        """Whose target was looked at last."""
        self._timer = QTimer(self, singleShot=True, interval=REST_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        studio.experiment_changed.connect(self._on_experiment)
        studio.run.started.connect(self._on_started)

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._background.close()

    def _on_experiment(self, old: Experiment, new: Experiment) -> None:
        if self._is_up and not _look_alike(self._last, new):
            self._timer.start()

    def _on_started(self) -> None:
        self._is_up = True
        self._on_experiment(self._studio.experiment, self._studio.experiment)

    def _look(self) -> None:
        experiment = self._last = self._studio.experiment
        self._background.do(partial(sight_of, experiment), partial(self._tell, experiment))

    def _tell(self, experiment: Experiment, sight: Sight | None) -> None:
        if _look_alike(experiment, self._studio.experiment):
            self.seen.emit(sight)


def _look_alike(one: Experiment | None, other: Experiment) -> bool:
    if one is None or one.normalisation != other.normalisation:
        return False
    return one.target is other.target or one.target == other.target
