"""One of several small plots beside one another: a field, its ½ line, points, and samples where there are any."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.canvas.items import Cloud, Lines, Raster
from ganstudio.ui.canvas.polylines import contour, decided
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.style import restyle
from ganstudio.ui.theme import Theme

Floats = NDArray[np.floating]
View = tuple[float, float, float, float]

SMALL = 0.88
DOT = 3.0
LEAST = 72
"""Pixels of the plot's side, at least."""
NOTHING = np.empty((0, 2))


class SmallMultiple(QWidget):
    """A title with a button that samples, a plot with the axes of the stage, and a line or two below it."""

    sample_requested = Signal()

    def __init__(self, title: str, tip: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.title = QLabel(title)
        self.title.setToolTip(tip)
        self.title.setProperty("role", "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.sample = QToolButton()
        self.sample.setText("Sample")
        self.sample.setToolTip(f"Draw new points from {title}")
        self.sample.setAccessibleName(f"Sample from {title}")
        self.sample.setFixedHeight(self.sample.fontMetrics().height() + 4)
        self.sample.setProperty("role", "outlined")
        self.sample.setStyleSheet("padding: 0 8px;")
        self.sample.clicked.connect(self.sample_requested)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.plot = pg.PlotWidget()
        self.plot.setAccessibleName(f"{title}: {tip}")
        self.plot.setToolTip(tip)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.plot.setMinimumSize(LEAST, LEAST)
        for side in ("left", "bottom"):
            self.plot.hideAxis(side)
        self.view = self.plot.getViewBox()
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0)
        self.field, self.line = Raster(0), Lines(3)
        self._half = pg.InfiniteLine(0.5, angle=0)  # where a curve decides
        self._half.hide()
        self.plot.addItem(self._half)
        self.zero, self.one, self.samples = Cloud(1, DOT, 0.4), Cloud(2, DOT, 0.4), Cloud(4, DOT, 0.4)
        for item in (self.field, self.zero, self.one, self.line, self.samples):
            self.plot.addItem(item)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.plot, 1)
        column.addWidget(self.sample)
        column.addWidget(self.note)
        column.addStretch()

    def hasHeightForWidth(self) -> bool:
        """No: the note has a fixed height. By its wrapped text Qt would give the plot no height of its own."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The plot is a square, where there is the room."""
        super().resizeEvent(event)
        self.plot.setMaximumHeight(max(LEAST, self.width()))

    def set_view(self, view: View, *, plane: bool) -> None:
        """The same region as the stage; in a ``plane`` with equal units along both axes."""
        self.view.setAspectLocked(plane)
        self._half.setVisible(not plane)
        self.view.setRange(xRange=view[:2], yRange=view[2:], padding=0)

    def show_field(self, values: Floats | None, view: View, *, wanders: bool = False) -> None:
        """p on cell centres, (rows, columns), as colours, and the line on which it is ½.

        One that ``wanders`` with every update is left out where p hardly changes.
        """
        self.field.show_values(values, view)
        if values is None:
            self.line.set_line(np.empty(0), np.empty(0))
        else:
            self.line.set_line(*contour(decided(values) if wanders else values, view))

    def show_curve(self, x: Floats, p: Floats) -> None:
        """p along a line, for 1-D targets."""
        self.field.show_values(None)
        self.line.set_line(x, p)

    def show_points(self, one: Floats, zero: Floats) -> None:
        """The points of both classes, (n, 2)."""
        self.one.set_points(one)
        self.zero.set_points(zero)

    def show_samples(self, points: Floats) -> None:
        """What was drawn, (n, 2)."""
        self.samples.set_points(points)

    def say(self, text: str, tip: str, *, warning: bool = False) -> None:
        """The line below; in the colour of a warning where something cannot be done."""
        self.note.setText(text)
        self.note.setToolTip(tip)
        self.note.setProperty("role", "error" if warning else "muted")
        restyle(self.note)

    def set_theme(self, theme: Theme, table: NDArray[np.uint8], line: str, faint: float) -> None:
        """Take over colours: those of the field from p = 0 to 1, of its line, and how strong the points are."""
        self._theme = theme
        self.plot.setBackground(theme.surface)
        self.note.setFont(tabular(self.font(), scale=SMALL))
        self.note.setFixedHeight(2 * self.note.fontMetrics().lineSpacing() + 2)
        self.field.set_table(table)
        self.line.set_pen(QColor(line), 2.0)
        self._half.setPen(pg.mkPen(theme.border, width=1, style=Qt.PenStyle.DashLine))
        halo = QColor(theme.surface)
        for cloud, colour, alpha in (
            (self.one, theme.real, faint),
            (self.zero, theme.muted, faint),
            (self.samples, theme.generated, 1.0),
        ):
            dot = QColor(colour)
            dot.setAlphaF(alpha)
            edge = QColor(halo)
            edge.setAlphaF(alpha)
            cloud.set_colours(dot, edge)
