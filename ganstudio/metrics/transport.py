"""Wasserstein-2 distances between two samples, in data units: exact, and averaged over directions.

Empirical distances are biased up: two samples of one distribution are never at distance 0. A reading says something
only beside that of two samples of the target, which is its noise floor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

MAX_ASSIGNED = 2_000
"""Points a side in the exact distance: half a second of assignment; twice as many take six times that."""

DIRECTIONS = 64


@dataclass(frozen=True)
class AssignedDistance:
    """The exact W2 between the first ``points`` of each sample."""

    value: float
    points: int


def sliced_w2(x: NDArray[np.floating], y: NDArray[np.floating], directions: int = DIRECTIONS) -> float:
    """√ of the mean of W2² between the projections of (n, d) and (m, d), d of 1 or 2, on evenly spread directions.

    Evenly spaced angles integrate over the half circle far better than random ones and need no seed. In 1-D it is W2.
    Source: Bonneel et al. 2015.
    """
    if x.ndim != 2 or x.shape[1] != y.shape[1] or x.shape[1] not in (1, 2):
        raise ValueError(f"needs points (n, d) and (m, d) with d of 1 or 2, not {x.shape} and {y.shape}")
    if x.shape[1] == 1:
        return math.sqrt(_squared_w2_on_a_line(x[:, 0], y[:, 0]))
    angles = np.pi * (np.arange(directions) + 0.5) / directions
    lines = np.stack([np.cos(angles), np.sin(angles)])  # (2, directions)
    squared = [
        _squared_w2_on_a_line(along_x, along_y) for along_x, along_y in zip((x @ lines).T, (y @ lines).T, strict=True)
    ]
    return math.sqrt(float(np.mean(squared)))


def w2(x: NDArray[np.floating], y: NDArray[np.floating], cap: int = MAX_ASSIGNED) -> AssignedDistance:
    """The exact W2 by optimal assignment of the first min(n, m, cap) points of (n, d) and (m, d) to each other.

    Points must be in no particular order, as samples are.
    """
    n = min(len(x), len(y), cap)
    if n < 1:
        raise ValueError("there is nothing to assign")
    cost = cdist(np.asarray(x[:n], np.float64), np.asarray(y[:n], np.float64), "sqeuclidean")
    rows, columns = linear_sum_assignment(cost)
    return AssignedDistance(math.sqrt(float(cost[rows, columns].mean())), n)


def _squared_w2_on_a_line(x: NDArray[np.floating], y: NDArray[np.floating]) -> float:
    # ∫ (F⁻¹(u) − G⁻¹(u))² du; both quantile functions are constant between the multiples of 1/n and 1/m.
    x, y = np.sort(x.astype(np.float64)), np.sort(y.astype(np.float64))
    n, m = len(x), len(y)
    if n == m:
        return float(((x - y) ** 2).mean())
    # In integers, steps of 1/nm, so that no rounding moves a step across another.
    steps = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    width = np.diff(steps, prepend=0)
    last = steps - 1
    return float((width * (x[last // m] - y[last // n]) ** 2).sum() / (n * m))
