"""Randomness by name and number, and the priors drawn from it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ganstudio.experiment.networks import Latent, MixturePrior, NormalPrior, TruncatedNormalPrior, UniformPrior
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.priors import _SAMPLERS, mixture_centres, sample_prior
from ganstudio.gan.streams import Purpose, passing_stream, stream


def test_a_draw_is_the_same_however_often_and_in_whatever_order_it_is_made() -> None:
    first = stream(7, Purpose.GENERATOR_LATENT, 12).standard_normal(5)
    stream(7, Purpose.GENERATOR_LATENT, 11).standard_normal(5)
    assert np.array_equal(first, stream(7, Purpose.GENERATOR_LATENT, 12).standard_normal(5))


def test_seed_purpose_and_number_each_give_other_numbers() -> None:
    draws = {
        tuple(stream(seed, purpose, index).integers(2**32, size=4))
        for seed in (0, 1, 2**31 - 1)
        for purpose in Purpose
        for index in (0, 1, 10**9)
    }
    assert len(draws) == 3 * len(Purpose) * 3


def test_consecutive_draws_are_uncorrelated() -> None:
    draws = np.stack([stream(0, Purpose.DISCRIMINATOR_REAL, n).standard_normal(500) for n in range(200)])
    correlation = np.corrcoef(draws)
    np.fill_diagonal(correlation, 0)
    assert abs(correlation).max() < 0.25
    assert stats.kstest(draws.ravel(), "norm").pvalue > 0.01


def test_every_prior_that_can_be_chosen_is_drawn() -> None:
    assert set(_SAMPLERS) == set(kinds_of(Latent, "prior").values())


@pytest.mark.parametrize(
    ("prior", "distribution"),
    [
        (NormalPrior(), stats.norm()),
        (UniformPrior(bound=2.0), stats.uniform(-2, 4)),
        (TruncatedNormalPrior(bound=1.5), stats.truncnorm(-1.5, 1.5)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_prior_has_the_distribution_it_names(prior: NormalPrior, distribution: object) -> None:
    latents = sample_prior(Latent(dimension=3, prior=prior), 20_000, stream(0, Purpose.LOOK_LATENT), 0)
    assert latents.shape == (20_000, 3)
    assert latents.dtype == np.float32
    assert stats.kstest(latents.ravel(), distribution.cdf).pvalue > 0.01  # type: ignore[attr-defined]


def test_a_mixture_keeps_its_centres_and_spreads_around_them() -> None:
    prior = MixturePrior(count=4, radius=5.0, sigma=0.1)
    latents = sample_prior(Latent(dimension=2, prior=prior), 4000, stream(0, Purpose.LOOK_LATENT), 3)
    centres = mixture_centres(prior, 2, 3)
    distance = np.linalg.norm(latents[:, None] - centres[None], axis=2)
    nearest = distance.argmin(1)
    assert np.bincount(nearest, minlength=4) == pytest.approx([1000] * 4, rel=0.1)
    assert (latents - centres[nearest]).std() == pytest.approx(0.1, rel=0.03)


def test_a_passing_stream_draws_the_numbers_of_one_made_anew() -> None:
    for seed, purpose, index in (
        (3, Purpose.DISCRIMINATOR_REAL, 7),
        (3, Purpose.DISCRIMINATOR_REAL, 8),
        (4, Purpose.PRIOR, 7),
    ):
        for _ in range(2):  # whatever was drawn from it before, buffered halves of a number included
            passing, made = passing_stream(seed, purpose, index), stream(seed, purpose, index)
            assert np.array_equal(passing.random(3, dtype=np.float32), made.random(3, dtype=np.float32))
            assert np.array_equal(passing.integers(8, size=5), made.integers(8, size=5))
            assert np.array_equal(passing.standard_normal((5, 2)), made.standard_normal((5, 2)))
