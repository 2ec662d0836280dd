"""Where V stands between −log 4, the least that an optimal D reaches, and 0, the most there is."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.experiment.equilibrium import LOG_4
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme

LOW = -2.0
"""The left end, in nats; a V below it is shown as an arrow there."""
TICK_SCALE = 0.88


class NumberLine(QWidget):
    """V as a mark on a line from −2 to 0 nats, and V + log 4 as a bar: half of it is a lower bound of the JSD."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._value: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("V between −log 4 and 0")
        self.setToolTip(
            "−log 4: D is ½ everywhere, and best so: p_g = p_data. 0: D is certain of every sample, and right. "
            "The bar is V + log 4; no D gets beyond 2·JSD, except by the chance of a batch."
        )

    def show_value(self, value: float | None) -> None:
        """Put the mark at this V, in nats; None takes it away."""
        if value != self._value:
            self._value = value
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """One line of numbers under a line."""
        return QSize(240, 20 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """As above, narrower."""
        return QSize(120, self.sizeHint().height())

    def position(self, value: float) -> float:
        """The x of a value, in pixels; held within the ends."""
        left, right = 12.0, self.width() - 12.0
        return left + (min(max(value, LOW), 0.0) - LOW) / -LOW * (right - left)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, levels, bar and mark."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = 11.0
        painter.setPen(QPen(QColor(theme.border), 2))
        painter.drawLine(QPointF(self.position(LOW), y), QPointF(self.position(0.0), y))
        value = self._value
        if value is not None and math.isfinite(value):
            self._paint_value(painter, value, y)
        painter.setFont(tabular(self.font(), scale=TICK_SCALE))
        for level, text, align in (
            (LOW, "−2", Qt.AlignmentFlag.AlignLeft),
            (-LOG_4, f"−log 4 = −{LOG_4:.3f}", Qt.AlignmentFlag.AlignHCenter),
            (0.0, "0 nats", Qt.AlignmentFlag.AlignRight),
        ):
            x = self.position(level)
            painter.setPen(QPen(QColor(theme.value if level == -LOG_4 else theme.muted), 1.5))
            painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5))
            painter.setPen(QColor(theme.muted))
            box = QRectF(x - 100, y + 6, 200, self.height() - y - 6)
            if align == Qt.AlignmentFlag.AlignLeft:
                box.moveLeft(x - 8)
            elif align == Qt.AlignmentFlag.AlignRight:
                box.moveRight(x + 8)
            painter.drawText(box, align | Qt.AlignmentFlag.AlignTop, text)
        painter.end()

    def _paint_value(self, painter: QPainter, value: float, y: float) -> None:
        x, start = self.position(value), self.position(-LOG_4)
        bar = QColor(self._theme.jsd)
        painter.setPen(QPen(bar, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        if value > -LOG_4:
            painter.drawLine(QPointF(start, y), QPointF(x, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.value))
        if value < LOW:
            painter.drawPolygon(QPolygonF([QPointF(x - 8, y), QPointF(x + 1, y - 5), QPointF(x + 1, y + 5)]))
        else:
            painter.drawPolygon(QPolygonF([QPointF(x, y - 1), QPointF(x - 5, y - 9), QPointF(x + 5, y - 9)]))
