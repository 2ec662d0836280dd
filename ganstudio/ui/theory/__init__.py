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
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="loss_curves",
            title="G's loss",
            help="The saturating loss log(1 − D) and the non-saturating loss −log D, with this batch's generated "
            "samples on both. Where a curve is flat, G learns nothing from it.",
            panel="ganstudio.ui.theory.loss_curves:LossCurvesPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="optimal_point",
            title="D* at a point",
            help="What D gains by answering y at the point under the mouse: a·log y + b·log(1 − y) with a = p_data and "
            "b = p_g there. Its maximum, a/(a + b), is the optimal discriminator.",
            panel="ganstudio.ui.theory.optimal_point:OptimalPointPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="toys",
            title="Dirac-GAN",
            help="The smallest GAN there is, and the bilinear game: two numbers, their vector field, and why training "
            "circles or converges, by objective, penalty and update rule. It is played apart from the run.",
            panel="ganstudio.ui.theory.toys:ToysPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="latent_pad",
            title="Latent pad",
            help="Domain and range of G: drag z over p_z and see x = G(z) on the stage, and what D says of it; go from "
            "z to z′ and watch the image of the way. The lines are those of the layer “Latent grid”.",
            panel="ganstudio.ui.theory.latent_pad:LatentPadPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="expectation",
            title="Expectation",
            help="The two expectations of V, and what batches make of them: means of m samples scatter by σ/√m around "
            "what they stand for. Above, p_z and its push-forward by G.",
            panel="ganstudio.ui.theory.expectation_panel:ExpectationPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="flow",
            title="Data flow",
            help="z → G → G(z) → D → loss → gradients, alive: what each part makes of what it is given. A click on a "
            "part leads to where it is set; in a slow walk what takes part in the line is strong.",
            panel="ganstudio.ui.theory.flow_panel:FlowPanel",
            area="bottom",
            group="flow",
            shown=False,
        ),
        PlotEntry(
            name="walk",
            title="Slow walk",
            help="One iteration line by line, with the numbers and the points of its very batch: k ascents of D with G "
            "fixed, then one descent of G with D fixed.",
            panel="ganstudio.ui.theory.walk_panel:WalkPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="divergences",
            title="Divergences",
            help="Put p and q by hand and read KL both ways, the JSD and W1, and how each would move q: ln 2 and no "
            "gradient where they do not overlap, infinite where one has mass and the other has none.",
            panel="ganstudio.ui.theory.divergences:DivergencesPanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="generative",
            title="Generative?",
            help="A logistic regression, a gaussian naive Bayes and the GAN on the same points: the first has a "
            "boundary and nothing to sample from, the others can draw new points.",
            panel="ganstudio.ui.theory.generative:GenerativePanel",
            area="left",
            group="controls",
            shown=False,
        ),
        PlotEntry(
            name="approximation",
            title="Approximation",
            help="How well networks of several widths and depths can represent D* of two fixed distributions: each is "
            "fitted to it, beside the run, and judged at points it has not seen.",
            panel="ganstudio.ui.theory.approximation:ApproximationPanel",
            area="left",
            group="controls",
            shown=False,
        ),
    )
}
"""All panels of the theory by name. A new one is added here and nowhere else."""
