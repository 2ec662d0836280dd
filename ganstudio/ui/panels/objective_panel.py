"""The objective of the game, and the penalties on D."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from ganstudio.experiment import Experiment
from ganstudio.ui.forms.formula import equations, readable, rich
from ganstudio.ui.forms.number import written
from ganstudio.ui.forms.record_form import stacked
from ganstudio.ui.panels.panel import Panel, heading, note
from ganstudio.ui.theme import Theme


class ObjectivePanel(Panel):
    """The kind of objective, its equations and where they come from, and penalties that combine."""

    title = "Objective"
    icon_name = "objective"

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(experiment, theme)
        self.formula = QLabel()
        self.formula.setProperty("role", "formula")
        self.formula.setWordWrap(True)
        font = self.formula.font()
        font.setPointSizeF(font.pointSizeF() * 0.93)  # so that the longest fits into one line
        self.formula.setFont(font)
        self._help, self._source = note(), note()
        self.setLayout(
            stacked(
                self.form("objective.kind"),
                self._help,
                self.formula,
                self._source,
                self.form("objective", without=("objective.kind",), off_at_zero=("objective",)),
                heading("Penalties on D"),
                self.form("penalties", off_at_zero=("penalties",)),
                self.more(self.form("penalty_schedule"), "Penalties over time"),
            )
        )
        self.show_experiment(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this experiment."""
        objective = type(experiment.objective)
        self.formula.setText("<br>".join(rich(equation) for equation in equations(objective.formula)))
        self.formula.setAccessibleName(readable(objective.formula))
        self._help.setText(objective.help())
        self._source.setText(objective.source)
        super().show_experiment(experiment)

    def summary(self) -> str:
        """``Non-saturating · R1 0.1 · R2 0.1``."""
        penalties = self._experiment.penalties
        values = [(info.title or name, getattr(penalties, name)) for name, info in type(penalties).model_fields.items()]
        used = [f"{title.rpartition(' ')[0] or title} {written(value)}" for title, value in values if value]
        return " · ".join([self._experiment.objective.title, *used])
