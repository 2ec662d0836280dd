r"""W1 between two rasters by the lightest flow that carries one into the other (Beckmann 1952).

    W1(p, q) = min Σ |m|  with  div m = p − q        =  max Σ φ (q − p)  with |∇φ| ≤ 1

m is a flow over the grid, (mx, my) at each cell. Solved by Douglas and Rachford's splitting (ADMM): shrink every
vector, then project on div m = p − q, which a cosine transform does exactly. Source: Solomon et al. 2014, *Earth
mover's distances on discrete surfaces*; the discretisation is that of total variation (forward differences).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

Floats = NDArray[np.float64]

ITERATIONS = 600
_TOLERANCE = 2e-3


def w1_on_grid(p: Floats, q: Floats, cell: float) -> tuple[float, tuple[float, float]]:
    """W1 of two mass rasters (ny, nx) that sum to 1, in data units, and ∫ q ∇φ along x and y.

    Masses lie at the cells' centres, so what is nearer than a cell is not resolved; directions between the axes cost
    some 2 % more or less than they should. 64² cells take about .2 s.
    """
    if np.array_equal(p, q):
        return 0.0, (0.0, 0.0)
    # Forward differences look to the upper right: the mean with the problem turned upside down looks nowhere.
    value, (along_x, along_y) = _one_sided(p, q)
    turned, (back_x, back_y) = _one_sided(p[::-1, ::-1], q[::-1, ::-1])
    return (value + turned) / 2 * cell, ((along_x - back_x) / 2, (along_y - back_y) / 2)


def _one_sided(p: Floats, q: Floats) -> tuple[float, tuple[float, float]]:
    source = p - q
    laplacian = _laplacian(source.shape)
    flow = _project(np.zeros((2, *source.shape)), source, laplacian)
    # The typical size of a flow vector: shrinking by it neither keeps nor kills all of them.
    size = float(np.abs(flow).max()) * 0.1
    shifted, potential = flow, np.zeros_like(flow)
    last = np.inf
    for iteration in range(1, ITERATIONS + 1):
        shrunk = _shrink(shifted, size)
        flow = _project(2 * shrunk - shifted, source, laplacian)
        potential = (shifted - shrunk) / size  # ∇φ, of length at most 1
        shifted = shifted + flow - shrunk
        if iteration % 50 == 0:
            now = float(np.hypot(*flow).sum())
            if abs(now - last) < _TOLERANCE * now / 10:
                break
            last = now
    # From below by the dual and from above by the feasible flow: the middle halves what is left between them.
    above = float(np.hypot(*flow).sum())
    below = float((potential * flow).sum())
    along = [float((q * _at_cells(potential[part], flow[part], 1 - part)).sum()) for part in (0, 1)]
    return (above + below) / 2, (along[0], along[1])


def _at_cells(slope: Floats, flow: Floats, axis: int) -> Floats:
    """∂φ along one axis at each cell, from its two faces: from those through which mass flows, where any does.

    Where none does, φ is free to be flatter than what a shift of q would meet.
    """
    other_slope, other_flow = np.roll(slope, 1, axis), np.roll(flow, 1, axis)
    weight, other_weight = np.abs(flow), np.abs(other_flow)
    total = weight + other_weight
    still = total <= 1e-9
    weight, other_weight = np.where(still, 0.5, weight), np.where(still, 0.5, other_weight)
    return (weight * slope + other_weight * other_slope) / (weight + other_weight)  # type: ignore[no-any-return]


def _shrink(flow: Floats, size: float) -> Floats:
    """argmin |m| · size + ½ |m − flow|² at each cell."""
    length = np.hypot(flow[0], flow[1])
    return np.asarray(flow * (1 - size / np.maximum(length, size)))


def _project(flow: Floats, source: Floats, laplacian: Floats) -> Floats:
    """The nearest flow with div m = source and none across the border."""
    wanted = source - _divergence(flow)
    pressure = idctn(dctn(wanted, type=2) / laplacian, type=2)
    return _closed(flow) + _gradient(pressure)


def _gradient(field: Floats) -> Floats:
    result = np.zeros((2, *field.shape))
    result[0, :, :-1] = np.diff(field, axis=1)
    result[1, :-1, :] = np.diff(field, axis=0)
    return result


def _closed(flow: Floats) -> Floats:
    """Without what would cross the border."""
    result = flow.copy()
    result[0, :, -1] = 0.0
    result[1, -1, :] = 0.0
    return result


def _divergence(flow: Floats) -> Floats:
    """Minus the adjoint of :func:`_gradient`."""
    closed = _closed(flow)
    result: Floats = closed[0] + closed[1]
    result[:, 1:] -= closed[0, :, :-1]
    result[1:, :] -= closed[1, :-1, :]
    return result


@lru_cache(maxsize=8)
def _laplacian(shape: tuple[int, int]) -> Floats:
    """Eigenvalues of div ∇ under the cosine transform, all negative; the constant's, 0, replaced by 1."""
    rows, columns = (2 * np.cos(np.pi * np.arange(size) / size) - 2 for size in shape)
    values: Floats = np.add.outer(rows, columns)
    values[0, 0] = 1.0
    return values
