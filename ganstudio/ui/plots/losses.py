"""The losses of both players."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QMenu

from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import Level, equilibrium
from ganstudio.ui.plots.curves import Curve, CurvesPanel
from ganstudio.ui.plots.panel import Reference

_IN_NATS = ("non_saturating", "minimax")
"""Objectives whose losses are logarithms of probabilities."""


class LossesPlot(CurvesPanel):
    """L_D and L_G, penalties excluded, with the level of each at equilibrium where theory knows one."""

    curves = (
        Curve("discriminator_loss", "D", "discriminator"),
        Curve("generator_loss", "G", "generator"),
    )
    y_axis: ClassVar[str] = "loss"
    waiting = "Press play (Space): the losses of both players appear here"
    logarithm_offered = True

    _reason = ""

    def show_experiment(self, experiment: Experiment) -> None:
        """Name the axis and place the levels of this experiment's objective."""
        self._y.set_name("loss (nats)" if experiment.objective.kind in _IN_NATS else "loss")
        levels = equilibrium(experiment)
        self._reason = levels.reason
        players: tuple[tuple[str, str, Level | None], ...] = (
            ("L_D", "discriminator", levels.discriminator_loss),
            ("L_G", "generator", levels.generator_loss),
        )
        self.set_references(
            [
                Reference(
                    level.value, level.text, colour, f"{name} at equilibrium, where p_g = p_data: {level.value:.4g}"
                )
                for name, colour, level in players
                if level is not None
            ]
        )
        self.header.setToolTip(f"{self.entry.help}\n\n{levels.reason}".strip())
        self._redraw()

    def _fill_menu(self, menu: QMenu) -> None:
        super()._fill_menu(menu)
        if self._reason:
            menu.addAction(self._reason).setEnabled(False)
