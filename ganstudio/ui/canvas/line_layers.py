"""The layers of a 1-D target as graphics items: densities over x, D on an axis of its own, and what lies below 0.

All of figure 1 of Goodfellow et al. 2014, live: p_data, p_g, D and D* as curves, and below 0 a strip for what has no
density: the generated samples themselves, the gradients that move them, and the map z → x as lines from an axis of z.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from ganstudio.messages.events import Field, Frame
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.ui.canvas.curve_labels import CurveLabels
from ganstudio.ui.canvas.density import DensityGrid, looking_samples
from ganstudio.ui.canvas.items import Cloud, Lines, StageItem
from ganstudio.ui.canvas.latent_axis import LatentAxis
from ganstudio.ui.canvas.layers import LayerState
from ganstudio.ui.canvas.line_strip import ABOVE, Strip, strip_of
from ganstudio.ui.canvas.optimal import Optimal
from ganstudio.ui.canvas.polylines import Floats, cell_centres, flat_arrows
from ganstudio.ui.theme import Theme

HISTOGRAM_SAMPLES = 20_000
BINS = 60
ARROW_LENGTH = 0.04  # of the extent
HEAD = 0.01  # half the width of the longest arrow's head, in heights of the density


class LineLayers:
    """Items over one plot of densities, and over a second view (0 to 1) for D."""

    def __init__(self, plot: pg.PlotItem, probability: pg.ViewBox) -> None:
        self.real = Lines(-20)
        self.density = Lines(-5)
        self.generated = Lines(0)
        self.rug = Cloud(1, diameter=5.0, halo=0.0)
        self.gradients = Lines(2)
        self.latent_axis = LatentAxis(plot)
        self.labels = CurveLabels(plot, probability)
        self.field = Lines(5)
        self.contour = Lines(4)
        self.optimal = Lines(3)
        self.difference = Lines(2)
        self._items: dict[str, StageItem] = {
            "real": self.real,
            "density": self.density,
            "generated": self.generated,
            "gradients": self.gradients,
            "latent_grid": self.latent_axis.lines,
            "field": self.field,
            "optimal": self.optimal,
            "difference": self.difference,
            "contour": self.contour,
        }
        for item in (self.real, self.density, self.generated, self.rug, self.gradients):
            plot.addItem(item, ignoreBounds=True)
        for item in (self.field, self.contour, self.optimal, self.difference):
            probability.addItem(item, ignoreBounds=True)
        self._optimum = Optimal()
        self._span = (0.0, 1.0)
        self._top = 1.0
        self._strip = strip_of(())
        self._shown: set[str] = set()
        self._has_batch = False
        self._gradients: NDArray[np.floating] | None = None
        self._generated: NDArray[np.floating] | None = None
        self._peak = (float("nan"), 0.0)
        self.longest_gradient = float("nan")

    @property
    def items(self) -> Mapping[str, QGraphicsItem]:
        """The item of each layer, by the layer's name."""
        return self._items

    @property
    def strip(self) -> Strip:
        """The rows below 0 for the layers that are shown."""
        return self._strip

    @property
    def peak(self) -> float:
        """How high p_g is at its highest, where it is shown; NaN where there is none to show."""
        return self._peak[0] if self.generated.isVisible() else float("nan")

    @property
    def optimum(self) -> Field | None:
        """The latest D* there is."""
        return self._optimum.field

    def set_theme(self, theme: Theme) -> None:
        """Take over a theme's colours."""
        fill = QColor(theme.real)
        fill.setAlpha(70)
        self.real.set_pen(QColor(0, 0, 0, 0), 0.0, Qt.PenStyle.NoPen, fill=fill)
        self.density.set_pen(QColor(theme.real), 2.0)
        self.generated.set_pen(QColor(theme.generated), 2.0)
        dot = QColor(theme.generated)
        dot.setAlpha(70)  # many dots in one row: where they are dense they add up
        self.rug.set_colours(dot, QColor(0, 0, 0, 0))
        self.gradients.set_pen(QColor(theme.generator), 1.3)
        self.latent_axis.set_theme(theme)
        self.labels.set_theme(theme)
        self.field.set_pen(QColor(theme.discriminator), 2.0)
        self.contour.set_pen(QColor(theme.discriminator), 1.0, Qt.PenStyle.DashLine)
        self.optimal.set_pen(QColor(theme.text), 1.5, Qt.PenStyle.DashLine)
        between = QColor(theme.discriminator)
        between.setAlpha(60)
        self.difference.set_pen(QColor(0, 0, 0, 0), 0.0, Qt.PenStyle.NoPen, fill=between)

    def set_states(self, states: tuple[LayerState, ...]) -> None:
        """Show, hide and fade."""
        for state in states:
            items = (self.generated, self.rug) if state.name == "generated" else (self._items[state.name],)
            for item in items:
                item.setVisible(state.visible)
                item.setOpacity(state.opacity)
            if state.name == "latent_grid":
                self.latent_axis.set_shown(state.visible, state.opacity)
        self._shown = {state.name for state in states if state.visible}
        self.labels.set_visible(self._shown)
        self.make_room(batch=self._has_batch)

    def make_room(self, *, batch: bool) -> None:
        """Leave rows below 0 for the samples of a batch, or none."""
        self._has_batch = batch
        self._strip = strip_of(self._shown | ({"batch"} if batch else set()))
        self._lay_out()

    def set_geometry(self, span: tuple[float, float], top: float) -> None:
        """The extent in x, and the density at the top of the axis as it is shown."""
        if (span, top) != (self._span, self._top):
            self._span, self._top = span, top
            self._lay_out()
        self.contour.set_line(np.array(span) + np.array([-10.0, 10.0]) * (span[1] - span[0]), np.array([0.5, 0.5]))

    def show_target(self, target: TargetDistribution | None, grid: DensityGrid | None) -> None:
        """Histogram and density of a target; None shows none."""
        self.show_samples(target)
        self.show_density(grid)

    def show_samples(self, target: TargetDistribution | None) -> None:
        """The histogram alone."""
        if target is None:
            self.real.set_path(QPainterPath())
        else:
            edges, heights = self._histogram(looking_samples(target, HISTOGRAM_SAMPLES)[:, 0])
            self.real.set_line(np.repeat(edges, 2), np.concatenate(([0.0], np.repeat(heights, 2), [0.0])))

    def show_density(self, grid: DensityGrid | None) -> None:
        """The density alone, as while it is being painted."""
        if grid is None:
            self.density.set_path(QPainterPath())
            self.labels.place_density("density", np.empty(0), None, self._top)
            return
        x, _ = cell_centres(grid.view, 1, grid.values.shape[1])
        self.density.set_line(x, grid.values[0])
        self.labels.place_density("density", x, grid.values[0], self._top)

    def show_frame(self, frame: Frame | None, view: tuple[float, float, float, float]) -> None:
        """What a frame holds; layers that it leaves out keep nothing of an older one."""
        self._show_generated(frame)
        self._show_field(frame)
        self._show_optimum(frame)
        self._gradients = None if frame is None else frame.gradients
        self._show_gradients()
        self.latent_axis.show_map(None if frame is None else frame.latent_map)

    def _lay_out(self) -> None:
        """Put everything below 0 where its row is now."""
        self.latent_axis.set_geometry(self._span, self._top, self._strip)
        self._show_rug()
        self._show_gradients()
        self.labels.show_cut(*self._peak, ABOVE * self._top)

    def _show_generated(self, frame: Frame | None) -> None:
        self._generated = None if frame is None else frame.generated
        self._show_rug()
        line = None if frame is None else frame.generated_line
        if line is None:
            self._peak = (float("nan"), 0.0)
            self.generated.set_path(QPainterPath())
            self.labels.place_density("generated", np.empty(0), None, self._top)
        else:
            x, _ = cell_centres(line.view, 1, line.values.shape[1])
            density = line.values[0].astype(np.float64)
            highest = int(density.argmax())
            self._peak = (float(density[highest]), float(x[highest]))
            self.generated.set_line(x, density)
            self.labels.place_density("generated", x, density, self._top)
        self.labels.show_cut(*self._peak, ABOVE * self._top)

    def _show_rug(self) -> None:
        generated = self._generated
        if generated is None or not len(generated):
            self.rug.set_points(None)
            return
        x = generated[:, 0].astype(np.float64)
        self.rug.set_points(np.column_stack([x, np.full(len(x), self._strip.rug * self._top)]))

    def _show_field(self, frame: Frame | None) -> None:
        if frame is None or frame.field is None:
            self.field.set_path(QPainterPath())
            self.labels.place_probability("field", np.empty(0), None)
            return
        x, _ = cell_centres(frame.field.view, 1, frame.field.values.shape[1])
        self.field.set_line(x, frame.field.values[0])
        self.labels.place_probability("field", x, frame.field.values[0])

    def _show_optimum(self, frame: Frame | None) -> None:
        """D* as a line, and the area between it and D as D was when D* was made."""
        if not self._optimum.take(frame):
            return
        field, discriminator = self._optimum.field, self._optimum.discriminator
        if field is None or discriminator is None:
            self.optimal.set_path(QPainterPath())
            self.difference.set_path(QPainterPath())
            self.labels.place_probability("optimal", np.empty(0), None)
            return
        x, _ = cell_centres(field.view, 1, field.values.shape[1])
        best, now = field.values[0], discriminator.values[0]
        self.optimal.set_line(x, best)
        self.labels.place_probability("optimal", x, best)
        known = np.isfinite(best)
        area = QPainterPath()
        # One area for each stretch over which D* is known.
        for stretch in np.split(np.arange(len(x)), np.flatnonzero(np.diff(known)) + 1):
            if known[stretch[0]] and len(stretch) > 1:
                along = np.concatenate((x[stretch], x[stretch][::-1]))
                edge = np.concatenate((best[stretch], now[stretch][::-1]))
                area.addPolygon(
                    QPolygonF([QPointF(*corner) for corner in zip(along.tolist(), edge.tolist(), strict=True)])
                )
        self.difference.set_path(area)

    def _show_gradients(self) -> None:
        gradients = self._gradients
        if gradients is None or not len(gradients):
            self.gradients.set_path(QPainterPath())
            self.longest_gradient = float("nan")
            return
        at, direction = gradients[:, 0].astype(np.float64), gradients[:, 1].astype(np.float64)
        self.longest_gradient = float(np.nanmax(np.abs(direction)))
        length = ARROW_LENGTH * (self._span[1] - self._span[0])
        # Rows by turns, so that neighbours do not hide each other.
        row = (self._strip.arrows + self._strip.arrow_step * (np.arange(len(at)) % 4)) * self._top
        drawn = flat_arrows(at, direction, row, length, HEAD * self._top)
        self.gradients.set_line(drawn.x, drawn.y)

    def _histogram(self, x: Floats) -> tuple[Floats, Floats]:
        """Edges (BINS + 1,) and densities (BINS,) over the extent; what lies outside counts in the total."""
        counts, edges = np.histogram(x, bins=BINS, range=self._span)
        return edges, counts / (max(len(x), 1) * (edges[1] - edges[0]))
