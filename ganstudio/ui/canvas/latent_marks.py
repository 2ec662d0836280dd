"""Marks on the stage for chosen latents: where G puts z and z′, and the image of the way from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont

from ganstudio.ui.canvas.items import Cloud, Lines
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage

Floats = NDArray[np.floating]

ABOVE_SAMPLES = 60.0
START_TEXT, END_TEXT = "G(z)", "G(z′)"


class LatentMarks:
    """Over a stage, whatever the dimension of its target. Shows nothing until it is told.

    In the plane: the image of the way as a line, G(z) as a disc, G(z′) as a ring, G(z(t)) as a small disc on the way.
    On the line: the same on the x axis, each joined to its z₁ on the axis below where that is shown.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._under, self._way = Lines(ABOVE_SAMPLES), Lines(ABOVE_SAMPLES + 1)
        self._feet = Lines(ABOVE_SAMPLES + 1)
        self._start = Cloud(ABOVE_SAMPLES + 4, diameter=10.0, halo=2.0)
        self._end = Cloud(ABOVE_SAMPLES + 2, diameter=6.0, halo=4.0)
        self._now = Cloud(ABOVE_SAMPLES + 3, diameter=7.0, halo=1.5)
        self._texts = [_text(START_TEXT, 1.1), _text(END_TEXT, -0.1)]  # above its mark, and below it
        for item in (self._under, self._way, self._feet, self._start, self._end, self._now, *self._texts):
            stage.view.plotItem.addItem(item, ignoreBounds=True)
        self.clear()

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours: those of what can be dragged on the pad."""
        accent, surface = QColor(theme.accent), QColor(theme.surface)
        behind = QColor(surface)
        behind.setAlpha(190)
        self._under.set_pen(behind, 5.0)
        self._way.set_pen(accent, 2.0)
        self._feet.set_pen(accent, 1.6)
        self._start.set_colours(accent, surface)
        self._end.set_colours(surface, accent)
        self._now.set_colours(accent, surface)
        for text in self._texts:
            text.setColor(QColor(theme.text))
            text.fill = pg.mkBrush(behind)

    def clear(self) -> None:
        """Take all marks away."""
        nothing = np.empty(0)
        for lines in (self._under, self._way, self._feet):
            lines.set_line(nothing, nothing)
        for cloud in (self._start, self._end, self._now):
            cloud.set_points(None)
        for text in self._texts:
            text.hide()

    def show_marks(self, latents: Floats, images: Floats, *, moving: bool) -> None:
        """Mark z, z′, z(t), and the way between them.

        Args:
            latents: (3 + n, latent dimension): z, z′, z(t), then n points of the way.
            images: (3 + n, dimension): the same under G, in data coordinates.
            moving: whether z(t) is anywhere but at z, and worth a mark of its own.
        """
        if images.shape[1] == 1:
            images = np.column_stack([images[:, 0], np.zeros(len(images))])
            self._show_feet(latents[: 3 if moving else 2, 0], images)
        else:
            self._feet.set_line(np.empty(0), np.empty(0))
        way = images[3:].astype(np.float64)
        for lines in (self._under, self._way):
            lines.set_line(way[:, 0], way[:, 1])
        self._start.set_points(images[:1])
        self._end.set_points(images[1:2])
        self._now.set_points(images[2:3] if moving else None)
        for text, at in zip(self._texts, images[:2].astype(float), strict=True):
            text.setVisible(bool(np.isfinite(at).all()))
            text.setPos(*at)

    def places(self) -> Floats:
        """(n, 2): where z, z′ and z(t) are marked now, in the coordinates of the plot; for tests and read-outs."""
        return np.vstack([cloud.points() for cloud in (self._start, self._end, self._now)])

    def _show_feet(self, z: Floats, images: Floats) -> None:
        axis = self._stage.line.latent_axis
        rows = []
        for value, (x, _) in zip(z.tolist(), images.astype(float).tolist(), strict=False):
            foot, bottom, head = axis.foot(value), axis.height, axis.head
            rows += [(foot, bottom), (x, head), (x, 0.0), (np.nan, np.nan)]
        joined = np.array(rows) if axis.is_shown else np.empty((0, 2))
        self._feet.set_line(joined[:, 0], joined[:, 1])


def _text(words: str, down: float) -> pg.TextItem:
    item = pg.TextItem(words, anchor=(-0.12, down))
    font = QFont()
    font.setPointSizeF(font.pointSizeF() * 0.9)
    item.setFont(font)
    item.setZValue(ABOVE_SAMPLES + 5)
    return item
