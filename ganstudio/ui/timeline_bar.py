"""The run as a line from its start to now, with the snapshots one can go back to."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.ui.theme import LIGHT, Theme

MARGIN = 9
TRACK = 4
KNOB = 6
TICK = 5
SEEN = 0.5
"""Pixels by which something must have moved to be drawn again: told of each iteration, most are fewer."""


class TimelineBar(QWidget):
    """Drag, click, or use the arrow keys to go to a snapshot."""

    scrubbed = Signal(int)  # iteration of a snapshot

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._snapshots: tuple[int, ...] = ()
        self._position = self._drawn = 0
        self._told: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription("The run so far; left and right go to the previous and next snapshot")

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self._theme = theme
        self.update()

    def set_snapshots(self, iterations: tuple[int, ...]) -> None:
        """The iterations one can go to, in order."""
        if iterations != self._snapshots:
            self._snapshots = iterations
            self.update()

    def set_position(self, iteration: int) -> None:
        """Where the run stands."""
        self._position = iteration
        if abs(iteration - self._drawn) * self.width() >= SEEN * self.end:  # by so much the knob or a tick has moved
            self.update()

    @property
    def end(self) -> int:
        """The iteration at the right end."""
        return max((self._position, *self._snapshots[-1:], 1))

    def neighbour(self, step: int) -> int | None:
        """The snapshot before (−1) or after (+1) where the run stands; None where there is none."""
        if step < 0:
            at = bisect_left(self._snapshots, self._position) - 1
            return self._snapshots[at] if at >= 0 else None
        later = [iteration for iteration in self._snapshots if iteration > self._position]
        return later[0] if later else None

    # -- Qt ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(320, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._told = None
            self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._scrub(event)
        elif self._snapshots:
            text = f"Go to iteration {self._nearest(event.position().x()):,}. Training can go on from there."
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
        key = Qt.Key(event.key())
        target: int | None = None
        if key in steps:
            target = self.neighbour(steps[key])
        elif key in ends and self._snapshots:
            target = self._snapshots[ends[key]]
        else:
            super().keyPressEvent(event)
        if target is not None:
            self.scrubbed.emit(target)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._drawn = self._position
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        left, right, here = self._x(0), self._x(self.end), self._x(self._position)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.border))
        painter.drawRoundedRect(QRectF(left, middle - TRACK / 2, right - left, TRACK), TRACK / 2, TRACK / 2)
        painter.setBrush(QColor(self._theme.accent))
        painter.drawRoundedRect(QRectF(left, middle - TRACK / 2, here - left, TRACK), TRACK / 2, TRACK / 2)
        painter.setPen(QPen(QColor(self._theme.muted), 1))
        for x in sorted({round(self._x(iteration)) for iteration in self._snapshots}):
            painter.drawLine(QPointF(x + 0.5, middle + TRACK), QPointF(x + 0.5, middle + TRACK + TICK))
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(self._theme.accent if focused else self._theme.muted), 2 if focused else 1))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawEllipse(QPointF(here, middle), KNOB, KNOB)

    # -- inside --------------------------------------------------------------------------------------------------

    def _x(self, iteration: int) -> float:
        return MARGIN + (self.width() - 2 * MARGIN) * iteration / self.end

    def _nearest(self, x: float) -> int:
        wanted = (x - MARGIN) / max(1, self.width() - 2 * MARGIN) * self.end
        return min(self._snapshots, key=lambda iteration: abs(iteration - wanted))

    def _scrub(self, event: QMouseEvent) -> None:
        if self._snapshots and (target := self._nearest(event.position().x())) != self._told:
            self._told = target
            self.scrubbed.emit(target)
