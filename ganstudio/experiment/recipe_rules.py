"""The rules by which a recipe goes by what is seen of a target in the plane. No target is known by name here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ganstudio.experiment.change import with_value
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.sight import Sight

MANY = 36
"""More separate clusters than these are many. The settings for any other target find all of 25, and not all of 100."""
PAIRS = 64
"""Fourier pairs of D for many clusters."""
WAVES_PER_SPACING = 1.05
"""Fourier scale · spacing: how many waves of a typical feature fit between two neighbours. Slower waves do not tell
them apart, much faster ones say nothing of their order."""
SCALES = (1.0, 8.0)
"""The lowest and the highest Fourier scale that is chosen."""
SCALE_STEP = 0.5
ITERATIONS_PER_CLUSTER = 1200
"""Length of the fall of the learning rates for each cluster: 30,000 iterations suit 25, 120,000 suit 100."""
ITERATIONS_STEP = 30_000
MOST_ITERATIONS = 300_000
"""Steps and bounds keep the choice the same where a cluster more or less is seen."""


@dataclass(frozen=True)
class Rule:
    """How the settings of a recipe go by what is seen.

    Attributes:
        apply: the settings for this target, from those for any.
        choice: what is seen, and what is chosen by it, for a person: the rest of a sentence.
        statement: the rule itself, a sentence or two for a person.
    """

    apply: Callable[[Experiment, Sight], Experiment]
    choice: Callable[[Sight], str]
    statement: str


def fourier_scale(spacing: float) -> float:
    """s = WAVES_PER_SPACING / spacing, to the nearest SCALE_STEP and within SCALES."""
    lowest, highest = SCALES
    wanted = WAVES_PER_SPACING / spacing if spacing > 0 else math.inf
    return max(lowest, round(min(highest, wanted) / SCALE_STEP) * SCALE_STEP)


def fall(clusters: int) -> int:
    """T = ITERATIONS_PER_CLUSTER · clusters, up to the next ITERATIONS_STEP, at most MOST_ITERATIONS."""
    return min(MOST_ITERATIONS, math.ceil(ITERATIONS_PER_CLUSTER * clusters / ITERATIONS_STEP) * ITERATIONS_STEP)


def _many_clusters(parts: Experiment, sight: Sight) -> Experiment:
    """More than MANY clusters: PAIRS Fourier pairs at ``fourier_scale``, learning rates that fall over ``fall``."""
    if sight.clusters <= MANY:
        return parts
    chosen = {
        "discriminator.fourier_features": PAIRS,
        "discriminator.fourier_scale": fourier_scale(sight.spacing),
        "optimizers.generator.schedule.iterations": fall(sight.clusters),
        "optimizers.discriminator.schedule.iterations": fall(sight.clusters),
    }
    for path, value in chosen.items():
        parts = with_value(parts, path, value)
    return parts


def _choice_by_clusters(sight: Sight) -> str:
    if sight.clusters <= MANY:
        seen = "no separate clusters" if sight.clusters == 1 else f"{sight.clusters} separate clusters"
        return f"{seen}, so the usual settings"
    return (
        f"{sight.clusters} clusters, {sight.spacing:.2f} apart, so {PAIRS} Fourier pairs at scale "
        f"{fourier_scale(sight.spacing):g} and learning rates that fall over {fall(sight.clusters):,} iterations"
    )


_MANY_CLUSTERS = (
    f"In the plane it looks at samples of the target: where these fall into more than {MANY} separate clusters, D gets "
    f"{PAIRS} Fourier pairs at scale {WAVES_PER_SPACING} / spacing, {SCALES[0]:g} to {SCALES[1]:g}, and the learning "
    f"rates fall over {ITERATIONS_PER_CLUSTER:,} iterations for each cluster, {MOST_ITERATIONS:,} at most, which takes "
    "minutes instead of seconds."
)

RULES = {"many_clusters": Rule(_many_clusters, _choice_by_clusters, _MANY_CLUSTERS)}
"""All rules, by the name that a recipe's file gives."""
