"""Mode coverage, as the papers on mode collapse define it, and the shape of what lies at each mode."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import rel_entr

from ganstudio.targets.distribution import TargetDistribution

HIGH_QUALITY = 3.0
"""A sample is of high quality (HQ) within this many σ of its nearest mode (VEEGAN 2017, PacGAN 2018)."""


@dataclass(frozen=True)
class ModeCoverage:
    """What n samples look like at the K modes of a target.

    Attributes:
        captured: modes with at least one HQ sample; ``total`` is K.
        hq_fraction: HQ samples over all samples. More than ``perfect_hq_fraction`` by more than its noise means
            clusters that are narrower than the target's.
        reverse_kl: KL(q_HQ ‖ p) in nats between the shares of HQ samples at each mode and the modes' true weights
            (uniform in the papers); None when no sample is HQ. Infinite if a mode of weight 0 has samples.
        perfect_reverse_kl: its mean for a perfect sampler at this n, (K − 1) / 2n HQ samples.
        shares: share of each mode among the HQ samples, summing to 1; all 0 when there are none.
        sigma_ratio: spread of the samples within modes, around their own means, over the spread a perfect sampler
            has there (a gaussian cut off at 3σ): 1 is right, below is narrowed. Pooled over modes by their degrees
            of freedom, so a mode with three samples hardly matters; None while no mode has two HQ samples.
        sigma_ratios: the same of each mode, None where it has fewer than two HQ samples.
        offsets: distance of each mode's mean HQ sample from its centre, in σ; None where it has none. A perfect
            sampler reads about √(dimension / n_k).
        counts: HQ samples at each mode.
        drifts: mean HQ sample of each mode minus its centre, in σ, as (dimension,); zeros where it has none.
    """

    captured: int
    total: int
    hq_fraction: float
    reverse_kl: float | None
    perfect_hq_fraction: float
    perfect_reverse_kl: float
    shares: tuple[float, ...]
    sigma_ratio: float | None
    sigma_ratios: tuple[float | None, ...]
    offsets: tuple[float | None, ...]
    counts: tuple[int, ...]
    drifts: tuple[tuple[float, ...], ...]


def perfect_hq_fraction(dimension: int) -> float:
    """Mass of a gaussian within 3σ of its centre: .9973 in 1-D, .9889 in 2-D. For modes at least 6σ apart."""
    if dimension == 1:
        return math.erf(HIGH_QUALITY / math.sqrt(2))
    return 1.0 - math.exp(-(HIGH_QUALITY**2) / 2)


def perfect_spread(dimension: int) -> float:
    """Standard deviation along an axis of a standard gaussian cut off at 3σ from its centre."""
    lost = HIGH_QUALITY**2 / 2
    if dimension == 1:
        density = math.exp(-lost) / math.sqrt(2 * math.pi)
        return math.sqrt(1.0 - 2 * HIGH_QUALITY * density / perfect_hq_fraction(1))
    # r²/2 is exponential, cut off at 9/2.
    return math.sqrt(1.0 - lost * math.exp(-lost) / perfect_hq_fraction(2))


def mode_coverage(points: NDArray[np.floating], target: TargetDistribution) -> ModeCoverage | None:
    """Coverage of the target's modes by ``points``, (n, dimension), all finite, n ≥ 1.

    None for a target without modes, for which these measures are not defined.
    """
    if target.modes is None or target.sigma is None:
        return None
    modes, sigma = np.asarray(target.modes, np.float64), float(target.sigma)
    total, dimension = modes.shape
    n = len(points)
    if n < 1:
        raise ValueError("coverage needs at least one point")
    weights = (
        np.full(total, 1.0 / total) if target.mode_weights is None else np.asarray(target.mode_weights, np.float64)
    )

    found = cKDTree(modes).query(np.asarray(points, np.float64))
    distance, nearest = np.asarray(found[0]), np.asarray(found[1])
    good = distance <= HIGH_QUALITY * sigma
    mode, off = nearest[good], (points[good] - modes[nearest[good]]) / sigma  # (m,), (m, dimension)
    counts = np.bincount(mode, minlength=total)
    shares = counts / max(1, len(mode))

    at_least = np.maximum(counts, 1)[:, None]
    means = np.stack([np.bincount(mode, off[:, axis], total) for axis in range(dimension)], axis=1) / at_least
    squares = np.bincount(mode, ((off - means[mode]) ** 2).sum(axis=1), total)
    freedom = dimension * np.maximum(counts - 1, 0)
    expected = perfect_spread(dimension)
    ratios = np.sqrt(squares / np.maximum(freedom, 1)) / expected
    offsets = np.linalg.norm(means, axis=1)
    perfect = perfect_hq_fraction(dimension)
    return ModeCoverage(
        captured=int((counts > 0).sum()),
        total=total,
        hq_fraction=len(mode) / n,
        reverse_kl=float(rel_entr(shares, weights).sum()) if len(mode) else None,
        perfect_hq_fraction=perfect,
        perfect_reverse_kl=(total - 1) / (2 * n * perfect),
        shares=tuple(shares.tolist()),
        sigma_ratio=math.sqrt(squares.sum() / freedom.sum()) / expected if freedom.any() else None,
        sigma_ratios=_where(counts >= 2, ratios),
        offsets=_where(counts >= 1, offsets),
        counts=tuple(counts.tolist()),
        drifts=tuple(tuple(mean) for mean in means.tolist()),
    )


def _where(known: NDArray[np.bool_], values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(float(value) if ok else None for ok, value in zip(known, values, strict=True))
