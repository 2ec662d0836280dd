r"""Two classifiers of the classical kind, one discriminative and one generative, on points of two classes.

Logistic regression learns p(y = 1 | x) alone, so it has a boundary and nothing to sample from. Gaussian naive Bayes
learns p(x | y) p(y), so it can draw new points, and has a boundary through Bayes' rule. When its assumption is true and
the classes have equal variances both boundaries agree in the limit (Ng and Jordan 2002).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Points = NDArray[np.floating]
Labels = NDArray[np.integer]

RIDGE = 1e-3
_NEWTON_STEPS = 100
_SMALLEST_VARIANCE = 1e-9


@dataclass(frozen=True)
class LogisticRegression:
    """p(y = 1 | x) = σ(w·x + b): ``weights`` (d,), ``bias``. The boundary is the line w·x + b = 0."""

    weights: Floats
    bias: float

    @classmethod
    def fit(cls, points: Points, labels: Labels, ridge: float = RIDGE) -> Self:
        """Minimise −Σ log p(yᵢ | xᵢ) + ½ ridge ‖w‖² by Newton's method (iteratively reweighted least squares).

        Args:
            points: (n, d), finite.
            labels: (n,), 0 or 1, each at least once.
            ridge: above 0 keeps the solution finite where a line parts the classes; b is not penalised.

        Source: Hastie, Tibshirani and Friedman 2009, section 4.4.1.

        Raises:
            ValueError: the labels are not as said.
        """
        x, y = _checked(points, labels)
        design = np.column_stack([x, np.ones(len(x))])
        penalty = np.append(np.full(x.shape[1], ridge), 0.0)
        theta = np.zeros(design.shape[1])

        def loss(theta: Floats) -> float:
            logits = design @ theta
            return float(np.logaddexp(0, logits).sum() - y @ logits + 0.5 * penalty @ theta**2)

        now = loss(theta)
        for _ in range(_NEWTON_STEPS):
            probability = expit(design @ theta)
            gradient = design.T @ (probability - y) + penalty * theta
            curvature = design.T @ (design * (probability * (1 - probability))[:, None]) + np.diag(penalty)
            # With all probabilities at 0 or 1 the bias has no curvature left.
            step = np.linalg.solve(curvature + 1e-12 * np.trace(curvature) * np.eye(len(theta)), gradient)
            if float(gradient @ step) < 1e-14 * len(x):
                break
            scale = 1.0
            while (after := loss(theta - scale * step)) > now and scale > 1e-8:
                scale /= 2  # far out Newton's step overshoots
            theta, now = theta - scale * step, min(now, after)
        return cls(theta[:-1], float(theta[-1]))

    def probability(self, points: Points) -> Floats:
        """p(y = 1 | x) at ``points``, (n, d): (n,)."""
        return np.asarray(expit(np.asarray(points, np.float64) @ self.weights + self.bias))


@dataclass(frozen=True)
class GaussianNaiveBayes:
    """p(x, y) = π_y Π_j N(x_j; μ_yj, σ²_yj): ``shares`` π (2,), ``means`` and ``variances`` (2, d), for y = 0 and 1."""

    shares: Floats
    means: Floats
    variances: Floats

    @classmethod
    def fit(cls, points: Points, labels: Labels) -> Self:
        """The likeliest parameters: shares, means and variances of each class. Arguments as for logistic regression.

        A variance is at least 1e-9 of the points' own, so that a class of one point has a density.

        Raises:
            ValueError: the labels are not as said.
        """
        x, y = _checked(points, labels)
        least = _SMALLEST_VARIANCE * max(float(x.var(axis=0).max()), np.finfo(float).tiny)
        sides = [x[y == label] for label in (0, 1)]
        return cls(
            shares=np.array([len(side) / len(x) for side in sides]),
            means=np.stack([side.mean(axis=0) for side in sides]),
            variances=np.maximum(np.stack([side.var(axis=0) for side in sides]), least),
        )

    def log_joint(self, points: Points) -> Floats:
        """log p(x, y) in nats at ``points``, (n, d): (n, 2)."""
        off = np.asarray(points, np.float64)[:, None, :] - self.means
        each = -0.5 * (np.log(2 * math.pi * self.variances) + off**2 / self.variances)
        return np.asarray(np.log(self.shares) + each.sum(axis=2))

    def density(self, points: Points) -> Floats:
        """p(x) at ``points``: (n,)."""
        return np.asarray(np.exp(self.log_joint(points)).sum(axis=1))

    def probability(self, points: Points) -> Floats:
        """p(y = 1 | x) by Bayes' rule: (n,)."""
        joint = self.log_joint(points)
        return np.asarray(expit(joint[:, 1] - joint[:, 0]))

    def sample(self, count: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
        """New points (count, d) with their labels (count,): what a discriminative model cannot do."""
        labels = (rng.random(count) < self.shares[1]).astype(np.int64)
        drawn = rng.standard_normal((count, self.means.shape[1]))
        return self.means[labels] + np.sqrt(self.variances[labels]) * drawn, labels


def _checked(points: Points, labels: Labels) -> tuple[Floats, NDArray[np.int64]]:
    x, y = np.asarray(points, np.float64), np.asarray(labels)
    if x.ndim != 2 or y.shape != (len(x),) or not np.isfinite(x).all():
        raise ValueError(f"needs finite points (n, d) and labels (n,), not {x.shape} and {y.shape}")
    if set(np.unique(y).tolist()) != {0, 1}:
        raise ValueError("labels must be 0 and 1, each at least once")
    return x, y.astype(np.int64)
