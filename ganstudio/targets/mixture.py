"""Mixtures of round gaussians of one scale: clusters, noisy curves and blurred points alike."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent
from ganstudio.targets.distribution import Floats, Samples, TargetDistribution, as_points, needed_edges

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

FEW = 64  #: up to so many components all of them are summed at every point
PAIRS = 1 << 20  #: point-component pairs worked on at once: 8 MB
TILE = 256  #: about so many points share one search for the components near them
NEGLIGIBLE = 45.0  #: a component whose log density is this much below the nearest one's adds nothing: e^-45 = 3e-20


class IsotropicMixture(TargetDistribution):
    """p(x) = Σ_k w_k N(x; c_k, σ²I) in one or two dimensions.

    Density and cell masses are exact: the mass of a cell is a sum of products of differences of normal CDFs, which
    for a whole histogram is one matrix product.
    """

    def __init__(
        self,
        centres: NDArray[np.floating],
        sigma: float,
        extent: Extent,
        *,
        weights: NDArray[np.floating] | None = None,
        separate: bool = False,
    ) -> None:
        """Take ``centres`` (K, dimension) and their ``weights`` (K,), which need not sum to 1 and default to equal.

        ``separate`` says that the components are clusters of their own, hence modes in the sense of mode coverage.
        """
        self._centres = np.array(centres, dtype=np.float64)
        self._scale = float(sigma)
        count, self.dimension = self._centres.shape
        self.extent = extent
        total = np.full(count, 1.0 / count) if weights is None else np.asarray(weights, np.float64) / np.sum(weights)
        self._weights: Floats = total
        # Tables of sampling: float32, since that is what leaves.
        self._centres32 = self._centres.astype(np.float32)
        self._scale32 = np.float32(sigma)
        self._cumulative = None
        if weights is not None:
            self._cumulative = np.cumsum(total)
            self._cumulative[-1] = 1.0  # so that no draw below 1 falls behind the last
        if separate:
            self.modes, self.mode_weights, self.sigma = self._centres, total, self._scale

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        samples = rng.standard_normal((n, self.dimension), dtype=np.float32)
        samples *= self._scale32
        count = len(self._centres32)
        if count == 1:
            samples += self._centres32[0]
        elif self._cumulative is None:
            samples += self._centres32.take(rng.integers(0, count, n), axis=0)
        else:
            samples += self._centres32.take(np.searchsorted(self._cumulative, rng.random(n), side="right"), axis=0)
        return samples

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        points = as_points(points, self.dimension)
        if len(self._centres) <= FEW:
            return self._log_sum(points, slice(None))
        result = np.empty(len(points))
        for index in _tiles(points):
            result[index] = self._log_sum(points[index], self._near(points[index]))
        return result

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats:
        rows = 1 if self.dimension == 1 else len(needed_edges(y_edges)) - 1
        masses = np.zeros((rows, len(x_edges) - 1))
        step = max(1, PAIRS // max(len(x_edges), rows + 1))
        for first in range(0, len(self._centres), step):
            part = slice(first, first + step)
            along_x = self._axis_masses(np.asarray(x_edges, np.float64), part, 0)  # (k, nx)
            along_y = self._weights[part, None]  # (k, ny)
            if self.dimension == 2:
                along_y = along_y * self._axis_masses(np.asarray(y_edges, np.float64), part, 1)
            masses += along_y.T @ along_x
        return masses[0] if self.dimension == 1 else masses

    def _axis_masses(self, edges: Floats, part: slice, axis: int) -> Floats:
        from scipy.special import ndtr  # a tenth of a second to import, and no window needs it at its start

        cdf = ndtr((edges - self._centres[part, axis, None]) / self._scale)
        return np.diff(cdf, axis=1)

    @cached_property
    def _log_weights(self) -> Floats:
        normaliser = self.dimension * np.log(np.sqrt(2 * np.pi) * self._scale)
        return np.log(self._weights) - normaliser  # type: ignore[no-any-return]

    @cached_property
    def _tree(self) -> cKDTree[None]:
        from scipy.spatial import cKDTree  # not needed to draw samples

        return cKDTree(self._centres)

    def _near(self, points: Floats) -> NDArray[np.intp]:
        """The components that count at any of ``points`` (a tile)."""
        low, high = points.min(axis=0), points.max(axis=0)
        middle = (low + high) / 2
        radius = float(np.linalg.norm(high - low)) / 2
        # For a point of the tile the nearest component is at most this far; beyond reach, all are negligible beside it.
        nearest = float(self._tree.query(middle)[0]) + radius
        reach = np.sqrt(nearest**2 + 2 * NEGLIGIBLE * self._scale**2) + radius
        return np.array(self._tree.query_ball_point(middle, reach * (1 + 1e-9)), dtype=np.intp)

    def _log_sum(self, points: Floats, members: slice | NDArray[np.intp]) -> Floats:
        centres, log_weights = self._centres[members], self._log_weights[members]
        factor = -0.5 / self._scale**2
        result = np.full(len(points), -np.inf)
        step = max(1, PAIRS // max(1, len(points)))
        for first in range(0, len(centres), step):
            part = slice(first, first + step)
            squared = (points[:, 0, None] - centres[part, 0]) ** 2
            if self.dimension == 2:
                squared += (points[:, 1, None] - centres[part, 1]) ** 2
            squared *= factor
            squared += log_weights[part]
            top = squared.max(axis=1)
            squared -= top[:, None]
            result = np.logaddexp(result, top + np.log(np.exp(squared, out=squared).sum(axis=1)))
        return result


def _tiles(points: Floats) -> list[NDArray[np.intp]]:
    """Index arrays that split ``points`` into neighbourhoods of about ``TILE`` points."""
    side = int(np.clip(np.sqrt(len(points) / TILE), 1, 64))
    low = points.min(axis=0, initial=np.inf)
    span = points.max(axis=0, initial=-np.inf) - low
    number = np.zeros(len(points), dtype=np.intp)
    for axis in range(points.shape[1]):
        if span[axis] > 0:
            cell = ((points[:, axis] - low[axis]) * (side / span[axis])).astype(np.intp)
            number = number * side + np.minimum(cell, side - 1)
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order])) + 1
    return [tile for tile in np.split(order, starts) if len(tile)]
