"""Why D* is what it is: what D gains at one point by each answer it could give there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame
from ganstudio.ui.canvas.polylines import interpolated
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import figure, tick
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Hover, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.terms import Term, Terms

if TYPE_CHECKING:
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

Floats = NDArray[np.float64]

STEEPEST = 3.5
"""The axis goes down to the maximum less this many times a + b; the curve goes on to −∞."""
POINTS = np.concatenate(
    (np.geomspace(1e-4, 0.02, 30)[:-1], np.linspace(0.02, 0.98, 161), 1 - np.geomspace(1e-4, 0.02, 30)[-2::-1])
)
HEADER = ("y", "gain")
HOVER_FIRST = "Move the mouse over the stage: what D gains there by each answer y appears here"
WAITING = "Estimating p_g at this point …"
NOTHING_THERE = "Neither real nor generated samples come here: whatever D answers, it gains nothing"

TERMS = (
    Term(
        "a",
        r"a = p_{\mathrm{data}}(x)",
        colour="real",
        tip="The target's density at the point, per (squared) data unit",
    ),
    Term(
        "b",
        r"b = p_{\mathrm{g}}(x)",
        colour="generated",
        tip="The generator's density there, estimated from 8,192 samples",
    ),
    Term("best", r"D^{*}(x) = a/(a + b)", tip="The maximum of the curve: the best answer D could give here"),
    Term("now", r"D(x)", colour="discriminator", tip="What D answers here now"),
)


@dataclass(frozen=True)
class Point:
    """What is known of one point: p_data, p_g (per unit), D* and D there; NaN is not known."""

    a: float
    b: float
    best: float
    now: float

    def gain(self, y: Floats) -> Floats:
        """a log y + b log(1 − y); Goodfellow et al. 2014, proposition 1. 0 · log 0 is 0."""
        rising = self.a * np.log(y) if self.a > 0 else np.zeros_like(y)
        return rising + (self.b * np.log1p(-y) if self.b > 0 else 0.0)


class OptimalPointPanel(TheoryPanel):
    """a log y + b log(1 − y) over y, for the point under the mouse on the stage, with D* and D marked."""

    x_axis: ClassVar[str] = "y, an answer of D (probability)"
    y_axis: ClassVar[str] = "gain (nats × p)"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._at: tuple[float, float] | None = None
        self._frame: Frame | None = None
        self._dimension = 2
        self._y_range = StableRange(patience=8)
        self._curve = pg.PlotCurveItem(skipFiniteCheck=True, antialias=True)
        self._best, self._now = pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90)
        self._ends = pg.ScatterPlotItem(size=9, pxMode=True)
        for item in (self._best, self._now, self._curve, self._ends):
            self.plot.addItem(item)
        self._best.setToolTip("D*: the best answer here")
        self._now.setToolTip("D: the answer now")
        self.where = QLabel()
        self.terms = Terms(TERMS, theme)
        self.where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.where.setProperty("role", "muted")
        self.above.column.addWidget(self.terms)
        self.below.column.addWidget(self.where)
        self.view.setRange(xRange=(0.0, 1.0), padding=0)
        self.set_theme(theme)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Follow the mouse on the stage."""
        stage.input.hovered.connect(self.show_point)

    def wanted_layers(self) -> tuple[Layer, ...]:
        """D and both densities."""
        return ("field", "optimal") if self._classifies else ()

    def show_experiment(self, experiment: Experiment) -> None:
        """The number of coordinates, and whether D is a probability."""
        super().show_experiment(experiment)
        if experiment.target.dimension != self._dimension:
            self._dimension = experiment.target.dimension
            self._at = None
        self._redraw()

    def show_frame(self, frame: Frame) -> None:
        """Read the same point anew."""
        if frame.optimal is not None and frame.field is not None:
            self._frame = frame
            self._redraw()

    def show_point(self, x: float, y: float) -> None:
        """Another point, in data coordinates; for 1-D targets only ``x`` matters."""
        self._at = (x, y)
        if self.isVisible():
            self._redraw()

    def clear(self) -> None:
        """Another run."""
        self._frame = None
        self._y_range.reset()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._curve.setPen(pg.mkPen(theme.value, width=2))
        self._best.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self._now.setPen(pg.mkPen(theme.discriminator, width=1))
        self.terms.set_theme(theme)
        super().set_theme(theme)
        self._redraw()

    def point(self) -> Point | None:
        """What is known of the point; None before anything is."""
        frame, at = self._frame, self._at
        if frame is None or at is None:
            return None
        fields = (frame.target_density, frame.generated_density, frame.field)
        a, b, now = (math.nan if field is None else interpolated(field.values, field.view, *at) for field in fields)
        optimal = frame.optimal
        known = optimal is not None and math.isfinite(_nearest(optimal.values, optimal.view, *at))
        # Of the densities at the point itself: D* of the cells, read between them, would not be their quotient.
        return Point(a, b, a / (a + b) if known and a + b > 0 else math.nan, now)

    def table(self) -> Table:
        """The curve."""
        point = self.point()
        if point is None or not math.isfinite(point.best):
            return HEADER, np.empty((0, 2))
        return HEADER, np.stack((POINTS, point.gain(POINTS)), axis=1)

    # inside

    def _redraw(self) -> None:
        nothing = self._not_a_probability("it does not maximise this")
        point = None if nothing else self.point()
        if self._at is None:
            nothing = nothing or HOVER_FIRST
        elif point is None:
            nothing = nothing or WAITING
        elif not math.isfinite(point.best):
            nothing = nothing or NOTHING_THERE
        self._set_empty(nothing)
        self.above.setVisible(self._classifies)
        self.below.setVisible(self._classifies and self._at is not None)
        for item in (self._curve, self._best, self._now, self._ends):
            item.setVisible(not nothing)
        values = {} if point is None else {"a": point.a, "b": point.b, "best": point.best, "now": point.now}
        self.terms.show_values(values)
        self._show_where(point)
        if point is not None and not nothing:
            self._draw(point)
        self._update_hover()

    def _draw(self, point: Point) -> None:
        self._curve.setData(POINTS, point.gain(POINTS))
        # A D of exactly 0 or 1 is drawn at the end of the curve, which goes on to −∞.
        best, now = (min(max(y, float(POINTS[0])), float(POINTS[-1])) for y in (point.best, point.now))
        self._best.setValue(point.best)
        heights = point.gain(np.array([best, now]))
        top = float(heights[0])
        mass = point.a + point.b
        bottom = top - STEEPEST * mass
        self._ends.setData(
            x=[best, now],
            y=[top, max(float(heights[1]), bottom)],
            brush=[pg.mkBrush(self._theme.surface), pg.mkBrush(self._theme.discriminator)],
            pen=[pg.mkPen(self._theme.value, width=2), pg.mkPen(self._theme.surface, width=1)],
        )
        self._now.setValue(point.now)
        self.view.setRange(yRange=self._y_range.fit(bottom, min(top + 0.15 * mass, 0.1 * mass)), padding=0)

    def _show_where(self, point: Point | None) -> None:
        if self._at is None:
            return
        x, y = (tick(value, 0.01) for value in self._at)
        text = f"at x = {x}" if self._dimension == 1 else f"at x = ({x}, {y})"
        if point is not None and math.isfinite(point.best) and math.isfinite(point.now):
            better, worse = point.gain(np.clip(np.array([point.best, point.now]), 1e-12, 1 - 1e-12))
            text += f"; D is {figure(float(better - worse))} below the maximum"
        self.where.setText(text)

    def _latest(self) -> tuple[Readout, ...]:
        return (Readout("", "a log y + b log(1 − y)"),) if self._classifies else ()

    def _hovered(self, x: float) -> Hover | None:
        point = self.point()
        if point is None or not math.isfinite(point.best) or not self._classifies:
            return None
        y = min(max(x, float(POINTS[0])), float(POINTS[-1]))
        gain = float(point.gain(np.array([y]))[0])
        return Hover(y, f"y = {y:.3f}", (Readout("gain", figure(gain), "value"),), ((gain, "value"),))


def _nearest(values: NDArray[np.floating], view: tuple[float, float, float, float], x: float, y: float) -> float:
    """The value of the cell in which a point lies; NaN outside ``view``."""
    x_min, x_max, y_min, y_max = view
    rows, columns = values.shape
    if not x_min <= x < x_max or (rows > 1 and not y_min <= y < y_max):
        return math.nan
    row = 0 if rows == 1 else min(int((y - y_min) / (y_max - y_min) * rows), rows - 1)
    return float(values[row, min(int((x - x_min) / (x_max - x_min) * columns), columns - 1)])
