"""The prior p_z in NumPy: samples from an explicit generator, and its quantiles."""

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


def prior_quantiles(latent: Latent, uniforms: NDArray[np.float64], seed: int) -> Floats:
    """Latents (n, latent.dimension) distributed as p_z for ``uniforms`` (n, uniforms_needed(latent)) from the cube.

    Evenly spread uniforms give evenly spread latents. ``seed`` is the run's, as above.
    """
    # Closer to 0 or 1 lies no number of a 32-bit sequence, and the normal quantiles there would be infinite.
    inside = np.clip(uniforms, 2.0**-33, 1 - 2.0**-33)
    quantiles: Floats = _QUANTILES[type(latent.prior)](latent.prior, inside, seed).astype(np.float32)
    return quantiles


def uniforms_needed(latent: Latent) -> int:
    """Uniform numbers that a latent is made of: one a dimension, and one that chooses a mixture's component."""
    return latent.dimension + isinstance(latent.prior, MixturePrior)


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


def _normal_quantiles(prior: NormalPrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    return np.asarray(ndtri(uniforms))


def _uniform_quantiles(prior: UniformPrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    return (uniforms * 2 - 1) * prior.bound


def _truncated_quantiles(prior: TruncatedNormalPrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    low, high = ndtr(-prior.bound), ndtr(prior.bound)
    return np.asarray(ndtri(low + uniforms * (high - low)))


def _mixture_quantiles(prior: MixturePrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    # The first uniform chooses the component.
    centres = mixture_centres(prior, uniforms.shape[1] - 1, seed)
    chosen = np.minimum((uniforms[:, 0] * prior.count).astype(np.intp), prior.count - 1)
    return np.asarray(centres[chosen] + prior.sigma * ndtri(uniforms[:, 1:]))


_QUANTILES: dict[type, Callable[[Any, NDArray[np.float64], int], NDArray[np.float64]]] = {
    NormalPrior: _normal_quantiles,
    UniformPrior: _uniform_quantiles,
    TruncatedNormalPrior: _truncated_quantiles,
    MixturePrior: _mixture_quantiles,
}
