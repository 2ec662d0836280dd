"""Gaussian blades, bent by turning the plane the more the farther out."""

from __future__ import annotations

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from ganstudio.experiment import targets as spec
from ganstudio.targets.distribution import Floats, Samples, TargetDistribution, as_points, needed_edges
from ganstudio.targets.extents import REACH, square

WIDEST = 1.5  #: width of a subcell over the scale on which the density changes
NODES = {2: 0.3, 3: 0.8, 4: WIDEST}  #: Gauss–Legendre nodes along each side, and the widest subcell they serve
MAX_EVALUATIONS = 16_000_000  #: of one blade's gaussian; about half a second
PUSHED = 1 << 22  #: points pushed forward where the blades are too thin for quadrature
CHUNK = 1 << 17
R2 = np.array([0.7548776662466927, 0.5698402909980532])  #: 1/g and 1/g² for g³ = g + 1


class PinwheelDistribution(TargetDistribution):
    """A blade is f ~ N((radius, 0), diag(spread², σ²)), and x = R(θ(|f|) + 2πk/K) f with k uniform.

    A turn by an angle that depends on the distance from the origin alone is (r, φ) ↦ (r, φ + θ(r)) in polar form,
    whose Jacobian r dr dφ is unchanged: it preserves area. So with f_k = R(−θ(|x|) − 2πk/K) x, exactly,
    p(x) = 1/K Σ_k N(f_k; (radius, 0), diag(spread², σ²)). Here θ(r) = twist · r / radius. The idea is Johnson et
    al.'s (2016), who turn by f₁ instead of |f|, which has no density in closed form.

    Masses of cells by Gauss–Legendre on subcells no wider than the blades' scale, error below 1e-8; where blades are
    so thin that this needs too many evaluations, by four million points of f pushed forward, error below 1e-4.
    """

    dimension = 2

    def __init__(self, arms: int, radius: float, twist: float, spread: float, sigma: float) -> None:
        self._arms, self._radius, self._rate = arms, radius, twist / radius
        self._deviations = np.array([spread, sigma])
        self._turns = 2 * np.pi * np.arange(arms) / arms
        self.extent = square(float(np.hypot(radius + REACH * spread, REACH * sigma)))

    def sample(self, n: int, rng: np.random.Generator) -> Samples:
        normal = rng.standard_normal((n, 2))
        return self._bent(normal, self._turns[rng.integers(0, self._arms, n)]).astype(np.float32)

    def log_density(self, points: NDArray[np.floating]) -> Floats:
        exponents = self._exponents(*as_points(points, 2).T)
        top = exponents.max(axis=0)
        normaliser = np.log(2 * np.pi * self._deviations.prod() * self._arms)
        return top + np.log(np.exp(exponents - top).sum(axis=0)) - normaliser  # type: ignore[no-any-return]

    def _exponents(self, x: Floats, y: Floats) -> Floats:
        """(K, n): the exponent of each blade's gaussian at the points."""
        distance = np.hypot(x, y)
        cos, sin = np.cos(self._rate * distance), np.sin(self._rate * distance)
        x, y = cos * x + sin * y, cos * y - sin * x  # unbent; what is left is to turn each blade onto the x axis
        turn_cos, turn_sin = np.cos(self._turns)[:, None], np.sin(self._turns)[:, None]
        along = (turn_cos * x + turn_sin * y - self._radius) / self._deviations[0]
        across = (turn_cos * y - turn_sin * x) / self._deviations[1]
        return -0.5 * (along * along + across * across)  # type: ignore[no-any-return]

    def cell_masses(self, x_edges: NDArray[np.floating], y_edges: NDArray[np.floating] | None = None) -> Floats:
        x, y = np.asarray(x_edges, np.float64), np.asarray(needed_edges(y_edges), np.float64)
        # A blade that is bent at the rate θ' is sheared by r θ' and so looks thinner by that much along an axis.
        reach = self._radius + REACH * self._deviations[0]
        scale = float(self._deviations.min()) / np.hypot(1, reach * self._rate)
        pieces_x, pieces_y = (np.maximum(1, np.ceil(np.diff(edges) / (WIDEST * scale))).astype(int) for edges in (x, y))
        widest = max((np.diff(x) / pieces_x).max(), (np.diff(y) / pieces_y).max()) / scale
        nodes = next((count for count, limit in NODES.items() if widest <= limit), max(NODES))
        if float(pieces_x.sum()) * float(pieces_y.sum()) * nodes**2 * self._arms > MAX_EVALUATIONS:
            return self._pushed(x, y)
        at_x, weight_x, cell_x = _nodes(x, pieces_x, nodes)
        at_y, weight_y, cell_y = _nodes(y, pieces_y, nodes)
        starts_x = np.flatnonzero(np.diff(cell_x, prepend=-1))
        masses = np.empty((len(y) - 1, len(x) - 1))
        for row in range(len(y) - 1):
            rows = cell_y == row
            grid_x, grid_y = np.meshgrid(at_x, at_y[rows])
            density = np.exp(self._exponents(grid_x.ravel(), grid_y.ravel())).sum(axis=0).reshape(grid_x.shape)
            masses[row] = np.add.reduceat(weight_y[rows] @ density * weight_x, starts_x)
        return masses / (2 * np.pi * self._deviations.prod() * self._arms)  # type: ignore[no-any-return]

    def _pushed(self, x: Floats, y: Floats) -> Floats:
        """Masses by points of low discrepancy (the R₂ lattice, Roberts 2018) in the square of f's quantiles."""
        from scipy.special import ndtri  # slow to import

        masses = np.zeros((len(y) - 1, len(x) - 1))
        for first in range(0, PUSHED, CHUNK):
            number = np.arange(first, first + CHUNK)
            uniform = (0.5 + number[:, None] * R2) % 1.0
            points = self._bent(ndtri(uniform), self._turns[number % self._arms])
            masses += np.histogram2d(points[:, 1], points[:, 0], bins=(y, x))[0]
        return masses / PUSHED

    def _bent(self, normal: Floats, turn: Floats | float) -> Floats:
        flat = normal * self._deviations
        flat[:, 0] += self._radius
        angle = turn + self._rate * np.hypot(flat[:, 0], flat[:, 1])
        cos, sin = np.cos(angle), np.sin(angle)
        return np.column_stack([cos * flat[:, 0] - sin * flat[:, 1], sin * flat[:, 0] + cos * flat[:, 1]])


def _nodes(edges: Floats, pieces: NDArray[np.int_], nodes: int) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Positions, weights and cell numbers of quadrature nodes on cells cut into ``pieces``."""
    at, weight = leggauss(nodes)
    width = np.repeat(np.diff(edges) / pieces, pieces)
    cell = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(cell)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    middle = edges[cell] + (number + 0.5) * width
    positions = middle[:, None] + width[:, None] / 2 * at
    return positions.ravel(), (width[:, None] / 2 * weight).ravel(), np.repeat(cell, nodes)


def pinwheel(target: spec.Pinwheel) -> PinwheelDistribution:
    """The blades that ``target`` describes."""
    return PinwheelDistribution(target.arms, target.radius, target.twist, target.spread, target.sigma)
