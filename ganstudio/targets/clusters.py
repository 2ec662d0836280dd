"""Targets made of a few gaussians."""

from __future__ import annotations

import numpy as np

from ganstudio.experiment import targets as spec
from ganstudio.targets.distribution import Floats, TargetDistribution
from ganstudio.targets.elongated import Elongated, ElongatedMixture
from ganstudio.targets.extents import REACH, interval, square
from ganstudio.targets.mixture import IsotropicMixture


def gaussian_ring(target: spec.GaussianRing) -> TargetDistribution:
    """K gaussians evenly on a circle, the first on the x axis."""
    return _clusters(target.radius * _directions(target.count, 0.0), target.sigma)


def gaussian_grid(target: spec.GaussianGrid) -> TargetDistribution:
    """K × K gaussians on a grid around the origin, row by row."""
    ticks = _ticks(target.count, target.spacing)
    y, x = np.meshgrid(ticks, ticks, indexing="ij")
    return _clusters(np.column_stack([x.ravel(), y.ravel()]), target.sigma)


def disjoint(target: spec.DisjointClusters) -> TargetDistribution:
    """Clusters evenly on a circle, the first at the top."""
    return _clusters(target.radius * _directions(target.count, np.pi / 2), target.sigma)


def gaussian(target: spec.Gaussian) -> TargetDistribution:
    """One gaussian at the origin."""
    if target.elongation == 1:
        return _clusters(np.zeros((1, 2)), target.sigma)
    component = Elongated(1.0, (0.0, 0.0), target.elongation * target.sigma, target.sigma, np.deg2rad(target.angle))
    return _elongated(component)


def two_gaussians(target: spec.TwoGaussians) -> TargetDistribution:
    """A round gaussian below left, and one above right whose long axis lies across the line between them."""
    half = target.distance / np.sqrt(8)
    if target.elongation == 1:
        centres = np.array([[-half, -half], [half, half]])
        return _clusters(centres, target.sigma, np.array([target.weight, 1 - target.weight]))
    return _elongated(
        Elongated(target.weight, (-half, -half), target.sigma, target.sigma, 0.0),
        Elongated(1 - target.weight, (half, half), target.elongation * target.sigma, target.sigma, 0.75 * np.pi),
    )


def gaussian_1d(target: spec.Gaussian1D) -> TargetDistribution:
    """N(μ, σ²)."""
    return _on_the_line(np.array([target.mean]), target.sigma)


def mixture_1d(target: spec.Mixture1D) -> TargetDistribution:
    """Evenly spaced gaussians around 0."""
    return _on_the_line(_ticks(target.count, target.spacing), target.sigma)


def _ticks(count: int, spacing: float) -> Floats:
    """Evenly spaced around 0."""
    return (np.arange(count, dtype=np.float64) - (count - 1) / 2) * spacing


def _directions(count: int, first: float) -> Floats:
    angles = first + 2 * np.pi * np.arange(count) / count
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _clusters(centres: Floats, sigma: float, weights: Floats | None = None) -> IsotropicMixture:
    half = float(np.abs(centres).max()) + REACH * sigma
    return IsotropicMixture(centres, sigma, square(half), weights=weights, separate=True)


def _on_the_line(centres: Floats, sigma: float) -> IsotropicMixture:
    extent = interval(centres.min() - REACH * sigma, centres.max() + REACH * sigma)
    return IsotropicMixture(centres[:, None], sigma, extent, separate=True)


def _elongated(*components: Elongated) -> ElongatedMixture:
    half = 0.0
    for component in components:
        scaled = component.axes * [[component.long], [component.short]]
        deviation = np.sqrt((scaled**2).sum(axis=0))  # along x and along y
        half = max(half, float((np.abs(component.centre) + REACH * deviation).max()))
    return ElongatedMixture(components, square(half))
