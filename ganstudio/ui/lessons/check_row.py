"""One check of a step: a circle that becomes a tick, what it asks in words, and the live value under it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ganstudio.lessons.check import Check
from ganstudio.ui.lessons.check_words import standing, subscripted
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme

SIDE = 18


class CheckRow(QWidget):
    """Shows how a check stands."""

    def __init__(self, check: Check, theme: Theme) -> None:
        super().__init__()
        self._check = check
        self.tick = Tick(theme)
        self._standing = ""
        self.says = QLabel(subscripted(check.says))
        self.value = QLabel()
        for label in (self.says, self.value):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.value.setProperty("role", "muted")
        self.value.setFont(tabular(self.font(), scale=0.92))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.tick, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.says, 0, 1)
        grid.addWidget(self.value, 1, 1)
        grid.setColumnStretch(1, 1)
        self.setToolTip("The program ticks this off as soon as it holds in the running model")
        self.show_state(None, 0, ticked=False)

    def show_state(self, value: object, held: int, *, ticked: bool) -> None:
        """The fact's value, for how many iterations it has held, and whether it is ticked."""
        self.tick.set_on(ticked)
        text = standing(self._check, value, held, ticked=ticked)
        if text != self._standing:
            self._standing = text
            self.value.setText(subscripted(text))
        self.setAccessibleName(f"{'Done' if ticked else 'To do'}: {self._check.says}")

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.tick.set_theme(theme)


class Tick(QWidget):
    """An empty circle, or a tick in a full one."""

    def __init__(self, theme: Theme, side: int = SIDE) -> None:
        super().__init__()
        self._theme = theme
        self._on = False
        self.setFixedSize(QSize(side, side))

    @property
    def is_on(self) -> bool:
        """Whether it is ticked."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Tick, or not."""
        if on is not self._on:
            self._on = on
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        if not self._on:
            painter.setPen(QPen(QColor(self._theme.muted), 1.5))
            painter.drawEllipse(area)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.success))
        painter.drawEllipse(area)
        painter.setPen(QPen(QColor(self._theme.surface), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        left, top, unit = area.left(), area.top(), area.width()
        corners = ((0.27, 0.52), (0.44, 0.69), (0.74, 0.34))
        painter.drawPolyline([QPointF(left + x * unit, top + y * unit) for x, y in corners])
