"""The losses of both players."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import Level, equilibrium
from ganstudio.metrics.phases import Phases
from ganstudio.ui.plots import PlotEntry
from ganstudio.ui.plots.curves import Curve, CurvesPanel
from ganstudio.ui.plots.panel import Hover, Reference
from ganstudio.ui.plots.phase_axis import PhaseAxis
from ganstudio.ui.theme import Theme


class LossesPlot(CurvesPanel):
    """L_D and L_G, penalties excluded, with the level of each at equilibrium where theory knows one.

    A strip below the curves shows the phases of training.
    """

    curves = (
        Curve("discriminator_loss", "D", "discriminator"),
        Curve("generator_loss", "G", "generator"),
    )
    y_axis: ClassVar[str] = "loss"
    waiting = "Press play (Space): the losses of both players appear here"
    logarithm_offered = True

    _reason = ""

    def __init__(self, entry: PlotEntry, theme: Theme, parent: QWidget | None = None) -> None:
        self._strip = PhaseAxis(self.x_axis)
        super().__init__(entry, theme, parent)

    def show_experiment(self, experiment: Experiment) -> None:
        """Name the axis and place the levels of this experiment's objective."""
        self._y.set_name("loss (nats)" if experiment.objective.in_nats else "loss")
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

    def show_phases(self, phases: Phases) -> None:
        """Colour the strip, and name the current phase beside it."""
        self._strip.set_phases(phases if phases.segments else None)
        self._update_hover()

    def show_standing(self, iteration: int | None) -> None:
        """Fade the phases after it as well."""
        self._strip.set_standing(iteration)
        super().show_standing(iteration)

    def clear(self) -> None:
        """Forget the history and its phases."""
        self._strip.set_phases(None)
        super().clear()

    def _bottom_axis(self) -> PhaseAxis:
        return self._strip

    def _hovered(self, x: float) -> Hover | None:
        hover = super()._hovered(x)
        phase = self._strip.phase_at(hover.x) if hover is not None else None
        return hover if hover is None or phase is None else replace(hover, tag=f"{hover.tag} · {phase}")

    def _fill_menu(self, menu: QMenu) -> None:
        super()._fill_menu(menu)
        if self._reason:
            menu.addAction(self._reason).setEnabled(False)
