"""The window in which recipes are trained side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.ui import file_dialogs
from ganstudio.ui.canvas.region import region
from ganstudio.ui.compare.column import Column
from ganstudio.ui.compare.comparison import LEAST, MOST, Comparison
from ganstudio.ui.compare.contenders import contenders, first_pair
from ganstudio.ui.compare.table import write_measures
from ganstudio.ui.flow_layout import FlowLayout
from ganstudio.ui.forms.tooltip import plain_tooltip
from ganstudio.ui.plots.range import StableRange
from ganstudio.ui.side_window import Means, SideWindow, Words
from ganstudio.ui.theme import Theme

WIDTH, HEIGHT = 1160, 660
EMPTY = (
    f"Choose {LEAST} to {MOST} ways to train and press Start. Each is trained on the target in the window, from the "
    "same seed and on the same samples; its samples, its JSD and its mode coverage appear here side by side. The run "
    "in the window is left alone."
)
TABLES = "Tables (*.csv)"


class CompareWindow(SideWindow):
    """Asks whom to compare, and shows a column for each."""

    words = Words(
        "Compare recipes",
        EMPTY,
        120,
        play="Train all that are chosen, or pause them",
        again="Train those that are chosen now, on the target as it is in the window now",
        export="Write every estimate of the JSD of every run to a CSV file",
    )

    def __init__(self, means: Means, parent: QWidget | None = None, cores: int | None = None) -> None:
        super().__init__(means, parent)
        self._cores = cores
        self._reach = StableRange(low=0.0, smallest=100.0)
        self.comparison: Comparison | None = None
        self.columns: list[Column] = []
        self._compared: Experiment | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self._build()
        self._studio.experiment_changed.connect(self._on_experiment)
        self._show_choice()
        self.resize(WIDTH, HEIGHT)

    def _build(self) -> None:
        choice = FlowLayout(spacing=12)
        chosen = first_pair(self._studio.experiment)
        for name, contender in contenders(self._studio.experiment).items():
            box = self.boxes[name] = QCheckBox(contender.title)
            box.setToolTip(plain_tooltip(contender.title, contender.explain))
            box.setChecked(name in chosen)
            box.toggled.connect(self._show_choice)
            choice.addWidget(box)
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._row.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addLayout(choice)
        column.addLayout(self._buttons())
        column.addLayout(self._row, 1)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names that are ticked, in order."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def toggle(self) -> None:
        """Start, pause, or go on."""
        if self.comparison is None:
            self.begin()
        elif self.comparison.is_playing:
            self.comparison.pause()
        else:
            self.comparison.play()

    def begin(self) -> None:
        """Train those that are chosen, from the beginning, on the target as it is now."""
        experiment, target = self._studio.experiment, self._studio.target
        if target is None or not LEAST <= len(self.chosen) <= MOST:
            return
        self.clear()
        known = contenders(experiment)
        chosen = [known[name] for name in self.chosen]
        comparison = self.comparison = Comparison(chosen, self._make_trainer, self._cores, self)
        self._compared = experiment
        self._reach.reset()
        self._empty.hide()
        for lane in comparison.lanes:
            column = Column(lane, comparison, target, self._theme)
            column.export_requested.connect(self.ask_and_export)
            lane.run.history_changed.connect(partial(self._show_reach, comparison))
            self.columns.append(column)
            self._row.addWidget(column, 1)
        comparison.watch(region(target), self._is_seen)
        comparison.changed.connect(self._show_choice)
        comparison.begin()
        comparison.play()

    def begin_to_close(self) -> None:
        """Let its trainers end, without waiting for it."""
        if self.comparison is not None:
            self.comparison.begin_to_close()

    def clear(self) -> None:
        """End the comparison there is, its trainers included, within two seconds."""
        comparison, self.comparison = self.comparison, None
        if comparison is None:
            return
        comparison.close()
        for column in self.columns:
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        self.columns.clear()
        comparison.deleteLater()
        self._empty.show()
        self._show_choice()

    def ask_and_export(self) -> None:
        """Ask for a file, and write what was measured."""
        if self.comparison is None:
            return
        suggestion = self._settings.folder / "comparison.csv"
        path = file_dialogs.file_to_save(self, "Export the comparison", suggestion, TABLES)
        if path is None:
            return
        self._settings.folder = path.parent
        try:
            write_measures(path, self.comparison.lanes)
        except UserError as error:
            self.status.set_text(str(error))
        else:
            self.status.set_text(f"Written to {path.name}")

    def set_theme(self, theme: Theme) -> None:
        """Take over colours."""
        self._theme = theme
        for column in self.columns:
            column.set_theme(theme)

    def _on_experiment(self, old: Experiment, new: Experiment) -> None:
        if self.isVisible():
            self._show_choice()

    def _show_reach(self, comparison: Comparison) -> None:
        _, reach = self._reach.fit(0.0, float(comparison.reach))
        for column in self.columns:
            if column.jsd.reach != reach:
                column.jsd.show_reach(reach)

    def _show_choice(self) -> None:
        """Let buttons and boxes say what can be done now."""
        comparison, count = self.comparison, len(self.chosen)
        for box in self.boxes.values():
            box.setEnabled(box.isChecked() or count < MOST)
        can_begin = LEAST <= count <= MOST and self._studio.target is not None
        is_playing = comparison is not None and comparison.is_playing
        self.play.setText("Pause" if is_playing else "Go on" if comparison else "Start")
        self.play.setEnabled(can_begin if comparison is None else not comparison.is_over)
        self.again.setEnabled(comparison is not None and can_begin)
        self.export.setEnabled(comparison is not None)
        self.status.set_text(self._said())

    def _said(self) -> str:
        comparison, compared, now = self.comparison, self._compared, self._studio.experiment
        if comparison is None or compared is None:
            if self._studio.target is None:
                return f"There is nothing to train on yet: {self._studio.target_fault}."
            return "" if len(self.chosen) >= LEAST else f"Choose at least {LEAST}."
        said = f"{compared.target.title} · seed {compared.seed}"
        if comparison.takes_turns:
            said += " · there are more runs than cores: they take turns"
        if compared.target is not now.target and compared.target != now.target:
            said += " · the window has another target by now: begin again to compare on it"
        elif self.chosen != tuple(lane.contender.name for lane in comparison.lanes):
            said += " · begin again to compare those that are chosen now"
        return said
