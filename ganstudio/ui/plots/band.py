"""A filled area between two curves."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

Floats = NDArray[np.float64]


class Band(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """One opaque colour between ``low`` and ``high``; pyqtgraph's own item keeps two hidden curves for that."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._bounds = QRectF()
        self._colour = QColor()

    def set_colour(self, colour: str) -> None:
        """Fill with ``#rrggbb``."""
        self._colour = QColor(colour)
        self.update()

    def set_data(self, x: Floats, low: Floats, high: Floats) -> None:
        """Fill between the two curves over ``x``; all finite and equally long."""
        self.prepareGeometryChange()
        if len(x) == 0:
            self._path, self._bounds = QPainterPath(), QRectF()
            return
        outline_y = np.concatenate((low, high[::-1]))
        self._path = pg.functions.arrayToQPath(np.concatenate((x, x[::-1])), outline_y, finiteCheck=False)
        top, bottom = float(outline_y.max()), float(outline_y.min())
        self._bounds = QRectF(float(x[0]), bottom, float(x[-1] - x[0]), top - bottom)
        self.update()

    def boundingRect(self) -> QRectF:
        """Of the data, in their coordinates."""
        return self._bounds

    def paint(self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill the area."""
        p.fillPath(self._path, self._colour)
