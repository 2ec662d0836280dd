"""The plot as cells: where points fall, and how much of p_data each cell holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent
from ganstudio.targets.distribution import TargetDistribution

SAMPLED_POINTS = 2_000_000
"""Samples from which the cell masses of a target without exact ones are counted."""

_CHUNK = 250_000
_MASS_STREAM = 0x6D617373
_MASS_TOLERANCE = 1e-3


@dataclass(frozen=True)
class CellMasses:
    """How p_data spreads over the cells of a grid.

    ``values`` is (count,) in the order of :meth:`CellGrid.counts`, at least 0, and sums to 1. ``samples`` is the
    number of samples they were counted from, None where they are exact.
    """

    values: NDArray[np.float64]
    samples: int | None = None


class CellGrid:
    """Equal cells over an extent, ``cells`` along each axis, and one more for everything outside.

    A cell has its lower edges and not its upper ones, but the last cells have both. Cells are numbered row by row
    from the lower left, x fastest; the last number is the outside.
    """

    def __init__(self, extent: Extent, dimension: int, cells: int) -> None:
        if dimension not in (1, 2):
            raise ValueError(f"points of dimension {dimension} have no cells here")
        if cells < 1:
            raise ValueError("a grid needs at least one cell")
        self.dimension = dimension
        self.cells = cells
        sides = ((extent.x_min, extent.width), (extent.y_min, extent.height))[:dimension]
        self._low = np.array([low for low, _ in sides])
        self._cells_per_unit = np.array([cells / length for _, length in sides])
        self.edges = tuple(low + length * np.arange(cells + 1) / cells for low, length in sides)
        """The cells + 1 edges along x, and in 2-D along y."""

    @classmethod
    def over(cls, target: TargetDistribution, cells: int) -> CellGrid:
        """The grid over a target's extent."""
        return cls(target.extent, target.dimension, cells)

    @property
    def count(self) -> int:
        """Number of cells, the outside included."""
        return int(self.cells**self.dimension) + 1

    def counts(self, points: NDArray[np.floating]) -> NDArray[np.int64]:
        """Points (n, dimension) in each cell, (count,); what is infinite or not a number lies outside."""
        bordered = np.bincount(self._codes(points), minlength=(self.cells + 2) ** self.dimension)
        inside = self._inside(bordered).ravel()
        return np.append(inside, len(points) - inside.sum())

    def places(self, points: NDArray[np.floating]) -> NDArray[np.int64]:
        """The number of the cell that each of the points (n, dimension) is in, (n,)."""
        numbers = np.full((self.cells + 2) ** self.dimension, self.count - 1)
        self._inside(numbers)[...] = np.arange(self.count - 1).reshape((self.cells,) * self.dimension)
        return numbers[self._codes(points)]

    def _inside(self, bordered: NDArray[np.int64]) -> NDArray[np.int64]:
        """Without the border that :meth:`_codes` counts, (cells,) or (cells, cells): a view."""
        return bordered.reshape((self.cells + 2,) * self.dimension)[(slice(1, -1),) * self.dimension]

    def _codes(self, points: NDArray[np.floating]) -> NDArray[np.int64]:
        """The cell of each point, (n,), where cells have a border of one cell more at each side."""
        if points.ndim != 2 or points.shape[1] != self.dimension:
            raise ValueError(f"points must have shape (n, {self.dimension}), not {points.shape}")
        cells = self.cells
        # The border takes all that lies outside, so one bincount counts the cells; column by column, as strided
        # two-dimensional operations are several times slower. fmax and fmin ignore NaN, which so lands in the border.
        code = np.zeros(len(points), np.int64)
        for axis in reversed(range(self.dimension)):
            with np.errstate(over="ignore"):  # at 1e308, which is outside all the same
                place = (points[:, axis].astype(np.float64) - self._low[axis]) * self._cells_per_unit[axis]
            place[place == cells] = cells - 1
            code *= cells + 2
            code += np.fmin(np.fmax(np.floor(place) + 1, 0), cells + 1).astype(np.int64)
        return code

    def target_masses(self, target: TargetDistribution, *, seed: int = 0) -> CellMasses:
        """The mass of p_data in each cell: exact where the target knows it, else counted on a large fixed sample."""
        known = target.cell_masses(self.edges[0], self.edges[1] if self.dimension == 2 else None)
        if known is None:
            return self._sampled_masses(target, seed)
        inside = np.asarray(known, np.float64).ravel()
        if inside.size != self.count - 1:
            raise ValueError(f"the target gave masses for {inside.size} cells instead of {self.count - 1}")
        total = float(inside.sum())
        if not (inside.min() >= -_MASS_TOLERANCE and total <= 1 + _MASS_TOLERANCE):  # false for NaN as well
            raise ValueError(f"the target's cell masses are no probabilities: they sum to {total}")
        inside = np.maximum(inside, 0.0)
        values = np.append(inside, max(0.0, 1.0 - inside.sum()))
        return CellMasses(values / values.sum())

    def _sampled_masses(self, target: TargetDistribution, seed: int) -> CellMasses:
        # A stream of its own: points drawn by default_rng(seed) would otherwise be these very samples.
        rng = np.random.default_rng([_MASS_STREAM, seed])
        counts = np.zeros(self.count, np.int64)
        for _ in range(SAMPLED_POINTS // _CHUNK):
            counts += self.counts(target.sample(_CHUNK, rng))
        return CellMasses(counts / counts.sum(), samples=int(counts.sum()))
