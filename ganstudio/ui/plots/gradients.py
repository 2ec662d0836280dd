"""The norms of the gradients of both players."""

from __future__ import annotations

from typing import ClassVar

from ganstudio.ui.plots.curves import Curve, CurvesPanel


class GradientsPlot(CurvesPanel):
    """‖∂L/∂θ‖ of each player at each update, on a logarithmic axis at first."""

    curves = (
        Curve("discriminator_gradient_norm", "D", "discriminator"),
        Curve("generator_gradient_norm", "G", "generator"),
    )
    y_axis: ClassVar[str] = "gradient norm"
    gutter = False
    waiting = "Press play (Space): how hard each player is pushed appears here"
    logarithm_offered = True
    logarithmic_at_first = True
