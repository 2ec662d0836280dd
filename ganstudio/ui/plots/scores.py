"""The mean output of D on both sides."""

from __future__ import annotations

from typing import ClassVar

from ganstudio.experiment import Experiment
from ganstudio.experiment.equilibrium import equilibrium
from ganstudio.ui.plots.curves import Curve, CurvesPanel
from ganstudio.ui.plots.panel import Reference

_UNDECIDED = Reference(0.5, "½", "muted", "D cannot tell")


class ScoresPlot(CurvesPanel):
    """Mean D on each batch of real and of generated samples, as a probability, around ½."""

    curves = (
        Curve("real_output", "real", "real"),
        Curve("generated_output", "generated", "generated", short="gen."),
    )
    y_axis: ClassVar[str] = "probability"
    y_limits: ClassVar[tuple[float | None, float | None]] = (0.0, 1.0)
    waiting = "Press play (Space): D's mean answer to real and to generated samples appears here"

    def show_experiment(self, experiment: Experiment) -> None:
        """Show where D comes to rest: ½, or below where labels are smoothed."""
        output = equilibrium(experiment).output
        references = [_UNDECIDED]
        if output is not None and output.value != _UNDECIDED.value:
            tip = "Where D comes to rest with smoothed labels once p_g = p_data"
            references.append(Reference(output.value, output.text, "discriminator", tip))
        self.set_references(references)
        self._redraw()
