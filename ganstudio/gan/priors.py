"""Samples of the prior p_z, in NumPy, from an explicit generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ganstudio.experiment.networks import Latent, MixturePrior, NormalPrior, TruncatedNormalPrior, UniformPrior
from ganstudio.gan.streams import Purpose, stream

Floats = NDArray[np.float32]


def sample_prior(latent: Latent, count: int, rng: np.random.Generator, seed: int) -> Floats:
    """``count`` latents, (count, latent.dimension). ``seed`` is the run's: it fixes a mixture's centres."""
    return _SAMPLERS[type(latent.prior)](latent.prior, (count, latent.dimension), rng, seed)


def _normal(prior: NormalPrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    return rng.standard_normal(shape, dtype=np.float32)


def _uniform(prior: UniformPrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    return (rng.random(shape, dtype=np.float32) * 2 - 1) * np.float32(prior.bound)


def _truncated(prior: TruncatedNormalPrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    # Inverse CDF: z = Φ⁻¹(Φ(−b) + u·(Φ(b) − Φ(−b))), a fixed number of draws whatever the bound.
    low, high = ndtr(-prior.bound), ndtr(prior.bound)
    drawn: Floats = ndtri(low + rng.random(shape) * (high - low)).astype(np.float32)
    return drawn


def _mixture(prior: MixturePrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    centres = mixture_centres(prior, shape[1], seed)
    chosen = centres[rng.integers(prior.count, size=shape[0])]
    return chosen + np.float32(prior.sigma) * rng.standard_normal(shape, dtype=np.float32)


def mixture_centres(prior: MixturePrior, dimension: int, seed: int) -> Floats:
    """(count, dimension): the centres, drawn once from the run's seed."""
    drawn = stream(seed, Purpose.PRIOR).standard_normal((prior.count, dimension), dtype=np.float32)
    return drawn * np.float32(prior.radius)


_SAMPLERS: dict[type, Callable[[Any, tuple[int, int], np.random.Generator, int], Floats]] = {
    NormalPrior: _normal,
    UniformPrior: _uniform,
    TruncatedNormalPrior: _truncated,
    MixturePrior: _mixture,
}
