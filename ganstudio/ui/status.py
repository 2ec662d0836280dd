"""The bar at the bottom: the timeline, how far the run is and how fast it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QWidget

from ganstudio.experiment.experiment import Stop
from ganstudio.messages.snapshot import Progress
from ganstudio.metrics.phases import PHASES, Phases
from ganstudio.ui.engine_button import EngineButton
from ganstudio.ui.phases import NOTHING
from ganstudio.ui.plots.phase_axis import phase_tip
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import Theme
from ganstudio.ui.timeline_bar import TimelineBar
from ganstudio.ui.training_run import RunState

STATES = {
    RunState.STARTING: "starting …",
    RunState.PAUSED: "paused",
    RunState.PLAYING: "training",
    RunState.FAILED: "stopped",
}


def tabular(font: QFont) -> QFont:
    """The font with figures of one width, so that numbers that change do not shake."""
    changed = QFont(font)
    changed.setFeature(QFont.Tag("tnum"), 1)
    return changed


class _Figure(QLabel):
    """A number as wide as it can become."""

    def __init__(self, widest: str, help: str) -> None:
        super().__init__()
        self.setFont(tabular(self.font()))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(widest) + 12)
        self.setToolTip(help)


class StatusBar(QStatusBar):
    """Shows the run; holds nothing but what it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.timeline = TimelineBar()
        self.state = QLabel()
        self.state.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance("starting …") + 12)
        self.phase = QLabel()
        widest = max(QFontMetrics(self.font()).horizontalAdvance(f"phase: {name}") for name in PHASES)
        self.phase.setMinimumWidth(widest + 12)
        self.iteration = _Figure("iteration 0,000,000", "One iteration is k updates of D, then j of G")
        self.rate = _Figure("00,000 it/s", "Iterations a second, over the last second or so of training")
        self.engine = EngineButton()
        self.stop = QProgressBar()
        self.stop.setFixedWidth(150)
        self.stop.setRange(0, 1000)
        self.stop.hide()
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(8)
        layout.addWidget(self.timeline, 1)
        for widget in (self.stop, self.state, self.phase, self.iteration, self.rate, self.engine):
            layout.addWidget(widget)
        self.addWidget(row, 1)
        self._stop = Stop()
        self._progress = Progress()
        self.show_progress(Progress(), 0.0)
        self.show_phases(NOTHING)

    def watch(self, studio: Studio) -> None:
        """Follow the run of a studio from now on."""
        run = studio.run
        run.progressed.connect(self.show_progress)
        run.timeline_changed.connect(lambda: self.timeline.set_snapshots(run.timeline.iterations))
        run.engine_changed.connect(self.engine.show_engine)
        studio.phases.changed.connect(self.show_phases)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme."""
        self.timeline.set_theme(theme)

    def show_state(self, state: RunState) -> None:
        """What the trainer is doing."""
        self.state.setText(STATES[state])
        self.rate.setEnabled(state is RunState.PLAYING)  # of a run that stands still it is what it was

    def show_progress(self, progress: Progress, iterations_per_second: float) -> None:
        """How far, how fast."""
        self._progress = progress
        self.iteration.setText(f"iteration {progress.iteration:,}")
        rate = iterations_per_second
        self.rate.setText(f"{rate:,.0f} it/s" if rate >= 10 or rate == 0 else f"{rate:.1f} it/s")
        self.timeline.set_position(progress.iteration)
        self._show_stop()

    def show_phases(self, phases: Phases) -> None:
        """Name the current phase; its rule is the tooltip."""
        self.phase.setText(f"phase: {phases.current}")
        self.phase.setToolTip(phase_tip(phases))

    def show_stop(self, stop: Stop) -> None:
        """Show a progress bar while there is an end to the run."""
        self._stop = stop
        self._show_stop()

    def _show_stop(self) -> None:
        share, text = _share(self._stop, self._progress)
        # Not isVisible(), which is false before the window is shown.
        if self.stop.isHidden() is not (share is None):
            self.stop.setVisible(share is not None)
        if share is not None:
            self.stop.setValue(round(1000 * min(share, 1.0)))
            self.stop.setFormat(text)


def _share(stop: Stop, progress: Progress) -> tuple[float | None, str]:
    """How far a run is on its way to the condition that will hold first, and that condition in words."""
    shares: list[tuple[float, str]] = []
    if stop.iterations:
        shares.append((progress.iteration / stop.iterations, f"of {stop.iterations:,}"))
    if stop.seconds:
        shares.append((progress.seconds / stop.seconds, f"of {stop.seconds:g} s"))
    if not shares:
        return None, ""
    share, text = max(shares)
    return share, f"{100 * min(share, 1.0):.0f} % {text}"
