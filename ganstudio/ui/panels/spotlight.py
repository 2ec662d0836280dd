"""A frame that shows for a moment where in the controls something is set."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ganstudio.ui.theme import Theme

MILLISECONDS = 1800
"""How long it stays: long enough to be found by someone who was looking elsewhere."""
TINT = 26
"""Opacity of what fills the frame, of 255."""


class Spotlight(QWidget):
    """Lies over the widgets of its parent; the mouse goes through it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def show_at(self, place: QRect) -> None:
        """Frame this rectangle of the parent, for a moment."""
        self.setGeometry(place)
        self.raise_()
        self.show()
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = QColor(self._theme.accent)
        painter.setPen(QPen(tint, 2))
        tint.setAlpha(TINT)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
