"""The legend of the field of D: from generated over ½ to real."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.canvas.stage_view import as_colour
from ganstudio.ui.theme import Theme

BAR_WIDTH = 10
MARKS = ((1.0, "1"), (0.5, "½"), (0.0, "0"))
Legend = tuple[str, tuple[tuple[float, str], ...], tuple[tuple[str, float], ...]]
SIDES = (("real", 0.75), ("generated", 0.25))
LEGENDS: dict[str, Legend] = {
    "difference": ("D−D*", ((1.0, "1"), (0.5, "0"), (0.0, "−1")), (("too high", 0.75), ("too low", 0.25))),
    "optimal": ("D*(x)", MARKS, SIDES),
    "field": ("D(x)", MARKS, SIDES),
}
"""Title, numbers and words for each layer that the bar can explain; where several are shown the first is seen."""


class ColourBar(QWidget):
    """A vertical bar with its ends named; as faint as the field it explains, and never changing its size."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._opacity = 1.0
        self._shown = True
        self._title, self._marks, self._sides = LEGENDS["field"]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip("D(x): the probability that D gives to x being real.\n1 real, ½ undecided, 0 generated")
        self.setAccessibleName("Colours of D(x), from 0 for generated to 1 for real")

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self._theme = theme
        self.update()

    @property
    def title(self) -> str:
        """What the colours are of."""
        return self._title

    def set_field(self, visible: bool, opacity: float, layer: str = "field") -> None:
        """Follow the layer that it explains, a key of ``LEGENDS``."""
        self._shown, self._opacity = visible, opacity
        self._title, self._marks, self._sides = LEGENDS[layer]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(BAR_WIDTH + 26, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        top, bottom = 2.5 * metrics.height(), self.height() - 34.0 - 1.2 * metrics.height()
        bar = QRectF(4, top, BAR_WIDTH, max(bottom - top, 20))
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for at, colour in ((0.0, self._theme.generated), (0.5, self._theme.neutral), (1.0, self._theme.real)):
            gradient.setColorAt(at, as_colour(colour, round(255 * self._opacity)))
        painter.setPen(QColor(self._theme.border))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(QColor(self._theme.muted))
        for value, text in self._marks:
            y = bar.bottom() - value * bar.height()
            painter.drawLine(int(bar.right()), int(y), int(bar.right()) + 3, int(y))
            painter.drawText(int(bar.right()) + 6, int(y + metrics.ascent() / 2 - 1), text)
        for text, middle in self._sides:
            painter.save()
            painter.translate(bar.right() + 8 + metrics.ascent(), bar.bottom() - middle * bar.height())
            painter.rotate(-90)
            painter.drawText(int(-metrics.horizontalAdvance(text) / 2), 0, text)
            painter.restore()
        painter.setPen(QColor(self._theme.text))
        painter.drawText(
            QRectF(1, bar.top() - 1.6 * metrics.height(), self.width(), metrics.height()),
            Qt.AlignmentFlag.AlignLeft,
            self._title,
        )
