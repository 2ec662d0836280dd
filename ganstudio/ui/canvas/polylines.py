"""Lines over the stage as arrays, free of Qt: the ½ contour, gradient arrows, the warped grid.

Each function gives x and y, (n,) float64, in which NaN lifts the pen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
View = tuple[float, float, float, float]

NOTHING: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
HEAD_ANGLE = np.deg2rad(150.0)
HEAD_LENGTH = 0.32  # of the arrow


def cell_centres(view: View, rows: int, columns: int) -> tuple[Floats, Floats]:
    """x of each column and y of each row, where ``view`` is x_min, x_max, y_min, y_max."""
    x_min, x_max, y_min, y_max = view
    x = x_min + (np.arange(columns) + 0.5) * (x_max - x_min) / columns
    y = y_min + (np.arange(rows) + 0.5) * (y_max - y_min) / rows
    return x, y


NEIGHBOURHOOD = 2
"""Cells to each side within which D has to change for its ½ line to be drawn."""
LEAST_CHANGE = 0.06
"""By this much, as a probability."""


def contour(values: NDArray[np.floating], view: View, level: float = 0.5) -> tuple[Floats, Floats]:
    """The lines on which a field of cell centres, (rows, columns), row 0 at y_min, takes the value ``level``."""
    # Comes with matplotlib, of which it loads nothing; inside, because the window starts without it.
    import contourpy

    rows, columns = values.shape
    if rows < 2 or columns < 2:
        return NOTHING
    x, y = cell_centres(view, rows, columns)
    generator = contourpy.contour_generator(x, y, values, name="serial", line_type=contourpy.LineType.ChunkCombinedNan)
    (points,) = generator.lines(level)[0]
    if points is None:
        return NOTHING
    return np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])


def decided(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """A field of D with NaN wherever it hardly changes around a cell.

    Where D is flat its ½ line wanders with every update and says nothing: D is undecided there, not on an edge.
    """
    reach = 2 * NEIGHBOURHOOD + 1
    padded = np.pad(values, NEIGHBOURHOOD, mode="edge")
    rows = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=0)
    columns = np.lib.stride_tricks.sliding_window_view(np.stack([rows.max(-1), -rows.min(-1)]), reach, axis=2)
    highest, negated_lowest = columns.max(-1)
    return np.where(highest + negated_lowest >= LEAST_CHANGE, values, np.nan)


@dataclass(frozen=True)
class Arrows:
    """Arrows as one line, and the gradient's norm that the longest of them stands for."""

    x: Floats
    y: Floats
    longest: float


def arrows(gradients: NDArray[np.floating], length: float) -> Arrows:
    """Arrows at (m, 4) rows of position and direction.

    Lengths are proportional to the norms; the 90th percentile gets ``length``, and longer ones are capped there, so
    that a few steep points do not hide all the others.
    """
    finite = gradients[np.isfinite(gradients).all(axis=1)].astype(np.float64)
    norms = np.hypot(finite[:, 2], finite[:, 3])
    reference = float(np.percentile(norms, 90)) if len(norms) else 0.0
    if reference <= 0.0:
        return Arrows(*NOTHING, longest=float(norms.max(initial=0.0)))
    drawn = finite[:, 2:] / np.maximum(norms, reference)[:, None] * length
    start = finite[:, :2]
    tip = start + drawn
    lines = np.full((len(finite), 6, 2), np.nan)
    lines[:, 0] = start
    lines[:, 1] = tip
    lines[:, 2] = tip + HEAD_LENGTH * turned(drawn, HEAD_ANGLE)
    lines[:, 3] = tip
    lines[:, 4] = tip + HEAD_LENGTH * turned(drawn, -HEAD_ANGLE)
    flat = lines.reshape(-1, 2)
    return Arrows(np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1]), longest=float(norms.max()))


def flat_arrows(at: Floats, direction: Floats, height: NDArray[np.floating], length: float, head: float) -> Arrows:
    """Arrows along x from ``at``, each at its height, where x and y have scales of their own.

    Lengths as in :func:`arrows`; ``head`` is half the width of the longest one's head, along y.
    """
    norms = np.abs(direction)
    reference = float(np.nanpercentile(norms, 90)) if np.isfinite(norms).any() else 0.0
    if not reference > 0:
        return Arrows(*NOTHING, longest=0.0)
    drawn = direction / np.maximum(norms, reference) * length
    half = head * np.abs(drawn) / length
    tip, back = at + drawn, at + 0.7 * drawn
    nan = np.full(len(at), np.nan)
    x = np.column_stack([at, tip, back, tip, back, nan]).ravel()
    y = np.column_stack([height, height, height + half, height, height - half, nan]).ravel()
    return Arrows(x, y, longest=float(np.nanmax(norms)))


def turned(vectors: Floats, angle: float) -> Floats:
    """(n, 2) vectors turned counter-clockwise by ``angle`` radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    rotated: Floats = vectors @ np.array([[cosine, sine], [-sine, cosine]])
    return rotated


def joined(lines: NDArray[np.floating]) -> tuple[Floats, Floats]:
    """(lines, points, 2) as one line, lifted between one and the next."""
    count, points, _ = lines.shape
    padded = np.full((count, points + 1, 2), np.nan)
    padded[:, :points] = lines
    flat = padded.reshape(-1, 2)
    return np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])


def interpolated(values: NDArray[np.floating], view: View, x: float, y: float) -> float:
    """A field of cell centres read between its cells (bilinear), exact at their centres; NaN outside ``view``.

    A field of one row is read along x alone.
    """
    x_min, x_max, y_min, y_max = view
    rows, columns = values.shape
    if not x_min <= x <= x_max or (rows > 1 and not y_min <= y <= y_max):
        return float("nan")
    column, right, across = _neighbours((x - x_min) / (x_max - x_min) * columns - 0.5, columns)
    row, above, up = (0, 0, 0.0) if rows == 1 else _neighbours((y - y_min) / (y_max - y_min) * rows - 0.5, rows)
    low = values[row, column] * (1 - across) + values[row, right] * across
    high = values[above, column] * (1 - across) + values[above, right] * across
    return float(low * (1 - up) + high * up)


def _neighbours(at: float, count: int) -> tuple[int, int, float]:
    at = min(max(at, 0.0), count - 1.0)
    low = min(int(at), count - 1)
    return low, min(low + 1, count - 1), at - low
