"""How well networks of several widths and depths represent the optimal discriminator of a fixed pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.messages.approximation import Approximation
from ganstudio.messages.commands import Approximate
from ganstudio.messages.events import Approximated
from ganstudio.ui.forms.choice_box import ChoiceBox, Option
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.axes import PlotAxis
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Hover, Reference, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.approximation_settings import ApproximationSettings
from ganstudio.ui.theory.divergence_tools import ButtonRow
from ganstudio.ui.theory.fit_pictures import FitPictures
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.training_run import RunState

if TYPE_CHECKING:
    from ganstudio.experiment import Experiment
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

Floats = NDArray[np.float64]

WAITING = "Press Fit: how far each network stays off D* appears here, by its width and depth"
LEAST = 1e-7
"""The lowest error that is drawn; below it lies the rounding of single precision."""
ROOM_FOR_PLOT = 440
STYLES = (Qt.PenStyle.DotLine, Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine)


@dataclass(frozen=True)
class Measure:
    """One of the errors: its title, its name on the axis, and what it means."""

    title: str
    axis: str
    help: str


MEASURES: tuple[Measure, ...] = (
    Measure("L2 error", "√E (D − D*)²", "The root of the mean squared error at 8,192 held-out points of (p + q)/2"),
    Measure("Largest error", "max |D − D*|", "The largest error at 8,192 held-out points of (p + q)/2"),
    Measure(
        "V lost", "V(D*) − V(D) (nats)", "How much less V is than D* would reach: 2 E KL(D* ‖ D), at held-out points"
    ),
)
VIEWS = {
    "width": ("By width", "The error after the last iteration over the width, a line for each depth"),
    "iteration": ("By iteration", "The error as it falls, a line for each width of the depth that is looked at"),
}


class _FitAxis(PlotAxis):
    """Iterations, or powers of ten with a tick at each width alone."""

    def __init__(self) -> None:
        super().__init__("bottom", "width (units a layer)")
        self._widths: tuple[int, ...] = ()

    def show_widths(self, widths: tuple[int, ...]) -> None:
        """Ticks at these, on a logarithmic axis; none for iterations."""
        self._widths = widths
        self.set_name("width (units a layer)" if widths else "iteration")
        self._redraw()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        if not self._widths:
            return super().tickValues(minVal, maxVal, size)
        return [(1.0, [math.log10(width) for width in self._widths])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if not self._widths:
            return super().tickStrings(values, scale, spacing)
        return [f"{10**value:.0f}" for value in values]


class ApproximationPanel(TheoryPanel):
    """D* and what each network makes of it, and its error by width, depth and iteration."""

    fit_requested = Signal(object)  # Approximate
    stop_requested = Signal()

    x_axis: ClassVar[str] = "width (units a layer)"
    y_axis: ClassVar[str] = MEASURES[0].axis
    gutter = True

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._approximation = Approximation()
        self._event: Approximated | None = None
        self._request = 0
        self._is_running = False
        self._selected = 8
        self._measure = 0
        self._by = "width"
        self._range = StableRange(smallest=1.0, patience=5)
        self._curves = [pg.PlotDataItem(antialias=True) for _ in range(8)]
        self._chosen = pg.ScatterPlotItem(size=11, brush=None)
        for item in (*self._curves, self._chosen):
            self.plot.addItem(item)
        self._logarithmic = True
        self._y.set_decades(True)

        self.settings = ApproximationSettings()
        self.pictures = FitPictures(theme)
        self.above.column.addWidget(self.settings)
        self.above.column.addWidget(self.pictures)
        self.above.column.addStretch(1)
        self.views = ButtonRow(VIEWS, self.set_view)
        self.measure = ChoiceBox([Option(str(at), one.title, one.help) for at, one in enumerate(MEASURES)])
        self.measure.setAccessibleName("Error")
        self.measure.setToolTip("Which error is drawn")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.views, 1)
        row.addWidget(self.measure, 1)
        self.below.column.addLayout(row)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  # PlotPanel made it
        column.insertWidget(column.indexOf(self.plot), self.below)
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.plot.setMinimumHeight(110)

        self.settings.approximation_requested.connect(self.set_approximation)
        self.settings.fit_requested.connect(self.fit)
        self.settings.stop_requested.connect(self.stop)
        self.pictures.chosen.connect(self.select)
        self.measure.entered.connect(lambda at: self.set_measure(int(at)))
        self.settings.show_approximation(self._approximation)
        self.set_theme(theme)
        self.set_view("width")

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Let the trainer fit; two gaussians need no run for it."""
        run = studio.run
        self.fit_requested.connect(run.asides.approximate)
        self.stop_requested.connect(run.asides.stop_approximating)
        run.asides.approximated.connect(self.show_approximated)
        run.state_changed.connect(self._on_state)
        run.failed.connect(lambda _event: self._set_running(False))
        self._on_state(run.state)

    @property
    def approximation(self) -> Approximation:
        """What is fitted, or would be."""
        return self._approximation

    @property
    def is_running(self) -> bool:
        """Whether a fit is going on."""
        return self._is_running

    @property
    def selected(self) -> int:
        """The number of the network that is looked at."""
        return self._selected

    def set_approximation(self, approximation: Approximation) -> None:
        """Fit this from now on; one that is going on begins anew."""
        self._approximation = approximation
        self.settings.show_approximation(approximation)
        if self._is_running:
            self.fit()
        elif self._event is None:
            self._selected = min(self._selected, len(approximation.shapes) - 1)
            self._redraw()

    def fit(self) -> None:
        """Have the trainer fit all networks."""
        self._request += 1
        self._set_running(True)
        self.fit_requested.emit(Approximate(self._approximation, self._request))

    def stop(self) -> None:
        """End a fit here; what the trainer says last is still shown."""
        self._set_running(False)
        self.stop_requested.emit()

    def show_approximated(self, event: Approximated) -> None:
        """Draw how far it has come, if it is what was asked for last."""
        if event.request != self._request:
            return
        if self._event is None or event.request != self._event.request:
            self._range.reset()
        self._event = event
        self._selected = min(self._selected, len(event.parameters) - 1)
        self._set_running(not event.finished)
        self._redraw()

    def select(self, number: int) -> None:
        """Look at this network."""
        self._selected = number
        self._redraw()

    def set_view(self, name: str) -> None:
        """Draw errors by this key of ``VIEWS``."""
        self._by = name
        self.views.show_value(name)
        self._redraw()

    def set_measure(self, number: int) -> None:
        """Draw this one of ``MEASURES``."""
        self._measure = number
        self.measure.show_value(str(number))
        self._y.set_name(MEASURES[number].axis)
        self._range.reset()
        self._redraw()

    def clear(self) -> None:
        """Another run: a fit stays what it was."""

    def show_experiment(self, experiment: Experiment) -> None:
        """It is fitted whatever the objective."""

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        self._chosen.setPen(pg.mkPen(theme.accent, width=2))
        self.pictures.set_theme(theme)
        super().set_theme(theme)
        self._redraw()

    def table(self) -> Table:
        """Every reading of every network."""
        header = ("iteration", "depth", "width", "parameters", "l2", "sup", "lost_value")
        event = self._event
        if event is None:
            return header, np.empty((0, len(header)))
        rows = [
            (iteration, depth, width, event.parameters[number], *event.errors[at, number])
            for at, iteration in enumerate(event.read_at)
            for number, (depth, width) in enumerate(event.approximation.shapes)
        ]
        return header, np.array(rows, np.float64)

    # -- Qt ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the pictures keep it."""
        super().resizeEvent(event)
        roomy = self.height() >= ROOM_FOR_PLOT
        self.plot.setVisible(roomy)
        self.below.setVisible(roomy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on the curves looks at the nearest network."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            at = self.plot.mapToScene(event.position().toPoint())
            if event.button() == Qt.MouseButton.LeftButton and self._event is not None and self._by == "width":
                point = self.view.mapSceneToView(at)
                across, along = (abs(float(size)) for size in self.view.viewPixelSize())
                logs = np.log10(np.maximum(self._event.errors[-1, :, self._measure], LEAST))
                widths = np.log10([width for _, width in self._event.approximation.shapes])
                self.select(int(np.nanargmin(np.hypot((widths - point.x()) / across, (logs - point.y()) / along))))
                return True
        return super().eventFilter(watched, event)

    def _bottom_axis(self) -> PlotAxis:
        self._widths_axis = _FitAxis()
        return self._widths_axis

    # -- inside --------------------------------------------------------------------------------------------------

    def _on_state(self, state: RunState) -> None:
        if state is RunState.FAILED:
            self._set_running(False)

    def _set_running(self, is_running: bool) -> None:
        self._is_running = is_running
        self.settings.show_running(is_running)
        self._update_hover()

    def _redraw(self) -> None:
        event = self._event
        shown = self._approximation if event is None else event.approximation
        self.pictures.show_fits(shown, event, self._selected)
        self._widths_axis.show_widths(shown.widths if self._by == "width" else ())
        self._set_empty("" if event is not None else WAITING)
        for item in (*self._curves, self._chosen):
            item.setVisible(event is not None)
        if event is None:
            widths = np.log10(shown.widths)
            self.view.setRange(xRange=(widths.min() - 0.08, widths.max() + 0.08), yRange=(-3.0, 0.0), padding=0)
        else:
            drawn = self._by_width(event) if self._by == "width" else self._by_iteration(event)
            for at, curve in enumerate(self._curves):
                curve.setVisible(at < len(drawn))
            self._draw(event, drawn)
        self._update_hover()

    def _draw(self, event: Approximated, drawn: list[_Curve]) -> None:
        finite = np.concatenate([one.y[np.isfinite(one.y)] for one in drawn])
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (-3.0, 0.0)
        for curve, one in zip(self._curves, drawn, strict=False):
            curve.setData(one.x, one.y)
            curve.setPen(pg.mkPen(one.colour, width=2, style=one.style))
            curve.setSymbol("o" if one.dotted else None)
            curve.setSymbolSize(6)
            curve.setSymbolBrush(pg.mkBrush(one.colour))
            curve.setSymbolPen(pg.mkPen(None))
        # Named at their ends, in the gutter.
        self.set_references(
            [
                Reference(float(10 ** one.y[-1]), one.name, "muted", line=False)
                for one in drawn
                if len(one.y) and math.isfinite(one.y[-1])
            ]
        )
        widths = np.log10(event.approximation.widths)
        if self._by == "width":
            x_range = (float(widths.min()) - 0.08, float(widths.max()) + 0.08)
            _, width = event.approximation.shapes[self._selected]
            self._chosen.setData([math.log10(width)], [_log(event.errors[-1, self._selected, self._measure])])
        else:
            x_range = (0.0, float(event.approximation.iterations))
            self._chosen.setData([], [])
        self.view.setRange(xRange=x_range, yRange=self._range.fit(low, min(high, 0.5)), padding=0)

    def _by_width(self, event: Approximated) -> list[_Curve]:
        widths, depths = event.approximation.widths, event.approximation.depths
        errors = event.errors[-1, :, self._measure].reshape(len(depths), len(widths))
        x = np.log10(widths)
        return [
            _Curve(
                x,
                np.array([_log(value) for value in row]),
                mixed(self._theme.discriminator, self._theme.surface, 0.5 * (len(depths) - 1 - at) / len(depths)),
                STYLES[max(0, len(STYLES) - len(depths) + at) % len(STYLES)],
                f"{depth} deep",
                dotted=True,
            )
            for at, (depth, row) in enumerate(zip(depths, errors, strict=True))
        ]

    def _by_iteration(self, event: Approximated) -> list[_Curve]:
        widths = event.approximation.widths
        row = self._selected // len(widths)
        return [
            _Curve(
                event.read_at.astype(np.float64),
                np.array([_log(value) for value in event.errors[:, row * len(widths) + at, self._measure]]),
                mixed(self._theme.discriminator, self._theme.surface, 0.75 * (len(widths) - 1 - at) / len(widths)),
                Qt.PenStyle.SolidLine,
                str(width),
                dotted=False,
            )
            for at, width in enumerate(widths)
        ]

    def _latest(self) -> tuple[Readout, ...]:
        event = self._event
        if self._is_running and event is not None and event.request == self._request:
            share = f"{event.iteration:,} / {event.approximation.iterations:,}"
            return (Readout("iteration", share, widest="2,000 / 2,000", short="it."),)
        if self._is_running:
            return (Readout("starting …", "", widest=""),)
        if event is None:
            return ()
        value = float(event.errors[-1, self._selected, self._measure])
        depth, width = event.approximation.shapes[self._selected]
        return (Readout(f"{depth} × {width}: {MEASURES[self._measure].title}", figure(value), short="error"),)

    def _hovered(self, x: float) -> Hover | None:
        event = self._event
        if event is None or self._by != "width":
            return None
        widths = event.approximation.widths
        at = int(np.abs(np.log10(widths) - x).argmin())
        depths = event.approximation.depths
        errors = event.errors[-1, :, self._measure].reshape(len(depths), len(widths))[:, at]
        readouts = tuple(
            Readout(f"{depth} l.", figure(float(value)), short=str(depth))
            for depth, value in zip(depths, errors, strict=True)
        )
        return Hover(math.log10(widths[at]), f"width {widths[at]}", readouts)


@dataclass(frozen=True)
class _Curve:
    """What one line shows: logarithms over x, how it is drawn, and what it is called."""

    x: Floats
    y: Floats
    colour: str
    style: Qt.PenStyle
    name: str
    dotted: bool


def _log(value: float) -> float:
    return math.log10(max(value, LEAST)) if math.isfinite(value) else math.nan
