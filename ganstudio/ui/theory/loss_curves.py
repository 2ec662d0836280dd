"""The saturating and the non-saturating loss of G, with this batch on both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup, QColor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import Layer
from ganstudio.messages.events import Frame
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Hover, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.gradient_bars import Bar, GradientBars
from ganstudio.ui.theory.panel import TheoryPanel

Floats = NDArray[np.float64]

DRAWN = 200
"""Points on each curve; means are over the whole batch."""
CURVE_POINTS = 241
FARTHEST = 40.0
"""Logits beyond this are drawn here: both losses are straight lines by then."""
HEADER = ("logit", "probability", "saturating_loss", "non_saturating_loss")
WAITING = "Press play (Space) or make a step: this batch's generated samples appear here, on both curves"


@dataclass(frozen=True)
class GeneratorLoss:
    """A loss of G as a function of D's logit a, and its derivative; D = σ(a)."""

    bar: Bar
    loss: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def saturating(logit: Floats) -> Floats:
    """log(1 − D) = −softplus(a), in nats; Goodfellow et al. 2014, equation 1."""
    return -np.logaddexp(0.0, logit)


def non_saturating(logit: Floats) -> Floats:
    """−log D = softplus(−a), in nats; Goodfellow et al. 2014, section 3."""
    return np.logaddexp(0.0, -logit)


def logistic(logit: Floats) -> Floats:
    """D = σ(a), without overflow."""
    return np.exp(-np.logaddexp(0.0, -logit))


LOSSES: dict[str, GeneratorLoss] = {
    loss.bar.name: loss
    for loss in (
        GeneratorLoss(
            Bar("saturating", "log(1 − D)", "saturating", "value", dashed=True),
            saturating,
            lambda logit: -logistic(logit),
        ),
        GeneratorLoss(
            Bar("non_saturating", "−log D", "non-saturating", "generator"),
            non_saturating,
            lambda logit: -logistic(-logit),
        ),
    )
}


@dataclass(frozen=True)
class Axis:
    """What the x axis shows: its name, what is on its button, and how it follows from the logit."""

    name: str
    button: str
    of_logit: Callable[[Floats], Floats]


AXES: dict[str, Axis] = {
    "probability": Axis("D(G(z)) as a probability", "D(G(z))", logistic),
    "logit": Axis("D's output before σ (logit)", "logit", lambda logit: logit),
}


class LossCurvesPanel(TheoryPanel):
    """log(1 − D) and −log D over what D says of generated samples, and the gradient that each gives."""

    x_axis: ClassVar[str] = AXES["logit"].name
    y_axis: ClassVar[str] = "loss of G (nats)"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._logits: Floats = np.empty(0)
        self._used = "non_saturating"
        self._axis = "logit"
        self._x_range = StableRange(smallest=8.0)
        self._y_range = StableRange(smallest=8.0)
        self._curves = {name: pg.PlotCurveItem(skipFiniteCheck=True, antialias=True) for name in LOSSES}
        self._dots = {name: pg.ScatterPlotItem(size=6, pxMode=True) for name in LOSSES}
        for item in (*self._curves.values(), *self._dots.values()):
            self.plot.addItem(item)

        self.bars = GradientBars([loss.bar for loss in LOSSES.values()], theme)
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(2)
        caption = QLabel("mean gradient in the logit")
        caption.setProperty("role", "muted")
        row.addWidget(caption, 1)
        row.addWidget(QLabel("x:"))
        for name, axis in AXES.items():
            button = QToolButton()
            button.setText(axis.button)
            button.setCheckable(True)
            button.setFixedHeight(button.fontMetrics().height() + 2)
            button.setStyleSheet("padding: 0 4px;")
            button.setChecked(name == self._axis)
            button.setToolTip(f"Draw over {axis.name}")
            button.clicked.connect(lambda _checked, name=name: self.set_axis(name))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[name] = button
        self.above.column.addLayout(row)
        self.above.column.addWidget(self.bars)
        self.below.hide()
        self.set_theme(theme)
        self.clear()

    @property
    def axis(self) -> str:
        """What the x axis shows: a key of ``AXES``."""
        return self._axis

    def set_axis(self, name: str) -> None:
        """Draw over this key of ``AXES``."""
        self._axis = name
        self.buttons[name].setChecked(True)
        self._x.set_name(AXES[name].name)
        self._x_range.reset()
        self._redraw()

    def wanted_layers(self) -> tuple[Layer, ...]:
        """D's outputs."""
        return ("outputs",) if self._classifies else ()

    def show_experiment(self, experiment: Experiment) -> None:
        """Which of the two losses G minimises, if it is one of them."""
        super().show_experiment(experiment)
        self._used = "saturating" if experiment.objective.saturates else "non_saturating"
        self._redraw()

    def show_frame(self, frame: Frame) -> None:
        """Put the batch on the curves."""
        if frame.outputs is not None:
            self._logits = frame.outputs.generated.astype(np.float64)
            self._redraw()

    def clear(self) -> None:
        """No batch has been seen."""
        self._logits = np.empty(0)
        self._x_range.reset()
        self._y_range.reset()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        dot = QColor(theme.generated)
        dot.setAlphaF(0.55)
        for name, loss in LOSSES.items():
            style = Qt.PenStyle.DashLine if loss.bar.dashed else Qt.PenStyle.SolidLine
            self._curves[name].setPen(pg.mkPen(getattr(theme, loss.bar.colour), width=2, style=style))
            self._dots[name].setBrush(dot)
            self._dots[name].setPen(pg.mkPen(None))
        self.bars.set_theme(theme)
        super().set_theme(theme)

    def table(self) -> Table:
        """The batch: D's logits and probabilities, and both losses."""
        logits = self._logits
        return HEADER, np.stack((logits, logistic(logits), saturating(logits), non_saturating(logits)), axis=1)

    def mean_gradients(self) -> dict[str, float]:
        """The mean size of each loss's derivative in the logit over the batch, by the loss's name; 0 to 1."""
        return {name: float(np.abs(loss.slope(self._logits)).mean()) for name, loss in LOSSES.items()}

    # inside

    def _redraw(self) -> None:
        nothing = self._not_a_probability("these two losses are not defined")
        logits = np.clip(self._logits, -FARTHEST, FARTHEST)
        self._set_empty(nothing or ("" if len(logits) else WAITING))
        self.above.setVisible(not nothing)
        drawn = len(logits) > 0 and not nothing
        for item in (*self._curves.values(), *self._dots.values()):
            item.setVisible(drawn)
        if drawn:
            self._draw(logits)
            self.bars.show_values(self.mean_gradients(), self._used)
        else:
            self.bars.show_values({}, self._used)
        self._update_hover()

    def _draw(self, logits: Floats) -> None:
        low, high = min(-4.0, float(logits.min())), max(4.0, float(logits.max()))
        if self._axis == "logit":
            low, high = self._x_range.fit(low, high)
        else:
            low, high = low - 3.0, high + 3.0  # so that the curves go on beyond the outermost points
        along = np.linspace(low, high, CURVE_POINTS)
        of_logit = AXES[self._axis].of_logit
        shown = logits[np.linspace(0, len(logits) - 1, min(DRAWN, len(logits))).round().astype(np.int64)]
        ends = [0.0]
        for name, loss in LOSSES.items():
            self._curves[name].setData(of_logit(along), loss.loss(along))
            self._dots[name].setData(x=of_logit(shown), y=loss.loss(shown))
            ends += [float(loss.loss(logits).min()), float(loss.loss(logits).max())]
        x_range = (low, high) if self._axis == "logit" else (-0.02, 1.02)
        self.view.setRange(xRange=x_range, yRange=self._y_range.fit(min(ends), max(ends)), padding=0)

    def _fill_menu(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for name, axis in AXES.items():
            action = menu.addAction(f"Draw over {axis.name}")
            action.setCheckable(True)
            action.setChecked(name == self._axis)
            action.triggered.connect(lambda _checked=False, name=name: self.set_axis(name))
            group.addAction(action)

    def _latest(self) -> tuple[Readout, ...]:
        if len(self._logits) == 0 or not self._classifies:
            return ()
        return (Readout("mean D(G(z))", figure(float(logistic(self._logits).mean())), "generated", short="D(G(z))"),)

    def _hovered(self, x: float) -> Hover | None:
        if len(self._logits) == 0 or not self._classifies:
            return None
        if self._axis == "probability":
            x = min(max(x, 1e-6), 1 - 1e-6)
        logit = np.array([x if self._axis == "logit" else np.log(x) - np.log1p(-x)])
        readouts, marks = [], []
        for loss in LOSSES.values():
            value, slope = float(loss.loss(logit)[0]), float(abs(loss.slope(logit)[0]))
            readouts.append(
                Readout(loss.bar.formula, f"{figure(value)}, slope {figure(slope)}", loss.bar.colour, short="")
            )
            marks.append((value, loss.bar.colour))
        return Hover(x, f"D = {float(logistic(logit)[0]):.3f}", tuple(readouts), tuple(marks))
