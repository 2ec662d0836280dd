"""The raster that is painted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent
from ganstudio.experiment.targets import Painting, Painting1D

Ink = NDArray[np.float32]
MIN_CELLS = 16


class Region(NamedTuple):
    """A rectangle of cells: rows and columns from the first up to, not including, the last."""

    bottom: int
    top: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.bottom, self.top), slice(self.left, self.right)

    @property
    def is_empty(self) -> bool:
        return self.bottom >= self.top or self.left >= self.right

    def union(self, other: Region) -> Region:
        """The smallest region that holds both."""
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        return Region(
            min(self.bottom, other.bottom),
            max(self.top, other.top),
            min(self.left, other.left),
            max(self.right, other.right),
        )


NOWHERE = Region(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Canvas:
    """Ink on a raster: p_data is proportional to it.

    Attributes:
        density: (ny, nx) float32 from 0, empty, to 1, full; read-only; row 0 at y_min. One row in 1-D.
        extent: the rectangle it covers; in 1-D its y range is what heights of a drawn curve refer to.
        dimension: 1 or 2.
    """

    density: Ink
    extent: Extent
    dimension: int = 2

    def __post_init__(self) -> None:
        self.density.flags.writeable = False

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell, data units."""
        rows, columns = self.density.shape
        return self.extent.width / columns, self.extent.height / rows

    @property
    def everywhere(self) -> Region:
        rows, columns = self.density.shape
        return Region(0, rows, 0, columns)

    def x_centres(self, left: int = 0, right: int | None = None) -> NDArray[np.float64]:
        """x of the middles of the columns from ``left`` up to ``right``."""
        right = self.density.shape[1] if right is None else right
        return self.extent.x_min + (np.arange(left, right, dtype=np.float64) + 0.5) * self.cell[0]

    def y_centres(self, bottom: int = 0, top: int | None = None) -> NDArray[np.float64]:
        """y of the middles of the rows from ``bottom`` up to ``top``."""
        top = self.density.shape[0] if top is None else top
        return self.extent.y_min + (np.arange(bottom, top, dtype=np.float64) + 0.5) * self.cell[1]

    def region(self, x_min: float, x_max: float, y_min: float, y_max: float) -> Region:
        """The cells that a rectangle in data units touches; all rows in 1-D."""
        rows, columns = self.density.shape
        width, height = self.cell
        left, right = _span((x_min - self.extent.x_min) / width, (x_max - self.extent.x_min) / width, columns)
        if self.dimension == 1:
            return Region(0, rows, left, right)
        return Region(
            *_span((y_min - self.extent.y_min) / height, (y_max - self.extent.y_min) / height, rows), left, right
        )

    def replaced(self, region: Region, values: Ink) -> Canvas:
        """A canvas with ``values`` in ``region``."""
        if region.is_empty:
            return self
        density = self.density.copy()
        density[region.slices] = values
        return Canvas(density, self.extent, self.dimension)


def blank(spec: Painting | Painting1D) -> Canvas:
    """The empty canvas of a painting.

    In 2-D the longer side of the extent has ``spec.cells`` cells and the shorter one as many as make cells square,
    at least 16.
    """
    if isinstance(spec, Painting1D):
        return Canvas(np.zeros((1, spec.cells), np.float32), spec.extent, dimension=1)
    longest = max(spec.extent.width, spec.extent.height)
    rows, columns = (
        max(MIN_CELLS, round(spec.cells * side / longest)) for side in (spec.extent.height, spec.extent.width)
    )
    return Canvas(np.zeros((rows, columns), np.float32), spec.extent)


def _span(low: float, high: float, count: int) -> tuple[int, int]:
    # Clipped before the conversion: far away, a position need not fit an integer.
    return int(np.floor(np.clip(low, 0, count))), int(np.ceil(np.clip(high, 0, count)))
