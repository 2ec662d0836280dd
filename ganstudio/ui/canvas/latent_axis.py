"""The map z → x of a 1-D target: an axis of z below that of x, and lines between them.

As in figure 1 of Goodfellow et al. 2014: every line stands for the same share of p_z, so the feet are as dense as p_z,
and the heads as dense as p_g. (There p_z is uniform, and the feet are evenly spaced.)
"""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont

from ganstudio.ui.canvas.items import Lines
from ganstudio.ui.canvas.line_strip import Strip
from ganstudio.ui.plots.figures import tick
from ganstudio.ui.plots.range import nice_step
from ganstudio.ui.theme import Theme

LEFT, RIGHT = 0.06, 0.12
"""Shares of the extent's width that the axis of z leaves free; its name stands at the right. Feet take up ``FEET`` of
the axis."""
FEET = 0.86
WAITING = "z → x: where G puts z appears here"
TICKS = 5
TICK_LENGTH = 0.012  # of the density's height
HEAD_LENGTH, HEAD_WIDTH = 0.022, 0.0035  # of the density's height, and of the extent's width


class LatentAxis:
    """Lines and numbers over one plot; ``lines`` carries the layer's opacity."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.lines = Lines(-10)
        self._heads = Lines(-9)
        self._axis = Lines(-9)
        self._numbers = [_text(0.5) for _ in range(2 * TICKS + 1)]
        self._name = _text(0.0, 0.5)
        self._waiting = _text(0.5, 0.5)
        self._waiting.setText(WAITING)
        self._plot = plot
        for item in (self.lines, self._heads, self._axis, self._name, self._waiting, *self._numbers):
            plot.addItem(item, ignoreBounds=True)
        self._span = (0.0, 1.0)
        self._top = 1.0
        self._strip: Strip | None = None
        self._rows: NDArray[np.float64] | None = None
        self._range = (0.0, 1.0)
        self._visible = True
        self._colour = QColor()
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        self.lines.set_pen(QColor(theme.muted), 1.0)
        self._heads.set_pen(QColor(0, 0, 0, 0), 0.0, fill=QColor(theme.muted))
        self._axis.set_pen(QColor(theme.muted), 1.2)
        for text in (self._name, self._waiting, *self._numbers):
            text.setColor(QColor(theme.muted))

    def set_shown(self, visible: bool, opacity: float) -> None:
        """Show, hide and fade; the axis and its numbers stay sharp."""
        self._visible = visible
        for item in (self.lines, self._heads):
            item.setOpacity(opacity)
        self._show()

    def set_geometry(self, span: tuple[float, float], top: float, strip: Strip) -> None:
        """The extent in x, the density at the top of its axis, and where the strip has its rows."""
        self._span, self._top, self._strip = span, top, strip
        self._waiting.setPos((span[0] + span[1]) / 2, (self.height + self.head) / 2)
        self._draw_axis()
        self._draw_lines()

    def show_map(self, rows: NDArray[np.floating] | None) -> None:
        """(n, latent dimension + 1) of z and G(z); None shows nothing. Of longer latents z₁ is shown."""
        if rows is None or not len(rows):
            self._rows = None
            self._show()
            return
        before, self._rows = self._rows, rows[:, [0, -1]].astype(np.float64)
        dimension = rows.shape[1] - 1
        self._name.setText("z" if dimension == 1 else f"z₁ of {dimension}")
        feet = self._rows[:, 0]
        if before is None or len(before) != len(feet) or not np.array_equal(before[:, 0], feet):
            low, high = float(feet.min()), float(feet.max())
            self._range = (low, high) if high > low else (low - 1.0, high + 1.0)
            self._draw_axis()
        self._draw_lines()
        self._show()

    def foot(self, z: float) -> float:
        """Where on the x axis a z₁ has its place on the axis of z; NaN while there is none."""
        if self._rows is None:
            return math.nan
        low, high = self._range
        left, right = self._ends()
        inset = (1 - FEET) / 2 * (right - left)
        return left + inset + (z - low) / (high - low) * (right - left - 2 * inset)

    @property
    def title(self) -> str:
        """What the axis is called."""
        return str(self._name.toPlainText())

    @property
    def is_waiting(self) -> bool:
        """Whether it says what will come."""
        return bool(self._waiting.isVisible())

    @property
    def is_shown(self) -> bool:
        """Whether there are an axis of z and lines from it."""
        return self.lines.isVisible() and self._rows is not None

    @property
    def height(self) -> float:
        """Where the axis of z lies, on the axis of densities; below 0."""
        return 0.0 if self._strip is None else self._strip.feet * self._top

    @property
    def head(self) -> float:
        """Where the lines from z end, on the axis of densities; below 0."""
        return 0.0 if self._strip is None else self._strip.heads * self._top

    def segments(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n, 2) of the feet and of the heads, in data coordinates; what is drawn."""
        if self._rows is None or self._strip is None:
            return np.empty((0, 2)), np.empty((0, 2))
        feet = np.array([self.foot(z) for z in self._rows[:, 0]])
        low, high = np.full(len(feet), self.height), np.full(len(feet), self.head)
        return np.column_stack([feet, low]), np.column_stack([self._rows[:, 1], high])

    def _ends(self) -> tuple[float, float]:
        low, high = self._span
        return low + LEFT * (high - low), high - RIGHT * (high - low)

    def _draw_lines(self) -> None:
        feet, heads = self.segments()
        if not len(feet):
            return
        nan = np.full(len(feet), np.nan)
        tip = heads[:, 1]
        back = tip - HEAD_LENGTH * self._top
        half = HEAD_WIDTH * (self._span[1] - self._span[0])
        self.lines.set_line(
            np.column_stack([feet[:, 0], heads[:, 0], heads[:, 0], nan]).ravel(),
            np.column_stack([feet[:, 1], back, tip, nan]).ravel(),
        )
        x = heads[:, 0]
        self._heads.set_line(
            np.column_stack([x - half, x, x + half, x - half, nan]).ravel(),
            np.column_stack([back, tip, back, back, nan]).ravel(),
        )

    def _draw_axis(self) -> None:
        if self._rows is None or self._strip is None:
            return
        y = self.height
        left, right = self._ends()
        low, high = self._range
        step = nice_step((high - low) / TICKS)
        ticks = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
        at = np.array([self.foot(z) for z in ticks])
        nan = np.full(len(at), np.nan)
        length = TICK_LENGTH * self._top
        self._axis.set_line(
            np.concatenate([[left, right, np.nan], np.column_stack([at, at, nan]).ravel()]),
            np.concatenate([[y, y, np.nan], np.column_stack([nan * 0 + y, nan * 0 + y - length, nan]).ravel()]),
        )
        for number, text in enumerate(self._numbers):
            text.setText(tick(float(ticks[number]), step) if number < len(ticks) else "")
            if number < len(ticks):
                text.setPos(float(at[number]), y - length)
        self._name.setPos(right, y)

    def _show(self) -> None:
        """The layer's item says whether it is switched on; the others come once there is a map."""
        self.lines.setVisible(self._visible)
        for item in (self._heads, self._axis, self._name, *self._numbers):
            item.setVisible(self._visible and self._rows is not None)
        self._waiting.setVisible(self._visible and self._rows is None)
        if self._rows is None:
            self.lines.set_line(np.empty(0), np.empty(0))


def _text(across: float, down: float = 0.0) -> pg.TextItem:
    item = pg.TextItem(anchor=(across, down))
    font = QFont()
    font.setPointSizeF(font.pointSizeF() * 0.85)
    item.setFont(font)
    item.setZValue(-8)
    return item
