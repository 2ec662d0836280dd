"""A dot for each step of a lesson: which are done, which is shown; a click goes there."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.ui.theme import LIGHT, Theme

SPACING = 18.0
RADIUS = 5.0


class ProgressDots(QWidget):
    """Done steps are filled, the one that is shown has a ring."""

    step_requested = Signal(int)

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        self._theme = theme
        self._titles: tuple[str, ...] = ()
        self._at = -1
        self._done: frozenset[int] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_steps(self, titles: Iterable[str], at: int, done: Iterable[int]) -> None:
        """Show so many steps."""
        self._titles, self._at, self._done = tuple(titles), at, frozenset(done)
        self.setAccessibleName(f"Step {at + 1} of {len(self._titles)}; {len(self._done)} done")
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(SPACING * max(1, len(self._titles))), 24)

    def step_at(self, place: QPointF) -> int | None:
        """The number of the step whose dot is there."""
        number = int(place.x() // SPACING)
        return number if 0 <= number < len(self._titles) else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self.step_at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.step_requested.emit(number)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self.step_at(QPointF(event.pos()))
            if number is not None:
                tick = " ✓" if number in self._done else ""
                QToolTip.showText(event.globalPos(), f"{number + 1}. {self._titles[number]}{tick}", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        for number in range(len(self._titles)):
            centre = QPointF(SPACING * (number + 0.5), self.height() / 2)
            done = number in self._done
            painter.setPen(QPen(QColor(theme.success if done else theme.muted), 1.5))
            painter.setBrush(QColor(theme.success) if done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, RADIUS - 1, RADIUS - 1)
            if number == self._at:
                painter.setPen(QPen(QColor(theme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                reach = RADIUS + 2.5
                painter.drawEllipse(QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach))
