"""How strong a gradient each loss gives, as bars from 0 to 1 with their numbers: the legend of the loss curves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme

ROW = 19
VANISHING = 0.05
"""A mean gradient below this share of the greatest possible one is called vanishing."""


@dataclass(frozen=True)
class Bar:
    """One loss: its formula as text, its line's colour in the theme, its name, and whether its line is dashed."""

    name: str
    formula: str
    title: str
    colour: str
    dashed: bool = False


class GradientBars(QWidget):
    """A row for each loss: its line, formula, and mean gradient in the logit of D as bar and number."""

    def __init__(self, bars: Sequence[Bar], theme: Theme) -> None:
        super().__init__()
        self._bars = tuple(bars)
        self._theme = theme
        self._values: Mapping[str, float] = {}
        self._used = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Mean gradient of each loss")
        self.setToolTip(
            "The mean size of each loss's derivative in the logit of D, over this batch: all that G gets of the loss. "
            "D(G(z)) for log(1 − D), 1 − D(G(z)) for −log D; 1 is the most"
        )

    def show_values(self, values: Mapping[str, float], used: str) -> None:
        """Mean gradients by the loss's name, 0 to 1, and the name of the loss that G minimises now."""
        self._values, self._used = dict(values), used
        self.update()

    def text(self, name: str) -> str:
        """The number of a loss as it is shown."""
        return figure(self._values.get(name, math.nan))

    def is_vanishing(self, name: str) -> bool:
        """Whether a loss gives next to no gradient."""
        return self._values.get(name, math.nan) < VANISHING

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each."""
        return QSize(240, ROW * len(self._bars))

    def minimumSizeHint(self) -> QSize:
        """As above, narrower."""
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows by hand: they change thirty times a second."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, bold = tabular(self.font(), scale=0.95), tabular(self.font(), scale=0.95, weight=QFont.Weight.DemiBold)
        metrics = QFontMetricsF(bold)
        formula = max(metrics.horizontalAdvance(bar.formula) for bar in self._bars) + 8
        number = metrics.horizontalAdvance("0.000") + 8
        note = max(metrics.horizontalAdvance(text) for text in ("vanishing", "in use")) + 4
        left = 26 + formula
        length = self.width() - left - number - note
        for index, bar in enumerate(self._bars):
            middle = index * ROW + ROW / 2
            pen = QPen(QColor(getattr(self._theme, bar.colour)), 2)
            pen.setStyle(Qt.PenStyle.DashLine if bar.dashed else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawLine(0, int(middle), 20, int(middle))
            used = bar.name == self._used
            painter.setFont(bold if used else plain)
            painter.setPen(QColor(self._theme.text))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
            painter.drawText(QRectF(26, index * ROW, formula, ROW), flags, bar.formula)
            value = self._values.get(bar.name, math.nan)
            painter.setPen(Qt.PenStyle.NoPen)
            if length > 20:
                painter.setBrush(QColor(self._theme.raised))
                painter.drawRoundedRect(QRectF(left, middle - 4, length, 8), 3, 3)
            if length > 20 and math.isfinite(value):
                painter.setBrush(QColor(getattr(self._theme, bar.colour)))
                painter.drawRoundedRect(QRectF(left, middle - 4, max(length * min(value, 1.0), 2.0), 8), 3, 3)
            painter.setPen(QColor(self._theme.text))
            at = QRectF(self.width() - number - note, index * ROW, number - 4, ROW)
            painter.drawText(at, flags | Qt.AlignmentFlag.AlignRight, figure(value))
            vanishing = self.is_vanishing(bar.name)
            painter.setPen(QColor(self._theme.warning if vanishing else self._theme.muted))
            text = "vanishing" if vanishing else "in use" if used else ""
            painter.drawText(QRectF(self.width() - note, index * ROW, note, ROW), flags, text)
        painter.end()
