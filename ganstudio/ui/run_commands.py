"""What a person asks of a run beyond play and pause: so many iterations, a speed, another moment of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QInputDialog, QWidget

from ganstudio.messages.commands import EngineChoice
from ganstudio.ui.settings import ENGINE, SPEED_LIMIT, STEP_COUNT, Settings
from ganstudio.ui.status import StatusBar
from ganstudio.ui.studio import Studio
from ganstudio.ui.toolbar import Toolbar

USUAL_LIMIT = 100.0


class RunCommands(QObject):
    """Asks for the numbers that are needed, and remembers them."""

    def __init__(
        self, studio: Studio, settings: Settings, toolbar: Toolbar, status: StatusBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._studio, self._settings, self._toolbar, self._status, self._window = (
            studio,
            settings,
            toolbar,
            status,
            window,
        )
        toolbar.speed_requested.connect(self.limit_speed)
        status.timeline.scrubbed.connect(studio.run.go_to)
        status.engine.chosen.connect(self.choose_engine)
        self.limit_speed(settings.get(SPEED_LIMIT) or None)
        self.choose_engine(settings.engine)

    def step_many(self) -> None:
        """Ask how many iterations, and train for so long."""
        asked = self._question("Train for a while", "Iterations")
        asked.setInputMode(QInputDialog.InputMode.IntInput)
        asked.setIntRange(1, 10**9)
        asked.setIntValue(self._settings.get(STEP_COUNT))
        asked.intValueSelected.connect(self._train_for)
        _open(asked)

    def ask_speed(self) -> None:
        """Ask how fast to train at most."""
        asked = self._question("Speed limit", "Iterations a second")
        asked.setInputMode(QInputDialog.InputMode.DoubleInput)
        asked.setDoubleDecimals(1)
        asked.setDoubleRange(0.1, 1e6)
        asked.setDoubleValue(self._settings.get(SPEED_LIMIT) or USUAL_LIMIT)
        asked.doubleValueSelected.connect(self.limit_speed)
        _open(asked)

    def limit_speed(self, limit: float | None) -> None:
        """Train at most so fast; None is as fast as it goes."""
        self._settings.set(SPEED_LIMIT, limit or 0.0)
        self._studio.run.limit_speed(limit)
        self._toolbar.show_speed(limit)

    def choose_engine(self, engine: EngineChoice) -> None:
        """How iterations are to be executed."""
        self._settings.set(ENGINE, engine)
        self._studio.run.choose_engine(engine)
        self._status.engine.show_choice(engine)

    def _train_for(self, count: int) -> None:
        self._settings.set(STEP_COUNT, count)
        self._studio.step_iterations(count)

    def _question(self, title: str, label: str) -> QInputDialog:
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        return dialog

    def scrub(self, step: int) -> None:
        """Go to the previous (−1) or next (+1) snapshot."""
        target = self._status.timeline.neighbour(step)
        if target is not None:
            self._studio.run.go_to(target)


def _open(dialog: QInputDialog) -> None:
    """Show it; the window goes on meanwhile."""
    for field in dialog.findChildren(QAbstractSpinBox):
        field.setGroupSeparatorShown(True)
    dialog.open()
