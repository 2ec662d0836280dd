"""p_data for looking at, free of Qt: a density on cells, and at a point; exact where the target knows its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent
from ganstudio.targets.canvas import Canvas
from ganstudio.targets.distribution import TargetDistribution
from ganstudio.targets.painting_target import PaintingTarget

CELLS = 160
CELLS_1D = 400
HISTOGRAM_SAMPLES = 100_000
HEADROOM = 1.25
SHADE_POWER = 0.7
Counted = tuple[NDArray[np.float64], bool]
"""A density in cells, and whether it is exact."""
LOOKING_SEED = 0x100C
"""Of the stage's own random stream: what is drawn for looking never touches the run's randomness."""


class DensityGrid:
    """Density per unit of area (or length) in cells, of x_min, x_max, y_min, y_max.

    It is computed when it is asked for first: the layer that shows it is hidden most of the time.
    """

    def __init__(self, view: tuple[float, float, float, float], compute: Callable[[], Counted]) -> None:
        self.view = view
        self._compute = compute

    @property
    def values(self) -> NDArray[np.float64]:
        """(rows, columns), row 0 at y_min; one row on the line."""
        return self._computed[0]

    @property
    def exact(self) -> bool:
        """False where it was estimated by counting samples."""
        return self._computed[1]

    @cached_property
    def _computed(self) -> Counted:
        return self._compute()

    def shades(self) -> NDArray[np.float64]:
        """In [0, 1] for a table of colours, of a density that is capped where very few cells lie above."""
        positive = self.values[self.values > 0]
        top = float(np.percentile(positive, 99)) if len(positive) else 1.0
        return shaded(np.minimum(self.values / top, 1.0))


def shaded(shares: NDArray[np.floating]) -> NDArray[np.float64]:
    """Shares of the full density as shares of the full colour: below 1, the power lets thin parts show."""
    return np.asarray(np.power(shares, SHADE_POWER), np.float64)


def view_of(extent: Extent) -> tuple[float, float, float, float]:
    """x_min, x_max, y_min, y_max."""
    return extent.x_min, extent.x_max, extent.y_min, extent.y_max


def looking_samples(target: TargetDistribution, count: int) -> NDArray[np.float64]:
    """(count, dimension) samples of the target, the same ones whenever it is asked."""
    return np.asarray(target.sample(count, np.random.default_rng(LOOKING_SEED)), np.float64)


def density_grid(target: TargetDistribution, shape: tuple[int, int] | None = None) -> DensityGrid:
    """The density of ``target`` over its extent, in ``shape`` (rows, columns) of cells."""
    rows, columns = shape or ((1, CELLS_1D) if target.dimension == 1 else (CELLS, CELLS))
    return DensityGrid(view_of(target.extent), partial(_counted, target, rows, columns))


def _counted(target: TargetDistribution, rows: int, columns: int) -> Counted:
    raster = target.density_raster(target.extent, columns, rows)
    if raster is not None:
        return raster.astype(np.float64), True
    samples = target.sample(HISTOGRAM_SAMPLES, np.random.default_rng(LOOKING_SEED))
    x_min, x_max, y_min, y_max = view_of(target.extent)
    area = (x_max - x_min) / columns * (1.0 if target.dimension == 1 else (y_max - y_min) / rows)
    y = np.zeros(len(samples)) if target.dimension == 1 else samples[:, 1]
    y_range = (-1.0, 1.0) if target.dimension == 1 else (y_min, y_max)
    counts = np.histogram2d(y, samples[:, 0], bins=(rows, columns), range=(y_range, (x_min, x_max)))[0]
    return counts / (len(samples) * area), False


def canvas_grid(canvas: Canvas, height: float) -> DensityGrid:
    """A 1-D canvas that is being painted, where full ink is as high as the axis; not yet scaled to an area of 1."""
    values = canvas.density.astype(np.float64) * height
    return DensityGrid(view_of(canvas.extent), lambda: (values, True))


def full_height(target: TargetDistribution, grid: DensityGrid) -> float:
    """The density at the top of the axis of a 1-D target.

    On a painting it is the density of full ink: a curve then stays where it was drawn, and the numbers at the axis
    say by how much it was scaled to an area of 1.
    """
    if isinstance(target, PaintingTarget):
        ink = target.canvas.density
        return 1.0 / (float(ink.sum(dtype=np.float64)) * target.canvas.cell[0])
    return HEADROOM * (float(grid.values.max()) or 1.0)


def density_at(target: TargetDistribution, grid: DensityGrid, x: float, y: float) -> float:
    """p_data at one point: by the target's own formula where it has one, else from the grid's cell."""
    if target.has_density:
        point = np.array([[x]] if target.dimension == 1 else [[x, y]])
        return float(np.exp(target.log_density(point)[0]))
    x_min, x_max, y_min, y_max = grid.view
    rows, columns = grid.values.shape
    if not x_min <= x < x_max or (target.dimension == 2 and not y_min <= y < y_max):
        return 0.0
    row = 0 if target.dimension == 1 else int((y - y_min) / (y_max - y_min) * rows)
    return float(grid.values[row, int((x - x_min) / (x_max - x_min) * columns)])
