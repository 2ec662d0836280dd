"""p_data for looking at."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import Curve
from ganstudio.experiment.targets import Gaussian, Gaussian1D, GaussianRing, Painting1D, Points
from ganstudio.targets import build
from ganstudio.ui.canvas.density import density_at, density_grid, full_height, looking_samples
from ganstudio.ui.canvas.polylines import cell_centres


@pytest.mark.parametrize("spec", [GaussianRing(), Gaussian(), Gaussian1D()], ids=lambda spec: spec.kind)
def test_the_grid_holds_all_the_mass(spec):
    grid = density_grid(build(spec))
    x_min, x_max, y_min, y_max = grid.view
    rows, columns = grid.values.shape
    cell = (x_max - x_min) / columns * (1.0 if rows == 1 else (y_max - y_min) / rows)
    assert grid.exact
    assert grid.values.sum() * cell == pytest.approx(1.0, abs=2e-3)


def test_the_density_at_a_point_is_that_of_the_formula():
    target = build(Gaussian1D(mean=0.5, sigma=0.35))
    at_mean = density_at(target, density_grid(target), 0.5, 123.0)
    assert at_mean == pytest.approx(1 / (0.35 * math.sqrt(2 * math.pi)), rel=1e-5)


def test_points_from_a_file_have_no_formula_and_are_read_cell_by_cell():
    points = np.random.default_rng(0).random((500, 2)).astype(np.float32)
    target = build(Points(points=ArrayText.of(points)))
    grid = density_grid(target)
    row, column = np.unravel_index(grid.values.argmax(), grid.values.shape)
    x, y = cell_centres(grid.view, *grid.values.shape)
    assert not target.has_density
    assert density_at(target, grid, x[column], y[row]) == grid.values.max()
    assert density_at(target, grid, grid.view[1] + 1, 0.5) == 0.0


@pytest.mark.parametrize("spec", [GaussianRing(), Gaussian1D()], ids=lambda spec: spec.kind)
def test_where_cells_are_not_known_samples_are_counted(spec, monkeypatch):
    target = build(spec)
    exact = density_grid(target, (1, 20) if target.dimension == 1 else (20, 20)).values
    monkeypatch.setattr(target, "density_raster", lambda *_: None)
    counted = density_grid(target, exact.shape)
    assert not counted.exact
    assert counted.values.sum() == pytest.approx(exact.sum(), rel=5e-3)
    assert np.abs(counted.values - exact).max() < 0.1 * exact.max()


def test_looking_twice_shows_the_same_samples():
    target = build(Gaussian())
    np.testing.assert_array_equal(looking_samples(target, 50), looking_samples(target, 50))


def test_a_drawn_curve_stays_where_it_was_drawn():
    spec = Painting1D(commands=(Curve(points=((-1.0, 0.5), (1.0, 0.5))),))
    target = build(spec)
    grid = density_grid(target)
    # Half of full ink over a length of 2 is an area of 1: the axis ends at a density of 1.
    assert full_height(target, grid) == pytest.approx(1.0, rel=0.02)
    assert float(grid.values.max()) / full_height(target, grid) == pytest.approx(0.5, rel=0.02)
