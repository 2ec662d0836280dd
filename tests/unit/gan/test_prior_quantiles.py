import numpy as np
import pytest
from scipy.stats import kstest

from ganstudio.experiment.networks import Latent, MixturePrior, NormalPrior, TruncatedNormalPrior, UniformPrior
from ganstudio.gan.priors import mixture_centres, prior_quantiles, sample_prior, uniforms_needed

PRIORS = (NormalPrior(), UniformPrior(bound=3), TruncatedNormalPrior(bound=1.2), MixturePrior(count=5, sigma=0.2))


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.kind)
def test_quantiles_of_uniform_numbers_are_distributed_as_the_prior(prior):
    latent = Latent(dimension=3, prior=prior)
    rng = np.random.default_rng(0)
    mapped = prior_quantiles(latent, rng.random((20_000, uniforms_needed(latent))), 7)
    drawn = sample_prior(latent, 20_000, rng, 7)
    assert mapped.shape == (20_000, 3)
    assert mapped.dtype == np.float32
    for axis in range(3):
        assert kstest(mapped[:, axis], drawn[:, axis]).pvalue > 1e-3
    assert np.cov(mapped.T) == pytest.approx(np.cov(drawn.T), abs=0.15)


def test_the_ends_of_the_interval_give_finite_latents():
    ends = np.array([[0.0, 0.0], [1.0, 1.0]])
    for prior in PRIORS:
        latent = Latent(dimension=2, prior=prior)
        uniforms = np.hstack([ends[:, :1], ends])[:, : uniforms_needed(latent)]
        assert np.isfinite(prior_quantiles(latent, uniforms, 0)).all()


def test_the_first_number_chooses_the_component_of_a_mixture():
    prior = MixturePrior(count=4, sigma=1e-6)
    latent = Latent(dimension=2, prior=prior)
    uniforms = np.full((4, 3), 0.5)
    uniforms[:, 0] = [0.1, 0.3, 0.6, 0.999]
    assert prior_quantiles(latent, uniforms, 3) == pytest.approx(mixture_centres(prior, 2, 3), abs=1e-5)
