"""A tiny curve of a learning-rate schedule."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.experiment.optimizers import Constant, Schedule
from ganstudio.experiment.schedules import factor
from ganstudio.ui.theme import Theme

SHOWN = 1.25
"""Of the length of the schedule is drawn, so that one sees what comes after it."""


class ScheduleCurve(QWidget):
    """The learning rate over the iterations, from 0 to its highest; no axes, as it stands under its own fields."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._schedule: Schedule = Constant()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A line of text and a half high."""
        return QSize(120, 28)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    def show_schedule(self, schedule: Schedule, learning_rate: float) -> None:
        """Draw this schedule. A constant one is not drawn: there is nothing to see."""
        self._schedule = schedule
        self.setVisible(not isinstance(schedule, Constant))
        length = getattr(schedule, "iterations", 1)
        rates = [learning_rate * factor(schedule, iteration) for iteration in (0, length)]
        text = f"learning rate {rates[0]:.3g} at iteration 0, {rates[1]:.3g} at iteration {length:,}"
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line above a faint ground."""
        width, height = self.width() - 2, self.height() - 4
        length = getattr(self._schedule, "iterations", 1)
        at = np.linspace(0.0, 1.0, 120)
        heights = [factor(self._schedule, round(x * SHOWN * length)) for x in at]
        points = [QPointF(1 + x * width, 2 + height * (1 - y)) for x, y in zip(at, heights, strict=True)]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self._theme.accent)
        ground.setAlphaF(0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF([QPointF(1, 2 + height), *points, QPointF(1 + width, 2 + height)]))
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.drawPolyline(QPolygonF(points))
