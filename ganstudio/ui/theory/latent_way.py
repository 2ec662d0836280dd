"""What D says along the way from z to z′: where the way leaves the data, D of a good discriminator falls."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy

from ganstudio.ui.canvas.field_contrast import HALF_WIDTHS
from ganstudio.ui.canvas.items import Cloud, Lines
from ganstudio.ui.canvas.stable_step import StableStep
from ganstudio.ui.plots.axes import BELOW_CURVES, PlotAxis
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.plots.panel import TICK_SCALE
from ganstudio.ui.theme import Theme

HEIGHT = 120
MARGIN = 0.08


class LatentWay(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """D(G(z(t))) over t in [0, 1], with ½ and the present t."""

    def __init__(self, theme: Theme) -> None:
        self._t, self._d = PlotAxis("bottom", "t, from z to z′"), PlotAxis("left", "D(G(z(t)))")
        super().__init__(axisItems={"bottom": self._t, "left": self._d})
        for axis in (self._t, self._d):
            axis.setZValue(BELOW_CURVES)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip("What D says of G(z(t)) on the way from z to z′. ½: it cannot tell")
        self.setAccessibleName("D along the way from z to z′")
        self.getPlotItem().layout.setContentsMargins(2, 4, 8, 2)
        self._reach = StableStep(HALF_WIDTHS)
        self.getViewBox().disableAutoRange()
        self._fit()
        self._half, self._curve = Lines(-5), Lines(0)
        self._now = Cloud(2, diameter=7.0, halo=1.5)
        for item in (self._half, self._curve, self._now):
            self.addItem(item, ignoreBounds=True)
        self._half.set_line(np.array([0.0, 1.0]), np.array([0.5, 0.5]))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self.setBackground(theme.surface)
        for axis in (self._t, self._d):
            axis.set_theme(theme, tabular(self.font(), scale=TICK_SCALE))
        self._curve.set_pen(QColor(theme.discriminator), 2.0)
        self._half.set_pen(QColor(theme.muted), 1.0, Qt.PenStyle.DashLine)
        self._now.set_colours(QColor(theme.accent), QColor(theme.surface))

    def show_answers(self, answers: NDArray[np.floating] | None, share: float, now: float) -> None:
        """D at evenly spaced t, (n,), and ``now`` at t = ``share``; None shows nothing."""
        if answers is None:
            self._curve.set_line(np.empty(0), np.empty(0))
            self._now.set_points(None)
            self._reach.reset()
            return
        self._curve.set_line(np.linspace(0.0, 1.0, len(answers)), answers.astype(np.float64))
        self._now.set_points(np.array([[share, now]]))
        self._reach.hold(float(np.abs(answers - 0.5).max()))
        self._fit()

    def _fit(self) -> None:
        """½ in the middle; from 0 to 1, or nearer where D stays near ½."""
        half = self._reach.step * (1 + MARGIN)
        self.getViewBox().setRange(xRange=(0.0, 1.0), yRange=(0.5 - half, 0.5 + half), padding=0)

    def points(self) -> NDArray[np.float64]:
        """(1, 2): the present t and D there; (0, 2) where there is none."""
        return self._now.points()
