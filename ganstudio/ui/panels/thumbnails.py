"""Small pictures of targets, drawn from their own samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap, QPolygonF

from ganstudio.errors import UserError
from ganstudio.experiment.targets import TargetSpec
from ganstudio.targets import TargetDistribution, build
from ganstudio.ui.theme import Theme

SAMPLES = 3000
SEED = 0
CORNER = 6.0
BINS = 28


def thumbnail(target: TargetSpec, theme: Theme, size: int, ratio: float = 2.0) -> QPixmap:
    """A square picture of p_data, ``size`` points wide: dots in the plane, or the density over the line.

    A target that cannot be sampled, such as an empty painting, is an empty square.
    """
    pixels = round(size * ratio)
    picture = QPixmap(pixels, pixels)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = QPainterPath()
    frame.addRoundedRect(QRectF(0.5, 0.5, size - 1, size - 1), CORNER, CORNER)
    painter.fillPath(frame, QColor(theme.surface))
    painter.setClipPath(frame)
    try:
        distribution = build(target)
        points = distribution.sample(SAMPLES, np.random.default_rng(SEED))
    except UserError:
        pass  # There is nothing to see yet.
    else:
        draw = _draw_dots if distribution.dimension == 2 else _draw_density
        draw(painter, points, distribution, theme, size, pixels)
    painter.setClipping(False)
    painter.setPen(QColor(theme.border))
    painter.drawPath(frame)
    painter.end()
    return picture


def _draw_dots(
    painter: QPainter, points: NDArray[np.float32], target: TargetDistribution, theme: Theme, size: int, pixels: int
) -> None:
    extent = target.extent
    scale = 0.94 * pixels / max(extent.width, extent.height)
    middle = np.array([extent.x_min + extent.width / 2, extent.y_min + extent.height / 2])
    columns, rows = np.floor((points - middle) * [scale, -scale] + pixels / 2).astype(int).T
    seen = (columns >= 0) & (columns < pixels) & (rows >= 0) & (rows < pixels)
    counts = np.bincount(rows[seen] * pixels + columns[seen], minlength=pixels * pixels).reshape(pixels, pixels)
    # A dot of 2 × 2 pixels, so that thin shapes are seen as well.
    counts[1:] += counts[:-1]
    counts[:, 1:] += counts[:, :-1]
    colour = QColor(theme.real)
    image = np.empty((pixels, pixels, 4), np.uint8)
    image[..., :3] = colour.red(), colour.green(), colour.blue()
    image[..., 3] = np.round(255 * (1 - np.exp(-0.7 * counts)))
    picture = QImage(image.data, pixels, pixels, 4 * pixels, QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(0, 0, size, size), picture)


def _draw_density(
    painter: QPainter, points: NDArray[np.float32], target: TargetDistribution, theme: Theme, size: int, pixels: int
) -> None:
    low, high = target.extent.x_min, target.extent.x_max
    counts, edges = np.histogram(points, bins=BINS, range=(low, high))
    heights = np.convolve(counts, [0.25, 0.5, 0.25], "same")
    x = (0.5 * (edges[:-1] + edges[1:]) - low) / (high - low) * size
    y = size * (0.88 - 0.7 * heights / max(1.0, float(heights.max())))
    floor = 0.88 * size
    outline = [QPointF(0, floor), *(QPointF(*at) for at in zip(x, y, strict=True)), QPointF(size, floor)]
    colour = QColor(theme.real)
    painter.setPen(colour)
    colour.setAlpha(110)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(outline))
    painter.setBrush(QColor(0, 0, 0, 0))
