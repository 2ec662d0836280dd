"""Randomness by name and number, and the priors drawn from it."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ganstudio.experiment.networks import Latent, MixturePrior, NormalPrior, TruncatedNormalPrior, UniformPrior
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.priors import _SAMPLERS, Floats, mixture_centres, sample_prior
from ganstudio.gan.streams import (
    BLOCK_NUMBERS,
    MOST_AT_ONCE,
    Blocks,
    Purpose,
    Turns,
    stream,
    turned_to,
    updates_at_once,
)


def test_a_draw_is_the_same_however_often_and_in_whatever_order_it_is_made() -> None:
    first = stream(7, Purpose.GENERATOR_LATENT, 12).standard_normal(5)
    stream(7, Purpose.GENERATOR_LATENT, 11).standard_normal(5)
    assert np.array_equal(first, stream(7, Purpose.GENERATOR_LATENT, 12).standard_normal(5))


def test_a_generator_that_has_drawn_begins_another_draw_as_a_fresh_one_does() -> None:
    used = stream(3, Purpose.GENERATOR_LATENT, 12)
    used.standard_normal(5, dtype=np.float32)
    used.integers(0, 7, 3, dtype=np.uint32)  # leaves half of a number behind
    turned_to(used, 8, Purpose.DISCRIMINATOR_NOISE, 5, 32)
    fresh = stream(8, Purpose.DISCRIMINATOR_NOISE, 5, 32)
    for draw in ("random", "standard_normal"):
        assert np.array_equal(getattr(used, draw)(9, dtype=np.float32), getattr(fresh, draw)(9, dtype=np.float32))
    assert np.array_equal(used.integers(0, 7, 3), fresh.integers(0, 7, 3))


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


def _numbers(rng: np.random.Generator, count: int) -> tuple[Floats]:
    return (rng.random(count, dtype=np.float32),)


def _all(blocks: Blocks, purpose: Purpose, turns: Turns, numbers: int) -> list[float]:
    (drawn,) = blocks.drawn(purpose, turns, numbers, _numbers)
    assert drawn is not None
    return list(drawn)


def _one(blocks: Blocks, purpose: Purpose, update: int, numbers: int, make: Any = _numbers, *given: object) -> float:
    """What a single update draws."""
    ((drawn,),) = blocks.drawn(purpose, Turns(range(update, update + 1)), numbers, make, *given)
    return drawn


@pytest.mark.parametrize("numbers", [1, 300, 512, 5000, 20_000])
def test_what_an_update_draws_follows_from_its_number_alone(numbers: int) -> None:
    blocks = Blocks(7)
    drawn = [_one(blocks, Purpose.GENERATOR_LATENT, n, numbers) for n in range(200)]
    assert len(set(drawn)) == 200
    for n in (0, 199, 3, 64, 63, 3, 100):  # back and forth, each for the first time in a new game as well
        assert _one(blocks, Purpose.GENERATOR_LATENT, n, numbers) == drawn[n]
        assert _one(Blocks(7), Purpose.GENERATOR_LATENT, n, numbers) == drawn[n]
        assert _one(Blocks(8), Purpose.GENERATOR_LATENT, n, numbers) != drawn[n]
    for updates in (range(200), range(3, 140), range(63, 65), range(5, 6)):  # within a block, and over several
        assert _all(Blocks(7), Purpose.GENERATOR_LATENT, Turns(updates), numbers) == [drawn[n] for n in updates]


def test_each_step_that_an_update_foresees_draws_its_own() -> None:
    drawn = _all(Blocks(0), Purpose.UNROLLED_REAL, Turns(range(50), 3), 100)
    assert len(set(drawn)) == 150
    assert _all(Blocks(0), Purpose.UNROLLED_REAL, Turns(range(25, 26), 3), 100) == drawn[75:78]


def test_what_is_not_drawn_is_missing_from_one_block_and_from_several() -> None:
    def make(rng: np.random.Generator, count: int) -> tuple[Floats | None, Floats]:
        return None, *_numbers(rng, count)

    for updates in (range(3), range(300)):
        nothing, drawn = Blocks(0).drawn(Purpose.GENERATOR_NOISE, Turns(updates), 100, make)
        assert nothing is None
        assert drawn is not None
        assert list(drawn) == _all(Blocks(0), Purpose.GENERATOR_NOISE, Turns(updates), 100)


def test_a_block_is_drawn_once_and_anew_where_its_source_is_another() -> None:
    blocks, counts = Blocks(0), []

    def make(rng: np.random.Generator, count: int) -> tuple[Floats]:
        counts.append(count)
        return _numbers(rng, count)

    target, other = object(), object()
    for n in range(16):
        _one(blocks, Purpose.DISCRIMINATOR_REAL, n, 1000, make, target)
    assert counts == [16]
    _one(blocks, Purpose.DISCRIMINATOR_REAL, 15, 1000, make, other)
    assert counts == [16, 16]


def test_what_a_large_update_draws_is_not_held_in_memory() -> None:
    blocks, made = Blocks(0), []

    def make(rng: np.random.Generator, count: int) -> tuple[Floats]:
        (drawn,) = _numbers(rng, count)
        made.append(weakref.ref(drawn))
        return (drawn,)

    _one(blocks, Purpose.GENERATOR_NOISE, 3, 10 * BLOCK_NUMBERS, make)
    assert [one() for one in made] == [None]


def test_nothing_is_drawn_again_where_updates_become_smaller_on_the_way() -> None:
    large, small = Blocks(0), Blocks(0)  # as before and after the batch size is changed
    drawn = [_one(large, Purpose.GENERATOR_LATENT, n, 2**12) for n in range(40)]
    drawn += _all(small, Purpose.GENERATOR_LATENT, Turns(range(40, 400)), 2**10)
    assert len(set(drawn)) == 400


@pytest.mark.parametrize("numbers", [0, 1, 2, 255, 256, 257, 300, 512, 16_384, 16_385, 10**9])
def test_blocks_are_small_powers_of_two(numbers: int) -> None:
    size = updates_at_once(numbers)
    assert size in {2**n for n in range(20)}
    assert size <= MOST_AT_ONCE
    assert size == 1 or size * numbers <= BLOCK_NUMBERS
