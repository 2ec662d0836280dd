"""Divergences and their gradients against FIELD's truths, closed forms and independent integration."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.optimize import linprog

from ganstudio.metrics.divergences import Divergences, Gaussian, gaussian_divergences, raster_divergences


def _apart(distance: float, dimension: int = 1, sigma: float = 1.0) -> Divergences:
    origin = (0.0,) * dimension
    return gaussian_divergences(Gaussian(origin, 1.0), Gaussian((distance, *origin[1:]), sigma))


def test_one_unit_apart_all_is_as_the_theory_says() -> None:
    apart = _apart(1.0)
    assert apart.optimal_value == pytest.approx(-1.163451, abs=1e-6)
    assert apart.saturating_gradient == pytest.approx((0.397973,), abs=1e-6)
    assert apart.non_saturating_gradient == pytest.approx((0.602027,), abs=1e-6)
    assert (apart.kl.value, apart.reverse_kl.value, apart.w1.value) == pytest.approx((0.5, 0.5, 1.0))


def test_the_gradient_of_the_jsd_vanishes_as_the_supports_part_while_that_of_w1_stays() -> None:
    for distance, gradient in ((5.0, 2.4e-2), (10.0, 2.2e-6)):
        apart = _apart(distance)
        assert apart.jsd.gradient == pytest.approx((gradient,), rel=0.02)
        assert apart.w1.gradient == (1.0,)
    assert _apart(40.0).jsd.value == pytest.approx(math.log(2), abs=1e-15)


@pytest.mark.parametrize(
    ("distance", "sigma", "jsd"),
    [
        (0.5, 1, 0.030311),
        (1, 1, 0.111421),
        (2, 1, 0.336831),
        (3, 1, 0.526777),
        (4, 1, 0.632720),
        (0, 2, 0.173315),
    ],
)
def test_the_jsd_of_gaussians_in_the_plane(distance: float, sigma: float, jsd: float) -> None:
    assert _apart(distance, 2, sigma).jsd.value == pytest.approx(jsd, abs=1e-6)


@pytest.mark.parametrize("sigma", [0.05, 0.7, 3.0])
def test_the_jsd_on_the_line_is_that_of_adaptive_integration(sigma: float) -> None:
    p, q = stats.norm(0.3, 1), stats.norm(1.5, sigma)

    def integrand(x: float) -> float:
        a, b = p.pdf(x), q.pdf(x)
        return 0.5 * (a * math.log(2 * a / (a + b)) if a else 0) + 0.5 * (b * math.log(2 * b / (a + b)) if b else 0)

    breaks = sorted([*(0.3 + np.arange(-11, 12)), *(1.5 + sigma * np.arange(-11, 12))])
    expected = sum(integrate.quad(integrand, a, b)[0] for a, b in pairwise(breaks) if b > a)
    found = gaussian_divergences(Gaussian((0.3,), 1.0), Gaussian((1.5,), sigma)).jsd.value
    assert found == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("dimension", [1, 2])
@pytest.mark.parametrize("name", ["kl", "reverse_kl", "jsd", "w1"])
def test_every_gradient_of_gaussians_is_the_slope_of_its_value(name: str, dimension: int) -> None:
    p = Gaussian((0.2, -0.1)[:dimension], 1.0)

    def value(mean: np.ndarray) -> float:
        return float(getattr(gaussian_divergences(p, Gaussian(tuple(mean.tolist()), 0.6)), name).value)

    mean = np.array([1.1, 0.7])[:dimension]
    gradient = getattr(gaussian_divergences(p, Gaussian(tuple(mean.tolist()), 0.6)), name).gradient
    for axis in range(dimension):
        step = np.zeros(dimension)
        step[axis] = 1e-4
        assert gradient[axis] == pytest.approx((value(mean + step) - value(mean - step)) / 2e-4, rel=1e-5)


@pytest.mark.parametrize("dimension", [1, 2])
def test_w1_of_gaussians_is_the_mean_length_of_the_homothety(dimension: int) -> None:
    rng = np.random.default_rng(0)
    z = rng.standard_normal((400_000, dimension))
    moved = np.linalg.norm(np.array([0.9, 0.0])[:dimension] + 1.5 * z, axis=1)
    assert _apart(0.9, dimension, 2.5).w1.value == pytest.approx(moved.mean(), abs=4 * moved.std() / 630)
    if dimension == 1:  # against SciPy's distance between quantiles
        u = (np.arange(100_000) + 0.5) / 100_000
        exact = stats.wasserstein_distance(stats.norm.ppf(u), stats.norm.ppf(u, 0.9, 2.5))
        assert _apart(0.9, 1, 2.5).w1.value == pytest.approx(exact, abs=1e-4)


def _line(*mass: float) -> np.ndarray:
    return np.array(mass)


def test_unit_squares_have_a_jsd_of_their_shift_times_ln_2_and_a_constant_one_when_disjoint() -> None:
    cell = 1 / 8
    p = np.zeros((12, 40))
    p[2:10, 2:10] = 1
    for cells in (1, 4, 7):
        moved = raster_divergences(p, np.roll(p, cells, 1), (cell, cell))
        assert moved.jsd.value == pytest.approx(cells * cell * math.log(2), abs=1e-12)
        assert moved.jsd.gradient == pytest.approx((math.log(2), 0.0), abs=1e-9)
    for cells in (9, 20):
        moved = raster_divergences(p, np.roll(p, cells, 1), (cell, cell))
        assert moved.jsd.value == pytest.approx(math.log(2), abs=1e-15)
        assert moved.jsd.gradient == pytest.approx((0.0, 0.0), abs=1e-12)
        assert moved.kl.value == math.inf and moved.kl.gradient is None
        assert moved.w1.value == pytest.approx(cells * cell, rel=0.005)
        assert moved.w1.gradient == pytest.approx((1.0, 0.0), abs=0.02)


def test_rasters_of_gaussians_read_what_the_gaussians_do() -> None:
    edges = np.linspace(-5.5, 6.5, 601)
    p, q = (np.diff(stats.norm.cdf(edges, mean, 1)) for mean in (0, 1))
    raster, exact = raster_divergences(p, q, (0.02,)), _apart(1.0)
    for name in ("kl", "reverse_kl", "jsd", "w1"):
        found, known = getattr(raster, name), getattr(exact, name)
        assert found.value == pytest.approx(known.value, abs=1e-4)
    assert raster.jsd.gradient == pytest.approx(exact.jsd.gradient, abs=1e-4)
    assert raster.w1.gradient == pytest.approx((1.0,), abs=1e-3)


def test_w1_on_a_line_is_exact_for_densities_that_are_constant_in_cells() -> None:
    p, q = _line(1, 0, 0, 3), _line(0, 2, 2, 0)
    u = (np.arange(400_000) + 0.5) / 400_000
    quantiles = [np.interp(u, np.concatenate([[0], np.cumsum(m / m.sum())]), np.arange(5) * 0.5) for m in (p, q)]
    expected = np.abs(quantiles[0] - quantiles[1]).mean()
    assert raster_divergences(p, q, (0.5,)).w1.value == pytest.approx(expected, abs=1e-5)
    assert raster_divergences(p, p, (0.5,)).w1.value == 0
    assert raster_divergences(p, p, (0.5,)).w1.gradient == (0.0,)


def test_w1_on_a_grid_is_near_the_linear_programme() -> None:
    rng = np.random.default_rng(5)
    p, q = rng.random((2, 7, 7)) ** 6
    p, q = p / p.sum(), q / q.sum()
    y, x = np.mgrid[:7, :7]
    where = np.stack([x.ravel(), y.ravel()], 1)
    cost = np.linalg.norm(where[:, None] - where, axis=2)
    rows = np.kron(np.eye(49), np.ones(49))
    columns = np.kron(np.ones(49), np.eye(49))
    exact = linprog(cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([p.ravel(), q.ravel()])).fun
    assert raster_divergences(p, q, (1.0, 1.0)).w1.value == pytest.approx(exact, rel=0.06)


def test_mass_against_nothing_is_an_infinite_kl_one_way_only() -> None:
    found = raster_divergences(_line(0, 0, 1, 1, 1, 1, 0, 0), _line(0, 0, 0, 1, 1, 0, 0, 0), (1.0,))
    assert found.kl.value == math.inf and found.kl.gradient is None
    assert found.reverse_kl.value == pytest.approx(math.log(2))
    assert found.reverse_kl.gradient == pytest.approx((0.0,), abs=1e-12)
    assert 0 < found.jsd.value < math.log(2)


def test_what_is_no_density_is_refused() -> None:
    for bad in (_line(0, 0), _line(-1, 2), _line(math.nan, 1)):
        with pytest.raises(ValueError, match="q must be a density"):
            raster_divergences(_line(1, 1), bad, (1.0,))
    with pytest.raises(ValueError, match="do not fit"):
        raster_divergences(_line(1, 1), _line(1, 1, 1), (1.0,))
    with pytest.raises(ValueError, match="square"):
        raster_divergences(np.ones((2, 2)), np.ones((2, 2)), (1.0, 2.0))
    with pytest.raises(ValueError, match="sigma"):
        Gaussian((0.0,), 0.0)
