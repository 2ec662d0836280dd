"""p_z and what G makes of it, side by side."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QStaticText
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.flow_pictures import FlowData, FlowPictures

ARROW = 46.0
HIGHEST = 150


class PushForward(QWidget):
    """Two pictures and an arrow: latents drawn from p_z, and the same latents as G maps them, p_g."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.pictures = FlowPictures(theme)
        self._names = tuple(QStaticText(text) for text in ("z ~ p<sub>z</sub>", "G(z) ~ p<sub>g</sub>"))
        for text in self._names:
            text.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("The prior p_z and its push-forward p_g")
        self.setToolTip(
            "p_g is nothing but p_z pushed forward by G: to draw from p_g, draw z from p_z and compute G(z). So an "
            "expectation over p_g is one over p_z: E f(x) = E f(G(z))"
        )

    def show_data(self, data: FlowData) -> None:
        """Draw ``latents`` and ``generated`` of these."""
        self.pictures.data = data
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.pictures.set_theme(theme)
        self.update()

    def sizeHint(self) -> QSize:
        """Two squares."""
        return QSize(300, 136)

    def minimumSizeHint(self) -> QSize:
        """Small ones."""
        return QSize(180, 76)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both, with their names below."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = tabular(self.font(), scale=0.9)
        line = QFontMetricsF(font).height()
        side = min(self.height() - line - 6, (self.width() - ARROW) / 2 - 4, float(HIGHEST))
        left = (self.width() - 2 * side - ARROW) / 2
        boxes = QRectF(left, 2, side, side), QRectF(left + side + ARROW, 2, side, side)
        for name, text, box in zip(("z", "samples"), self._names, boxes, strict=True):
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)
            self.pictures.paint(name, painter, box.adjusted(4, 4, -4, -4))
            painter.setPen(QColor(theme.muted))
            painter.setFont(font)
            text.prepare(painter.transform(), font)
            painter.drawStaticText(QPointF(box.center().x() - text.size().width() / 2, box.bottom()), text)
        middle = boxes[0].center().y()
        start, end = QPointF(boxes[0].right() + 7, middle), QPointF(boxes[1].left() - 7, middle)
        painter.setPen(QPen(QColor(theme.generator), 2))
        painter.drawLine(start, end)
        painter.setBrush(QColor(theme.generator))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([end + QPointF(3, 0), end + QPointF(-6, -4.5), end + QPointF(-6, 4.5)]))
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.generator))
        above = QRectF(start.x(), middle - line - 8, end.x() - start.x(), line + 4)
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, "G")
        painter.end()
