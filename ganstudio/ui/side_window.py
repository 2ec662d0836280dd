"""What the windows beside the main one have in common: they train something of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ganstudio.ui.panels.section import ElidedLabel
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import Theme
from ganstudio.ui.trainer_link import TrainerLink


class Words(NamedTuple):
    """What a side window says: its title, the text while there is nothing to show, and the tooltips of its buttons.

    ``margin`` pixels stay free at both sides of the text.
    """

    title: str
    empty: str
    margin: int
    play: str
    again: str
    export: str


class Means(NamedTuple):
    """What a side window works with; the theme is that of its first moment."""

    studio: Studio
    settings: Settings
    make_trainer: Callable[[], TrainerLink]
    theme: Theme


class SideWindow(QWidget):
    """Buttons to start, to begin again and to export, a line that says what there is, and a text while there is none.

    Closing it ends its trainers. The system's key for closing does so; Escape does where no list, menu or field takes
    that key, as long as there is nothing to lose.
    """

    words: ClassVar[Words]

    def __init__(self, means: Means, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._studio, self._settings, self._make_trainer, self._theme = means
        self.setWindowTitle(self.words.title)
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)  # lists take every letter, also with Ctrl
        self.play = QPushButton("Start")
        self.play.setProperty("role", "primary")
        self.play.clicked.connect(self.toggle)
        self.again = QPushButton("Begin again")
        self.again.clicked.connect(self.begin)
        self.export = QPushButton("Export…")
        self.export.clicked.connect(self.ask_and_export)
        self.status = ElidedLabel(Qt.AlignmentFlag.AlignLeft)
        self.status.setProperty("role", "muted")
        self._empty = QLabel(self.words.empty)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(self.words.margin, 0, self.words.margin, 0)
        self.play.setToolTip(self.words.play)
        self.again.setToolTip(self.words.again)
        self.export.setToolTip(self.words.export)

    def toggle(self) -> None:
        """Start, pause, or go on."""
        raise NotImplementedError

    def begin(self) -> None:
        """Train what is chosen, from the beginning."""
        raise NotImplementedError

    def ask_and_export(self) -> None:
        """Ask for a file, and write what there is."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        raise NotImplementedError

    def begin_to_close(self) -> None:
        """Let its trainers end, without waiting for it."""
        raise NotImplementedError

    def clear(self) -> None:
        """End what is trained, within two seconds."""
        raise NotImplementedError

    def end(self) -> None:
        """The program ends: nothing may be left running; at most two seconds since it began."""
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape comes here only where what has the focus had no use for it."""
        if event.matches(QKeySequence.StandardKey.Cancel) and not self._empty.isHidden():
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave no trainer behind."""
        self.hide()
        self.clear()
        super().closeEvent(event)

    def _buttons(self) -> QHBoxLayout:
        """The buttons in a row, with the line that says what there is."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.play, self.again, self.export):
            row.addWidget(widget)
        row.addWidget(self.status, 1)
        return row

    def _is_seen(self) -> bool:
        return self.isVisible() and not self.isMinimized()
