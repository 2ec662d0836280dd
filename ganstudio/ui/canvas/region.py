"""What small pictures of a target show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

Region = tuple[float, float, float, float]
"""x_min, x_max, y_min, y_max."""

LINE_CELLS = 240
"""Along the line, for targets of one dimension."""
HEADROOM = 1.6
"""Of the density axis over the target's highest density: a generator that narrows rises above it."""


def region(target: TargetDistribution) -> Region:
    """What is shown of a target: its extent; on the line, densities from 0 up."""
    extent = target.extent
    if target.dimension == 2:
        return extent.x_min, extent.x_max, extent.y_min, extent.y_max
    raster = target.density_raster(extent, LINE_CELLS)
    top = float(raster.max()) if raster is not None else 1.0
    return extent.x_min, extent.x_max, 0.0, HEADROOM * top


def centres(left: float, right: float, count: int) -> NDArray[np.float64]:
    """(count,): the middles of ``count`` equal cells between ``left`` and ``right``."""
    edges = np.linspace(left, right, count + 1)
    return (edges[1:] + edges[:-1]) / 2
