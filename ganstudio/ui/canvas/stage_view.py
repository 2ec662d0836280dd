"""The stage's plot: axes, the view and its movements; what is drawn on it is the layers' business."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ganstudio.ui.canvas.line_strip import ABOVE, MARGIN
from ganstudio.ui.plots.figures import tick
from ganstudio.ui.plots.range import nice_step
from ganstudio.ui.theme import Theme

PADDING = 0.03
ZOOM_STEP = 1.25
TICKS_APART = 52.0
"""Pixels from one tick of an axis to the next, at least."""
MOST_STRETCHED = 3.0
"""Extents with sides further apart than this fill the plot instead of keeping the aspect."""


class StageView(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """One plot with x and y to the left and below, and on the line a second view for D, 0 to 1, at the right.

    pyqtgraph's own mouse handling is off: :class:`~ganstudio.ui.canvas.pointer_input.PointerInput` has it all.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        box = pg.ViewBox(enableMenu=False)
        axes = {side: _StageAxis(side) for side in ("left", "bottom", "right")}
        super().__init__(parent, viewBox=box, axisItems=axes, enableMenu=False)
        self._box = box
        self._extent = QRectF(-1.5, -1.5, 3.0, 3.0)
        self._dimension = 2
        self._strip = MARGIN
        box.setMouseEnabled(False, False)
        box.disableAutoRange()
        self.plotItem.hideButtons()
        self.plotItem.setClipToView(False)
        for axis in axes.values():
            axis.enableAutoSIPrefix(False)  # "density (×0.001)" is no help
            axis.setStyle(tickLength=-4, autoExpandTextSpace=False)
        axes["left"].setWidth(46)
        axes["bottom"].setHeight(34)
        axes["right"].setWidth(48)
        self.probability = pg.ViewBox(enableMenu=False)
        self.probability.setMouseEnabled(False, False)
        self.probability.disableAutoRange()
        self.probability.setXLink(box)
        self.probability.setZValue(box.zValue() + 1)
        self.plotItem.scene().addItem(self.probability)
        axes["right"].linkToView(self.probability)
        box.sigResized.connect(self._match_boxes)
        box.sigRangeChanged.connect(self.view_changed)
        self.setMinimumSize(200, 160)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.set_extent(2, self._extent)

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """x_min, x_max, y_min, y_max of what is in view."""
        (x_min, x_max), (y_min, y_max) = self._box.viewRange()
        return float(x_min), float(x_max), float(y_min), float(y_max)

    @property
    def pixel(self) -> tuple[float, float]:
        """Width and height of a pixel in data units."""
        x_min, x_max, y_min, y_max = self.rectangle
        return (x_max - x_min) / max(self._box.width(), 1.0), (y_max - y_min) / max(self._box.height(), 1.0)

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self.setBackground(theme.surface)
        for name in ("left", "bottom", "right"):
            axis = self.plotItem.getAxis(name)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.discriminator if name == "right" else theme.muted))
        self._label_axes()

    def set_extent(self, dimension: int, extent: QRectF) -> None:
        """Fit the axes to a new extent, in data coordinates; on the line its height is that of the density."""
        self._dimension, self._extent = dimension, extent
        stretched = max(extent.width(), extent.height()) > MOST_STRETCHED * min(extent.width(), extent.height())
        self._box.setAspectLocked(dimension == 2 and not stretched)
        self._label_axes()
        self.plotItem.showAxis("right", dimension == 1)
        self.probability.setVisible(dimension == 1)
        self.fit()

    def set_height(self, height: float) -> None:
        """On the line: another density at the top of the axis; x stays as it is."""
        if height != self._extent.height():
            self._extent.setHeight(height)
            self._fit_height()

    def set_strip(self, share: float) -> None:
        """On the line: how far one sees below 0, as a share of the density's height."""
        if share != self._strip:
            self._strip = share
            if self._dimension == 1:
                self._fit_height()

    def fit(self) -> None:
        """Show the whole extent."""
        extent = self._extent
        if self._dimension == 1:
            self._box.setXRange(extent.left(), extent.right(), padding=0)
            self._fit_height()
        else:
            self._box.setRange(extent, padding=PADDING)

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Show a region ``factor`` times as large, with ``around`` (data coordinates) staying where it is."""
        largest = max(self._extent.width(), self._extent.height())
        x_min, x_max, _, _ = self.rectangle
        if 1e-4 * largest < (x_max - x_min) * factor < 1e3 * largest:
            self._box.scaleBy((factor, 1.0 if self._dimension == 1 else factor), center=around)

    def pan(self, shift: QPointF) -> None:
        """Move the view by a distance in data units."""
        self._box.translateBy(x=shift.x(), y=0.0 if self._dimension == 1 else shift.y())

    def data_position(self, position: QPointF) -> QPointF:
        """A position on the viewport in data coordinates."""
        scene, _ = self.viewportTransform().inverted()
        return QPointF(self._box.mapSceneToView(scene.map(position)))

    def viewport_position(self, x: float, y: float) -> QPointF:
        """Data coordinates as a position on the viewport."""
        return QPointF(self.viewportTransform().map(self._box.mapViewToScene(QPointF(x, y))))

    def is_over_plot(self, position: QPointF) -> bool:
        """Whether a position on the viewport lies inside the axes."""
        scene, _ = self.viewportTransform().inverted()
        return bool(self._box.sceneBoundingRect().contains(scene.map(position)))

    def _fit_height(self) -> None:
        # 0 and the top of both axes lie at the same height.
        height = self._extent.height()
        self._box.setYRange(-self._strip * height, ABOVE * height, padding=0)
        self.probability.setYRange(-self._strip, ABOVE, padding=0)

    def _match_boxes(self) -> None:
        self.probability.setGeometry(self._box.sceneBoundingRect())

    def _label_axes(self) -> None:
        names = ("x", "density") if self._dimension == 1 else ("x₁", "x₂")
        self.plotItem.setLabel("bottom", names[0])
        self.plotItem.setLabel("left", names[1])
        if self._dimension == 1:  # naming an axis shows it
            self.plotItem.setLabel("right", "D(x)")
        left, right = self.plotItem.getAxis("left"), self.plotItem.getAxis("right")
        left.from_zero = right.from_zero = self._dimension == 1


class _StageAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with round ticks, at the same distances in x and y where both have the same scale.

    On the line it says nothing below 0: the strip there has no density, and D no probability.
    """

    from_zero = False

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        span = maxVal - minVal
        if span <= 0 or size <= 0:
            return []
        if self.from_zero and self.orientation == "right":  # a probability: ½ is what one looks for
            quarters = size / span >= 4 * TICKS_APART / 2
            return [(0.25, [0.0, 0.25, 0.5, 0.75, 1.0])] if quarters else [(0.5, [0.0, 0.5, 1.0])]
        spacing = nice_step(span * TICKS_APART / size)
        lowest = max(minVal, 0.0) if self.from_zero and self.orientation == "left" else minVal
        first, last = math.ceil(lowest / spacing - 1e-6), math.floor(maxVal / spacing + 1e-6)
        return [(spacing, [index * spacing for index in range(first, last + 1)])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        strings = [tick(value, spacing) for value in values]
        if not self.from_zero:
            return strings
        most = 1.0 if self.orientation == "right" else math.inf
        return [text if -1e-9 <= value <= most + 1e-9 else "" for text, value in zip(strings, values, strict=True)]


def as_colour(text: str, alpha: int = 255) -> QColor:
    """A theme's colour, with an alpha of 0 to 255."""
    colour = QColor(text)
    colour.setAlpha(alpha)
    return colour
