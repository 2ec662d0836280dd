"""Densities that are constant in each cell of a raster: boards, intervals, letters and paintings."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent
from ganstudio.targets.distribution import Floats, Samples, TargetDistribution, as_points, needed_edges


class RasterDistribution(TargetDistribution):
    """p(x) constant in each cell of a raster over ``region``; everything about it is exact."""

    def __init__(
        self, ink: NDArray[np.floating], region: Extent, extent: Extent | None = None, *, dimension: int = 2
    ) -> None:
        """Take ``ink`` (ny, nx) ≥ 0, row 0 at y_min, not all zero, proportional to the density; one row in 1-D."""
        if ink.ndim != 2 or (dimension == 1 and ink.shape[0] != 1):
            raise ValueError(f"a {dimension}-D raster cannot have shape {ink.shape}")
        self.dimension = dimension
        self.extent = extent or region
        self._region = region
        self._rows, self._columns = ink.shape
        cumulative = np.cumsum(ink, axis=None, dtype=np.float64)
        total = float(cumulative[-1])
        if not (np.isfinite(total) and total > 0 and float(ink.min()) >= 0):
            raise ValueError("a raster of density must be non-negative and finite, and not empty")
        self._masses: Floats = ink / np.float64(total)  # (ny, nx), sums to 1
        self._cumulative = cumulative / total
        self._cell = np.array([region.width / self._columns, region.height / self._rows])
        self._origin = np.array([region.x_min, region.y_min])

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        cell = np.searchsorted(self._cumulative, rng.random(n), side="right")
        position = rng.random((n, self.dimension))  # inside the cell, in cells
        if self.dimension == 1:
            position[:, 0] += cell
        else:
            row, column = np.divmod(cell, self._columns)
            position[:, 0] += column
            position[:, 1] += row
        position *= self._cell[: self.dimension]
        position += self._origin[: self.dimension]
        return position.astype(np.float32)

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        points = as_points(points, self.dimension)
        position = (points - self._origin[: self.dimension]) / self._cell[: self.dimension]
        column = position[:, 0]
        row = position[:, 1] if self.dimension == 2 else np.zeros(len(points))
        inside = (column >= 0) & (column <= self._columns) & (row >= 0) & (row <= self._rows)
        mass = np.zeros(len(points))
        # The upper edges belong to the last cells.
        rows = np.minimum(row[inside].astype(np.intp), self._rows - 1)
        columns = np.minimum(column[inside].astype(np.intp), self._columns - 1)
        mass[inside] = self._masses[rows, columns]
        with np.errstate(divide="ignore"):
            return np.log(mass / self._cell[: self.dimension].prod())  # type: ignore[no-any-return]

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats:
        # The CDF of a piecewise constant density is bilinear in each cell, so interpolating it is exact.
        index, share = self._position(x_edges, 0, self._columns)
        at_x = self._cdf[:, index] * (1 - share) + self._cdf[:, index + 1] * share  # (ny + 1, edges)
        if self.dimension == 1:
            return np.maximum(np.diff(at_x[1]), 0.0)  # type: ignore[no-any-return]
        index, share = self._position(needed_edges(y_edges), 1, self._rows)
        at_both = at_x[index] * (1 - share[:, None]) + at_x[index + 1] * share[:, None]
        # Differences of numbers near 1 may come out at −1e-17.
        return np.maximum(np.diff(np.diff(at_both, axis=0), axis=1), 0.0)

    @cached_property
    def _cdf(self) -> Floats:
        """(ny + 1, nx + 1): the mass below and to the left of each corner of the raster."""
        cdf = np.zeros((self._rows + 1, self._columns + 1))
        cdf[1:, 1:] = self._masses.cumsum(axis=0).cumsum(axis=1)
        return cdf

    def _position(self, edges: NDArray[np.floating], axis: int, cells: int) -> tuple[NDArray[np.intp], Floats]:
        """For each edge the cell it lies in and how far along that cell; edges outside lie on the border."""
        position = np.clip((np.asarray(edges, np.float64) - self._origin[axis]) / self._cell[axis], 0, cells)
        index = np.minimum(position.astype(np.intp), cells - 1)
        return index, position - index
