"""A vector field as lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def arrows(positions: Floats, vectors: Floats) -> tuple[Floats, Floats]:
    """Shafts and heads as pairs of points, (x, y) of each.

    Lengths follow the root of |v|, so that slow regions are seen as well; the longest nearly fills its cell.

    Args:
        positions: (n, 2), a square grid around the origin.
        vectors: (n, 2); those that are 0 or not finite are left out.
    """
    count = len(positions)
    size = np.linalg.norm(vectors, axis=1)
    shown = np.isfinite(size) & (size > 0)
    if not shown.any():
        return np.empty(0), np.empty(0)
    positions, vectors, size = positions[shown], vectors[shown], size[shown]
    cell = 2 * np.abs(positions).max() / (round(np.sqrt(count)) - 1)
    along = vectors / size[:, None] * (0.85 * cell * np.sqrt(size / size.max()))[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    tail, tip = positions - along / 2, positions + along / 2
    barbs = [tip - 0.32 * along + side * 0.2 * across for side in (1, -1)]
    points = np.stack([tail, tip, barbs[0], tip, barbs[1], tip], axis=1).reshape(-1, 2)
    return points[:, 0], points[:, 1]
