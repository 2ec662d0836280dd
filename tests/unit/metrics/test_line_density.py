"""p_g on the line against densities that are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from ganstudio.experiment.networks import (
    Latent,
    MixturePrior,
    NormalPrior,
    Prior,
    TruncatedNormalPrior,
    UniformPrior,
)
from ganstudio.gan.priors import first_quantiles, mixture_centres, sample_prior
from ganstudio.metrics.line_density import latent_lines, line_density

Floats = NDArray[np.float64]
PRIORS = (NormalPrior(), UniformPrior(bound=3.0), TruncatedNormalPrior(bound=1.2), MixturePrior(count=5, sigma=0.2))
EDGES = np.linspace(-3.0, 3.0, 241)
SEED = 7


def of_masses(below: Callable[[Floats], Floats]) -> Floats:
    """The density averaged over each cell, from a distribution function."""
    return np.diff(below(EDGES)) / np.diff(EDGES)


def scaled(slope: float, shift: float) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """A linear map of the mean coordinate, with unit variance for standard normals before ``slope``."""
    return lambda z: (shift + slope * z.sum(axis=1, keepdims=True) / np.sqrt(z.shape[1])).astype(np.float32)


def test_a_linear_map_of_a_normal_is_a_normal() -> None:
    density = line_density(scaled(0.5, 0.2), Latent(dimension=1), SEED, EDGES)
    np.testing.assert_allclose(density, of_masses(stats.norm(0.2, 0.5).cdf), atol=2e-4)


def test_a_uniform_prior_bent_to_a_square_has_the_densitys_pole() -> None:
    # x = z², z ~ U(−1, 1): P(X ≤ x) = √x. G folds: two latents for every x.
    density = line_density(lambda z: z**2, Latent(dimension=1, prior=UniformPrior()), SEED, EDGES)
    np.testing.assert_allclose(density * np.diff(EDGES), np.diff(np.sqrt(np.clip(EDGES, 0, 1))), atol=6e-4)


def test_a_mixture_prior_is_the_mixture() -> None:
    prior = MixturePrior(count=3, radius=1.0, sigma=0.25)
    centres = mixture_centres(prior, 1, SEED)[:, 0].astype(float)
    density = line_density(lambda z: z, Latent(dimension=1, prior=prior), SEED, EDGES)
    expected = np.mean([of_masses(stats.norm(centre, 0.25).cdf) for centre in centres], axis=0)
    np.testing.assert_allclose(density, expected, atol=2e-3)


@pytest.mark.parametrize(("dimension", "off"), [(2, 0.01), (3, 0.02), (16, 0.06)])
def test_longer_latents_are_integrated_as_well(dimension: int, off: float) -> None:
    density = line_density(scaled(0.6, -0.3), Latent(dimension=dimension), SEED, EDGES)
    expected = of_masses(stats.norm(-0.3, 0.6).cdf)
    assert np.abs(density - expected).sum() * np.diff(EDGES)[0] < off
    assert (density * np.diff(EDGES)).sum() == pytest.approx(1.0, abs=1e-5)


def test_every_component_of_a_mixture_counts_the_same_in_every_dimension() -> None:
    prior = MixturePrior(count=25, radius=1.0, sigma=0.02)
    density = line_density(lambda z: z[:, :1], Latent(dimension=3, prior=prior), SEED, EDGES)
    centres = mixture_centres(prior, 3, SEED)[:, 0].astype(float)
    expected = np.mean([of_masses(stats.norm(centre, 0.02).cdf) for centre in centres], axis=0)
    assert np.abs(density - expected).sum() * np.diff(EDGES)[0] < 0.02


def test_a_generator_that_makes_one_point_has_all_its_mass_in_one_cell() -> None:
    density = line_density(lambda z: np.full((len(z), 1), 0.51, np.float32), Latent(dimension=1), SEED, EDGES)
    cell = int(np.searchsorted(EDGES, 0.51)) - 1
    assert density[cell] * np.diff(EDGES)[cell] == pytest.approx(1.0, abs=1e-7)
    assert np.delete(density, cell).max() < 1e-5


def test_what_lies_off_the_plot_is_missing_and_what_is_not_finite_is_left_out() -> None:
    half = line_density(lambda z: z + 3, Latent(dimension=1), SEED, EDGES)
    assert (half * np.diff(EDGES)).sum() == pytest.approx(0.5, abs=1e-3)
    broken = line_density(lambda z: np.full((len(z), 1), np.nan, np.float32), Latent(dimension=1), SEED, EDGES)
    assert (broken == 0).all()


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.kind)
def test_lines_of_one_dimension_are_quantiles_in_rising_order(prior: Prior) -> None:
    latent = Latent(dimension=1, prior=prior)
    lines = latent_lines(latent, SEED, 21)[:, 0]
    assert (np.diff(lines) > 0).all()
    drawn = np.sort(sample_prior(latent, 200_000, np.random.default_rng(0), SEED)[:, 0])
    shares = np.searchsorted(drawn, lines) / len(drawn)
    np.testing.assert_allclose(shares, (np.arange(21) + 0.5) / 21, atol=5e-3)


def test_lines_of_a_uniform_prior_are_evenly_spaced_as_in_the_paper() -> None:
    lines = latent_lines(Latent(dimension=1, prior=UniformPrior(bound=2.0)), SEED, 11)[:, 0]
    np.testing.assert_allclose(np.diff(lines), 4 / 11, rtol=1e-5)


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.kind)
def test_lines_of_longer_latents_are_a_fair_share_of_the_prior_in_each_coordinate(prior: Prior) -> None:
    latent = Latent(dimension=3, prior=prior)
    lines = latent_lines(latent, SEED, 400)
    drawn = sample_prior(latent, 20_000, np.random.default_rng(0), SEED)
    for axis in range(3):
        assert stats.kstest(lines[:, axis], drawn[:, axis]).pvalue > 1e-3


def test_quantiles_order_one_dimension_alone() -> None:
    with pytest.raises(ValueError, match="one dimension"):
        first_quantiles(Latent(dimension=2), np.array([0.5]), SEED)
