"""Two classes made of a target, and both classifiers on them, against what theory says they must find."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ganstudio.experiment import targets as spec
from ganstudio.experiment.array_text import ArrayText
from ganstudio.targets import build
from ganstudio.ui.theory.two_classes import SPLITS, TRAINED, fit

ROUND = build(spec.Gaussian(elongation=1.0, sigma=0.3))


@pytest.mark.parametrize("split", list(SPLITS))
@pytest.mark.parametrize("target", [spec.TwoGaussians(), spec.Annulus(), spec.Mixture1D()], ids=lambda one: one.kind)
def test_both_are_fitted_to_points_of_two_classes(target: spec.TargetSpec, split: str):
    built = build(target)
    found = fit(built, split, 0)
    assert found is not None
    assert found.points.shape == (TRAINED, built.dimension)
    assert set(found.labels.tolist()) == {0, 1}
    for accuracy in (found.logistic_accuracy, found.bayes_accuracy):
        assert 0.4 < accuracy <= 1
    assert found.log_density < found.target_log_density + 0.1


def test_the_same_seed_makes_the_same_points_and_another_one_others():
    first, again, other = (fit(ROUND, "background", seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.points, again.points)
    assert not np.array_equal(first.points, other.points)


def test_a_line_cannot_part_a_blob_from_what_is_around_it_and_bayes_can():
    found = fit(ROUND, "background", 0)
    assert found.logistic_accuracy < 0.7
    assert found.bayes_accuracy > found.logistic_accuracy + 0.1


def test_where_its_assumption_holds_naive_bayes_reaches_the_density_of_the_target():
    """A gaussian along the axes: log p of the fit is the target's own, −1 − log 2πσ², less about d/n for the fit."""
    found = fit(ROUND, "background", 0)
    assert found.target_log_density == pytest.approx(-1 - math.log(2 * math.pi * 0.3**2), abs=0.06)
    assert found.log_density == pytest.approx(found.target_log_density, abs=0.03)


def test_where_it_does_not_hold_it_stays_below():
    found = fit(build(spec.Annulus()), "background", 0)
    assert found.log_density < found.target_log_density - 0.3


def test_disjoint_clusters_are_parted_by_both():
    found = fit(build(spec.TwoGaussians()), "clusters", 0)
    assert found.logistic_accuracy > 0.98 and found.bayes_accuracy > 0.95


def test_the_left_cluster_is_class_1():
    found = fit(build(spec.TwoGaussians()), "clusters", 0)
    assert found.points[found.labels == 1, 0].mean() < found.points[found.labels == 0, 0].mean()


def test_against_a_background_only_what_is_real_is_sampled():
    found, rng = fit(ROUND, "background", 0), np.random.default_rng(0)
    drawn = SPLITS["background"].samples(found.bayes, 4000, rng)
    assert len(drawn) == pytest.approx(4000, rel=0.1)
    np.testing.assert_allclose(drawn.mean(axis=0), found.bayes.means[1], atol=0.03)
    np.testing.assert_allclose(drawn.var(axis=0), found.bayes.variances[1], rtol=0.1)


def test_two_clusters_are_both_sampled():
    found, rng = fit(build(spec.TwoGaussians()), "clusters", 0), np.random.default_rng(0)
    drawn = SPLITS["clusters"].samples(found.bayes, 4000, rng)
    assert drawn.shape == (4000, 2)
    np.testing.assert_allclose(drawn.mean(axis=0), found.bayes.shares @ found.bayes.means, atol=0.05)


def test_its_density_is_of_mass_1():
    for split in SPLITS:
        found = fit(build(spec.Mixture1D()), split, 0)
        x = np.linspace(-60, 60, 200_001)
        density = np.exp(SPLITS[split].log_density(found.bayes, x[:, None]))
        assert np.trapezoid(density, x) == pytest.approx(1.0, abs=1e-6)


def test_points_that_cannot_be_parted_are_not_fitted():
    same = build(spec.Points(points=ArrayText.of(np.ones((50, 2), np.float32)), sigma=0.0))
    assert fit(same, "clusters", 0) is None


def test_a_target_without_a_density_has_no_truth_to_compare_with():
    points = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    found = fit(build(spec.Points(points=ArrayText.of(points), sigma=0.0)), "background", 0)
    assert found.target_log_density is None
