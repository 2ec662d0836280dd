"""Eigenvalues in the complex plane, with the unit circle that decides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.theme import Theme

SIDE, SMALL_SIDE = 96, 60
"""Pixels."""
LEAST_REACH = 1.35
"""How far the axes go at least; the circle has radius 1."""


class UnitCircle(QWidget):
    """Dots inside the circle: a step shrinks what is left. Outside: it grows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = SIDE
        self._values: NDArray[np.complex128] = np.empty(0, np.complex128)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Eigenvalues of one step")
        self.setToolTip(
            "Eigenvalues of one step at the equilibrium, in the complex plane. The rule converges near it where all "
            "lie inside the unit circle; on its edge it circles, outside it is driven away."
        )

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def set_side(self, side: int) -> None:
        """Be so many pixels large."""
        self._side = side
        self.updateGeometry()

    def show_values(self, values: NDArray[np.complex128]) -> None:
        """Show these eigenvalues; none leave the circle empty."""
        self._values = values[np.isfinite(values)]
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def place(self, value: complex) -> QPointF:
        """Where an eigenvalue is drawn."""
        reach = max(LEAST_REACH, 1.15 * float(np.abs(self._values).max(initial=0.0)))
        scale = self._side / 2 / reach
        return QPointF(self._side / 2 + scale * value.real, self._side / 2 - scale * value.imag)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, side, middle = self._theme, self._side, self._side / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(0, middle), QPointF(side, middle))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, side))
        radius = self.place(1 + 0j).x() - middle
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawEllipse(QPointF(middle, middle), radius, radius)
        painter.setPen(QPen(QColor(theme.surface), 1))
        for value in self._values:
            inside = abs(value) < 1 - 1e-9
            painter.setBrush(QColor(theme.success if inside else theme.error))
            painter.drawEllipse(self.place(complex(value)), 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.end()
