import math

import numpy as np
import pytest

from ganstudio.experiment.networks import Latent, MixturePrior, UniformPrior
from ganstudio.gan.priors import sample_prior
from ganstudio.metrics.histogram import CellGrid
from ganstudio.metrics.jsd import LN2, HistogramJsd, jensen_shannon
from ganstudio.metrics.latent_map import mapped_masses
from ganstudio.metrics.model import Model
from ganstudio.targets.mixture import IsotropicMixture


def isotropic(latent_dimension, scale, shift):
    """x = A z + b with A Aᵀ = scale² I, so that p_g is N(b, scale² I)."""
    a = scale * np.linalg.qr(np.random.default_rng(0).standard_normal((latent_dimension,) * 2))[0][:, :2]
    b = np.array([shift, 0])
    return Model(lambda z: (z @ a + b).astype(np.float32), Latent(dimension=latent_dimension), 0)


@pytest.fixture
def gaussian(make_target):
    return make_target("gaussian")


@pytest.mark.parametrize("latent_dimension", [2, 3, 8])
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (1.0, 0.5), (1.0, 2.0), (0.6, 0.3)])
def test_a_linear_generator_gives_the_divergence_of_the_exact_masses(gaussian, latent_dimension, scale, shift):
    grid = CellGrid.over(gaussian, 30)
    p = grid.target_masses(gaussian).values
    truth = jensen_shannon(
        p, grid.target_masses(IsotropicMixture(np.array([[shift, 0.0]]), scale, gaussian.extent)).values
    )
    found = mapped_masses(isotropic(latent_dimension, scale, shift), grid, seed=1).divergence(p)
    assert found.value == pytest.approx(truth, abs=2e-4)
    assert abs(found.value - truth) <= 1.6 * found.half  # its band is that of 7 degrees of freedom


def test_the_error_is_far_below_that_of_a_histogram_of_as_many_random_latents(gaussian):
    estimator, model = HistogramJsd(gaussian, 30), isotropic(2, 0.7, 1.0)
    p = estimator.masses.values
    there = IsotropicMixture(np.array([[1.0, 0.0]]), 0.7, gaussian.extent)
    truth = jensen_shannon(p, estimator.grid.target_masses(there).values)
    mapped = [mapped_masses(model, estimator.grid, seed=seed, log2_points=12).divergence(p).value for seed in range(8)]
    rng = np.random.default_rng(0)
    counted = [estimator.estimate(there.sample(8 << 12, rng)).value for _ in range(8)]
    errors = [np.sqrt(np.mean((np.array(values) - truth) ** 2)) for values in (mapped, counted)]
    assert errors[0] < 0.35 * errors[1]


def test_a_one_dimensional_generator_is_measured_on_the_line(make_target):
    target = make_target("gaussian 1-D")
    grid = CellGrid.over(target, 100)
    model = Model(lambda z: z, Latent(dimension=1), 0)
    assert mapped_masses(model, grid, seed=0).divergence(grid.target_masses(target).values).value == pytest.approx(
        0, abs=2e-5
    )


@pytest.mark.parametrize("prior", [UniformPrior(bound=2), MixturePrior(count=3, sigma=0.2)])
def test_masses_are_those_of_random_latents_for_other_priors(gaussian, prior):
    latent = Latent(dimension=2, prior=prior)
    grid = CellGrid.over(gaussian, 12)
    mapped = mapped_masses(Model(lambda z: z, latent, 5), grid, seed=0, log2_points=13)
    drawn = grid.counts(sample_prior(latent, 400_000, np.random.default_rng(0), 5)) / 400_000
    assert mapped.masses.sum() == pytest.approx(1)
    assert np.abs(mapped.masses - drawn).sum() < 0.015


def test_a_generator_off_the_plot_reads_ln_2(gaussian):
    grid = CellGrid.over(gaussian, 30)
    model = Model(lambda z: z + np.float32(1e6), Latent(), 0)
    found = mapped_masses(model, grid, seed=0, log2_points=8).divergence(grid.target_masses(gaussian).values)
    assert (found.value, found.half) == (LN2, 0.0)


def test_a_generator_that_makes_one_point_reads_a_number(gaussian):
    grid = CellGrid.over(gaussian, 30)
    mapped = mapped_masses(Model(lambda z: 0 * z + np.float32(0.01), Latent(), 0), grid, seed=0, log2_points=8)
    found = mapped.divergence(grid.target_masses(gaussian).values)
    assert 0.6 < found.value <= LN2
    assert math.isfinite(found.half)
    assert 0 <= mapped.noise(grid.target_masses(gaussian).values) <= 1


def test_the_noise_is_a_share_of_that_of_independent_samples(gaussian):
    grid = CellGrid.over(gaussian, 10)
    p = grid.target_masses(gaussian).values
    assert mapped_masses(isotropic(2, 1.0, 0.0), grid, seed=0).noise(p) < 0.7


def test_the_same_seed_gives_the_same_masses(gaussian):
    grid, model = CellGrid.over(gaussian, 10), isotropic(2, 1.0, 0.0)
    first, again, other = (mapped_masses(model, grid, seed=seed, log2_points=8) for seed in (1, 1, 2))
    assert np.array_equal(first.counts, again.counts)
    assert not np.array_equal(first.counts, other.counts)
