"""The classical baselines against closed forms and conditions of optimality."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from ganstudio.metrics.classical import GaussianNaiveBayes, LogisticRegression

MEANS = np.array([[-1.0, 0.0], [0.5, 1.0]])


def _two_gaussians(n: int, sigma: float = 0.8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    labels = (rng.random(n) < 0.3).astype(int)
    return MEANS[labels] + sigma * rng.standard_normal((n, 2)), labels


def test_on_gaussians_of_equal_spread_both_find_the_line_of_bayes_rule() -> None:
    """w = (μ₁ − μ₀)/σ², b = (‖μ₀‖² − ‖μ₁‖²)/2σ² + ln π₁/π₀."""
    points, labels = _two_gaussians(200_000)
    weights = (MEANS[1] - MEANS[0]) / 0.64
    bias = ((MEANS[0] ** 2).sum() - (MEANS[1] ** 2).sum()) / (2 * 0.64) + np.log(0.3 / 0.7)
    fitted = LogisticRegression.fit(points, labels)
    np.testing.assert_allclose(fitted.weights, weights, atol=0.03)
    assert fitted.bias == pytest.approx(bias, abs=0.03)
    at = np.random.default_rng(0).uniform(-2, 2, (100, 2))
    exact = 1 / (1 + np.exp(-(at @ weights + bias)))
    np.testing.assert_allclose(fitted.probability(at), exact, atol=0.01)
    np.testing.assert_allclose(GaussianNaiveBayes.fit(points, labels).probability(at), exact, atol=0.02)


@pytest.mark.parametrize("ridge", [1e-3, 1.0])
def test_newton_arrives_where_a_general_minimiser_does(ridge: float) -> None:
    points, labels = _two_gaussians(300)

    def loss(theta: np.ndarray) -> float:
        logits = points @ theta[:2] + theta[2]
        return float(np.logaddexp(0, logits).sum() - labels @ logits + 0.5 * ridge * (theta[:2] ** 2).sum())

    best = optimize.minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-6}).x
    fitted = LogisticRegression.fit(points, labels, ridge)
    np.testing.assert_allclose([*fitted.weights, fitted.bias], best, rtol=1e-4)
    residual = fitted.probability(points) - labels
    np.testing.assert_allclose(points.T @ residual + ridge * fitted.weights, 0, atol=1e-5)


def test_classes_that_a_line_parts_have_a_finite_boundary_between_them() -> None:
    points = np.array([[0.0, 0.0], [0.1, 1.0], [4.0, 0.0], [4.1, 1.0]])
    labels = np.array([0, 0, 1, 1])
    fitted = LogisticRegression.fit(points, labels)
    assert np.isfinite(fitted.weights).all()
    assert (np.round(fitted.probability(points)) == labels).all()
    assert fitted.probability(np.array([[2.05, 0.5]]))[0] == pytest.approx(0.5, abs=1e-3)


def test_naive_bayes_has_the_moments_of_its_points_and_the_density_of_its_gaussians() -> None:
    points, labels = _two_gaussians(500)
    fitted = GaussianNaiveBayes.fit(points, labels)
    assert fitted.shares[1] == labels.mean()
    np.testing.assert_allclose(fitted.means[1], points[labels == 1].mean(0))
    at = points[:20]
    expected = sum(
        fitted.shares[y] * stats.multivariate_normal.pdf(at, fitted.means[y], np.diag(fitted.variances[y]))
        for y in (0, 1)
    )
    np.testing.assert_allclose(fitted.density(at), expected, rtol=1e-12)
    joint = np.exp(fitted.log_joint(at))
    np.testing.assert_allclose(fitted.probability(at), joint[:, 1] / joint.sum(1), rtol=1e-12)


def test_naive_bayes_samples_from_what_it_has_learned() -> None:
    fitted = GaussianNaiveBayes.fit(*_two_gaussians(5000))
    points, labels = fitted.sample(100_000, np.random.default_rng(1))
    again = GaussianNaiveBayes.fit(points, labels)
    np.testing.assert_allclose(again.means, fitted.means, atol=0.02)
    np.testing.assert_allclose(again.variances, fitted.variances, rtol=0.03)
    np.testing.assert_allclose(again.shares, fitted.shares, atol=0.01)


def test_a_class_of_one_point_still_has_a_density() -> None:
    fitted = GaussianNaiveBayes.fit(np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0]]), np.array([1, 0, 0]))
    assert np.isfinite(fitted.log_joint(np.array([[0.5, 0.5]]))).all()


@pytest.mark.parametrize("labels", [[0, 0], [0, 2], [0, 1, 1]])
@pytest.mark.parametrize("model", [LogisticRegression, GaussianNaiveBayes])
def test_labels_that_are_not_two_classes_are_refused(
    model: type[LogisticRegression | GaussianNaiveBayes], labels: list[int]
) -> None:
    with pytest.raises(ValueError, match="labels"):
        model.fit(np.zeros((2, 2)), np.array(labels))
