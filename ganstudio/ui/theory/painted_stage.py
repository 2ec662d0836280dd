"""p and q painted on a pad: brush, eraser, and a hand that moves q."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent

from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.divergence_curves import MEASURES, Pair
from ganstudio.ui.theory.hand_stage import HandStage
from ganstudio.ui.theory.painted_pair import CELL, REACH, PaintedPair, two_squares

if TYPE_CHECKING:
    from ganstudio.metrics.divergences import Divergences

PadTool = Literal["move", "p", "q", "erase"]
BRUSH = 0.3
"""Radius, data units."""
APART = 5.0
"""Pixels between the feet of two arrows."""


class PaintedStage(HandStage):
    """Cells of p and of q, each in its colour, and in both where both are."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", "x₂ (data units)")
        self._pair = two_squares()
        self.tool: PadTool = "move"
        self._held: QPointF | None = None
        self._last: QPointF | None = None
        self._image = pg.ImageItem(axisOrder="row-major")
        self._border = pg.PlotCurveItem(*(REACH * np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])))
        for item in (self._image, self._border):
            self.addItem(item)
        self.view.setAspectLocked(True)
        self.view.setRange(xRange=(-REACH, REACH), yRange=(-REACH, REACH), padding=0)
        self.set_tool("move")
        self.set_theme(theme)

    def set_tool(self, tool: PadTool) -> None:
        """Use this with the left button from now on."""
        self.tool = tool
        self.setToolTip(
            "Drag to move q. Arrows: where each divergence pulls it" if tool == "move" else "Drag to paint or to erase"
        )
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if tool == "move" else Qt.CursorShape.CrossCursor)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self._border.setPen(pg.mkPen(theme.border, width=1))

    def show_pair(self, pair: Pair, found: Divergences | None) -> None:
        """Draw both sets."""
        assert isinstance(pair, PaintedPair)  # noqa: S101  # the panel shows each pair on its own stage
        self._pair = pair
        colours = np.array([_rgba(self._theme, *which) for which in ((0, 0), (1, 0), (0, 1), (1, 1))], np.uint8)
        self._image.setImage(colours[pair.p + 2 * pair.q], autoLevels=False, levels=(0, 255))
        self._image.setRect(QRectF(-REACH, -REACH, 2 * REACH, 2 * REACH))
        if not pair.q.any():
            self._show_pull([(0.0, 0.0)] * len(MEASURES), None)
            return
        x, y = pair.origin
        step = APART * abs(float(self.view.viewPixelSize()[1]))
        middle = (len(MEASURES) - 1) / 2
        self._show_pull([(x, y + step * (middle - lane)) for lane in range(len(MEASURES))], found)

    def _press(self, event: QMouseEvent) -> None:
        self._held = self._last = self.point(event)
        if self.tool != "move":
            self._stroke(self._held)

    def _drag(self, event: QMouseEvent) -> None:
        at = self.point(event)
        if self._held is None or self._last is None:
            return
        if self.tool != "move":
            self._stroke(at)
            return
        columns, rows = (round(way / CELL) for way in ((at - self._held).x(), (at - self._held).y()))
        if columns or rows:
            self._held += QPointF(columns * CELL, rows * CELL)
            self.pair_requested.emit(self._pair.moved(columns, rows))

    def _release(self, event: QMouseEvent) -> None:
        self._held = self._last = None

    def _stroke(self, at: QPointF) -> None:
        """From the last place of the mouse to this one, without a gap."""
        assert self._last is not None  # noqa: S101  # set when it was pressed
        way = at - self._last
        pair, steps = self._pair, max(1, math.ceil(math.hypot(way.x(), way.y()) / BRUSH))
        for step in range(1, steps + 1):
            here = self._last + way * (step / steps)
            if self.tool == "erase":
                pair = pair.painted("p", here.x(), here.y(), BRUSH, erased=True)
                pair = pair.painted("q", here.x(), here.y(), BRUSH, erased=True)
            elif self.tool != "move":
                pair = pair.painted(self.tool, here.x(), here.y(), BRUSH)
        self._last = at
        self.pair_requested.emit(pair)


def _rgba(theme: Theme, p: int, q: int) -> tuple[int, int, int, int]:
    """The colour of a cell: that of what is there, and where both are, half of each."""
    real, generated = QColor(theme.real), QColor(theme.generated)
    if p and q:
        real = QColor(mixed(theme.real, theme.generated, 0.5))
    colour = real if p else generated
    return colour.red(), colour.green(), colour.blue(), 200 if p or q else 0
