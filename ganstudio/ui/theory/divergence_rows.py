"""Every divergence as a row: its line, its value, its gradient. The legend of the curves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.divergence_curves import MEASURES

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergence, Divergences

ROW = 19
LINE = 22
INFINITE = "∞"
NONE = "none"


class DivergenceRows(QWidget):
    """A heading, and a row for each divergence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._found: Divergences | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Divergences between p and q, and their gradients")

    def show_divergences(self, found: Divergences | None) -> None:
        """Show these; None leaves dashes."""
        self._found = found
        self.setAccessibleDescription("; ".join(" ".join(self.texts(measure.name)) for measure in MEASURES))
        self.update()

    def texts(self, name: str) -> tuple[str, str, str]:
        """A row as it is shown: what it is, its value with its unit, its gradient."""
        measure = next(measure for measure in MEASURES if measure.name == name)
        if self._found is None:
            return measure.title, "—", ""
        divergence = measure.of(self._found)
        return measure.title, f"{_written(divergence)} {measure.unit}", _gradient(divergence)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """The heading, and a row for each."""
        return QSize(240, ROW * (len(MEASURES) + 1))

    def minimumSizeHint(self) -> QSize:
        """As above, narrower."""
        return QSize(200, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Each row has a tooltip of its own."""
        if isinstance(event, QHelpEvent):
            row = int(event.pos().y() // ROW) - 1
            tip = MEASURES[row].help if 0 <= row < len(MEASURES) else HEADING_HELP
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows by hand: they change with every movement of the mouse."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        plain, bold = tabular(self.font(), scale=0.95), tabular(self.font(), scale=0.95, weight=QFont.Weight.DemiBold)
        metrics = QFontMetricsF(bold)
        name = LINE + 6
        value = name + metrics.horizontalAdvance("KL(p‖q)") + 6
        gradient = value + metrics.horizontalAdvance("0.000 = ln 2 nats ") + 4
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip

        def write(x: float, row: int, text: str, colour: str) -> None:
            painter.setPen(QColor(colour))
            painter.drawText(QRectF(x, row * ROW, self.width() - x, ROW), flags, text)

        painter.setFont(plain)
        write(value, 0, "value", theme.muted)
        write(gradient, 0, "gradient", theme.muted)
        for row, measure in enumerate(MEASURES, 1):
            pen = QPen(QColor(getattr(theme, measure.colour)), 2)
            pen.setStyle(Qt.PenStyle.DashLine if measure.dashed else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawLine(0, int((row + 0.5) * ROW), LINE, int((row + 0.5) * ROW))
            title, number, slope = self.texts(measure.name)
            painter.setFont(plain)
            write(name, row, title, theme.text)
            write(gradient, row, slope, theme.text if slope not in (NONE, "") else theme.muted)
            painter.setFont(bold)
            write(value, row, number, theme.text)
        painter.end()


HEADING_HELP = (
    "The value of each divergence, and how it grows as q moves: by the gradient for each unit. Gradient descent "
    "would move q the other way, as the arrows show."
)


def _written(divergence: Divergence) -> str:
    if math.isinf(divergence.value):
        return INFINITE
    text = figure(divergence.value)
    return f"{text} = ln 2" if abs(divergence.value - math.log(2)) < 1e-9 else text


def _gradient(divergence: Divergence) -> str:
    if divergence.gradient is None:
        return NONE
    parts = [figure(0.0 if abs(part) < 1e-12 else part) for part in divergence.gradient]
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
