"""The theory as it happens: each statement of it is a panel, registered in the one table here.

This module imports no Qt: the table names each panel's class by a string, so that it loads when it is made.
"""

from __future__ import annotations

from ganstudio.ui.plots import PlotEntry

THEORY: dict[str, PlotEntry] = {
    entry.name: entry
    for entry in (
        PlotEntry(
            name="value_function",
            title="Value function",
            help="V(D, G) term by term with the numbers of this batch, and D trained to optimality against G as it "
            "stands: V then rises to −log 4 + 2·JSD.",
            panel="ganstudio.ui.theory.value_function:ValueFunctionPanel",
            area="right",
            group="distance",
            shown=False,
        ),
        PlotEntry(
            name="loss_curves",
            title="G's loss",
            help="The saturating loss log(1 − D) and the non-saturating loss −log D, with this batch's generated "
            "samples on both. Where a curve is flat, G learns nothing from it.",
            panel="ganstudio.ui.theory.loss_curves:LossCurvesPanel",
            area="right",
            group="distance",
            shown=False,
        ),
        PlotEntry(
            name="optimal_point",
            title="D* at a point",
            help="What D gains by answering y at the point under the mouse: a·log y + b·log(1 − y) with a = p_data and "
            "b = p_g there. Its maximum, a/(a + b), is the optimal discriminator.",
            panel="ganstudio.ui.theory.optimal_point:OptimalPointPanel",
            area="right",
            group="distance",
            shown=False,
        ),
        PlotEntry(
            name="toys",
            title="Dirac-GAN",
            help="The smallest GAN there is, and the bilinear game: two numbers, their vector field, and why training "
            "circles or converges, by objective, penalty and update rule. It is played apart from the run.",
            panel="ganstudio.ui.theory.toys:ToysPanel",
            area="right",
            group="distance",
            shown=False,
        ),
    )
}
"""All panels of the theory by name. A new one is added here and nowhere else."""
