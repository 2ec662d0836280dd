r"""A density from samples, on a plot: a mixture of gaussian kernels of several widths.

    q̂(x) = w₀ u + Σ_h w_h · (1/n) Σᵢ N(x; xᵢ, h²)            u uniform on the plot

One width cannot serve a cloud that is dense here and thin there, as most of what a GAN makes is, so the weights w are
those that make points likely which the kernels have not seen (EM on the held-out likelihood: Smyth and Wolpert 1999,
*stacked density estimation*; with a single width it is the usual choice of bandwidth by held-out likelihood).

The kernels are summed on a grid, one for each width: points are spread linearly over the nodes around them, the nodes
are smoothed, and q̂ is read off linearly between them. Both linear steps widen a kernel by a known variance, which is
taken off its width; the result integrates to 1 exactly. So the cost does not depend on the number of widths × points,
and twenty thousand points take a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment.painting import Extent

Floats = NDArray[np.float64]

WIDEST = 8.0
"""The widest kernel has a width of an eighth of the plot's longer side; each next one is half as wide."""

FINEST_STEPS = {1: 8192, 2: 1536}
"""Steps of the finest grid along the longer side: a kernel is at least two steps wide, and not narrower than the median
distance of a point to its nearest neighbour, below which there is nothing to resolve."""

_STEPS_A_WIDTH = 2.0
_REACH = 4.0
_VALIDATION = 4
_EM_STEPS = 60
_SPREAD = 1 / 6 + 1 / 6
"""Variance that linear spreading and linear reading add to a kernel along each axis, in squared steps."""


class KernelDensity:
    """The density of points on a plot, normalised over plot and surroundings; what lies off the plot is one lump.

    Attributes:
        widths: standard deviations of the kernels, data units, widest first.
        weights: (widths + 1,), of the uniform part and of each width; they sum to 1.
        outside: probability of the lump.
    """

    def __init__(
        self,
        points: NDArray[np.floating],
        extent: Extent,
        rng: np.random.Generator,
        *,
        finest_steps: int | None = None,
    ) -> None:
        """Fit to ``points``, (n, dimension), n ≥ 2, in any order; ``rng`` chooses those that decide the weights.

        ``finest_steps`` stands in for :data:`FINEST_STEPS` where a coarser density will do, as for a picture: a
        quarter of the steps takes a tenth of the time.
        """
        n, dimension = points.shape
        if n < 2:
            raise ValueError("a density needs at least two points")
        self._box = _box(extent, dimension)
        inside = points[self.within(points)].astype(np.float64)
        # Half a point on either side, so that no region is impossible (Krichevsky and Trofimov 1981).
        self.outside = (n - len(inside) + 0.5) / (n + 1)
        self.widths = _widths(self._box, finest_steps or FINEST_STEPS[dimension], inside)
        self.weights = _stacked(inside, self.widths, self._box, n, rng)
        used = np.flatnonzero(self.weights[1:] > 0)
        self._kernels = [(self.weights[1 + at], _SmoothedGrid(inside, self.widths[at], self._box)) for at in used]

    @property
    def log_uniform(self) -> float:
        """Log of the uniform part alone: where the density is no higher, less than one point is expected."""
        return float(np.log(self.weights[0] * (1 - self.outside)) - np.log(np.prod(self._box[1] - self._box[0])))

    def within(self, points: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which points lie on the plot, (n,)."""
        low, high = self._box
        return np.asarray(((points >= low) & (points <= high)).all(axis=1))

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        """log q̂ in nats at ``points``, (n, dimension); the log of the whole lump's probability for those off the plot.

        Never infinite.
        """
        within = self.within(points)
        result = np.full(len(points), np.log(self.outside))
        at = points[within].astype(np.float64)
        density = np.full(len(at), self.weights[0] / float(np.prod(self._box[1] - self._box[0])))
        for weight, kernel in self._kernels:
            density += weight * kernel(at)
        result[within] = np.log1p(-self.outside) + np.log(density)
        return result


class _SmoothedGrid:
    """The mean of gaussian kernels of one width at points, read off a grid."""

    def __init__(self, points: Floats, width: float, box: tuple[Floats, Floats]) -> None:
        from scipy.ndimage import gaussian_filter  # slow to import, as cKDTree is, and no first frame needs them

        low, high = box
        self._step = width / _STEPS_A_WIDTH
        margin = int(np.ceil(_REACH * _STEPS_A_WIDTH)) + 1
        self._origin = low - margin * self._step
        shape = np.ceil((high - low) / self._step).astype(int) + 2 * margin + 1
        counts = np.zeros(int(np.prod(shape)))
        self._shape = tuple(shape.tolist())
        for node, share in self._corners(points):
            counts += np.bincount(node, share, len(counts))
        deviation = np.sqrt(_STEPS_A_WIDTH**2 - _SPREAD)
        smooth = gaussian_filter(counts.reshape(self._shape), deviation, mode="constant", truncate=_REACH)
        self._density = smooth.ravel() / (max(1, len(points)) * self._step ** len(shape))

    def __call__(self, points: Floats) -> Floats:
        """The density at points on the plot, (n,)."""
        result = np.zeros(len(points))
        for node, share in self._corners(points):
            result += share * self._density[node]
        return result

    def _corners(self, points: Floats) -> Sequence[tuple[NDArray[np.intp], Floats]]:
        """For each corner of a grid cell: its node's number and its linear share, of every point."""
        place = (points - self._origin) / self._step
        first = np.floor(place).astype(np.intp)
        part = place - first
        corners = []
        for corner in product((0, 1), repeat=len(self._shape)):
            node = np.zeros(len(points), np.intp)
            share = np.ones(len(points))
            for axis, side in enumerate(corner):
                node = node * self._shape[axis] + first[:, axis] + side
                share = share * (part[:, axis] if side else 1 - part[:, axis])
            corners.append((node, share))
        return corners


def _box(extent: Extent, dimension: int) -> tuple[Floats, Floats]:
    low, high = np.array([extent.x_min, extent.y_min]), np.array([extent.x_max, extent.y_max])
    return low[:dimension], high[:dimension]


def _widths(box: tuple[Floats, Floats], finest_steps: int, inside: Floats) -> Floats:
    longer = float((box[1] - box[0]).max())
    finest = longer * _STEPS_A_WIDTH / finest_steps
    if len(inside) > 1:
        from scipy.spatial import cKDTree

        apart = float(np.median(np.asarray(cKDTree(inside).query(inside, [2])[0])))
        finest = min(max(finest, apart), longer / WIDEST)
    count = int(np.floor(np.log2(longer / WIDEST / finest))) + 1
    return np.asarray(longer / WIDEST / 2.0 ** np.arange(count))


def _stacked(inside: Floats, widths: Floats, box: tuple[Floats, Floats], n: int, rng: np.random.Generator) -> Floats:
    """Weights of the uniform part and of each width: those that make a quarter of the points likely to the others."""
    uniform = 1 / (n + 1)  # never less than one point's worth
    weights = np.append(uniform, np.full(len(widths), (1 - uniform) / len(widths)))
    if len(inside) < 2 * _VALIDATION:
        return weights
    order = rng.permutation(len(inside))
    held, kept = order[::_VALIDATION], np.delete(order, np.s_[::_VALIDATION])
    densities = np.stack([_SmoothedGrid(inside[kept], width, box)(inside[held]) for width in widths], axis=1)
    densities = np.column_stack([np.full(len(held), 1 / np.prod(box[1] - box[0])), densities])  # (held, widths + 1)
    for _ in range(_EM_STEPS):
        parts = densities * weights
        weights = (parts / parts.sum(axis=1, keepdims=True)).mean(axis=0)
        weights[0] = max(weights[0], uniform)
        weights[1:] *= (1 - weights[0]) / weights[1:].sum()
    weights[1:][weights[1:] < 1e-6] = 0.0
    return np.asarray(weights / weights.sum())
