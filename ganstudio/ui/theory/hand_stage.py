"""The stage of the divergences: p and q, as a person puts them, and where each divergence would pull q."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy

from ganstudio.ui.plots.axes import BELOW_CURVES, GUTTER_WIDTH, Gutter, PlotAxis
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.divergence_curves import MEASURES, Pair

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergences

Floats = NDArray[np.float64]

TICK_SCALE = 0.88
PULL = 1.5
"""Data units by which an arrow is long for a gradient of 1."""
LONGEST = 3.0
"""And no longer than this."""
NUMBERS_HEIGHT = 20
"""Pixels of an axis without a name."""
HEAD = 6.0
"""Pixels."""


class HandStage(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A small plot on which p and q are moved or painted; it asks for another pair, and shows what it is told."""

    pair_requested = Signal(object)  # Pair
    let_go = Signal()

    def __init__(self, theme: Theme, x_name: str, y_name: str) -> None:
        self._x, self._y = PlotAxis("bottom", x_name), self._left_axis(y_name)
        self._gutter = Gutter(GUTTER_WIDTH)
        super().__init__(axisItems={"bottom": self._x, "left": self._y, "right": self._gutter})
        for axis in (self._x, self._y):
            axis.setZValue(BELOW_CURVES)
        if not x_name:
            self._x.setHeight(NUMBERS_HEIGHT)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.getPlotItem().layout.setContentsMargins(2, 6, 2, 2)
        # It takes what is left: pyqtgraph would want 640 × 480.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(90)
        self.view = self.getViewBox()
        self.view.disableAutoRange()
        self._theme = theme
        self._arrows = [pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True) for _ in MEASURES]
        self._feet = pg.ScatterPlotItem(size=4, pen=None)
        for item in (*self._arrows, self._feet):
            item.setZValue(50)
            self.addItem(item)
        self.viewport().installEventFilter(self)
        self._pull: tuple[Sequence[tuple[float, float]], Divergences | None] = ((), None)
        self.view.sigResized.connect(lambda: self._show_pull(*self._pull))

    @abstractmethod
    def show_pair(self, pair: Pair, found: Divergences | None) -> None:
        """Draw this pair, and the pull of its divergences where they are known."""

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._theme = theme
        small = tabular(self.font(), scale=TICK_SCALE)
        self.setBackground(theme.surface)
        for axis in (self._x, self._y, self._gutter):
            axis.set_theme(theme, small)
        for item, measure in zip(self._arrows, MEASURES, strict=True):
            item.setPen(pg.mkPen(getattr(theme, measure.colour), width=2))

    def _left_axis(self, name: str) -> PlotAxis:
        """The y axis; called once, at first."""
        return PlotAxis("left", name)

    def point(self, event: QMouseEvent) -> QPointF:
        """Where the mouse is, in data coordinates."""
        at: QPointF = self.view.mapSceneToView(self.mapToScene(event.position().toPoint()))
        return at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse before pyqtgraph does."""
        if isinstance(event, QMouseEvent):
            kind, left = event.type(), bool(event.buttons() & Qt.MouseButton.LeftButton)
            if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._press(event)
                return True
            if kind == QEvent.Type.MouseMove:
                if left:
                    self._drag(event)
                else:
                    self._hover(event)
                return left
            if kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self._release(event)
                self.let_go.emit()
                return True
        return bool(super().eventFilter(watched, event))

    def _press(self, event: QMouseEvent) -> None:
        """The left button went down."""

    def _drag(self, event: QMouseEvent) -> None:
        """The mouse moved with the left button held."""

    def _hover(self, event: QMouseEvent) -> None:
        """The mouse moved freely."""

    def _release(self, event: QMouseEvent) -> None:
        """The left button came up."""

    def _show_pull(self, feet: Sequence[tuple[float, float]], found: Divergences | None) -> None:
        """An arrow −∇ from each foot, in the order of ``MEASURES``; none where there is no gradient."""
        self._pull = (feet, found)
        if not feet or not self.view.rect().isValid():
            return  # it is not laid out yet: what a pixel is will be known when it is
        across, along = (abs(float(size)) for size in self.view.viewPixelSize())
        shown = []
        for item, measure, foot in zip(self._arrows, MEASURES, feet, strict=True):
            gradient = measure.of(found).gradient if found is not None else None
            shown.append(gradient is not None)
            pull = np.zeros(2)
            if gradient is not None:
                pull[: len(gradient)] = [-PULL * part for part in gradient]
            length = float(np.hypot(*pull))
            if length > LONGEST:
                pull *= LONGEST / length
            item.setData(*_arrow(foot, pull, (across, along)))
        self._feet.setData(
            x=[x for (x, _), there in zip(feet, shown, strict=True) if there],
            y=[y for (_, y), there in zip(feet, shown, strict=True) if there],
            brush=[
                pg.mkBrush(getattr(self._theme, measure.colour))
                for measure, there in zip(MEASURES, shown, strict=True)
                if there
            ],
        )


def _arrow(foot: tuple[float, float], pull: Floats, pixel: tuple[float, float]) -> tuple[Floats, Floats]:
    """A shaft and two barbs as pairs of points; nothing where it would be shorter than a pixel or two."""
    on_screen = pull / pixel
    length = float(np.hypot(*on_screen))
    if not length > 2:
        return np.empty(0), np.empty(0)
    tip = np.add(foot, pull)
    angle = math.atan2(on_screen[1], on_screen[0])
    size = min(HEAD, length)
    barbs = [tip - size * np.array([math.cos(angle + turn), math.sin(angle + turn)]) * pixel for turn in (0.5, -0.5)]
    points = np.array([foot, tip, barbs[0], tip, barbs[1], tip])
    return points[:, 0], points[:, 1]
