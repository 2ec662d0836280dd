import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtr

from ganstudio.experiment.painting import Extent
from ganstudio.metrics.histogram import SAMPLED_POINTS, CellGrid

EXTENT = Extent(x_min=-1.0, x_max=3.0, y_min=0.5, y_max=1.5)


def test_counts_are_those_of_numpy_and_the_rest_lies_outside():
    points = np.random.default_rng(0).normal(1.0, 1.0, (5000, 2))
    counts = CellGrid(EXTENT, 2, 7).counts(points)
    expected, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=7, range=[(0.5, 1.5), (-1.0, 3.0)])
    assert (counts[:-1] == expected.ravel()).all()
    assert counts[-1] == 5000 - expected.sum() > 0


def test_counts_on_a_line_are_those_of_numpy():
    points = np.random.default_rng(0).normal(1.0, 2.0, (5000, 1))
    counts = CellGrid(EXTENT, 1, 30).counts(points)
    expected, _ = np.histogram(points[:, 0], bins=30, range=(-1.0, 3.0))
    assert (counts[:-1] == expected).all()


def test_the_upper_edge_of_the_plot_belongs_to_the_last_cell_and_just_beyond_is_outside():
    grid = CellGrid(EXTENT, 2, 4)
    corners = np.array([[3.0, 1.5], [-1.0, 0.5], [3.0 + 1e-9, 1.0], [1.0, 0.5 - 1e-9]])
    counts = grid.counts(corners)
    assert counts[15] == 1
    assert counts[0] == 1
    assert counts[-1] == 2


@given(arrays(np.float64, st.tuples(st.integers(0, 40), st.just(2)), elements=st.floats(allow_nan=True, width=64)))
def test_every_point_is_counted_once_whatever_it_is(points):
    counts = CellGrid(EXTENT, 2, 5).counts(points)
    assert counts.shape == (26,)
    assert counts.min() >= 0
    assert counts.sum() == len(points)
    assert counts[-1] >= (~np.isfinite(points).all(axis=1)).sum()


@pytest.mark.parametrize("dimension", [1, 2])
def test_the_places_of_points_are_the_cells_that_they_are_counted_in(dimension):
    grid = CellGrid(EXTENT, dimension, 4)
    points = np.random.default_rng(0).normal(1, 2, (300, dimension))
    points[:3, 0] = np.nan, 3.0, -1.0
    places = grid.places(points)
    np.testing.assert_array_equal(np.bincount(places, minlength=grid.count), grid.counts(points))
    for number in range(10):  # one by one
        assert grid.counts(points[number : number + 1])[places[number]] == 1


def test_points_of_another_dimension_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        CellGrid(EXTENT, 2, 5).counts(np.zeros((4, 1)))


def test_gaussian_masses_are_products_of_normal_cdfs_and_the_rest_is_outside(make_target):
    target = make_target("gaussian")
    grid = CellGrid.over(target, 10)
    masses = grid.target_masses(target)
    along = np.diff(ndtr(np.linspace(-4.4, 4.4, 11)))
    assert masses.samples is None
    assert masses.values[:-1] == pytest.approx(np.outer(along, along).ravel(), abs=1e-15)
    assert masses.values[-1] == pytest.approx(1 - (1 - 2 * ndtr(-4.4)) ** 2, rel=1e-6)


def test_masses_sum_to_one_for_every_target(target):
    masses = CellGrid.over(target, 30).target_masses(target)
    assert masses.values.sum() == pytest.approx(1.0, abs=1e-12)
    assert masses.values.min() >= 0


def test_counts_and_masses_speak_of_the_same_cells(target):
    # χ² of a sample against the masses: were cells transposed or shifted, it would be enormous.
    grid = CellGrid.over(target, 12)
    masses, n = grid.target_masses(target).values, 200_000
    counts = grid.counts(target.sample(n, np.random.default_rng(3)))
    large = n * masses > 5
    chi2 = ((counts - n * masses)[large] ** 2 / (n * masses)[large]).sum()
    assert chi2 < large.sum() + 6 * np.sqrt(2 * large.sum())
    assert counts[~large].sum() <= 5 * (~large).sum()


def test_unknown_masses_are_counted_on_a_large_sample_that_is_the_same_each_time(make_target, without_masses):
    known = make_target("ring8 σ .1")
    grid = CellGrid.over(known, 30)
    exact, counted = grid.target_masses(known).values, grid.target_masses(without_masses(known), seed=5)
    assert counted.samples == SAMPLED_POINTS >= 1_000_000
    deviation = (counted.values - exact) / np.sqrt(np.maximum(exact, 1e-6) / SAMPLED_POINTS)
    assert np.abs(deviation).max() < 6
    assert (counted.values == grid.target_masses(without_masses(known), seed=5).values).all()


@pytest.mark.parametrize("wrong", [2.0, -0.1, float("nan")])
def test_masses_that_are_no_probabilities_are_refused(make_target, monkeypatch, wrong):
    target = make_target("box")
    monkeypatch.setattr(target, "cell_masses", lambda x, y: np.full((5, 5), wrong))
    with pytest.raises(ValueError, match="no probabilities"):
        CellGrid.over(target, 5).target_masses(target)


def test_masses_of_single_precision_that_sum_to_a_little_more_than_one_are_taken(make_target, monkeypatch):
    target = make_target("uniform")
    monkeypatch.setattr(target, "cell_masses", lambda x, y: np.full((5, 5), np.float32(0.04 * (1 + 1e-6))))
    masses = CellGrid.over(target, 5).target_masses(target)
    assert masses.values.sum() == pytest.approx(1.0, abs=1e-12)
    assert masses.values[-1] == 0.0
