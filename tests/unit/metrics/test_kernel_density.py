import numpy as np
import pytest
from scipy.stats import multivariate_normal

from ganstudio.experiment.painting import Extent
from ganstudio.metrics.kernel_density import KernelDensity, _SmoothedGrid

SQUARE = Extent(x_min=-4, x_max=4, y_min=-4, y_max=4)
BOX = (np.array([-4.0, -4.0]), np.array([4.0, 4.0]))


def clusters(n, seed=0):
    rng = np.random.default_rng(seed)
    centres = np.array([[-2.0, 0.0], [2.0, 0.0]])
    spread = np.array([0.05, 0.6])
    which = rng.integers(0, 2, n)
    return centres[which] + spread[which, None] * rng.standard_normal((n, 2))


@pytest.mark.parametrize("width", [0.05, 0.3, 1.0])
def test_one_width_on_the_grid_is_the_sum_of_its_kernels(width):
    rng = np.random.default_rng(0)
    points, at = rng.uniform(-3, 3, (40, 2)), rng.uniform(-4, 4, (300, 2))
    direct = np.mean([multivariate_normal(point, width**2 * np.eye(2)).pdf(at) for point in points], axis=0)
    assert _SmoothedGrid(points, width, BOX)(at) == pytest.approx(direct, abs=0.03 * direct.max())


def test_the_density_integrates_to_what_lies_on_the_plot():
    points = np.vstack([clusters(3_000), np.full((1_000, 2), 9.0)])
    density = KernelDensity(points, SQUARE, np.random.default_rng(0))
    step = 8 / 800
    axis = -4 + step * (np.arange(800) + 0.5)
    inside = np.exp(density.log_density(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)))
    assert inside.sum() * step**2 == pytest.approx(0.75, abs=3e-3)
    assert density.outside == pytest.approx(0.25, abs=1e-3)


def test_on_the_line_the_density_is_that_of_the_samples():
    rng = np.random.default_rng(0)
    density = KernelDensity(rng.standard_normal((20_000, 1)), SQUARE, rng)
    at = np.linspace(-3, 3, 200)[:, None]
    truth = np.exp(-0.5 * at[:, 0] ** 2) / np.sqrt(2 * np.pi)
    assert np.abs(np.exp(density.log_density(at)) - truth).mean() < 0.015


def test_stacked_widths_predict_unseen_points_better_than_any_single_one():
    density = KernelDensity(clusters(4_000), SQUARE, np.random.default_rng(0))
    unseen = clusters(4_000, seed=1)
    inside = clusters(4_000)
    single = [np.log(_SmoothedGrid(inside, width, BOX)(unseen) + 1e-9).mean() for width in density.widths]
    assert density.log_density(unseen).mean() > max(single) + 0.05
    assert (density.weights > 0.1).sum() >= 2  # both the tight and the wide cluster have their width


def test_weights_are_probabilities_and_the_uniform_part_is_worth_one_point():
    density = KernelDensity(clusters(1_000), SQUARE, np.random.default_rng(0))
    assert density.weights.sum() == pytest.approx(1)
    assert (density.weights >= 0).all()
    assert density.weights[0] == pytest.approx(1 / 1_001, rel=0.5)


@pytest.mark.parametrize(
    "points",
    [np.zeros((50, 2)), np.full((50, 2), 1e6), np.array([[0.0, 0], [9, 9]]), np.array([[4.0, 4], [-4, -4], [0, 4]])],
    ids=["one place", "off the plot", "two points", "corners"],
)
def test_no_point_is_impossible_whatever_was_fitted(points):
    density = KernelDensity(points, SQUARE, np.random.default_rng(0))
    at = np.array([[0.0, 0], [4, 4], [-4, -4], [3.99, -1], [50, 0], [1e6, 1e6]])
    assert np.isfinite(density.log_density(at)).all()


def test_a_single_point_has_no_density():
    with pytest.raises(ValueError, match="two points"):
        KernelDensity(np.zeros((1, 2)), SQUARE, np.random.default_rng(0))
