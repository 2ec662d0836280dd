"""Expectation and sampling: batch means against batch size, and p_z beside its push-forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ganstudio.experiment import Experiment
from ganstudio.messages.commands import SampleOutputs
from ganstudio.messages.events import OutputsSampled
from ganstudio.messages.snapshot import Progress
from ganstudio.ui.canvas.density import view_of
from ganstudio.ui.forms.formula import rich
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.band import Band
from ganstudio.ui.plots.figures import figure, with_spread
from ganstudio.ui.plots.header import Readout
from ganstudio.ui.plots.panel import Hover, Table
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.style import mixed
from ganstudio.ui.theme import Theme
from ganstudio.ui.theory.batch_means import REFERENCE_SHARE, BatchMeans, batch_means
from ganstudio.ui.theory.flow_pictures import FlowData
from ganstudio.ui.theory.loss_parts import classifies, parts
from ganstudio.ui.theory.panel import TheoryPanel
from ganstudio.ui.theory.push_forward import PushForward
from ganstudio.ui.training_run import RunState

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution
    from ganstudio.ui.canvas.stage import Stage
    from ganstudio.ui.studio import Studio

SAMPLES = 12_288
"""Of each kind: a third for the batches, the others for the expectation."""
SECONDS = 2.0
"""The shortest time between two drawings while it trains: each takes some hundredths of a second from it."""
SIDES = ("real", "generated")
LETTERS = {"real": "x", "generated": "z"}
HEADER = ("side", "batch_size", "mean")
RUNNING = (RunState.PAUSED, RunState.PLAYING)
PATIENCE = 3
"""Drawings after which the axis shrinks: they come seldom."""
WAITING = "The means of batches appear here as soon as there is a run"
DRAWN = 400
"""Points of a running mean that are drawn: it goes on in ever smaller steps on this axis."""
ROOM_FOR_PICTURES = 380
"""Height in pixels from which p_z and p_g are drawn."""
WIDE = 2.5
"""Of σ: what is shown around the expectations; means of one or two samples may lie outside."""


class ExpectationPanel(TheoryPanel):
    """For both terms: running mean, means of separate batches, the ±σ/√m band, and the expectation they go to."""

    sampling_requested = Signal(object)  # SampleOutputs

    x_axis: ClassVar[str] = "batch size m"
    y_axis: ClassVar[str] = "mean over the batch"

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(entry, theme, parent)
        self._experiment = Experiment()
        self._view = (-1.0, 1.0, -1.0, 1.0)
        self._event: OutputsSampled | None = None
        self._means: dict[str, BatchMeans] = {}
        self._draw_number = self._request = 0
        self._asked = False
        self._asked_at = 0.0
        self._at: tuple[int, int, int] | None = None
        self._state = RunState.STARTING
        self._is_training: Callable[[], bool] = lambda: False
        self._y_range = StableRange(smallest=0.05, patience=PATIENCE)
        self._build_plot()
        self.push_forward = PushForward(theme)
        self.formula, self.noise = QLabel(), QLabel()
        for label in (self.formula, self.noise):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.noise.setToolTip("σ/√m: a batch twice as exact takes four times as many samples")
        self.button = QPushButton("Draw again")
        self.button.setToolTip("Draw fresh samples, for looking only: the run stays as it is")
        self.button.clicked.connect(self._draw_again)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.count, 1)
        for widget in (self.push_forward, self.formula):
            self.above.column.addWidget(widget)
        self.below.column.addWidget(self.noise)
        self.below.column.addLayout(row)
        self.set_theme(theme)
        self.clear()

    def attach(self, studio: Studio, stage: Stage) -> None:
        """Draw from the run, now and then."""
        run = studio.run
        self._is_training = lambda: run.is_training
        self.sampling_requested.connect(run.sample_outputs)
        run.outputs_sampled.connect(self.show_outputs)
        run.progressed.connect(lambda progress, _rate: self._draw_if_due(progress))
        run.state_changed.connect(lambda state: self._on_state(state, run.progress))
        self._on_state(run.state, run.progress)

    # -- what is shown -------------------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        """The terms are those of the objective."""
        super().show_experiment(experiment)
        if type(experiment.objective) is not type(self._experiment.objective):
            self._y_range.reset()
        self._experiment = experiment
        self._work_out()

    def show_target(self, target: TargetDistribution | None) -> None:
        """Samples are drawn where the target lies."""
        if target is not None:
            self._view = view_of(target.extent)

    def show_outputs(self, event: OutputsSampled) -> None:
        """Fresh samples have come."""
        if event.request == self._request:
            self._asked = False
            self._event = event
            self._work_out()

    def clear(self) -> None:
        """Another run."""
        self._event, self._asked, self._at = None, False, None
        self._y_range.reset()
        self._work_out()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and fonts."""
        super().set_theme(theme)
        self.push_forward.set_theme(theme)
        for side in SIDES:
            colour = getattr(theme, side)
            self._bands[side].set_colour(mixed(colour, theme.surface, 0.8))
            self._running[side].setPen(pg.mkPen(colour, width=2))
            self._levels[side].setPen(pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine))
            dot = QColor(colour)
            dot.setAlphaF(0.55)
            self._dots[side].setBrush(dot)
        self._batch_line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        self._work_out()

    def table(self) -> Table:
        """The means of all batches: side 0 is real, 1 is generated."""
        rows = [
            np.column_stack([np.full(len(found.sizes), float(SIDES.index(side))), found.sizes, found.means])
            for side, found in self._means.items()
        ]
        return HEADER, np.vstack(rows) if rows else np.empty((0, len(HEADER)))

    # -- Qt ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pictures give way to the plot where there is little room."""
        super().resizeEvent(event)
        self.push_forward.setVisible(self.height() >= ROOM_FOR_PICTURES)

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing is drawn before somebody looks."""
        super().showEvent(event)
        self._at = None
        self._asked = False

    def hideEvent(self, event: QHideEvent) -> None:
        """An answer that is on its way is of no use."""
        super().hideEvent(event)
        self._request += 1

    # -- asking --------------------------------------------------------------------------------------------------

    def _draw_if_due(self, progress: Progress) -> None:
        """Once for each place where the run stands, and now and then while it trains."""
        if self._asked or not self.isVisible() or self._state not in RUNNING:
            return
        at = (progress.iteration, progress.discriminator_updates, progress.generator_updates)
        pause = SECONDS if self._is_training() else 0.0
        if at != self._at and time.monotonic() - self._asked_at >= pause:
            self._at = at
            self._ask()

    def _on_state(self, state: RunState, progress: Progress) -> None:
        self._state = state
        self.button.setEnabled(state in RUNNING)
        if state not in RUNNING:
            self._asked, self._at = False, None  # a trainer that died answers no more
        self._draw_if_due(progress)

    def _draw_again(self) -> None:
        self._draw_number += 1
        self._ask()

    def _ask(self) -> None:
        self._asked, self._asked_at = True, time.monotonic()
        self._request += 1
        self.sampling_requested.emit(SampleOutputs(SAMPLES, self._draw_number, self._request))

    # -- drawing -------------------------------------------------------------------------------------------------

    def _build_plot(self) -> None:
        self._x.set_decades(True)
        self._bands = {side: Band() for side in SIDES}
        self._levels = {side: pg.PlotCurveItem() for side in SIDES}
        self._dots = {side: pg.ScatterPlotItem(size=5, pxMode=True, pen=None) for side in SIDES}
        self._running = {side: pg.PlotCurveItem(antialias=True, skipFiniteCheck=True) for side in SIDES}
        self._batch_line = pg.InfiniteLine(angle=90, movable=False)
        self._batch_line.setToolTip("The batch size of the run")
        for side in SIDES:
            for item in (self._bands[side], self._levels[side], self._dots[side], self._running[side]):
                self.plot.addItem(item)
        self.plot.addItem(self._batch_line)

    def _work_out(self) -> None:
        """From D's outputs to the terms of the objective, and their means."""
        of = parts(self._experiment)
        event = self._event
        self._means = {}
        if of is not None and event is not None:
            for side, part in (("real", of.real), ("generated", of.generated)):
                self._means[side] = batch_means(part.of(getattr(event, side).astype(np.float64)))
        if of is None:
            self._set_empty(
                f"“{self._experiment.objective.title}” compares the two sides sample by sample, so its loss is no sum "
                "of two expectations. Choose another objective to see them"
            )
        else:
            self._set_empty("" if self._means else WAITING)
        for item in (*self._bands.values(), *self._levels.values(), *self._dots.values(), *self._running.values()):
            item.setVisible(bool(self._means))
        self._batch_line.setVisible(bool(self._means))
        self._show_texts()
        if event is not None:
            data = FlowData(view=self._view, latents=event.latents, generated=event.samples)
            self.push_forward.show_data(data)
        if self._means:
            self._draw()
        self._update_hover()

    def _show_texts(self) -> None:
        of, theme = parts(self._experiment), self._theme
        self.formula.setVisible(of is not None)
        self.noise.setVisible(bool(self._means))
        self.count.setText(f"E: over {round(SAMPLES * REFERENCE_SHARE):,} others" if self._means else "")
        self.count.setToolTip("The dashed lines are means over samples that no batch has seen")
        if of is None:
            return
        what = "V" if classifies(self._experiment) else "L<sub>D</sub>"
        terms = [f"E<sub>{LETTERS[side]}</sub>[{_of_one(getattr(of, side).formula)}]" for side in SIDES]
        dots = [f'<span style="color:{getattr(theme, side)}">●</span> ' for side in SIDES]
        self.formula.setText(f"{what} = {dots[0]}{terms[0]} + {dots[1]}{terms[1]}")
        if self._means:
            m = self._experiment.training.batch_size
            numbers = [
                f"{dot}{with_spread(found.expectation, found.band(m))}"
                for dot, found in zip(dots, self._means.values(), strict=True)
            ]
            self.noise.setText(f"A batch of {m:,}: {numbers[0]} and {numbers[1]}")

    def _draw(self) -> None:
        for side, found in self._means.items():
            count = len(found.running)
            at = np.unique(np.geomspace(1, count, DRAWN).round().astype(np.int64))
            sizes = np.log10(at)
            spread = found.sigma / np.sqrt(at)
            self._bands[side].set_data(sizes, found.expectation - spread, found.expectation + spread)
            self._levels[side].setData(sizes[[0, -1]], np.full(2, found.expectation))
            self._running[side].setData(sizes, found.running[at - 1])
            self._dots[side].setData(np.log10(found.sizes), found.means)
        self._batch_line.setValue(float(np.log10(self._experiment.training.batch_size)))
        lows = [found.expectation - WIDE * found.sigma for found in self._means.values()]
        highs = [found.expectation + WIDE * found.sigma for found in self._means.values()]
        end = float(np.log10(max(len(found.running) for found in self._means.values())))
        self.view.setRange(xRange=(0.0, end), yRange=self._y_range.fit(min(lows), max(highs)), padding=0)

    def _latest(self) -> tuple[Readout, ...]:
        return tuple(
            Readout(f"E over {LETTERS[side]}", figure(found.expectation), side, short="E")
            for side, found in self._means.items()
        )

    def _hovered(self, x: float) -> Hover | None:
        if not self._means:
            return None
        most = min(len(found.running) for found in self._means.values())
        size = int(np.clip(round(10**x), 1, most))
        readouts = tuple(Readout("±", figure(found.band(size)), side) for side, found in self._means.items())
        marks = tuple((float(found.running[size - 1]), side) for side, found in self._means.items())
        return Hover(float(np.log10(size)), f"m = {size:,}", readouts, marks)


def _of_one(formula: str) -> str:
    """The formula of a term without the number of its sample."""
    return rich(formula.replace("x_i", "x").replace("z_i", "z"))
