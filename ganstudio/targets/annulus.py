"""Uniform between two circles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment import targets as spec
from ganstudio.targets.distribution import Floats, Samples, TargetDistribution, as_points, needed_edges
from ganstudio.targets.extents import square


class AnnulusDistribution(TargetDistribution):
    """p(x) = 1 / (π (R² − r²)) where r ≤ |x| ≤ R. Cell masses by the area of a disc left of and below a corner."""

    dimension = 2

    def __init__(self, inner: float, outer: float) -> None:
        self._inner, self._outer = inner, outer
        self._area = np.pi * (outer - inner) * (outer + inner)
        self.extent = square(outer)

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        # The squared radius of a uniform point is uniform.
        squared = self._inner**2 + (self._outer**2 - self._inner**2) * rng.random(n)
        angle = (2 * np.pi) * rng.random(n)
        radius = np.sqrt(squared)
        samples = np.empty((n, 2), dtype=np.float32)
        samples[:, 0] = radius * np.cos(angle)
        samples[:, 1] = radius * np.sin(angle)
        return samples

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        radius = np.hypot(*as_points(points, 2).T)
        inside = (radius >= self._inner) & (radius <= self._outer)
        return np.where(inside, -np.log(self._area), -np.inf)

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats:
        x, y = np.asarray(x_edges, np.float64), np.asarray(needed_edges(y_edges), np.float64)[:, None]
        corner = disc_area_below(x, y, self._outer) - disc_area_below(x, y, self._inner)
        return np.maximum(np.diff(np.diff(corner, axis=0), axis=1), 0.0) / self._area


def disc_area_below(x: Floats, y: Floats, radius: float) -> Floats:
    """Area of {|u| ≤ radius, u₁ ≤ x, u₂ ≤ y}, exactly; ``x`` and ``y`` broadcast.

    With h(u) = √(radius² − u²), the half-height of the disc, and its primitive H, the strip at u has the length
    h + min(h, y) where that is positive. |y| cuts the disc at u = ±a, a = √(radius² − y²).
    """
    if radius == 0:
        return np.zeros(np.broadcast_shapes(x.shape, y.shape))
    x = np.clip(x, -radius, radius)
    y = np.clip(y, -radius, radius)
    a = np.sqrt(radius**2 - y**2)
    middle_end = np.clip(x, -a, a)
    middle = y * (middle_end + a) + _half_disc(middle_end, radius) - _half_disc(-a, radius)
    left = 2 * _half_disc(np.minimum(x, -a), radius)
    right = 2 * (_half_disc(np.maximum(x, a), radius) - _half_disc(a, radius))
    return middle + np.where(y >= 0, left + right, 0.0)


def _half_disc(u: Floats, radius: float) -> Floats:
    """∫ from −radius to ``u`` of √(radius² − t²) dt."""
    root = np.sqrt(np.maximum(radius**2 - u**2, 0.0))
    angle = np.arcsin(np.clip(u / radius, -1, 1))
    return (u * root + radius**2 * angle) / 2 + np.pi * radius**2 / 4


def annulus(target: spec.Annulus) -> AnnulusDistribution:
    """The ring that ``target`` describes."""
    return AnnulusDistribution(target.inner, target.outer)
