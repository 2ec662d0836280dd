"""The layers of a 2-D target as graphics items: what is shown of the target, and of each frame."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QGraphicsItem

from ganstudio.experiment.painting import Extent
from ganstudio.messages.events import Field, Frame
from ganstudio.targets.canvas import Canvas, Region
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.ui.canvas.density import DensityGrid, looking_samples, shaded, view_of
from ganstudio.ui.canvas.field_contrast import FieldContrast, shares
from ganstudio.ui.canvas.items import Cloud, Lines, Raster
from ganstudio.ui.canvas.layers import LayerState
from ganstudio.ui.canvas.optimal import Optimal, marked, with_gaps
from ganstudio.ui.canvas.polylines import arrows, contour, decided, joined
from ganstudio.ui.theme import Theme, field_lookup_table

REAL_SAMPLES = 2000
ARROW_LENGTH = 0.06
"""Of the longest arrow, as a share of the view's shorter side."""


class PlaneLayers:
    """Items over one plot in data coordinates; each layer is drawn only while it is visible."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._border = Lines(-40)
        plot.addItem(self._border, ignoreBounds=True)
        self.field = Raster(-30)
        self.optimal = Raster(-29)
        self.difference = Raster(-28)
        self.density = Raster(-20)
        self.latent_grid = Lines(-10)
        self.contour = Lines(-5)
        # Real samples stay where they are: larger, they are still seen where generated ones lie on them.
        self.real = Cloud(0, diameter=4.6)
        self.generated = Cloud(5, diameter=3.4)
        self.gradients = Lines(10)
        self._items: dict[str, Raster | Lines | Cloud] = {
            "field": self.field,
            "optimal": self.optimal,
            "difference": self.difference,
            "density": self.density,
            "latent_grid": self.latent_grid,
            "contour": self.contour,
            "real": self.real,
            "generated": self.generated,
            "gradients": self.gradients,
        }
        self._visible: dict[str, bool] = {}
        self._undrawn_density: DensityGrid | None = None
        self._optimum = Optimal()
        self.contrast = FieldContrast()
        self.longest_gradient = float("nan")
        self._drawn: tuple[Field | None, bool] = (None, False)
        for item in self._items.values():
            plot.addItem(item, ignoreBounds=True)

    @property
    def items(self) -> Mapping[str, QGraphicsItem]:
        """The item of each layer, by the layer's name."""
        return self._items

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        surface = QColor(theme.surface)
        self._border.set_pen(QColor(theme.border), 1.0)
        self.field.set_table(field_lookup_table(theme))
        for raster in (self.optimal, self.difference):
            raster.set_table(with_gaps(field_lookup_table(theme)))
        self.density.set_table(shade_table(QColor(theme.density)))
        self.real.set_colours(QColor(theme.real), surface)
        self.generated.set_colours(QColor(theme.generated), surface)
        self.contour.set_pen(QColor(theme.text), 1.0, Qt.PenStyle.SolidLine)
        self.latent_grid.set_pen(QColor(theme.generated), 1.0)
        self.gradients.set_pen(QColor(theme.generator), 1.2)

    def show_extent(self, extent: Extent | None) -> None:
        """The border of what can be painted and of what is measured; None shows none."""
        path = QPainterPath()
        if extent is not None:
            path.addRect(extent.x_min, extent.y_min, extent.width, extent.height)
        self._border.set_path(path)

    def set_states(self, states: tuple[LayerState, ...]) -> None:
        """Show, hide and fade."""
        for state in states:
            self._visible[state.name] = state.visible
            self._items[state.name].setVisible(state.visible)
            self._items[state.name].setOpacity(state.opacity)
        # One field at a time: colours of two would mix into those of neither.
        fields = [name for name in ("difference", "optimal", "field") if self._visible.get(name, False)]
        for name in fields[1:]:
            self._items[name].setVisible(False)
        self._draw_density()

    def show_target(self, target: TargetDistribution | None, grid: DensityGrid | None) -> None:
        """Samples and density of a target; None shows none."""
        self.show_samples(target)
        self.show_density(grid)

    def show_samples(self, target: TargetDistribution | None) -> None:
        """Samples alone; the same random numbers each time, so that they move no more than the target does."""
        self.real.set_points(None if target is None else looking_samples(target, REAL_SAMPLES))

    def show_density(self, grid: DensityGrid | None) -> None:
        """The density alone, as while it is being painted."""
        self._undrawn_density = grid
        if grid is None:
            self.density.show_values(None)
        self._draw_density()

    def _draw_density(self) -> None:
        grid = self._undrawn_density
        if grid is not None and self._visible.get("density", True):  # hidden, it need not even be computed
            self._undrawn_density = None
            self.density.show_values(grid.shades(), grid.view)

    def show_canvas(self, canvas: Canvas, region: Region | None) -> None:
        """The ink of a canvas as density; of a canvas that was shown before, ``region`` alone."""
        self._undrawn_density = None
        if region is None or not self.density.shows(canvas.density.shape):
            self.density.show_values(shaded(canvas.density), view_of(canvas.extent))
        elif not region.is_empty:
            self.density.update_region(*region.slices, shaded(canvas.density[region.slices]))

    def show_frame(self, frame: Frame | None, view: tuple[float, float, float, float]) -> None:
        """What a frame holds; layers that it leaves out keep nothing of an older one."""
        generated = frame.generated if frame is not None else None
        self.generated.set_points(generated)
        field = frame.field if frame is not None else None
        if frame is None:
            self.contrast.reset()
        self._show_field(field)
        self._show_optimum(frame)
        gradients = frame.gradients if frame is not None else None
        drawn = arrows(
            np.empty((0, 4)) if gradients is None else gradients,
            ARROW_LENGTH * min(view[1] - view[0], view[3] - view[2]),
        )
        self.longest_gradient = drawn.longest if gradients is not None else float("nan")
        self.gradients.set_line(drawn.x, drawn.y)
        grid = frame.latent_grid if frame is not None else None
        self.latent_grid.set_line(*joined(np.empty((0, 0, 2)) if grid is None else grid))

    def _show_field(self, field: Field | None) -> None:
        outlined = self._visible.get("contour", True)
        before, self._drawn = self._drawn, (field, outlined)
        if field is None:
            self.field.show_values(None)
            self.contour.set_line(np.empty(0), np.empty(0))
        elif before[0] is not field or before[1] != outlined:  # several frames may show the same field
            self.field.show_values(shares(field.values, self.contrast.fit(field.values)), field.view)
            if outlined:
                self.contour.set_line(*contour(decided(field.values), field.view))

    def _show_optimum(self, frame: Frame | None) -> None:
        if not self._optimum.take(frame):
            return
        optimal, difference = self._optimum.field, self._optimum.difference
        if optimal is None or difference is None:
            self.optimal.show_values(None)
            self.difference.show_values(None)
        else:
            self.optimal.show_values(marked(optimal.values), optimal.view)
            self.difference.show_values(marked((difference.values + 1.0) / 2.0), difference.view)


def shade_table(colour: QColor) -> NDArray[np.uint8]:
    """(256, 4) RGBA: one colour from transparent to nearly opaque."""
    table = np.empty((256, 4), np.uint8)
    table[:, :3] = (colour.red(), colour.green(), colour.blue())
    table[:, 3] = np.linspace(0, 235, 256).round()
    return table
