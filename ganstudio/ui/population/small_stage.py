"""Pictures of what one generator makes, over the target, drawn cheaply: many of one size, again and again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from ganstudio.ui.canvas.dot import Dot
from ganstudio.ui.canvas.region import LINE_CELLS, centres, region
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

Floats = NDArray[np.floating]

REAL_POINTS = 700
FAINT = 0.5
MARGIN = 0.04
"""Of the shorter side around what is shown of the target."""
DOTS = ((0, 1.9, 0.0), (140, 2.3, 0.2), (220, 2.9, 0.3), (400, 3.6, 0.4))
"""From which side of a picture on, diameter and halo of the dots; all in pixels."""
BINS = 96
"""Of the histogram that a density on the line is estimated by."""
KERNEL = np.exp(-0.5 * (np.arange(-4, 5) / 1.4) ** 2)
"""A gaussian over neighbouring bins: of a few hundred samples the histogram alone is ragged."""


class SmallStage(ABC):
    """Draws pictures over the same target. The ground, which all of one size have in common, is drawn once."""

    points: int
    """Samples of a generator that a picture is drawn from."""
    is_square: bool
    """Whether both axes have one scale."""
    legend: str

    def __init__(self, target: TargetDistribution, seed: int, theme: Theme) -> None:
        self.view = region(target)
        """x_min, x_max, y_min, y_max of what is shown; on the line, y is the density."""
        self.target = target
        self._theme = theme
        self._grounds: dict[tuple[int, int, float], QPixmap] = {}
        self._take_target(target, seed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self._grounds.clear()

    def picture(self, size: QSize, ratio: float, generated: Floats | None = None) -> QPixmap:
        """``generated``, (n, dimension) data coordinates, over the target; ``ratio`` is of pixels to a point."""
        key = (size.width(), size.height(), ratio)
        if key not in self._grounds:
            if len(self._grounds) > 8:  # somebody drags the window's edge
                self._grounds.clear()
            self._grounds[key] = self._ground(size, ratio)
        drawn = self._grounds[key].copy() if generated is not None else self._grounds[key]
        if generated is not None:
            painter = QPainter(drawn)
            self._paint_generated(painter, size, ratio, generated)
            painter.end()
        return drawn

    @abstractmethod
    def real(self) -> NDArray[np.float64]:
        """(n, 2): what is drawn of the target, in coordinates of ``view``."""

    @abstractmethod
    def shown(self, generated: Floats) -> NDArray[np.float64]:
        """(n, 2): what is drawn of a generator's samples, in the same."""

    def _ground(self, size: QSize, ratio: float) -> QPixmap:
        drawn = QPixmap(size * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(self._theme.surface))
        painter = QPainter(drawn)
        self._paint_real(painter, size, ratio)
        painter.end()
        return drawn

    def _placed(self, points: Floats, size: QSize) -> NDArray[np.float64]:
        """(n, 2) data coordinates in those of a picture; what is not finite is left out."""
        left, right, bottom, top = self.view
        width, height = size.width(), size.height()
        margin = MARGIN * min(width, height)
        across, up = (width - 2 * margin) / (right - left), (height - 2 * margin) / (top - bottom)
        if self.is_square:
            across = up = min(across, up)
        points = points[np.isfinite(points).all(axis=1)]
        placed = np.empty((len(points), 2))
        placed[:, 0] = width / 2 + (points[:, 0] - (left + right) / 2) * across
        placed[:, 1] = height / 2 - (points[:, 1] - (bottom + top) / 2) * up
        return placed

    @abstractmethod
    def _take_target(self, target: TargetDistribution, seed: int) -> None:
        """Keep what is drawn of the target."""

    @abstractmethod
    def _paint_real(self, painter: QPainter, size: QSize, ratio: float) -> None:
        """Draw the target."""

    @abstractmethod
    def _paint_generated(self, painter: QPainter, size: QSize, ratio: float, generated: Floats) -> None:
        """Draw what the generator makes."""


class PlaneStage(SmallStage):
    """Generated samples over real ones."""

    points = 300
    is_square = True
    legend = "Orange: generated · blue: real · bar: distance to the target, √(JSD / ln 2)"

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._real = tuple(Dot(diameter, halo) for _, diameter, halo in DOTS)
        self._generated = tuple(Dot(diameter, halo) for _, diameter, halo in DOTS)
        faint, faint_halo = QColor(theme.real), QColor(theme.surface)
        faint.setAlphaF(FAINT)
        faint_halo.setAlphaF(FAINT)
        for real, generated in zip(self._real, self._generated, strict=True):
            real.set_colours(faint, faint_halo)
            generated.set_colours(QColor(theme.generated), QColor(theme.surface))

    def real(self) -> NDArray[np.float64]:
        return self._samples

    def shown(self, generated: Floats) -> NDArray[np.float64]:
        return generated.astype(np.float64)

    def _take_target(self, target: TargetDistribution, seed: int) -> None:
        self._samples = target.sample(REAL_POINTS, np.random.default_rng(seed)).astype(np.float64)

    def _paint_real(self, painter: QPainter, size: QSize, ratio: float) -> None:
        self._stamp(painter, self._real, self.real(), size, ratio)

    def _paint_generated(self, painter: QPainter, size: QSize, ratio: float, generated: Floats) -> None:
        self._stamp(painter, self._generated, self.shown(generated), size, ratio)

    def _stamp(self, painter: QPainter, dots: tuple[Dot, ...], points: Floats, size: QSize, ratio: float) -> None:
        side = min(size.width(), size.height())
        dot = dots[sum(side >= least for least, *_ in DOTS) - 1]
        placed = self._placed(points, size)
        inside = (placed > -dot.reach).all(axis=1) & (
            placed < (size.width() + dot.reach, size.height() + dot.reach)
        ).all(axis=1)
        if inside.any():
            dot.stamp(painter, placed[inside], ratio)


class LineStage(SmallStage):
    """The density of the generator over that of the target."""

    points = 1000
    is_square = False
    legend = "Orange: density of the generator · blue: of the target · bar: distance to the target, √(JSD / ln 2)"

    def real(self) -> NDArray[np.float64]:
        return self._density

    def shown(self, generated: Floats) -> NDArray[np.float64]:
        left, right, *_ = self.view
        return smooth_density(generated[:, 0], left, right)

    def _take_target(self, target: TargetDistribution, seed: int) -> None:
        left, right, *_ = self.view
        raster = target.density_raster(target.extent, LINE_CELLS)
        if raster is not None:
            self._density = np.stack([centres(left, right, LINE_CELLS), raster[0]], axis=1)
        else:
            samples = target.sample(self.points, np.random.default_rng(seed))
            self._density = smooth_density(samples[:, 0], left, right)
            self.view = (left, right, 0.0, self.view[3] * float(self._density[:, 1].max()))

    def _paint_real(self, painter: QPainter, size: QSize, ratio: float) -> None:
        fill = QColor(self._theme.real)
        fill.setAlphaF(0.2)
        left, right, *_ = self.view
        closed = np.concatenate([[[left, 0.0]], self._density, [[right, 0.0]]])
        self._draw(painter, closed, size, QPen(QColor(self._theme.real), 1.0), fill)

    def _paint_generated(self, painter: QPainter, size: QSize, ratio: float, generated: Floats) -> None:
        self._draw(painter, self.shown(generated), size, QPen(QColor(self._theme.generated), 1.5))

    def _draw(self, painter: QPainter, line: Floats, size: QSize, pen: QPen, fill: QColor | None = None) -> None:
        placed = self._placed(line, size)
        path = pg.functions.arrayToQPath(placed[:, 0].copy(), placed[:, 1].copy(), finiteCheck=False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRectF(0, 0, size.width(), size.height()))
        if fill is not None:
            painter.fillPath(path, fill)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


STAGES: dict[int, type[SmallStage]] = {1: LineStage, 2: PlaneStage}
"""By the target's dimension."""


def smooth_density(samples: Floats, left: float, right: float) -> NDArray[np.float64]:
    """(bins, 2): places between ``left`` and ``right``, and the density of ``samples`` (n,) there, per data unit."""
    samples = samples[np.isfinite(samples)]
    inside = samples[(samples >= left) & (samples < right)]
    counts = np.bincount(((inside - left) * (BINS / (right - left))).astype(np.intp), minlength=BINS)[:BINS]
    smooth = np.convolve(counts, KERNEL / KERNEL.sum(), mode="same")
    return np.stack([centres(left, right, BINS), smooth / max(1, len(samples)) * BINS / (right - left)], axis=1)
