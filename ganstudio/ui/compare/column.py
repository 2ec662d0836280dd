"""One column of a comparison: the cloud of one run, its JSD, and its coverage where the target has modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.messages.events import Frame
from ganstudio.ui.compare.cloud import CloudPlot
from ganstudio.ui.compare.comparison import Comparison, Lane
from ganstudio.ui.forms.tooltip import plain_tooltip
from ganstudio.ui.panels.section import ElidedLabel
from ganstudio.ui.plots import PLOTS
from ganstudio.ui.plots.coverage import CoveragePlot
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.plots.jsd import BOTTOM, TOP, JsdPlot
from ganstudio.ui.theme import Theme
from ganstudio.ui.training_run import RunState

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

CURVE_HEIGHT = 150
NARROWEST = 220


class ComparedJsd(JsdPlot):
    """The JSD over the same iterations, and between the same bounds, as in every other column."""

    waiting = "How far it is from the target, measured now and then"
    reach = 100.0

    def show_reach(self, reach: float) -> None:
        """Let the axis of iterations end there."""
        self.reach = reach
        self._fit()

    def _fit(self) -> None:
        super()._fit()
        if self.logarithmic:
            self.view.setXRange(0.0, self.reach, padding=0)
        else:
            self.view.setRange(xRange=(0.0, self.reach), yRange=(BOTTOM, TOP), padding=0)


class ComparedCoverage(CoveragePlot):
    """The coverage of one of several; what starts it stands elsewhere."""

    def _set_empty(self, text: str) -> None:
        super()._set_empty("The share of its samples at each mode" if text else "")


class Column(QWidget):
    """Shows a lane; it changes nothing."""

    export_requested = Signal()

    def __init__(self, lane: Lane, comparison: Comparison, target: TargetDistribution, theme: Theme) -> None:
        super().__init__()
        self._comparison = comparison
        contender = lane.contender
        self.lane = lane
        self.title = QLabel(contender.title)
        self.title.setProperty("role", "title")
        self.title.setToolTip(plain_tooltip(contender.title, contender.why))
        self.state = ElidedLabel(Qt.AlignmentFlag.AlignLeft)
        self.state.setProperty("role", "muted")
        self.cloud = CloudPlot(contender.title, target, contender.experiment.seed, theme)
        self.jsd = ComparedJsd(PLOTS["jsd"], theme)
        self.coverage = ComparedCoverage(PLOTS["coverage"], theme) if target.modes is not None else None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (self.title, self.state):
            column.addWidget(widget)
        column.addWidget(self.cloud, 1)
        for panel in (self.jsd, self.coverage):
            if panel is not None:
                panel.setFixedHeight(CURVE_HEIGHT)
                panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                panel.setMinimumWidth(NARROWEST)
                panel.export_requested.connect(lambda _: self.export_requested.emit())
                panel.show_experiment(contender.experiment)
                panel.show_target(target)
                column.addWidget(panel)
        lane.run.frame_arrived.connect(self._on_frame)
        lane.run.history_changed.connect(self._show_history)
        lane.run.progressed.connect(self._show_state)
        lane.run.state_changed.connect(self._show_state)
        lane.changed.connect(self._show_state)
        comparison.changed.connect(self._show_state)
        self.set_theme(theme)
        self._show_state()

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self.state.setFont(tabular(self.font(), scale=0.95))
        self.cloud.set_theme(theme)
        self.jsd.set_theme(theme)
        if self.coverage is not None:
            self.coverage.set_theme(theme)

    def _on_frame(self, frame: Frame) -> None:
        self.cloud.show_frame(frame)
        if self.coverage is not None:
            self.coverage.show_frame(frame)

    def _show_history(self) -> None:
        self.jsd.show_measuring(self.lane.run.measuring)
        self.jsd.show_history(self.lane.run.history)

    def _show_state(self, *_: object) -> None:
        run = self.lane.run
        where = f"iteration {run.progress.iteration:,} · {run.progress.seconds:.1f} s"
        doing = "training" if self._comparison.is_playing else "paused"  # whoseever turn it is at this moment
        if run.state is RunState.STARTING:
            doing = "starting …"
        self.state.set_text(f"{where} · {self.lane.verdict or doing}")
