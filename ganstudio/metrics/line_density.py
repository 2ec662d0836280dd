r"""p_g on the line: the image of the prior under G, nearly without noise.

    p_g(x) = ∫ p_z(z) δ(x − G(z)) dz

Along the first coordinate of z, G is taken as linear between nodes: the interval between two of them has the
probability that the prior gives it, spread evenly over the interval between their images. For latents of one dimension
that is the whole integral, and the only error is G's bend between neighbouring nodes. The other coordinates of longer
latents (and the component of a mixture prior) are evenly spread: each of their values is one *slice*, and p_g is the
mean over the slices.

Beside counting 8,192 random samples in 240 cells (2×64 ReLU networks, L1 distance to the density of two million): none
of the noise for latents of one dimension, .034 against .12 for two, .059 against .10 for three, .063 against .13 for
eight, .080 against .097 for 64.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.networks import Latent, MixturePrior
from ganstudio.gan.priors import first_quantiles, prior_quantiles, uniforms_needed

Floats = NDArray[np.float64]
Latents = NDArray[np.float32]

NODES = 2048
"""Nodes along a single latent coordinate; half of them are spread evenly in probability, half reach into the tails."""
SLICED = 8192
"""Nodes of longer latents, shared out between the slices; the more coordinates, the more slices they need."""
SLICES = {2: 128, 3: 256}
MOST_SLICES = 1024
_FEWEST_NODES = 8
_TAIL = 6.0
_NARROWEST = 1e-4
"""Of a cell: an interval of latents with a narrower image fills at least so much. G may map them all to one point."""


def line_density(generate: Callable[[Latents], Latents], latent: Latent, seed: int, edges: Floats) -> Floats:
    """p_g averaged over each cell between ``edges``, (cells + 1,), rising: (cells,) per data unit.

    Args:
        generate: latents (n, latent.dimension) to samples (n, 1) in data coordinates.
        latent: the latent space.
        seed: the run's; it fixes a mixture's centres.
        edges: of the cells, in data coordinates.

    What lies off the plot is missing: the cells sum to the probability that is on it.
    """
    latents, masses = _nodes(latent, seed)
    images = generate(latents).astype(np.float64).reshape(len(latents) // (len(masses) + 1), -1)
    ends = np.sort(np.stack([images[:, :-1], images[:, 1:]]), axis=0)
    least = _NARROWEST * float(np.diff(edges).min())
    low, high = ends[0].ravel(), np.maximum(ends[1], ends[0] + least).ravel()
    finite = np.isfinite(low) & np.isfinite(high)
    mass = np.broadcast_to(masses / len(images), images[:, 1:].shape).ravel()
    below = _below(edges, low[finite], high[finite], mass[finite])
    return np.asarray(np.maximum(np.diff(below), 0.0) / np.diff(edges))


def latent_lines(latent: Latent, seed: int, count: int) -> Latents:
    """``count`` latents, (count, latent.dimension), each of which stands for the same share of p_z.

    For one dimension they are the prior's quantiles at (k + ½)/count, in rising order; for more, every coordinate by
    itself is such quantiles, put together at random (a Latin hypercube), in the order of the first where that has one.
    """
    shares = (np.arange(count) + 0.5) / count
    if latent.dimension == 1:
        return first_quantiles(latent, shares, seed)
    rng = np.random.default_rng([0x6C696E65, seed])
    uniforms = np.stack([shares, *(rng.permutation(shares) for _ in range(uniforms_needed(latent) - 1))], axis=1)
    return prior_quantiles(latent, uniforms, seed)


def _below(at: Floats, low: Floats, high: Floats, mass: Floats) -> Floats:
    """The mass below each of ``at`` of even distributions on the intervals from ``low`` to ``high``.

    Each is a difference of two ramps; all ramps are summed at once over the sorted breaks.
    """
    breaks = np.concatenate([low, high])
    order = np.argsort(breaks)
    slope = mass / (high - low)
    slopes = np.concatenate([slope, -slope])[order]
    middle = float(at.mean())  # differences of large numbers lose digits
    breaks = breaks[order] - middle
    # At x: Σ slope · (x − break) over the breaks before it.
    total = np.concatenate([[0.0], np.cumsum(slopes)])
    weighted = np.concatenate([[0.0], np.cumsum(slopes * breaks)])
    place = np.searchsorted(breaks, at - middle, side="right")
    return np.asarray(total[place] * (at - middle) - weighted[place])


@lru_cache(maxsize=2)
def _nodes(latent: Latent, seed: int) -> tuple[Latents, Floats]:
    """Latents of all slices, (slices · nodes, dimension), and the probability between neighbours, (nodes − 1,)."""
    if latent.dimension == 1:
        shares = _shares(NODES)
        return first_quantiles(latent, shares, seed), np.diff(shares)
    from scipy.stats import qmc  # a quarter of a second to import

    slices = _slices(latent)
    shares = _shares(max(_FEWEST_NODES, SLICED // slices))
    spread = qmc.Sobol(uniforms_needed(latent) - 1, rng=np.random.default_rng([0x736C696365, seed]))
    others = spread.random_base2(max(1, (slices - 1).bit_length()))[:slices]
    along = 0
    if isinstance(latent.prior, MixturePrior):  # the first of its uniforms chooses the component: each as often
        others[:, 0], along = (np.arange(slices) + 0.5) / slices, 1
    uniforms = np.insert(np.repeat(others, len(shares), axis=0), along, np.tile(shares, slices), axis=1)
    return prior_quantiles(latent, uniforms, seed), np.diff(shares)


def _slices(latent: Latent) -> int:
    """As many as give every component of a mixture equally many."""
    wanted = SLICES.get(latent.dimension, MOST_SLICES)
    count = latent.prior.count if isinstance(latent.prior, MixturePrior) else 1
    return count * max(1, round(wanted / count))


def _shares(count: int) -> Floats:
    """Probabilities from 0 to 1 that are dense everywhere, and reach far into both tails."""
    from scipy.special import ndtr  # a tenth of a second to import

    even, tails = np.linspace(0.0, 1.0, count - count // 2), ndtr(np.linspace(-_TAIL, _TAIL, count // 2))
    return np.asarray(np.sort(np.concatenate([even, tails])))
