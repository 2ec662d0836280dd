"""The graphics items of the stage: clouds of points, rasters and lines, each drawn in one call.

pyqtgraph's own items do more (styles per point, hit tests, levels) and cost two to five times as much per frame.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import pyqtgraph as pg
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ganstudio.ui.canvas.dot import Dot

View = tuple[float, float, float, float]

_NO_SEGMENTS = np.empty((0, 4))
_THIN = 2.0
"""Pixels up to which the corners of a line need no joining."""
_MANY = 500
"""Points that take longer to draw than a picture of them."""

_PIXEL_ENGINES = (QPaintEngine.Type.Raster, QPaintEngine.Type.OpenGL, QPaintEngine.Type.OpenGL2)


class StageItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph ships no types
    """What the items share: an own bounding rectangle, and no part in mouse events or automatic ranges."""

    def __init__(self, z_value: float) -> None:
        super().__init__()
        self.setZValue(z_value)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, True)
        self._bounds = QRectF()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def _set_bounds(self, bounds: QRectF) -> None:
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, bounds.isNull())
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()


class _Place(NamedTuple):
    """Where and how an item is painted."""

    transform: QTransform
    opacity: float
    width: int
    height: int
    ratio: float

    @classmethod
    def of(cls, painter: QPainter) -> _Place:
        device = painter.device()
        ratio = device.devicePixelRatioF()
        return cls(painter.transform(), painter.opacity(), device.width(), device.height(), ratio)


class Cloud(StageItem):
    """Points as round dots of a fixed size in pixels, with a thin halo that sets them off from what lies under.

    Many points that stay where they are, as those of a target do under frames that come and go, are drawn into a
    picture, and from then on that is what is painted: a tenth of the time for 10,000 of them.
    """

    def __init__(self, z_value: float, diameter: float = 3.8, halo: float = 0.7) -> None:
        super().__init__(z_value)
        self._points: NDArray[np.float64] = np.empty((0, 2))
        self._dot = Dot(diameter, halo)
        self._painted_at: _Place | None = None
        self._picture: QPixmap | None = None

    def set_colours(self, colour: QColor, halo: QColor) -> None:
        self._dot.set_colours(colour, halo)
        self._forget_picture()
        self.update()

    def set_points(self, points: NDArray[np.floating] | None) -> None:
        """Show (n, 2) points; those that are not finite are left out."""
        self._forget_picture()
        if points is not None:
            finite = np.isfinite(points)
            points = points[finite[:, 0] & finite[:, 1]]
        if points is None or not len(points):
            self._points = np.empty((0, 2))
            self._set_bounds(QRectF())
            return
        self._points = points.astype(np.float64)
        self._set_bounds(_bounds(points[:, 0], points[:, 1]))

    def points(self) -> NDArray[np.float64]:
        """(n, 2): what is shown."""
        return self._points

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if painter.paintEngine().type() not in _PIXEL_ENGINES:  # a file of shapes wants shapes
            self._paint_shapes(painter)
            return
        place = _Place.of(painter)
        painter.resetTransform()
        if len(self._points) < _MANY or place != self._painted_at:  # what moves with each frame gets no picture
            self._forget_picture()
            self._painted_at = place
            self._stamp(painter, place)
            return
        if self._picture is None:
            self._picture = self._drawn(place)
        painter.setOpacity(1.0)
        painter.drawPixmap(0, 0, self._picture)

    def _stamp(self, painter: QPainter, place: _Place) -> None:
        """Draw the dots that can be seen, in the device's coordinates."""
        transform = place.transform
        matrix = np.array([[transform.m11(), transform.m12()], [transform.m21(), transform.m22()]])
        placed = self._points @ matrix + (transform.dx(), transform.dy())
        margin = self._dot.reach
        x, y = placed.T  # column by column: a reduction over rows of two takes ten times as long
        seen = (x > -margin) & (x < place.width * place.ratio + margin)
        seen &= (y > -margin) & (y < place.height * place.ratio + margin)
        if seen.any():
            self._dot.stamp(painter, placed[seen], place.ratio)

    def _drawn(self, place: _Place) -> QPixmap:
        """A picture of all that would be painted there, faded as it would be: faded as a whole it looks otherwise."""
        picture = QPixmap(round(place.width * place.ratio), round(place.height * place.ratio))
        picture.setDevicePixelRatio(place.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setOpacity(place.opacity)
        self._stamp(painter, place)
        painter.end()
        return picture

    def _forget_picture(self) -> None:
        self._painted_at = self._picture = None

    def _paint_shapes(self, painter: QPainter) -> None:
        polygon = QPolygonF([QPointF(x, y) for x, y in self._points.tolist()])
        for colour, diameter in self._dot.rings():
            pen = QPen(colour, diameter, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPoints(polygon)


class Raster(StageItem):
    """Numbers in [0, 1] as colours of a table, drawn smoothly over a rectangle; row 0 at its bottom."""

    def __init__(self, z_value: float, *, smooth: bool = True) -> None:
        super().__init__(z_value)
        self._smooth = smooth
        self._table: NDArray[np.uint32] = np.zeros(256, np.uint32)
        self._indices: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
        self._pixels: NDArray[np.uint32] = np.zeros((0, 0), np.uint32)
        self._image = QImage()

    def set_table(self, table: NDArray[np.uint8]) -> None:
        """Colours for 0 to 1: (256, 4), RGBA."""
        rgba = table.astype(np.uint32)
        alpha = rgba[:, 3]
        red, green, blue = (rgba[:, channel] * alpha // 255 for channel in range(3))
        self._table = ((alpha << 24) | (red << 16) | (green << 8) | blue).astype(np.uint32)
        if self._pixels.size:
            self._pixels[:] = self._table[self._indices]
            self.update()

    def show_values(self, values: NDArray[np.floating] | None, view: View = (0, 1, 0, 1)) -> None:
        """Draw ``values[row, column]`` over x_min, x_max, y_min, y_max; None draws nothing. NaN is drawn as 0."""
        if values is None:
            self._set_bounds(QRectF())
            return
        if values.shape != self._indices.shape:
            self._pixels = np.empty(values.shape, np.uint32)
            height, width = values.shape
            # The image reads the array's memory, so changing the array changes what is drawn.
            self._image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        self._indices = indices(values)
        np.take(self._table, self._indices, out=self._pixels)
        x_min, x_max, y_min, y_max = view
        self._set_bounds(QRectF(x_min, y_min, x_max - x_min, y_max - y_min))

    def shows(self, shape: tuple[int, ...]) -> bool:
        """Whether values of this shape are shown."""
        return self._indices.shape == shape and not self._bounds.isNull()

    def update_region(self, rows: slice, columns: slice, values: NDArray[np.floating]) -> None:
        """Replace part of what is shown, and repaint no more than that part."""
        self._indices[rows, columns] = indices(values)
        self._pixels[rows, columns] = self._table[self._indices[rows, columns]]
        height, width = self._indices.shape
        cell_x, cell_y = self._bounds.width() / width, self._bounds.height() / height
        left, bottom = self._bounds.left() + columns.start * cell_x, self._bounds.top() + rows.start * cell_y
        wide, high = (columns.stop - columns.start) * cell_x, (rows.stop - rows.start) * cell_y
        # Smoothing reaches a cell further.
        self.update(QRectF(left, bottom, wide, high).adjusted(-cell_x, -cell_y, cell_x, cell_y))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        painter.drawImage(self._bounds, self._image)


class Lines(StageItem):
    """One path, stroked with a pen of fixed width in pixels, and filled if a brush is set.

    A thin, plain line is drawn as segments. Qt strokes a path as one shape as soon as it is wider than a pixel, on a
    screen with two pixels a point always: for the lines of a latent grid that takes 17 ms, for their segments 0.7.
    """

    def __init__(self, z_value: float) -> None:
        super().__init__(z_value)
        self._path: QPainterPath | None = QPainterPath()
        self._points: tuple[NDArray[np.floating], NDArray[np.floating]] = (np.empty(0), np.empty(0))
        self._segments = _NO_SEGMENTS
        self._pen = QPen(Qt.PenStyle.NoPen)
        self._brush: QColor | None = None

    def set_pen(
        self, colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine, fill: QColor | None = None
    ) -> None:
        pen = QPen(colour, width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin)
        pen.setCosmetic(True)
        self._pen = pen
        self._brush = fill
        self.update()

    def set_line(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """Show (n,) points joined in order; NaN lifts the pen."""
        finite = np.isfinite(x) & np.isfinite(y)
        if not finite.any():
            self._path, self._segments = QPainterPath(), _NO_SEGMENTS
            self._set_bounds(QRectF())
            return
        both = finite[:-1] & finite[1:]
        self._segments = np.column_stack([x[:-1], y[:-1], x[1:], y[1:]])[both].astype(np.float64)
        self._points, self._path = (x, y), None  # made where it is painted: segments need none
        self._set_bounds(_bounds(x[finite], y[finite]))

    def path(self) -> QPainterPath:
        """What is shown."""
        if self._path is None:
            self._path = pg.functions.arrayToQPath(*self._points, connect="finite")
        return self._path

    def set_path(self, path: QPainterPath) -> None:
        self._path, self._segments = path, _NO_SEGMENTS
        self._set_bounds(path.boundingRect())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        if self._brush is not None:
            painter.setBrush(self._brush)
        if len(self._segments) and self._is_plain:
            # A QLineF is four doubles.
            first = cast(QLineF, shiboken6.wrapInstance(self._segments.ctypes.data, QLineF))
            painter.drawLines(first, len(self._segments))
        else:
            painter.drawPath(self.path())

    @property
    def _is_plain(self) -> bool:
        """Whether nobody sees that segments overlap at their ends, nor that corners are not joined."""
        pen = self._pen
        opaque = pen.color().alpha() == 255
        return self._brush is None and opaque and pen.style() == Qt.PenStyle.SolidLine and pen.widthF() <= _THIN


def indices(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """The entries of a table of 256 colours for numbers in [0, 1]; NaN is 0."""
    shades: NDArray[np.uint8] = np.nan_to_num(np.clip(values, 0.0, 1.0) * 255.0 + 0.5, nan=0.0).astype(np.uint8)
    return shades


def _bounds(x: NDArray[np.floating], y: NDArray[np.floating]) -> QRectF:
    left, right, low, high = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    # A rectangle without area counts as nothing to draw.
    return QRectF(left, low, max(right - left, 1e-9), max(high - low, 1e-9))
