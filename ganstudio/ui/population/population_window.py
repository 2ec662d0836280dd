"""The window in which the experiment is trained many times at once."""

from __future__ import annotations

import math

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.population import PopulationSpec
from ganstudio.ui.background import Background
from ganstudio.ui.plots.figures import figure
from ganstudio.ui.plots.header import tabular
from ganstudio.ui.population.board import Board
from ganstudio.ui.population.choice import PopulationChoice
from ganstudio.ui.population.measures import median
from ganstudio.ui.population.population_run import PopulationRun
from ganstudio.ui.population.small_stage import STAGES
from ganstudio.ui.population.taking_away import PopulationExport
from ganstudio.ui.side_window import Means, SideWindow, Words
from ganstudio.ui.theme import Theme
from ganstudio.ui.training_run import RunState

WIDTH, HEIGHT = 1240, 680
EMPTY = (
    "One run can be luck. Here the experiment of the window is trained many times at once: from other seeds, or with "
    "every combination of the values of two settings.\n\n"
    "Choose above and press Start. Each member appears here as a small stage with its JSD, and all their curves beside "
    "it. Click a member to take its settings into the window. The run in the window is left alone."
)


class PopulationWindow(SideWindow):
    """Asks what to train, and shows it."""

    words = Words(
        "Population",
        EMPTY,
        280,
        play="Train all members, or pause them",
        again="Train what is chosen now, with the settings and the target as they are in the window",
        export="The grid as PNG, SVG or PDF, or every estimate of every member's JSD as CSV",
    )

    def __init__(self, means: Means, parent: QWidget | None = None) -> None:
        super().__init__(means, parent)
        self.run: PopulationRun | None = None
        self.board: Board | None = None
        self._based_on: Experiment | None = None
        self._trained: PopulationSpec | None = None
        self._chosen: PopulationSpec | None = None
        self._said = ""
        self.choice = PopulationChoice(self._studio.experiment)
        self.choice.changed.connect(self._on_choice)
        self._exporting = PopulationExport(self._settings, Background(self), self)
        self._exporting.said.connect(self._say)
        self._build()
        self._studio.experiment_changed.connect(self._on_experiment)
        self.set_theme(self._theme)
        self._on_choice()
        self.resize(WIDTH, HEIGHT)

    def _build(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self.choice)
        self._column.addLayout(self._buttons())
        self._column.addWidget(self._empty, 1)

    def toggle(self) -> None:
        """Start, pause, or go on."""
        if self.run is None:
            self.begin()
        elif self.run.wants_to_play:
            self.run.pause()
        elif not self.run.is_over:
            self.run.choose_engine(self._settings.engine)
            self.run.play()

    def begin(self) -> None:
        """Train what is chosen, from the beginning, with the settings and the target as they are now."""
        target = self._studio.target
        spec = self._chosen
        if spec is None or target is None:
            return
        self.clear()
        self._based_on, self._trained, self._said = self._studio.experiment, spec, ""
        points = STAGES[target.dimension].points
        run = self.run = PopulationRun(spec, self._make_trainer, points, self)
        run.is_seen = self._is_seen
        board = self.board = Board(run, target, self._theme)
        board.wanted.connect(self.take)
        board.toggled.connect(self.toggle)
        board.export_requested.connect(self.ask_and_export)
        self._empty.hide()
        self._column.addWidget(board, 1)
        run.state_changed.connect(self._show_state)
        run.progressed.connect(self._show_status)
        run.message.connect(self._say)
        run.choose_engine(self._settings.engine)
        run.begin()

    def begin_to_close(self) -> None:
        """Let the trainer end, without waiting for it."""
        if self.run is not None:
            self.run.begin_to_close()

    def end(self) -> None:
        """End the population there is, its trainer included, within two seconds; wait for what is being written."""
        super().end()
        self._exporting.close()

    def take(self, member: int) -> None:
        """Make the experiment of a member that of the window, as one step that can be undone."""
        if self.run is None or self.board is None or self._based_on is None:
            return
        # When members end and how often they are measured is the population's own.
        own = {"stop": self._based_on.stop, "measure": self._based_on.measure}
        wanted = self.run.spec.members()[member].model_copy(update=own)
        name = self.run.spec.labels()[member]
        if self._studio.take_over(wanted, f"member “{name}”"):
            self._say(
                f"“{name}” is in the window now, and begins there from the start; Undo brings back what was there."
            )
        else:
            self._say(f"The window has the settings of “{name}” already.")

    def ask_and_export(self) -> None:
        """Ask for a file, and write the grid or what was measured."""
        if self.run is not None and self.board is not None:
            self._exporting.ask(self.run, self.board)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        self.status.setFont(tabular(self.font(), scale=0.95))
        if self.board is not None:
            self.board.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is offered."""
        super().showEvent(event)
        if self.run is None:
            self._on_experiment()
        else:
            self.run.look_again()

    def clear(self) -> None:
        """End the population there is, its trainer included, within two seconds."""
        run, self.run = self.run, None
        board, self.board = self.board, None
        if run is None or board is None:
            return
        run.close()
        self._column.removeWidget(board)
        board.hide()
        board.deleteLater()
        run.deleteLater()
        self._trained = self._based_on = None
        self._empty.show()
        self._show_state()

    # -- inside --------------------------------------------------------------------------------------------------

    def _on_experiment(self, *_: Experiment) -> None:
        if self.isVisible():
            self.choice.show_experiment(self._studio.experiment)
            self._on_choice()

    def _on_choice(self) -> None:
        try:
            self._chosen = self.choice.spec()
        except UserError:
            self._chosen = None  # the reason stands beside the choice
        self._said = ""
        self._show_state()

    def _say(self, text: str) -> None:
        self._said = text
        self._show_status()

    def _show_state(self, *_: object) -> None:
        """Let buttons and status say what can be done now, and how far it is."""
        run = self.run
        can_begin = self._chosen is not None and self._studio.target is not None
        self.play.setText("Start" if run is None else "Pause" if run.wants_to_play else "Go on")
        self.play.setEnabled(can_begin if run is None else not run.is_over)
        self.again.setEnabled(run is not None and can_begin)
        self.export.setEnabled(run is not None)
        self._show_status()

    def _show_status(self, *_: object) -> None:
        self.status.set_text(self._status())

    def _status(self) -> str:
        run, chosen = self.run, self._chosen
        if run is None:
            if self._studio.target is None:
                return f"There is nothing to train on yet: {self._studio.target_fault}."
            return f"{_size(chosen)} on {type(self._studio.experiment.target).title}" if chosen else ""
        doing = {RunState.STARTING: "starting …", RunState.FAILED: "stopped", RunState.PAUSED: "paused"}
        parts = [f"iteration {run.progress.iteration:,}"]
        parts.append(doing.get(run.state) or f"{_rate(run.rate)} iterations/s of all {run.spec.count} members")
        if run.state is RunState.PLAYING and run.engine != "eager":
            parts.append(run.engine)
        middle = float(median(run.measures.last[None])[0])
        if math.isfinite(middle):
            parts.append(f"median JSD {figure(middle)} at iteration {run.measures.iteration:,}")
        if run.broken_by:
            parts.append(f"{len(run.broken_by)} diverged")
        if self._said:
            parts.append(self._said)
        elif chosen is not None and chosen != self._trained:
            parts.append(f"begin again to train {_size(chosen)} with the settings as they are now")
        return " · ".join(parts)


def _size(spec: PopulationSpec) -> str:
    rows, columns = spec.shape
    return f"{spec.count} members" if spec.rows is None and spec.columns is None else f"{rows} × {columns} members"


def _rate(iterations_per_second: float) -> str:
    return f"{iterations_per_second:,.0f}" if iterations_per_second >= 10 else f"{iterations_per_second:.1f}"
