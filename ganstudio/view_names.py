"""The names of what the window can show: the layers of the stage, and the plots.

Here, below the window, so that a file which names them (a lesson) can be checked without a window. The window's own
tables say how each is drawn.
"""

from __future__ import annotations

from typing import Literal, get_args

LayerName = Literal[
    "field", "density", "contour", "latent_grid", "real", "generated", "gradients", "optimal", "difference"
]
PlotName = Literal["jsd", "losses", "value", "outputs", "scores", "gradients", "coverage"]
TheoryName = Literal[
    "value_function",
    "loss_curves",
    "optimal_point",
    "toys",
    "latent_pad",
    "walk",
    "flow",
    "expectation",
    "divergences",
    "generative",
    "approximation",
]

LAYER_NAMES: tuple[LayerName, ...] = get_args(LayerName)
PLOT_NAMES: tuple[PlotName, ...] = get_args(PlotName)
THEORY_NAMES: tuple[TheoryName, ...] = get_args(TheoryName)
