"""The optimizers, one for each player."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ganstudio.experiment import Experiment
from ganstudio.ui.forms.number import written
from ganstudio.ui.forms.record_form import stacked
from ganstudio.ui.panels.columns import Columns
from ganstudio.ui.panels.panel import Panel, heading
from ganstudio.ui.panels.schedule_curve import ScheduleCurve
from ganstudio.ui.theme import Theme

PLAYERS = {"generator": "Generator G", "discriminator": "Discriminator D"}
FIRST = ("kind", "learning_rate", "schedule")
LATER = ("weight_decay", "gradient_clip", "epsilon", "amsgrad", "dampening", "nesterov", "centered")
"""What is rarely changed; the settings that are in neither list are shown after the schedule."""

OFF_AT_ZERO = ("weight_decay", "gradient_clip", "momentum", "dampening")


class OptimizersPanel(Panel):
    """Kind, learning rate, schedule and the rest, for G and for D."""

    title = "Optimizers"
    icon_name = "optimizer"

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(experiment, theme)
        self.curves = {player: ScheduleCurve(theme) for player in PLAYERS}
        columns = [self._column(player) for player in PLAYERS]
        self.setLayout(stacked(Columns(columns[0], columns[1])))
        self.show_experiment(experiment)

    def _column(self, player: str) -> QWidget:
        root = f"optimizers.{player}"
        first, later, off = (tuple(f"{root}.{name}" for name in names) for names in (FIRST, LATER, OFF_AT_ZERO))
        column = QWidget()
        column.setLayout(
            stacked(
                heading(PLAYERS[player]),
                self.form(*first, labels={f"{root}.kind": "Optimizer"}),
                self.curves[player],
                self.form(root, without=first + later, off_at_zero=off),
                self.more(self.form(*later, off_at_zero=off)),
            )
        )
        return column

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this experiment."""
        for player, curve in self.curves.items():
            optimizer = getattr(experiment.optimizers, player)
            curve.show_schedule(optimizer.schedule, optimizer.learning_rate)
        super().show_experiment(experiment)

    def set_theme(self, theme: Theme) -> None:
        """Draw again."""
        super().set_theme(theme)
        for curve in self.curves.values():
            curve.set_theme(theme)

    def summary(self) -> str:
        """``Adam · G 0.001 · D 0.0015``."""
        g, d = self._experiment.optimizers.generator, self._experiment.optimizers.discriminator
        kinds = g.title if g.title == d.title else f"{g.title}, {d.title}"
        return f"{kinds} · G {written(g.learning_rate)} · D {written(d.learning_rate)}"
