"""The prior p_z in NumPy: samples from an explicit generator, and its quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.networks import Latent, MixturePrior, NormalPrior, TruncatedNormalPrior, UniformPrior
from ganstudio.gan.streams import Purpose, stream

Floats = NDArray[np.float32]

_BISECTIONS = 60
_SIGMAS = 3.2
"""Standard deviations beyond which next to nothing of a gaussian lies."""


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


def first_quantiles(latent: Latent, shares: NDArray[np.float64], seed: int) -> Floats:
    """Latents (n, 1) of one dimension: the z below which p_z has each of ``shares``, (n,), in [0, 1].

    Rising with the shares for every prior, a mixture included, whose distribution function has no inverse in closed
    form and is inverted by bisection. ``seed`` is the run's, as above.

    Raises:
        ValueError: latents have more than one dimension.
    """
    if latent.dimension != 1:
        raise ValueError(f"quantiles order latents of one dimension, not of {latent.dimension}")
    if not isinstance(latent.prior, MixturePrior):
        return prior_quantiles(latent, shares[:, None], seed)
    prior, inside = latent.prior, np.clip(shares, 2.0**-33, 1 - 2.0**-33)
    centres = mixture_centres(prior, 1, seed)[:, 0].astype(np.float64)
    reach = prior.sigma * float(_normal_quantile(1 - 2.0**-34))
    low = np.full(len(shares), centres.min() - reach)
    high = np.full(len(shares), centres.max() + reach)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        below = _normal_cdf((middle[:, None] - centres) / prior.sigma).mean(axis=1) < inside
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2, np.float32)[:, None]


def prior_density(latent: Latent, points: NDArray[np.float64], axes: Sequence[int], seed: int) -> NDArray[np.float64]:
    """The density of the latent coordinates ``axes`` alone, (k,) of them, at ``points`` (n, k): (n,)."""
    return _DENSITIES[type(latent.prior)](latent.prior, points, _Marginal(latent.dimension, list(axes), seed))


@lru_cache(maxsize=8)
def prior_span(latent: Latent, seed: int) -> float:
    """What the prior practically fills: ±this holds 98 % of the values of its first two coordinates."""
    drawn = sample_prior(latent, 4096, stream(seed, Purpose.LOOK_LATENT), seed)
    return float(np.quantile(np.abs(drawn[:, : min(2, latent.dimension)]), 0.98))


def prior_reach(latent: Latent, seed: int) -> float:
    """Half the side of a square around 0 that holds nearly all of the prior, in every pair of coordinates."""
    return _REACHES[type(latent.prior)](latent.prior, latent.dimension, seed)


def uniforms_needed(latent: Latent) -> int:
    """Uniform numbers that a latent is made of: one a dimension, and one that chooses a mixture's component."""
    return latent.dimension + isinstance(latent.prior, MixturePrior)


def _normal_cdf(values: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Φ. SciPy's functions take a tenth of a second to import, and the first frame of most runs needs none."""
    from scipy.special import ndtr

    return np.asarray(ndtr(values))


def _normal_quantile(shares: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Φ⁻¹, likewise."""
    from scipy.special import ndtri

    return np.asarray(ndtri(shares))


def _normal(prior: NormalPrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    return rng.standard_normal(shape, dtype=np.float32)


def _uniform(prior: UniformPrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    return (rng.random(shape, dtype=np.float32) * 2 - 1) * np.float32(prior.bound)


def _truncated(prior: TruncatedNormalPrior, shape: tuple[int, int], rng: np.random.Generator, seed: int) -> Floats:
    # Inverse CDF: z = Φ⁻¹(Φ(−b) + u·(Φ(b) − Φ(−b))), a fixed number of draws whatever the bound.
    low, high = _normal_cdf(-prior.bound), _normal_cdf(prior.bound)
    drawn: Floats = _normal_quantile(low + rng.random(shape) * (high - low)).astype(np.float32)
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
    return _normal_quantile(uniforms)


def _uniform_quantiles(prior: UniformPrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    return (uniforms * 2 - 1) * prior.bound


def _truncated_quantiles(prior: TruncatedNormalPrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    low, high = _normal_cdf(-prior.bound), _normal_cdf(prior.bound)
    return _normal_quantile(low + uniforms * (high - low))


def _mixture_quantiles(prior: MixturePrior, uniforms: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    # The first uniform chooses the component.
    centres = mixture_centres(prior, uniforms.shape[1] - 1, seed)
    chosen = np.minimum((uniforms[:, 0] * prior.count).astype(np.intp), prior.count - 1)
    return np.asarray(centres[chosen] + prior.sigma * _normal_quantile(uniforms[:, 1:]))


_QUANTILES: dict[type, Callable[[Any, NDArray[np.float64], int], NDArray[np.float64]]] = {
    NormalPrior: _normal_quantiles,
    UniformPrior: _uniform_quantiles,
    TruncatedNormalPrior: _truncated_quantiles,
    MixturePrior: _mixture_quantiles,
}


class _Marginal(NamedTuple):
    """Which coordinates of the latent space, and what fixes a mixture's centres."""

    dimension: int
    axes: list[int]
    seed: int


def _gaussian(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The density of independent standard normals, multiplied over the last axis."""
    return np.asarray(np.exp(-0.5 * points**2).prod(axis=-1) / (2 * np.pi) ** (points.shape[-1] / 2))


def _normal_density(prior: NormalPrior, points: NDArray[np.float64], of: _Marginal) -> NDArray[np.float64]:
    return _gaussian(points)


def _uniform_density(prior: UniformPrior, points: NDArray[np.float64], of: _Marginal) -> NDArray[np.float64]:
    return np.where((np.abs(points) <= prior.bound).all(axis=1), (2 * prior.bound) ** -len(of.axes), 0.0)


def _truncated_density(prior: TruncatedNormalPrior, points: NDArray[np.float64], of: _Marginal) -> NDArray[np.float64]:
    kept = float(_normal_cdf(prior.bound) - _normal_cdf(-prior.bound)) ** len(of.axes)
    return np.where((np.abs(points) <= prior.bound).all(axis=1), _gaussian(points) / kept, 0.0)


def _mixture_density(prior: MixturePrior, points: NDArray[np.float64], of: _Marginal) -> NDArray[np.float64]:
    # The marginal of a gaussian with independent coordinates is the gaussian of those coordinates.
    density = np.zeros(len(points))
    for centre in mixture_centres(prior, of.dimension, of.seed)[:, of.axes].astype(np.float64):
        density += _gaussian((points - centre) / prior.sigma)
    return density / (prior.count * prior.sigma ** len(of.axes))


_DENSITIES: dict[type, Callable[[Any, NDArray[np.float64], _Marginal], NDArray[np.float64]]] = {
    NormalPrior: _normal_density,
    UniformPrior: _uniform_density,
    TruncatedNormalPrior: _truncated_density,
    MixturePrior: _mixture_density,
}


def _normal_reach(prior: NormalPrior, dimension: int, seed: int) -> float:
    return _SIGMAS


def _uniform_reach(prior: UniformPrior, dimension: int, seed: int) -> float:
    return prior.bound


def _truncated_reach(prior: TruncatedNormalPrior, dimension: int, seed: int) -> float:
    return min(prior.bound, _SIGMAS)


def _mixture_reach(prior: MixturePrior, dimension: int, seed: int) -> float:
    return float(np.abs(mixture_centres(prior, dimension, seed)).max()) + _SIGMAS * prior.sigma


_REACHES: dict[type, Callable[[Any, int, int], float]] = {
    NormalPrior: _normal_reach,
    UniformPrior: _uniform_reach,
    TruncatedNormalPrior: _truncated_reach,
    MixturePrior: _mixture_reach,
}
