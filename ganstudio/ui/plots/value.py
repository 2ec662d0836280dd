"""The value function of the game."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import LOG_4, Level, equilibrium
from ganstudio.messages.history import COLUMNS
from ganstudio.ui.plots.curves import Curve, CurvesPanel, Floats
from ganstudio.ui.plots.panel import Reference

_CEILING = Reference(0.0, "0", "muted", "The most V can be: D is certain of every sample, and right")


class ValuePlot(CurvesPanel):
    """V(D, G) on each batch, in nats, between its ceiling 0 and the equilibrium at −log 4."""

    curves = (Curve("value", "V", "value"),)
    y_axis: ClassVar[str] = "V(D, G) (nats)"
    y_limits: ClassVar[tuple[float | None, float | None]] = (None, 0.0)
    waiting = "Press play (Space): the value function appears here, to be raised by D and lowered by G"

    _updates_of_discriminator = 0
    _objective = "this objective"

    def show_experiment(self, experiment: Experiment) -> None:
        """Place the level of this experiment, which label smoothing moves, and remember the objective's name."""
        self._objective = experiment.objective.title.lower()
        level = equilibrium(experiment).value or Level(-LOG_4, "−log 4")
        tip = f"V at equilibrium, where p_g = p_data and D is at its best against it: {level.value:.4f}"
        self.set_references([_CEILING, Reference(level.value, level.text, "value", tip)])
        self._redraw()

    def _append(self, rows: Floats) -> None:
        super()._append(rows)
        self._updates_of_discriminator += int(np.isfinite(rows[:, COLUMNS.index("discriminator_loss")]).sum())

    def _forget_curves(self) -> None:
        super()._forget_curves()
        self._updates_of_discriminator = 0

    def _empty_reason(self) -> str:
        reason = super()._empty_reason()
        if reason and self._updates_of_discriminator:
            return (
                f"With the objective “{self._objective}”, D's output is no probability, so V(D, G) is not defined. "
                "Choose non-saturating or minimax to see it"
            )
        return reason
