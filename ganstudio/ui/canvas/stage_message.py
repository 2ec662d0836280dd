"""Words over the plot that never take the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.metrics.phases import Phases
from ganstudio.ui.plots.phase_axis import COLOURS
from ganstudio.ui.theme import Theme

LEFT, TOP = 52, 4
"""Pixels from the corner of the stage to the name of the phase: inside the axes."""


class StageMessage(QLabel):
    """Follows the size of what it lies over."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        over.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))
        self._place()

    def _place(self) -> None:
        raise NotImplementedError


class Hint(StageMessage):
    """What to do first, in the middle of an empty stage."""

    def show_text(self, text: str, more: str = "") -> None:
        """A sentence, and what to do about it; empty says nothing."""
        self._show(f"<p style='font-size: large'>{text}</p><p>{more}</p>".replace("\n", "<br>") if text else "")

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self.setStyleSheet(f"background: transparent; color: {theme.muted};")

    def _place(self) -> None:
        self.setGeometry(self._over.rect())


class PhaseName(StageMessage):
    """The phase of training, at the upper left."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._phases: Phases | None = None
        self._theme: Theme | None = None
        self._wanted = False

    def show_phases(self, phases: Phases) -> None:
        """Name the current one."""
        self._phases = phases
        self._refresh()

    def set_wanted(self, wanted: bool) -> None:
        """Whether there is a place for it."""
        self._wanted = wanted
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self._theme = theme
        self.setStyleSheet(f"background: {theme.surface}; color: {theme.text}; border-radius: 4px; padding: 1px 4px;")
        self._refresh()

    def _refresh(self) -> None:
        if self._phases is None or self._theme is None or not self._wanted:
            self._show("")
            return
        colour = getattr(self._theme, COLOURS[self._phases.current])
        self._show(f"<span style='color: {colour}'>■</span> {self._phases.current}")

    def _place(self) -> None:
        self.adjustSize()
        self.move(LEFT, TOP)
