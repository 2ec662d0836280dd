"""The same points for a discriminative and for a generative classifier, made of the target. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganstudio.metrics.classical import GaussianNaiveBayes, LogisticRegression
    from ganstudio.targets import TargetDistribution

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Labelled = tuple[Floats, Labels]
Maker = Callable[[int, np.random.Generator], Labelled]
"""Draws so many labelled points, (n, d) and (n,)."""

TRAINED = 1000
HELD_OUT = 4000
"""Points to fit, and others to judge by."""
STREAM = 2002
"""Beside the experiment's seed: these draws are of no concern to its run."""


@dataclass(frozen=True)
class Split:
    """A way to make two classes: what it is called, and what its classes 1 and 0 are."""

    title: str
    help: str
    classes: tuple[str, str]
    maker: Callable[[TargetDistribution, np.random.Generator], Maker]
    is_conditional: bool
    """Whether class 1 alone is the target, so that p(x | y = 1) is what stands for p_data."""

    def samples(self, bayes: GaussianNaiveBayes, count: int, rng: np.random.Generator) -> Floats:
        """About so many points of what naive Bayes takes p_data to be, (n, d)."""
        if not self.is_conditional:
            return np.asarray(bayes.sample(count, rng)[0])
        points, labels = bayes.sample(math.ceil(count / bayes.shares[1]), rng)
        return np.asarray(points[labels == 1])

    def log_density(self, bayes: GaussianNaiveBayes, points: Floats) -> Floats:
        """The logarithm of that density, nats, (n,)."""
        joint = bayes.log_joint(points)
        if self.is_conditional:
            return np.asarray(joint[:, 1] - np.log(bayes.shares[1]))
        return np.asarray(np.logaddexp(joint[:, 0], joint[:, 1]))


def _against_background(target: TargetDistribution, rng: np.random.Generator) -> Maker:
    extent = target.extent
    low, high = (
        np.array(corner)[: target.dimension] for corner in ((extent.x_min, extent.y_min), (extent.x_max, extent.y_max))
    )

    def draw(count: int, rng: np.random.Generator) -> Labelled:
        real = target.sample(count // 2, rng).astype(np.float64)
        noise = rng.uniform(low, high, (count - len(real), target.dimension))
        return np.concatenate([real, noise]), np.repeat([1, 0], [len(real), len(noise)])

    return draw


def _clusters(target: TargetDistribution, rng: np.random.Generator) -> Maker:
    """Two centres by k-means (Lloyd 1982); a point's class is the nearer one's, the left one's 1."""
    from scipy.cluster.vq import kmeans2

    points = target.sample(TRAINED, rng).astype(np.float64)
    # Points that are all the same make one cluster, so no classes.
    centres = kmeans2(points, 2, minit="++", rng=rng)[0] if np.ptp(points, axis=0).any() else points[:2]
    centres = centres[np.argsort(centres[:, 0])]

    def draw(count: int, rng: np.random.Generator) -> Labelled:
        points = target.sample(count, rng).astype(np.float64)
        away = np.linalg.norm(points[:, None, :] - centres, axis=2)
        return points, (away[:, 0] <= away[:, 1]).astype(np.int64)

    return draw


SPLITS: dict[str, Split] = {
    "background": Split(
        "Real points against a background",
        "Class 1: samples of the target. Class 0: noise spread evenly over its extent",
        ("real", "background"),
        _against_background,
        is_conditional=True,
    ),
    "clusters": Split(
        "Two clusters of the target",
        "Samples of the target, parted by k-means with two centres. Class 1: the left one. Class 0: the right one",
        ("left", "right"),
        _clusters,
        is_conditional=False,
    ),
}
"""Every way to make two classes, by name."""


@dataclass(frozen=True)
class Fits:
    """Both classifiers, fitted to the same points, and how they do on others.

    points, labels: what they were fitted to. Accuracies: of ``HELD_OUT`` other points, 0 to 1. log_density:
    the mean logarithm of the density that naive Bayes takes p_data to have, at other samples of the target, nats;
    target_log_density: of the target's own there, None where it is not known.
    """

    points: Floats
    labels: Labels
    logistic: LogisticRegression
    bayes: GaussianNaiveBayes
    logistic_accuracy: float
    bayes_accuracy: float
    log_density: float
    target_log_density: float | None


def fit(target: TargetDistribution, split: str, seed: int) -> Fits | None:
    """Both classifiers on points of the target; None where all of them fall into one class."""
    from ganstudio.metrics.classical import GaussianNaiveBayes, LogisticRegression

    rng = np.random.default_rng((seed, STREAM))
    draw = SPLITS[split].maker(target, rng)
    points, labels = draw(TRAINED, rng)
    held_out, truth = draw(HELD_OUT, rng)
    if len(set(labels.tolist())) < 2:
        return None
    logistic, bayes = LogisticRegression.fit(points, labels), GaussianNaiveBayes.fit(points, labels)
    accuracies = [float(((model.probability(held_out) > 0.5) == (truth == 1)).mean()) for model in (logistic, bayes)]
    real = target.sample(HELD_OUT, rng)
    log_density = float(SPLITS[split].log_density(bayes, real.astype(np.float64)).mean())
    own = float(target.log_density(real).mean()) if target.has_density else None
    return Fits(points, labels, logistic, bayes, accuracies[0], accuracies[1], log_density, own)
