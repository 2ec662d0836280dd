"""Targets that are uniform on rectangles."""

from __future__ import annotations

import numpy as np

from ganstudio.experiment import targets as spec
from ganstudio.experiment.painting import Extent
from ganstudio.targets.extents import interval, square
from ganstudio.targets.raster import RasterDistribution


def checkerboard(target: spec.Checkerboard) -> RasterDistribution:
    """Uniform on every other square, the one at the lower left included."""
    row, column = np.indices((target.count, target.count))
    half = target.size / 2
    board = Extent(x_min=-half, x_max=half, y_min=-half, y_max=half)
    return RasterDistribution(((row + column) % 2 == 0).astype(np.float64), board, square(half))


def uniform_1d(target: spec.Uniform1D) -> RasterDistribution:
    """Uniform from low to high."""
    region = Extent(x_min=target.low, x_max=target.high, y_min=0.0, y_max=1.0)
    # Both edges of the density should be seen, so the margin is wider than elsewhere.
    quarter = (target.high - target.low) / 4
    return RasterDistribution(
        np.ones((1, 1)), region, interval(target.low - quarter, target.high + quarter), dimension=1
    )
