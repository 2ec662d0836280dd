"""Generated samples over real ones, small; of a target on the line, both densities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy

from ganstudio.messages.events import Frame
from ganstudio.ui.canvas.items import Cloud, Lines
from ganstudio.ui.canvas.region import LINE_CELLS, centres, region
from ganstudio.ui.theme import Theme

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

DOT = 2.6
REAL_POINTS = 1500
FAINT = 0.55


class CloudPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """The same real samples in every column of a comparison, and what one generator makes."""

    def __init__(self, title: str, target: TargetDistribution, seed: int, theme: Theme) -> None:
        super().__init__()
        tip = "Generated samples (orange) over real ones (blue)"
        if target.dimension == 1:
            tip = "The density of the generator (orange) over that of the target (blue)"
        self.setAccessibleName(f"{title}: {tip}")
        self.setToolTip(tip)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        for side in ("left", "bottom"):
            self.hideAxis(side)
        view = self.getViewBox()
        view.disableAutoRange()
        view.setDefaultPadding(0)
        view.setAspectLocked(target.dimension == 2)
        left, right, bottom, top = region(target)
        view.setRange(xRange=(left, right), yRange=(bottom, top), padding=0.02)
        self.real, self.generated = Cloud(1, DOT, 0.3), Cloud(2, DOT, 0.3)
        self.real_line, self.generated_line = Lines(1), Lines(2)
        for item in (self.real, self.generated, self.real_line, self.generated_line):
            self.addItem(item)
        self._show_target(target, seed)
        self.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """What the generator makes now."""
        if frame.generated_line is not None:
            left, right, *_ = frame.generated_line.view
            values = frame.generated_line.values[0]
            self.generated_line.set_line(centres(left, right, len(values)), values)
        elif frame.generated is not None and frame.generated.shape[1] == 2:
            self.generated.set_points(frame.generated)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.setBackground(theme.surface)
        halo = QColor(theme.surface)
        real, faint_halo = QColor(theme.real), QColor(theme.surface)
        real.setAlphaF(FAINT)
        faint_halo.setAlphaF(FAINT)
        self.real.set_colours(real, faint_halo)
        self.generated.set_colours(QColor(theme.generated), halo)
        fill = QColor(theme.real)
        fill.setAlphaF(0.2)
        self.real_line.set_pen(QColor(theme.real), 1.5, fill=fill)
        self.generated_line.set_pen(QColor(theme.generated), 1.8)

    def _show_target(self, target: TargetDistribution, seed: int) -> None:
        if target.dimension == 2:
            self.real.set_points(target.sample(REAL_POINTS, np.random.default_rng(seed)))
            return
        raster = target.density_raster(target.extent, LINE_CELLS)
        if raster is not None:
            x = centres(target.extent.x_min, target.extent.x_max, LINE_CELLS)
            ends = ([x[0], *x, x[-1]], [0.0, *raster[0], 0.0])  # closed, to be filled
            self.real_line.set_line(*(np.asarray(end, np.float64) for end in ends))
