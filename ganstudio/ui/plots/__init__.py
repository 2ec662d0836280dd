"""One file per plot, and the one table in which a plot is registered.

This module and ``range``, ``decimation``, ``smoothing``, ``series``, ``follower`` and ``figures`` import no Qt: the
table names each panel's class by a string, so that it loads when it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Literal

from ganstudio.view_names import PlotName, TheoryName

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ganstudio.ui.plots.panel import PlotPanel
    from ganstudio.ui.theme import Theme

Area = Literal["left", "right", "top", "bottom"]


@dataclass(frozen=True)
class PlotEntry:
    """One plot the window offers.

    Attributes:
        name: identifies it in files, settings and exports; the object name of its panel.
        title: what stands above it and on its tab.
        help: one or two sentences for its tooltip.
        panel: its class, as ``module:Class``.
        area: the side of the window where its dock stands at first.
        group: docks of one area with the same group share their place as tabs; groups stand below one another.
        shown: whether its dock is open at first; the View menu opens the others.
    """

    name: PlotName | TheoryName
    title: str
    help: str
    panel: str
    area: Area
    group: str
    shown: bool = True

    def create(self, theme: Theme, parent: QWidget | None = None) -> PlotPanel:
        """A new panel of this plot, empty."""
        panel: PlotPanel = resolve_name(self.panel)(self, theme, parent)
        return panel


PLOTS: dict[str, PlotEntry] = {
    entry.name: entry
    for entry in (
        PlotEntry(
            name="jsd",
            title="JSD",
            help="How far the generated distribution is from the target: the Jensen–Shannon divergence, 0 when the two "
            "are the same and ln 2 when they do not overlap. A perfect generator would read the floor at this number "
            "of samples.",
            panel="ganstudio.ui.plots.jsd:JsdPlot",
            area="right",
            group="distance",
        ),
        PlotEntry(
            name="losses",
            title="Losses",
            help="What each player minimises. Neither is meant to fall to 0: at equilibrium both rest at the dashed "
            "lines. The strong curve is smoothed, the faint one is every update.",
            panel="ganstudio.ui.plots.losses:LossesPlot",
            area="right",
            group="losses",
        ),
        PlotEntry(
            name="value",
            title="V(D, G)",
            help="The value function E[log D(x)] + E[log(1 − D(G(z)))], which D raises and G lowers. 0: D tells all "
            "samples apart. −log 4: D is at ½ everywhere, the equilibrium.",
            panel="ganstudio.ui.plots.value:ValuePlot",
            area="right",
            group="losses",
        ),
        PlotEntry(
            name="outputs",
            title="D output",
            help="What D answers on real and on generated samples, as a probability of being real. Apart: D wins. "
            "Both piled up at ½: D cannot tell them apart.",
            panel="ganstudio.ui.plots.outputs:OutputsPlot",
            area="right",
            group="outputs",
        ),
        PlotEntry(
            name="scores",
            title="Mean D",
            help="The mean of D's output on each batch of real and of generated samples. The two meet where D cannot "
            "tell them apart.",
            panel="ganstudio.ui.plots.scores:ScoresPlot",
            area="right",
            group="outputs",
        ),
        PlotEntry(
            name="gradients",
            title="Gradients",
            help="The norm of the gradient of each player's loss in its own parameters, before clipping. Near 0 for G: "
            "it has stopped learning. Growing without end: the game diverges.",
            panel="ganstudio.ui.plots.gradients:GradientsPlot",
            area="right",
            group="gradients",
        ),
        PlotEntry(
            name="coverage",
            title="Coverage",
            help="The share of generated samples at each mode of the target, among those within 3σ of one (high "
            "quality, HQ); the blue lines are the target's shares. Modes that are missing, thin, off centre or "
            "narrowed are marked. HQ above a perfect sampler's is a warning: the clusters are narrowed.",
            panel="ganstudio.ui.plots.coverage:CoveragePlot",
            area="right",
            group="outputs",
        ),
    )
}
"""All plots by name, in the order in which they are offered. A new one is added here and nowhere else."""
