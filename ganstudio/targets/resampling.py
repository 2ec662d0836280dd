"""Rasters brought onto another raster: averaged, or moved, scaled and turned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Point, Transform
from ganstudio.targets.canvas import Canvas, Region
from ganstudio.targets.distribution import Floats


def averaged(raster: NDArray[np.floating], rows: int, columns: int) -> Floats:
    """``raster`` over the same rectangle in other cells, each the mean of what it covers: the mass is kept."""
    if raster.shape == (rows, columns):
        return raster.astype(np.float64)
    down, across = _shares(raster.shape[0], rows), _shares(raster.shape[1], columns)
    return down @ raster.astype(np.float64) @ across.T


def _shares(old: int, new: int) -> Floats:
    """(new, old): the share of each old cell in each new one; rows sum to 1."""
    low = np.arange(new)[:, None] * (old / new)
    left = np.arange(old)
    return (np.minimum(left + 1, low + old / new) - np.maximum(left, low)).clip(0) * (new / old)  # type: ignore[no-any-return]


def lifted_region(canvas: Canvas, corners: tuple[Point, Point] | None) -> Region:
    """The cells whose middles lie between two corners; all of them for None."""
    if corners is None:
        return canvas.everywhere
    (x0, y0), (x1, y1) = corners
    left, right = np.searchsorted(canvas.x_centres(), sorted((x0, x1)))
    bottom, top = canvas.everywhere.bottom, canvas.everywhere.top
    if canvas.dimension == 2:
        bottom, top = np.searchsorted(canvas.y_centres(), sorted((y0, y1)))
    return Region(int(bottom), int(top), int(left), int(right))


def transformed(canvas: Canvas, region: Region, command: Transform) -> Floats:
    """The ink of ``region`` where ``command`` takes it, (ny, nx), 0 elsewhere.

    Bilinear. Moving and turning keep the mass that lands on the canvas to about 1 % for figures some cells wide, a
    move by whole cells exactly; scaling keeps the darkness, so the mass goes with the area.
    """
    from scipy.ndimage import affine_transform, gaussian_filter  # slow to import, and few paintings need it

    lifted = np.zeros(canvas.density.shape)
    lifted[region.slices] = canvas.density[region.slices]
    if command.scale < 1:  # What falls between the sampled cells would be lost.
        lifted = gaussian_filter(lifted, (1 / command.scale - 1) / 2, mode="constant")
    dimension = canvas.dimension
    cell, origin = np.array(canvas.cell), np.array([canvas.extent.x_min, canvas.extent.y_min])
    if command.region is None:
        centre = origin + cell * canvas.density.shape[::-1] / 2
    else:
        centre = np.mean(command.region, axis=0)
    shift = np.array(command.shift)
    if dimension == 1:
        centre, shift = centre * [1, 0], shift * [1, 0]
        cell, origin = np.array([cell[0], 1.0]), np.array([origin[0], -0.5])  # one row, its middle at y = 0
    cos, sin = np.cos(command.angle), np.sin(command.angle)
    backwards = np.array([[cos, sin], [-sin, cos]]) / command.scale
    if dimension == 1:
        backwards = np.diag([1 / command.scale, 1.0])
    # From a cell's index to its middle, back to where it came from, and to the index of that.
    matrix = backwards * cell / cell[:, None]
    offset = (centre + backwards @ (origin + cell / 2 - centre - shift) - origin) / cell - 0.5
    # Rows come first in an array, x in a point.
    return affine_transform(lifted, matrix[::-1, ::-1], offset[::-1], order=1, mode="constant").clip(0, 1)
