"""Points from a file as a distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment import targets as spec
from ganstudio.experiment.painting import Extent
from ganstudio.targets.distribution import Floats, Samples, TargetDistribution, needed_edges
from ganstudio.targets.extents import around_points
from ganstudio.targets.mixture import IsotropicMixture


class EmpiricalDistribution(TargetDistribution):
    """The points themselves, each with the same probability: no density, yet the mass of every cell is known."""

    has_density = False

    def __init__(self, points: NDArray[np.float32], extent: Extent) -> None:
        self._points = points
        self.dimension = points.shape[1]
        self.extent = extent

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        return self._points.take(rng.integers(0, len(self._points), n), axis=0)

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        raise ValueError("points without noise have no density")

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats:
        points = self._points.astype(np.float64)
        if self.dimension == 1:
            counts = np.histogram(points[:, 0], bins=x_edges)[0]
        else:
            counts = np.histogram2d(points[:, 1], points[:, 0], bins=(needed_edges(y_edges), x_edges))[0]
        return counts / len(points)


def points(target: spec.Points | spec.Points1D) -> TargetDistribution:
    """The points as they are, or, where σ > 0, each as a gaussian: a mixture with as many components as points."""
    array = target.points.array().astype(np.float32, copy=False)
    extent = around_points(array.astype(np.float64), target.sigma)
    if target.sigma > 0:
        return IsotropicMixture(array, target.sigma, extent)
    return EmpiricalDistribution(array, extent)
