"""The rules by which a recipe goes by what is seen of a target in the plane. No target is known by name here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ganstudio.experiment.change import with_value
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.networks import MixturePrior
from ganstudio.experiment.optimizers import Cosine
from ganstudio.experiment.sight import Sight

MANY = 36
"""More separate clusters than these are many. The settings for any other target find all of 25, and not all of 100."""
COMPONENTS_PER_CLUSTER = 2.5
"""Gaussians of the prior for each cluster, at least, ..."""
COMPONENTS = (256, 1024)
"""... in powers of two, from the lowest to the highest. They are narrow and far apart, so next to no z lies between
them; with one gaussian G needs most of its iterations to leave little between clusters."""
LATENT_DIMENSION, RADIUS = 16, 1.0
SIGMA_OVER_WIDTH = 0.33
"""σ of the prior's gaussians over the clusters' width / spacing. Much narrower ones leave wide clusters half filled
(JSD .073 instead of .031 for σ .12 of a spacing of 1), wider ones leave more between narrow clusters."""
SIGMAS = (0.01, 0.1)
"""The least and the greatest σ that is chosen."""
R1_OVER_SPACING = 0.33
"""γ of R1 over spacing²: D must be steep between neighbours this close, and slopes go as 1 / spacing."""
R1 = (0.001, 0.1)
"""The lowest and the highest γ that is chosen."""
R2_OVER_R1 = 0.25
"""Where G leaves a few samples between clusters, R2 alone acts on D, and as strong as R1 it keeps them there."""
LAST_PENALTY = 0.02
"""Share of both at the end: strong penalties spread G evenly, weak ones let it settle."""
PAIRS = 64
"""Fourier pairs of D for many clusters."""
WAVES_PER_SPACING = 1.05
"""Fourier scale · spacing: how many waves of a typical feature fit between two neighbours. Slower waves do not tell
them apart, much faster ones say nothing of their order."""
SCALES = (1.0, 8.0)
"""The lowest and the highest Fourier scale that is chosen."""
SCALE_STEP = 0.5
ITERATIONS_PER_CLUSTER = 750
"""Length of the fall of learning rates and penalties for each cluster: for 100 of them 400 was enough on five seeds."""
ITERATIONS_STEP = 15_000
MOST_ITERATIONS = 300_000
"""Steps and bounds keep the choice the same where a cluster more or less is seen."""


@dataclass(frozen=True)
class Rule:
    """How the settings of a recipe go by what is seen.

    Attributes:
        apply: the settings for this target, from those for any.
        choice: what is seen, and what is chosen by it, for a person: the rest of a sentence.
        statement: the rule itself with its numbers, as short points for a person.
    """

    apply: Callable[[Experiment, Sight], Experiment]
    choice: Callable[[Sight], str]
    statement: tuple[str, ...]


def fourier_scale(spacing: float) -> float:
    """s = WAVES_PER_SPACING / spacing, to the nearest SCALE_STEP and within SCALES."""
    lowest, highest = SCALES
    wanted = WAVES_PER_SPACING / spacing if spacing > 0 else math.inf
    return max(lowest, round(min(highest, wanted) / SCALE_STEP) * SCALE_STEP)


def r1(spacing: float) -> float:
    """γ = R1_OVER_SPACING · spacing², to two digits, within R1."""
    weakest, strongest = R1
    return float(f"{min(strongest, max(weakest, R1_OVER_SPACING * spacing**2)):.2g}")


def components(clusters: int) -> int:
    """The least power of two that is COMPONENTS_PER_CLUSTER · clusters or more, within COMPONENTS."""
    fewest, most = COMPONENTS
    return min(most, max(fewest, 1 << math.ceil(math.log2(COMPONENTS_PER_CLUSTER * clusters))))


def prior_sigma(sight: Sight) -> float:
    """σ = SIGMA_OVER_WIDTH · width / spacing, to one digit, within SIGMAS."""
    narrowest, widest = SIGMAS
    wanted = SIGMA_OVER_WIDTH * sight.width / sight.spacing if sight.spacing > 0 else widest
    return float(f"{min(widest, max(narrowest, wanted)):.1g}")


def fall(clusters: int) -> int:
    """T = ITERATIONS_PER_CLUSTER · clusters, up to the next ITERATIONS_STEP, at most MOST_ITERATIONS."""
    return min(MOST_ITERATIONS, math.ceil(ITERATIONS_PER_CLUSTER * clusters / ITERATIONS_STEP) * ITERATIONS_STEP)


def _many_clusters(parts: Experiment, sight: Sight) -> Experiment:
    """More than MANY clusters: a prior of ``components``, PAIRS Fourier pairs at ``fourier_scale``, penalties by
    ``r1``, and learning rates and penalties that fall over ``fall``."""
    if sight.clusters <= MANY:
        return parts
    length = fall(sight.clusters)
    chosen = {
        "latent.dimension": LATENT_DIMENSION,
        "latent.prior": MixturePrior(count=components(sight.clusters), radius=RADIUS, sigma=prior_sigma(sight)),
        "discriminator.fourier_features": PAIRS,
        "discriminator.fourier_scale": fourier_scale(sight.spacing),
        "penalties.r1": r1(sight.spacing),
        "penalties.r2": R2_OVER_R1 * r1(sight.spacing),
        "penalty_schedule.weights": Cosine(iterations=length, final_share=LAST_PENALTY),
        "optimizers.generator.schedule.iterations": length,
        "optimizers.discriminator.schedule.iterations": length,
    }
    for path, value in chosen.items():
        parts = with_value(parts, path, value)
    return parts


def _choice_by_clusters(sight: Sight) -> str:
    if sight.clusters <= MANY:
        seen = "no separate clusters" if sight.clusters == 1 else f"{sight.clusters} separate clusters"
        return f"{seen}, so the usual settings"
    return (
        f"{sight.clusters} clusters, {sight.spacing:.2f} apart, so z from {components(sight.clusters)} narrow "
        f"gaussians, {PAIRS} Fourier pairs at scale {fourier_scale(sight.spacing):g}, weaker penalties, and "
        f"learning rates that fall over {fall(sight.clusters):,} iterations"
    )


_MANY_CLUSTERS = (
    "In the plane it looks at samples of the target. All that follows is for targets whose samples fall into more than "
    f"{MANY} separate clusters.",
    f"z is from {COMPONENTS_PER_CLUSTER} narrow gaussians for each cluster, {COMPONENTS[0]} to {COMPONENTS[1]}, in "
    f"{LATENT_DIMENSION} dimensions, of σ {SIGMA_OVER_WIDTH} width / spacing, {SIGMAS[0]:g} to {SIGMAS[1]:g}, so that "
    "hardly anything lies between clusters.",
    f"D gets {PAIRS} Fourier pairs at scale {WAVES_PER_SPACING} / spacing, {SCALES[0]:g} to {SCALES[1]:g}.",
    f"R1 is {R1_OVER_SPACING} spacing², R2 is {R2_OVER_R1} R1, and both fall to {LAST_PENALTY:.0%}.",
    f"Learning rates fall over {ITERATIONS_PER_CLUSTER:,} iterations for each cluster, {MOST_ITERATIONS:,} at most, "
    "which takes minutes instead of seconds.",
)

RULES = {"many_clusters": Rule(_many_clusters, _choice_by_clusters, _MANY_CLUSTERS)}
"""All rules, by the name that a recipe's file gives."""
