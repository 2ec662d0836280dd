"""What is drawn in each part of the data-flow graph: small, alive, from the latest frame or the batch of a walk."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from ganstudio.messages.events import Field, Histograms
from ganstudio.ui.canvas.field_contrast import FieldContrast, shares
from ganstudio.ui.canvas.items import indices
from ganstudio.ui.theme import Theme, field_lookup_table

Floats = NDArray[np.float64]

DOTS = 220
BINS = 22
LATENT_REACH = 3.0
"""Latents are drawn from −3 to 3."""


@dataclass
class FlowData:
    """What there is to draw; None where nothing has come yet. Points are (n, dimension), data coordinates.

    ``view``: x_min, x_max, y_min, y_max of the target's extent. ``losses`` and ``norms`` are the latest rows of the
    history by player. ``grid``: (lines, points, dimension), the images of straight lines of the latent space;
    ``line_map``: of 1-D data, (n, latent dimension + 1) of z and G(z).
    """

    view: tuple[float, float, float, float] = (-1.0, 1.0, -1.0, 1.0)
    latents: NDArray[np.floating] | None = None
    generated: NDArray[np.floating] | None = None
    real: NDArray[np.floating] | None = None
    grid: NDArray[np.floating] | None = None
    line_map: NDArray[np.floating] | None = None
    field: Field | None = None
    histograms: Histograms | None = None
    losses: dict[str, Floats] | None = None
    norms: dict[str, Floats] | None = None


class FlowPictures:
    """Draws the picture of each node."""

    def __init__(self, theme: Theme) -> None:
        self.data = FlowData()
        self.contrast = FieldContrast()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self._table = field_lookup_table(theme)

    def paint(self, name: str, painter: QPainter, rect: QRectF) -> None:
        """The picture of a node into ``rect``; nothing where there is nothing yet."""
        painter.save()
        painter.setClipRect(rect)
        _PAINT[name](self, painter, rect)
        painter.restore()

    # -- one for each kind ---------------------------------------------------------------------------------------

    def _paint_latents(self, painter: QPainter, rect: QRectF) -> None:
        if self.data.latents is not None:
            reach = LATENT_REACH
            self._cloud(painter, rect, self.data.latents, (-reach, reach, -reach, reach), self._theme.muted)

    def _paint_generated(self, painter: QPainter, rect: QRectF) -> None:
        if self.data.generated is not None:
            self._cloud(painter, rect, self.data.generated, self.data.view, self._theme.generated)

    def _paint_real(self, painter: QPainter, rect: QRectF) -> None:
        if self.data.real is not None:
            self._cloud(painter, rect, self.data.real, self.data.view, self._theme.real)

    def _paint_grid(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(QPen(QColor(self._theme.generated), 0.8))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grid, line = self.data.grid, self.data.line_map
        if grid is not None and grid.shape[-1] > 1:
            for points in grid[:: 1 if len(grid) == 1 else 2]:
                painter.drawPolyline(_polygon(_into(points[::2], self.data.view, rect)))
        elif line is not None:
            order = np.argsort(line[:, 0])
            x_min, x_max = self.data.view[:2]
            view = (-LATENT_REACH, LATENT_REACH, x_min, x_max)
            points = _into(np.column_stack([line[order, 0], line[order, -1]]), view, rect, square=False)
            if line.shape[1] == 2:
                painter.drawPolyline(_polygon(points))
            else:
                painter.drawPoints(_polygon(points))

    def _paint_field(self, painter: QPainter, rect: QRectF) -> None:
        field = self.data.field
        if field is None:
            return
        if field.values.shape[0] == 1:
            along = np.linspace(0.0, 1.0, field.values.shape[1])
            points = np.column_stack([along, field.values[0]])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.discriminator), 1.4))
            painter.drawPolyline(_polygon(_into(points, (0.0, 1.0, 0.0, 1.0), rect, square=False)))
            return
        shades = self._table[indices(shares(field.values, self.contrast.fit(field.values)))]
        pixels = np.ascontiguousarray(shades[::-1])
        height, width = field.values.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        x_min, x_max, y_min, y_max = field.view  # that of the stage, which may be another than the clouds'
        low, high = _into(np.array([[x_min, y_min], [x_max, y_max]]), self.data.view, rect)
        painter.setClipRect(_square(rect))
        painter.drawImage(QRectF(low[0], high[1], high[0] - low[0], low[1] - high[1]), image)

    def _paint_outputs(self, painter: QPainter, rect: QRectF, side: str) -> None:
        histograms = self.data.histograms
        middle = rect.center().x()
        painter.setPen(QPen(QColor(self._theme.border), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(middle, rect.top()), QPointF(middle, rect.bottom()))
        if histograms is not None:
            counts = np.asarray(getattr(histograms, side), np.float64)
            counts = counts[: len(counts) // 2 * 2].reshape(-1, 2).sum(1)
            self._bars(painter, rect, counts, getattr(self._theme, side))

    def _paint_loss(self, painter: QPainter, rect: QRectF, player: str) -> None:
        self._sparkline(painter, rect, (self.data.losses or {}).get(player), getattr(self._theme, player))

    def _paint_norm(self, painter: QPainter, rect: QRectF, player: str) -> None:
        self._sparkline(painter, rect, (self.data.norms or {}).get(player), getattr(self._theme, player))

    # -- shapes --------------------------------------------------------------------------------------------------

    def _cloud(
        self,
        painter: QPainter,
        rect: QRectF,
        points: NDArray[np.floating],
        view: tuple[float, float, float, float],
        colour: str,
    ) -> None:
        if points.shape[1] == 1:
            self._bars(painter, rect, np.histogram(points[:, 0], BINS, range=view[:2])[0].astype(np.float64), colour)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colour), 1.9)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(_polygon(_into(points[:DOTS, :2], view, rect)))

    def _bars(self, painter: QPainter, rect: QRectF, counts: Floats, colour: str) -> None:
        top = float(counts.max(initial=0.0))
        if top <= 0:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        width = rect.width() / len(counts)
        for at, count in enumerate(counts.tolist()):
            height = rect.height() * count / top
            painter.drawRect(QRectF(rect.left() + at * width, rect.bottom() - height, width, height))

    def _sparkline(self, painter: QPainter, rect: QRectF, values: Floats | None, colour: str) -> None:
        if values is None:
            return
        values = values[np.isfinite(values)]
        if len(values) < 2:
            return
        low, high = float(values.min()), float(values.max())
        pad = max(0.1 * (high - low), 1e-9)
        points = np.column_stack([np.linspace(0, 1, len(values)), values])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), 1.4))
        painter.drawPolyline(_polygon(_into(points, (0.0, 1.0, low - pad, high + pad), rect, square=False)))


_PAINT: dict[str, Callable[[FlowPictures, QPainter, QRectF], None]] = {
    "z": FlowPictures._paint_latents,
    "G": FlowPictures._paint_grid,
    "samples": FlowPictures._paint_generated,
    "D": FlowPictures._paint_field,
    "on_generated": lambda self, painter, rect: self._paint_outputs(painter, rect, "generated"),
    "loss_G": lambda self, painter, rect: self._paint_loss(painter, rect, "generator"),
    "step_G": lambda self, painter, rect: self._paint_norm(painter, rect, "generator"),
    "x": FlowPictures._paint_real,
    "step_D": lambda self, painter, rect: self._paint_norm(painter, rect, "discriminator"),
    "on_real": lambda self, painter, rect: self._paint_outputs(painter, rect, "real"),
    "loss_D": lambda self, painter, rect: self._paint_loss(painter, rect, "discriminator"),
}
"""By the node's name."""


def _square(rect: QRectF) -> QRectF:
    side = min(rect.width(), rect.height())
    return QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)


def _into(
    points: NDArray[np.floating], view: tuple[float, float, float, float], rect: QRectF, *, square: bool = True
) -> Floats:
    """(n, 2) points of a view as pixels, y upwards; what is not finite is left out."""
    x_min, x_max, y_min, y_max = view
    box = _square(rect) if square else rect
    placed = np.empty((len(points), 2))
    placed[:, 0] = box.left() + (points[:, 0] - x_min) / (x_max - x_min) * box.width()
    placed[:, 1] = box.bottom() - (points[:, 1] - y_min) / (y_max - y_min) * box.height()
    return placed[np.isfinite(placed).all(axis=1) & (np.abs(placed) < 1e5).all(axis=1)]


def _polygon(points: Floats) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points.tolist()])


def mean(counts: NDArray[np.floating], edges: NDArray[np.floating]) -> float:
    """The mean of a histogram, by the middles of its bins; NaN of an empty one."""
    total = float(counts.sum())
    return float((counts * (edges[:-1] + edges[1:]) / 2).sum() / total) if total else math.nan
