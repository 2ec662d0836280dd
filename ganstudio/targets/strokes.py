"""What a soft tip leaves along a path, the same however fast the mouse was.

A stroke of strength s with tip σ along a path of length L, sampled at q(t) with pressure w(t) in arc length t, leaves

    c(x) = s · [ ∫₀ᴸ w(t) e^(−|x − q(t)|²/2σ²) dt / (σ√2π) + ½ w(0) e^(−|x − q(0)|²/2σ²) + ½ w(L) e^(−|x − q(L)|²/2σ²) ]

so the middle of a straight stroke has s, passing over itself adds, and a click (L = 0) is a dab of peak s. It depends
on the path and not on the points that sample it. The integral is the trapezoid rule on nodes every σ/4 of arc length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganstudio.targets.canvas import NOWHERE, Canvas, Region
from ganstudio.targets.distribution import Floats

REACH = 5.5  #: tips are cut where they have fallen to e^-15
SPACING = 0.25  #: of the tip's σ, between two nodes
THINNEST = 0.6  #: of a cell: the finest tip that a raster shows without ripples
CHUNK = 32  #: nodes deposited by one matrix product: a piece of eight σ
MAX_NODES = 2_000_000  #: of one stroke; beyond, nodes stand further apart


class Path:
    """A polyline that grows, and its nodes at equal steps of arc length."""

    def __init__(
        self, step: float, canvas: Canvas, margin: float, start: tuple[float, float, float], rest: float = 0.0
    ) -> None:
        """``start`` is x, y, pressure; the first node comes ``step − rest`` after it.

        Nodes farther than ``margin`` outside the canvas are left out.
        """
        self._step = step
        extent = canvas.extent
        self._y = (extent.y_min + extent.y_max) / 2 if canvas.dimension == 1 else None  # a 1-D path has no height
        self._low = np.array([extent.x_min - margin, extent.y_min - margin])
        self._high = np.array([extent.x_max + margin, extent.y_max + margin])
        self.start = self.end = self.last_node = self._flat(np.array([start], dtype=np.float64))[0]
        self.rest = rest  #: arc length from the last node to the end
        self._number = 0.0  #: of the last node

    def extend(self, points: Floats) -> tuple[Floats, Floats, float]:
        """Go on to ``points`` (m, 3).

        Returns the new nodes (k, 3), their numbers (k,), and the count of nodes that each of them stands for.
        """
        corners = np.concatenate([self.end[None], self._flat(points)])
        lengths = np.hypot(*np.diff(corners[:, :2], axis=0).T)
        arc = self.rest + np.concatenate([[0.0], np.cumsum(lengths)])
        passed = np.floor(arc[-1] / self._step)
        nodes, numbers, stride = self._nodes(corners, arc, lengths)
        numbers = numbers + self._number
        if passed > 0:
            at = passed * self._step
            self.last_node = np.array([np.interp(at, arc, corners[:, axis]) for axis in range(3)])
            self._number += passed
        self.rest = max(0.0, arc[-1] - passed * self._step)
        self.end = corners[-1]
        return nodes, numbers, stride

    def _flat(self, points: Floats) -> Floats:
        if self._y is None:
            return points
        return np.column_stack([points[:, 0], np.full(len(points), self._y), points[:, 2]])

    def _nodes(self, corners: Floats, arc: Floats, lengths: Floats) -> tuple[Floats, Floats, float]:
        enter, leave = _clipped(corners[:-1, :2], corners[1:, :2], self._low, self._high)
        # A node between two segments belongs to the first: rounding must not lose or double it.
        first = np.floor(np.where(enter > 0, arc[:-1] + enter * lengths, arc[:-1]) / self._step) + 1
        last = np.floor(np.where(leave < 1, arc[:-1] + leave * lengths, arc[1:]) / self._step)
        counts = np.where((leave > enter) & (lengths > 0), np.maximum(last - first + 1, 0), 0)
        stride = max(1.0, float(np.ceil(counts.sum() / MAX_NODES)))
        whole = np.floor(counts / stride).astype(np.int64) if stride > 1 else counts.astype(np.int64)
        segment = np.repeat(np.arange(len(whole)), whole)
        within = np.arange(len(segment)) - np.repeat(np.cumsum(whole) - whole, whole)
        numbers = first[segment] + within * stride
        share = (numbers * self._step - arc[segment]) / lengths[segment]
        share = np.clip(share, 0.0, 1.0)[:, None]
        return corners[segment] * (1 - share) + corners[segment + 1] * share, numbers, stride


def _clipped(start: Floats, end: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """For each segment the shares of its way at which it enters and leaves a box (Liang–Barsky)."""
    way = end - start
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        to_low, to_high = (low - start) / way, (high - start) / way
    still = way == 0
    inside = (start >= low) & (start <= high)
    enter = np.where(still, np.where(inside, 0.0, 2.0), np.minimum(to_low, to_high)).max(axis=1)
    leave = np.where(still, np.where(inside, 1.0, -1.0), np.maximum(to_low, to_high)).min(axis=1)
    return np.clip(enter, 0.0, 1.0), np.clip(leave, 0.0, 1.0)


class SoftTip:
    """The ink of a brush or an eraser along a path that grows: what is settled, and the end that still moves."""

    def __init__(self, canvas: Canvas, size: float, strength: float, start: tuple[float, float, float]) -> None:
        self._canvas = canvas
        self._sigma = visible(size, canvas)
        self._per_length = strength / (self._sigma * np.sqrt(2 * np.pi))
        self._dab = strength / 2
        self._step = SPACING * self._sigma
        self._path = Path(self._step, canvas, REACH * self._sigma, start)
        self.settled = np.zeros(canvas.density.shape)
        # Half a dab, and the half of the first node's share that lies on the path.
        self._stamp(self.settled, self._path.start[None], self._dab + self._per_length * self._step / 2)

    def extend(self, points: Floats) -> Region:
        """Go on to ``points`` (m, 3); returns where settled ink changed."""
        nodes, _, stride = self._path.extend(points)
        return self._stamp(self.settled, nodes, self._per_length * self._step * stride)

    def end(self, field: NDArray[np.float64]) -> Region:
        """Add to ``field`` what the present end of the path contributes; returns where."""
        path = self._path
        # The last node counted half a step beyond itself: put right what is not there.
        region = self._stamp(field, path.last_node[None], self._per_length * (path.rest - self._step) / 2)
        return region.union(self._stamp(field, path.end[None], self._dab + self._per_length * path.rest / 2))

    def _stamp(self, field: NDArray[np.float64], nodes: Floats, weight: float) -> Region:
        return stamp(field, self._canvas, nodes[:, :2], weight * nodes[:, 2], self._sigma)


class SprayTip:
    """Dots within a radius of the path, as many for each length; a dozen where it begins.

    A dot's place depends on the stroke's seed and the dot's number, hence not on how the path was sampled.
    """

    BURST = 12  #: dots where the path begins
    DOTS = 6.0  #: dots for each ``size`` of path
    DOT = 0.1  #: σ of a dot over the radius

    def __init__(
        self, canvas: Canvas, size: float, strength: float, start: tuple[float, float, float], seed: int
    ) -> None:
        self._canvas, self._strength, self._seed = canvas, strength, seed
        self._size = max(size, *canvas.cell)
        self._sigma = visible(self.DOT * self._size, canvas)
        margin = self._size + REACH * self._sigma
        step = self._size / self.DOTS
        self._path = Path(step, canvas, margin, start, rest=step / 2)
        self.settled = np.zeros(canvas.density.shape)
        self._scatter(
            np.repeat(self._path.start[None], self.BURST, axis=0), -1.0 - np.arange(self.BURST, dtype=np.float64)
        )

    def extend(self, points: Floats) -> Region:
        """Go on to ``points`` (m, 3); returns where ink changed."""
        nodes, numbers, _ = self._path.extend(points)
        return self._scatter(nodes, numbers)

    def end(self, field: NDArray[np.float64]) -> Region:
        """Nothing: a dot that has been sprayed stays."""
        return NOWHERE

    def _scatter(self, nodes: Floats, numbers: Floats) -> Region:
        radius = self._size * np.sqrt(_hashed(self._seed, numbers, 0))
        angle = 2 * np.pi * _hashed(self._seed, numbers, 1)
        dots = nodes[:, :2] + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        return stamp(self.settled, self._canvas, dots, self._strength * nodes[:, 2], self._sigma)


def visible(size: float, canvas: Canvas) -> float:
    """The σ with which a tip of ``size`` is drawn: not thinner than the raster can show."""
    return max(size, THINNEST * max(canvas.cell[: canvas.dimension]))


def stamp(field: NDArray[np.float64], canvas: Canvas, at: Floats, weights: Floats, sigma: float) -> Region:
    """Add Σ weight · exp(−|x − at|²/2σ²) to ``field`` at cell centres; returns the region that was touched.

    A gaussian is a product of one in x and one in y, so a chunk of them is one matrix product over its window. In
    1-D the y of ``at`` is ignored.
    """
    touched = NOWHERE
    reach = REACH * sigma
    for first in range(0, len(at), CHUNK):
        x, y = at[first : first + CHUNK].T
        weight = weights[first : first + CHUNK, None]
        region = canvas.region(x.min() - reach, x.max() + reach, y.min() - reach, y.max() + reach)
        if region.is_empty:
            continue
        along_x = _tip(canvas.x_centres(region.left, region.right), x, sigma)
        along_y = weight
        if canvas.dimension == 2:
            along_y = weight * _tip(canvas.y_centres(region.bottom, region.top), y, sigma)
        field[region.slices] += along_y.T @ along_x
        touched = touched.union(region)
    return touched


def _tip(centres: Floats, at: Floats, sigma: float) -> Floats:
    away = (centres - at[:, None]) / sigma
    return np.exp(-0.5 * away * away)


def _hashed(seed: int, numbers: Floats, stream: int) -> Floats:
    """A uniform number in [0, 1) for each of ``numbers`` (SplitMix64's finaliser; Steele et al. 2014)."""
    key = (seed * 0xD1342543DE82EF95 + stream * 0xD1B54A32D192ED03) % 2**64
    state = numbers.astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) * 2.0**-53
