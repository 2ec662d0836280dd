"""The legend of the field of D: from generated over ½ to real."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.canvas.stage_view import as_colour
from ganstudio.ui.theme import Theme

BAR_WIDTH = 10
Marks = tuple[tuple[float, str], ...]
MARKS: Marks = ((1.0, "1"), (0.5, "½"), (0.0, "0"))
Legend = tuple[str, Marks, tuple[tuple[str, float], ...]]
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
        self._layer, self._half_width = "field", 0.5
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip(
            "D(x): the probability that D gives to x being real.\n1 real, ½ undecided, 0 generated.\n"
            "Near ½ the colours span a narrower range, as the numbers say: what lies beyond has the colour of its end."
        )
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
        self._layer = layer
        self._title, self._marks, self._sides = LEGENDS[layer]
        self.update()

    def set_half_width(self, half_width: float) -> None:
        """The colours of D's field span ½ ± this."""
        if half_width != self._half_width:
            self._half_width = half_width
            self.update()

    @property
    def marks(self) -> Marks:
        """Where a number stands, 0 at the bottom to 1, and the number."""
        if self._layer != "field" or self._half_width == 0.5:
            return self._marks
        return ((1.0, _short(0.5 + self._half_width)), (0.5, "½"), (0.0, _short(0.5 - self._half_width)))

    def sizeHint(self) -> QSize:
        return QSize(BAR_WIDTH + 32, 160)

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
        for value, text in self.marks:
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


def _short(value: float) -> str:
    """A probability without its leading zero: .45."""
    return f"{value:g}".removeprefix("0")
