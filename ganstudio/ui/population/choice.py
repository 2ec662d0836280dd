"""Which population to train: one recipe over seeds, or a sweep of settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLabel, QRadioButton, QVBoxLayout, QWidget

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.experiment import Stop
from ganstudio.experiment.population import PopulationSpec
from ganstudio.ui.flow_layout import FlowLayout
from ganstudio.ui.forms.editors import HEIGHT
from ganstudio.ui.forms.tooltip import plain_tooltip
from ganstudio.ui.population.axis_editor import SEEDS, AxisEditor

SEED_COUNTS = (4, 9, 16, 25, 36)
FIRST_COUNT = 16
MEASURE_EVERY = 25
"""Iterations; a population takes longer for each than a single run, and its trainer spaces measurements out itself."""
FIRST_ROWS = "optimizers.generator.learning_rate"
FIRST_COLUMNS = "optimizers.discriminator.learning_rate"


class PopulationChoice(QWidget):
    """What to train many times, and in what the members are to differ."""

    changed = Signal()

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self._experiment = experiment
        self.over_seeds = QRadioButton("Over")
        self.over_seeds.setAccessibleName("Over seeds")
        self.over_seeds.setToolTip(
            plain_tooltip("Seeds", "Other initialisations and other samples: how much of a result is luck")
        )
        self.over_seeds.setChecked(True)
        self.count = QComboBox()
        self.count.setAccessibleName("How many seeds")
        for count in SEED_COUNTS:
            self.count.addItem(f"{count} seeds", count)
        self.count.setCurrentIndex(SEED_COUNTS.index(FIRST_COUNT))
        self.sweep = QRadioButton("Over settings")
        self.sweep.setToolTip(
            plain_tooltip("Sweep", "All combinations of the values of two settings, from the same seed")
        )
        modes = QButtonGroup(self)
        modes.addButton(self.over_seeds)
        modes.addButton(self.sweep)
        self.rows = AxisEditor("Rows", offers_seeds=False)
        self.columns = AxisEditor("Columns", offers_seeds=True)
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self._build()
        self.over_seeds.toggled.connect(self._on_change)
        self.count.activated.connect(self._on_change)
        for axis in self._axes:
            axis.changed.connect(self._on_change)
        self.show_experiment(experiment)

    @property
    def _axes(self) -> tuple[AxisEditor, AxisEditor]:
        return self.rows, self.columns

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer what this experiment has to sweep."""
        self._experiment = experiment
        self.rows.show_experiment(experiment, FIRST_ROWS)
        self.columns.show_experiment(experiment, FIRST_COLUMNS)
        self._show()

    def spec(self) -> PopulationSpec:
        """What is chosen; without an end, so that members end together, and measured often.

        Raises:
            UserError: it makes no population; names the axis, and says what to do.
        """
        measure = self._experiment.measure
        often = measure.model_copy(update={"every": min(measure.every, MEASURE_EVERY)})
        base = self._experiment.model_copy(update={"stop": Stop(), "measure": often})
        if self.over_seeds.isChecked():
            return PopulationSpec(base=base, seeds=int(self.count.currentData()))
        rows, columns, seeds = self.rows.axis(), self.columns.axis(), self.columns.seeds()
        try:
            return PopulationSpec(base=base, rows=rows, columns=columns, seeds=seeds)
        except UserError as error:
            raise UserError(error.message, field=self._name_of(error.field)) from error

    # -- inside --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        flow = FlowLayout(spacing=10)
        for widget in (self.over_seeds, self.count, self.sweep, self.rows, self.columns):
            widget.setMinimumHeight(HEIGHT)  # of one line, whatever is in it
            flow.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(flow)
        column.addWidget(self.fault)

    def _on_change(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        sweeps = self.sweep.isChecked()
        self.count.setEnabled(not sweeps)
        for axis in self._axes:
            axis.setVisible(sweeps)
            axis.mark(invalid=False)
        try:
            self.spec()
        except UserError as error:
            self.fault.setText(str(error))
            for axis in self._axes:
                axis.mark(invalid=error.field == axis.title)
        else:
            self.fault.clear()
        self.fault.setVisible(bool(self.fault.text()))

    def _name_of(self, field: str | None) -> str | None:
        """The title of the axis that a fault is about."""
        named = {axis.path: axis.title for axis in self._axes if axis.path != SEEDS}
        return named.get(field or "", field if field != "seeds" else self.columns.title)
