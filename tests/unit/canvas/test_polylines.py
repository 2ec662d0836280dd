"""Contour, arrows, grid and readings as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.ui.canvas.polylines import arrows, cell_centres, contour, interpolated, joined

VIEW = (-2.0, 2.0, -1.0, 1.0)


def test_the_contour_of_a_slope_is_the_line_where_it_is_a_half():
    x, _ = cell_centres(VIEW, 32, 64)
    values = np.tile(0.5 + (x - 0.3) * 0.2, (32, 1))
    line_x, line_y = contour(values, VIEW)
    assert np.isfinite(line_x).any()
    np.testing.assert_allclose(line_x[np.isfinite(line_x)], 0.3, atol=1e-9)
    assert np.nanmin(line_y) == pytest.approx(-1 + 1 / 32)


def test_the_contour_of_a_hill_is_its_circle():
    x, y = cell_centres((-1, 1, -1, 1), 96, 96)
    distance = np.hypot(x[None, :] - 0.1, y[:, None] + 0.2)
    line_x, line_y = contour(1.0 / (1.0 + (distance / 0.4) ** 2), (-1, 1, -1, 1))
    np.testing.assert_allclose(np.hypot(line_x - 0.1, line_y + 0.2), 0.4, atol=2e-3)


def test_a_field_that_never_is_a_half_has_no_contour():
    line_x, _ = contour(np.full((8, 8), 0.9), VIEW)
    assert line_x.size == 0


def test_arrows_point_along_the_gradients_and_the_long_ones_are_capped():
    gradients = np.array([[0.0, 0.0, 1.0, 0.0]] * 9 + [[1.0, 1.0, 0.0, 100.0]])
    drawn = arrows(gradients, length=0.5)
    tips = np.column_stack([drawn.x, drawn.y]).reshape(-1, 6, 2)[:, 1]
    starts = gradients[:, :2]
    lengths = np.hypot(*(tips - starts).T)
    assert drawn.longest == 100.0
    assert lengths[-1] == pytest.approx(0.5)
    assert lengths.max() <= 0.5 + 1e-12
    direction = (tips - starts)[-1]
    assert direction[0] == pytest.approx(0.0)
    assert direction[1] > 0


def test_lengths_of_arrows_are_in_proportion():
    gradients = np.array([[0.0, 0.0, s, 0.0] for s in np.linspace(0.1, 1.0, 50)])
    drawn = arrows(gradients, length=1.0)
    lengths = np.column_stack([drawn.x, drawn.y]).reshape(-1, 6, 2)[:, 1, 0]
    below = lengths < 0.99
    np.testing.assert_allclose(lengths[below] / gradients[below, 2], lengths[0] / 0.1)


def test_no_gradient_at_all_draws_no_arrows():
    drawn = arrows(np.zeros((5, 4)), length=1.0)
    assert drawn.x.size == 0
    assert drawn.longest == 0.0
    assert arrows(np.empty((0, 4)), 1.0).x.size == 0


def test_gradients_that_are_not_numbers_are_left_out():
    gradients = np.array([[0, 0, np.nan, 1], [0, 0, 1, 1], [np.inf, 0, 1, 1]], float)
    assert arrows(gradients, 1.0).x.size == 6


def test_grid_lines_are_lifted_between_one_and_the_next():
    lines = np.arange(12.0).reshape(2, 3, 2)
    x, y = joined(lines)
    np.testing.assert_array_equal(x, [0, 2, 4, np.nan, 6, 8, 10, np.nan])
    np.testing.assert_array_equal(y, [1, 3, 5, np.nan, 7, 9, 11, np.nan])


def test_a_reading_is_exact_at_cell_centres_and_linear_between():
    values = np.random.default_rng(0).random((5, 7))
    x, y = cell_centres(VIEW, 5, 7)
    for row in range(5):
        for column in range(7):
            assert interpolated(values, VIEW, x[column], y[row]) == pytest.approx(values[row, column])
    middle = interpolated(values, VIEW, (x[2] + x[3]) / 2, (y[1] + y[2]) / 2)
    assert middle == pytest.approx(values[1:3, 2:4].mean())


def test_there_is_no_reading_outside_the_field():
    values = np.ones((4, 4))
    assert np.isnan(interpolated(values, VIEW, 2.1, 0.0))
    assert np.isnan(interpolated(values, VIEW, 0.0, -1.1))
    assert interpolated(values, VIEW, 2.0, 1.0) == 1.0


def test_a_field_of_one_row_is_read_along_x_whatever_y_is():
    assert interpolated(np.array([[0.2, 0.4]]), VIEW, 0.0, 55.0) == pytest.approx(0.3)
