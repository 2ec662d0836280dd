"""The density of a prior against what is drawn from it, and against its integral."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ganstudio.experiment.networks import (
    Latent,
    MixturePrior,
    NormalPrior,
    Prior,
    TruncatedNormalPrior,
    UniformPrior,
)
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.priors import _DENSITIES, _REACHES, prior_density, prior_reach, sample_prior

PRIORS = (NormalPrior(), UniformPrior(bound=3.0), TruncatedNormalPrior(bound=1.2), MixturePrior(count=5, sigma=0.3))
SEED = 3


def test_every_prior_that_can_be_chosen_has_a_density_and_a_reach() -> None:
    assert set(_DENSITIES) == set(_REACHES) == set(kinds_of(Latent, "prior").values())


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.kind)
@pytest.mark.parametrize("axes", [(0,), (2,), (0, 1), (2, 0)])
def test_a_marginal_density_integrates_to_one_and_agrees_with_samples(prior: Prior, axes: tuple[int, ...]) -> None:
    latent = Latent(dimension=3, prior=prior)
    reach, cells = prior_reach(latent, SEED) * 1.3, 120
    edges = np.linspace(-reach, reach, cells + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    grid = np.stack(np.meshgrid(*[centres] * len(axes), indexing="ij"), axis=-1).reshape(-1, len(axes))
    area = (edges[1] - edges[0]) ** len(axes)
    density = prior_density(latent, grid, axes, SEED) * area
    assert density.sum() == pytest.approx(1.0, abs=0.02)
    drawn = sample_prior(latent, 100_000, np.random.default_rng(0), SEED)[:, list(axes)]
    counted = np.histogramdd(drawn, bins=[edges] * len(axes))[0].ravel() / len(drawn)
    coarse = 10
    blocks = (cells // coarse, coarse) * len(axes)
    sums = tuple(range(1, 2 * len(axes), 2))
    np.testing.assert_allclose(
        density.reshape(blocks).sum(axis=sums), counted.reshape(blocks).sum(axis=sums), atol=0.02
    )


def test_the_density_of_the_normal_prior_is_the_normal_density() -> None:
    points = np.array([[0.0, 0.0], [1.0, -2.0]])
    expected = stats.multivariate_normal(np.zeros(2)).pdf(points)
    np.testing.assert_allclose(prior_density(Latent(dimension=5), points, (3, 1), SEED), expected, rtol=1e-12)


def test_the_reach_holds_nearly_all_latents() -> None:
    for prior in PRIORS:
        latent = Latent(dimension=2, prior=prior)
        drawn = sample_prior(latent, 20_000, np.random.default_rng(0), SEED)
        assert (np.abs(drawn) <= prior_reach(latent, SEED)).all(axis=1).mean() > 0.995
