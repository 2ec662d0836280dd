"""The share of each cell that a filled figure covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Point
from ganstudio.targets.canvas import Canvas
from ganstudio.targets.distribution import Floats

SUBROWS = 8  #: scan lines through each row of cells
ELLIPSE_SIDES = 512  #: of the polygon that stands for an ellipse; its area is 0.003 % too small
BAND = 64  #: rows of cells scanned at once


def rectangle(canvas: Canvas, corner: Point, opposite: Point) -> Floats:
    """(ny, nx) shares of an axis-aligned rectangle, exact; in 1-D of its x range."""
    along_x = _overlap(canvas.extent.x_min, canvas.cell[0], canvas.density.shape[1], corner[0], opposite[0])
    if canvas.dimension == 1:
        return along_x[None]
    along_y = _overlap(canvas.extent.y_min, canvas.cell[1], canvas.density.shape[0], corner[1], opposite[1])
    return along_y[:, None] * along_x


def ellipse(canvas: Canvas, corner: Point, opposite: Point) -> Floats:
    """(ny, nx) shares of the ellipse inside a rectangle."""
    angle = 2 * np.pi * np.arange(ELLIPSE_SIDES) / ELLIPSE_SIDES
    x = (corner[0] + opposite[0]) / 2 + (opposite[0] - corner[0]) / 2 * np.cos(angle)
    y = (corner[1] + opposite[1]) / 2 + (opposite[1] - corner[1]) / 2 * np.sin(angle)
    return polygon(canvas, np.column_stack([x, y]))


def polygon(canvas: Canvas, vertices: NDArray[np.floating]) -> Floats:
    """(ny, nx) shares of a polygon (m, 2), even-odd: exact along x on eight scan lines through each row."""
    rows, columns = canvas.density.shape
    origin = np.array([canvas.extent.x_min, canvas.extent.y_min])
    start = (np.asarray(vertices, np.float64) - origin) / canvas.cell  # in cells
    end = np.roll(start, -1, axis=0)
    low = np.minimum(start[:, 1], end[:, 1])
    high = np.maximum(start[:, 1], end[:, 1])
    shares = np.zeros((rows, columns))
    for bottom in range(0, rows, BAND):
        top = min(rows, bottom + BAND)
        near = (high > bottom) & (low < top) & (high > low)
        if near.any():
            shares[bottom:top] = _band(start[near], end[near], bottom, top, columns)
    return shares


def _band(start: Floats, end: Floats, bottom: int, top: int, columns: int) -> Floats:
    lines = (top - bottom) * SUBROWS
    # Scan line i lies at bottom + (i + ½) / SUBROWS; an edge crosses those from its lower end up to its upper one.
    low = np.ceil((np.minimum(start[:, 1], end[:, 1]) - bottom) * SUBROWS - 0.5).clip(0, lines).astype(np.int64)
    high = np.ceil((np.maximum(start[:, 1], end[:, 1]) - bottom) * SUBROWS - 0.5).clip(0, lines).astype(np.int64)
    counts = high - low
    edge = np.repeat(np.arange(len(counts)), counts)
    line = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + low[edge]
    height = bottom + (line + 0.5) / SUBROWS
    slope = (end[edge, 0] - start[edge, 0]) / (end[edge, 1] - start[edge, 1])
    x = (start[edge, 0] + (height - start[edge, 1]) * slope).clip(0, columns)
    order = np.lexsort((x, line))
    line, x = line[order], x[order]
    # A closed polygon crosses every line an even number of times: in, out, in, out.
    sign = np.where(np.arange(len(x)) % 2 == 0, 1.0, -1.0)
    column = np.minimum(x.astype(np.int64), columns - 1)
    row = line // SUBROWS
    # From a crossing to the right the line is covered: part of its own cell, all of the next ones.
    steps = np.zeros((top - bottom, columns + 1))
    part = column + 1 - x
    np.add.at(steps, (row, column), sign * part)
    np.add.at(steps, (row, column + 1), sign * (1 - part))
    return (np.cumsum(steps[:, :columns], axis=1) / SUBROWS).clip(0, 1)


def _overlap(origin: float, cell: float, count: int, one: float, other: float) -> Floats:
    low, high = sorted(((one - origin) / cell, (other - origin) / cell))
    left = np.arange(count)
    return (np.minimum(left + 1, high) - np.maximum(left, low)).clip(0, 1)
