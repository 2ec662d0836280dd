"""The latent space as the pad shows it: p_z, the straight lines whose images the stage shows, and the handles."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from ganstudio.experiment.networks import Latent
from ganstudio.gan.priors import prior_density, prior_reach, prior_span
from ganstudio.messages.commands import GRID_LINES
from ganstudio.ui.canvas.items import Cloud, Lines, Raster
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.latent_path import STEPS, LatentPath

Floats = NDArray[np.float64]

CELLS, CELLS_1D = 96, 400
BEYOND = 3.0
"""p_z is drawn over so many reaches: a pad that is wider than high shows more than the square."""
STRONGEST = 0.42
"""Opacity of p_z where it is densest."""


class LatentDomain:
    """Over one plot: two coordinates in the plane, or one with p_z as a curve over it."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._density = Raster(-30)
        self._curve = Lines(-30)
        self._grid = Lines(-20)
        self._way = Lines(0)
        self._start = Cloud(4, diameter=12.0, halo=2.0)
        self._end = Cloud(2, diameter=8.0, halo=4.0)
        self._now = Cloud(3, diameter=7.0, halo=1.5)
        self._names = [pg.TextItem(text, anchor=(-0.35, 1.0)) for text in ("z", "z′")]
        for item in (
            self._density, self._curve, self._grid, self._way, self._start, self._end, self._now, *self._names,
        ):  # fmt: skip
            plot.addItem(item, ignoreBounds=True)
        self.reach = 1.0
        """Half the side of what can be pointed at."""
        self.heights = (0.0, 1.0)
        """On the line: the ends of the axis of p_z."""
        self._axes: tuple[int, ...] = (0, 1)
        self._handles = np.zeros((2, 2))

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        accent, surface = QColor(theme.accent), QColor(theme.surface)
        colour = QColor(theme.muted)
        table = np.empty((256, 4), np.uint8)
        table[:, :3] = (colour.red(), colour.green(), colour.blue())
        table[:, 3] = np.linspace(0, 255 * STRONGEST, 256).round()
        self._density.set_table(table)
        fill = QColor(theme.muted)
        fill.setAlpha(45)
        self._curve.set_pen(QColor(theme.muted), 1.6, fill=fill)
        grid = QColor(theme.generated)
        grid.setAlpha(120)
        self._grid.set_pen(grid, 1.0)
        self._way.set_pen(accent, 1.6, Qt.PenStyle.DashLine)
        self._start.set_colours(accent, surface)
        self._end.set_colours(surface, accent)
        self._now.set_colours(accent, surface)
        for name in self._names:
            name.setColor(QColor(theme.text))

    def show_prior(self, latent: Latent, axes: tuple[int, ...], seed: int) -> None:
        """p_z of these coordinates, and the lines of the latent grid."""
        self._axes = axes
        self.reach = prior_reach(latent, seed)
        span = prior_span(latent, seed)
        if len(axes) == 1:
            self._show_curve(latent, seed)
            self._density.show_values(None)
            self._grid.set_line(np.empty(0), np.empty(0))
            return
        self._curve.set_line(np.empty(0), np.empty(0))
        wide = BEYOND * self.reach
        cells = round(CELLS * BEYOND)
        along = (np.arange(cells) + 0.5) / cells * 2 * wide - wide
        points = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
        density = prior_density(latent, points, axes, seed).reshape(cells, cells)
        self._density.show_values(density / density.max(), (-wide, wide, -wide, wide))
        at = np.linspace(-span, span, GRID_LINES)
        ends = np.tile([-span, span, np.nan], GRID_LINES)
        places = np.repeat(at, 3)
        self._grid.set_line(np.concatenate([ends, places]), np.concatenate([places, ends]))

    def show_path(self, path: LatentPath) -> None:
        """The handles, the point between them, and the way."""
        ends = self._placed(path.shown(np.stack([path.start, path.end])))
        way = self._placed(path.shown(path.at(np.linspace(0.0, 1.0, STEPS))))
        self._handles = ends
        self._way.set_line(way[:, 0], way[:, 1])
        self._start.set_points(ends[:1])
        self._end.set_points(ends[1:])
        now = self._placed(path.shown(path.at(np.array([path.share]))))
        self._now.set_points(now if path.share > 0 else None)
        for name, place in zip(self._names, ends.tolist(), strict=True):
            name.setPos(*place)

    def handles(self) -> Floats:
        """(2, 2): z and z′ in the coordinates of the plot."""
        return self._handles

    def _placed(self, shown: Floats) -> Floats:
        """On the line everything stands on the axis of z."""
        return shown if shown.shape[1] == 2 else np.column_stack([shown[:, 0], np.zeros(len(shown))])

    def _show_curve(self, latent: Latent, seed: int) -> None:
        z = np.linspace(-1.5 * self.reach, 1.5 * self.reach, CELLS_1D)
        density = prior_density(latent, z[:, None], self._axes, seed)
        top = float(density.max())
        self.heights = (-0.12 * top, 1.12 * top)
        self._curve.set_line(z, density)
