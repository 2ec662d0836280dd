"""Exact W1 against what is known, the line's closed form, its dual, and its own finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.metrics.divergences import raster_divergences
from ganstudio.metrics.exact_transport import exact_w1


def uniform(count: int) -> np.ndarray:
    return np.full(count, 1 / count)


def test_a_shifted_set_is_as_far_as_it_was_shifted():
    x = np.random.default_rng(0).normal(size=(30, 2))
    value, gradient = exact_w1(x, uniform(30), x + np.array([30.0, 40.0]), uniform(30))
    assert value == pytest.approx(50.0)
    np.testing.assert_allclose(gradient, [0.6, 0.8], atol=0.05)


def test_on_a_line_it_is_the_area_between_the_distribution_functions():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(17, 1)), rng.normal(1.0, 2.0, size=(23, 1))
    a, b = rng.dirichlet(np.ones(17)), rng.dirichlet(np.ones(23))
    places = np.sort(np.concatenate([x, y])[:, 0])
    middle = (places[:-1] + places[1:]) / 2
    apart = [a[x[:, 0] < at].sum() - b[y[:, 0] < at].sum() for at in middle]
    value, _ = exact_w1(x, a, y, b)
    assert value == pytest.approx(np.abs(apart) @ np.diff(places), abs=1e-9)


def test_masses_that_are_next_to_nothing_do_not_stand_in_the_way():
    rng = np.random.default_rng(0)
    for _ in range(150):
        x, y = rng.random((2, 8, 2))
        a, b = 10 ** rng.uniform(-30, 0, (2, 8))
        b[-1] = 1e-25
        a, b = a / a.sum(), b / b.sum()
        value, _ = exact_w1(x, a, y, b)
        heaviest = np.linalg.norm(x[a.argmax()] - y[b.argmax()])
        assert abs(value - heaviest) <= 2 * (2 - a.max() - b.max()) + 1e-6


def test_unequal_numbers_of_points_split_their_mass():
    x, y = np.array([[0.0, 0.0]]), np.array([[3.0, 0.0], [0.0, 4.0]])
    value, gradient = exact_w1(x, uniform(1), y, uniform(2))
    assert value == pytest.approx(3.5)
    np.testing.assert_allclose(gradient, [0.5, 0.5])


@pytest.mark.parametrize("count", [12, 15])
def test_the_gradient_is_that_of_the_value(count):
    rng = np.random.default_rng(count)
    x, y, h = rng.normal(size=(12, 2)), rng.normal(0.5, 1.0, size=(count, 2)), 1e-6
    a, b = uniform(12), uniform(count)
    _, gradient = exact_w1(x, a, y, b)
    slopes = [(exact_w1(x, a, y + h * e, b)[0] - exact_w1(x, a, y - h * e, b)[0]) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(gradient, slopes, atol=1e-6)


def test_no_potential_of_slope_one_beats_it():
    """Kantorovich's duality, from below: distances to any point are such potentials."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(10, 2)), rng.normal(2.0, 1.0, size=(14, 2))
    value, _ = exact_w1(x, uniform(10), y, uniform(14))
    for point in rng.normal(0.0, 10.0, size=(50, 2)):
        gap = np.linalg.norm(y - point, axis=1).mean() - np.linalg.norm(x - point, axis=1).mean()
        assert abs(gap) <= value + 1e-9


def test_rasters_with_few_cells_use_it():
    p, q = np.zeros((2, 24, 24))
    p[6:11, 4:9] = q[12:17, 14:19] = 1.0
    found = raster_divergences(p, q, (0.25, 0.25)).w1
    assert found.value == pytest.approx(np.hypot(2.5, 1.5), abs=1e-9)
    np.testing.assert_allclose(found.gradient, np.array([2.5, 1.5]) / np.hypot(2.5, 1.5), atol=0.02)
    assert found.gradient[0] > 0 and found.gradient[1] > 0


def test_it_agrees_with_the_flow_over_the_grid():
    from ganstudio.metrics.grid_transport import w1_on_grid

    rng = np.random.default_rng(3)
    p, q = np.zeros((2, 16, 16))
    p[2:6, 3:8], q[8:13, 7:14] = rng.random((4, 5)), rng.random((5, 7))
    found = raster_divergences(p, q, (1.0, 1.0)).w1.value
    assert found == pytest.approx(w1_on_grid(p / p.sum(), q / q.sum(), 1.0)[0], rel=0.03)
