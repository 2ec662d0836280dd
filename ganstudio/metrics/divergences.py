r"""Divergences between two distributions that are known, each with its gradient with respect to a shift of q.

    KL(p ‖ q) = ∫ p ln(p/q)        JSD(p ‖ q) = ½ KL(p ‖ m) + ½ KL(q ‖ m),  m = (p + q)/2,  0 ≤ JSD ≤ ln 2
    W1(p, q)  = inf over couplings of E|x − y|                    KL and JSD in nats, W1 in data units

With q shifted by s, q_s(x) = q(x − s), and ∇ at s = 0:

    ∇JSD = −½ ∫ ∇q ln(2q/(p + q))       0 wherever the supports are disjoint: JSD is ln 2 there whatever the distance
    ∇W1  =  ∫ q ∇φ, φ the potential     of length 1 wherever all mass moves the same way: it never vanishes

At the optimal discriminator the saturating generator loss has the gradient 2∇JSD, and the non-saturating one
∇[KL(q ‖ p) − 2 JSD] (Goodfellow et al. 2014, theorem 1; Arjovsky and Bottou 2017, theorem 2.5).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ive, rel_entr

from ganstudio.metrics.exact_transport import exact_w1
from ganstudio.metrics.grid_transport import w1_on_grid
from ganstudio.metrics.jsd import jensen_shannon

Floats = NDArray[np.float64]

_REACH = 12
"""Standard deviations to which integrals extend: beyond lies 1e-33 of the mass."""
_NODES = 14
_MOST_PAIRS = 20_000
"""Of a cell of p and one of q, up to which W1 between rasters is computed exactly: about .1 s."""


@dataclass(frozen=True)
class Divergence:
    """``value`` may be infinite. ``gradient``, one number an axis, is None where there is none."""

    value: float
    gradient: tuple[float, ...] | None


@dataclass(frozen=True)
class Divergences:
    """All of p against q. Gradients are with respect to a shift of q."""

    kl: Divergence
    reverse_kl: Divergence
    jsd: Divergence
    w1: Divergence

    @property
    def optimal_value(self) -> float:
        """V(D*, G) = −log 4 + 2 JSD, in nats; Goodfellow et al. 2014, equation 6."""
        return -math.log(4) + 2 * self.jsd.value

    @property
    def saturating_gradient(self) -> tuple[float, ...] | None:
        """Of the minimax generator's loss at D*, by the shift: 2∇JSD."""
        gradient = self.jsd.gradient
        return None if gradient is None else tuple(2 * part for part in gradient)

    @property
    def non_saturating_gradient(self) -> tuple[float, ...] | None:
        """Of the non-saturating generator's loss at D*, by the shift: ∇[KL(q ‖ p) − 2 JSD]."""
        jsd, reverse = self.jsd.gradient, self.reverse_kl.gradient
        if jsd is None or reverse is None:
            return None
        return tuple(r - 2 * j for r, j in zip(reverse, jsd, strict=True))


@dataclass(frozen=True)
class Gaussian:
    """N(mean, sigma² I) in one or two dimensions; sigma > 0."""

    mean: tuple[float, ...]
    sigma: float

    def __post_init__(self) -> None:
        if len(self.mean) not in (1, 2) or not np.isfinite(self.mean).all():
            raise ValueError(f"a mean has one or two finite numbers, not {self.mean}")
        if not (self.sigma > 0 and math.isfinite(self.sigma)):
            raise ValueError(f"sigma must be a finite number above 0, not {self.sigma}")


def gaussian_divergences(p: Gaussian, q: Gaussian) -> Divergences:
    """KL, reverse KL and W1 in closed form, JSD by quadrature (to about 1e-9).

    Raises:
        ValueError: p and q are of different dimensions.
    """
    if len(p.mean) != len(q.mean):
        raise ValueError("p and q must have the same dimension")
    offset = np.subtract(q.mean, p.mean)
    distance = float(np.linalg.norm(offset))
    direction = offset / distance if distance > 0 else np.zeros_like(offset)
    jsd, jsd_slope = _gaussian_jsd(distance, p.sigma, q.sigma, len(p.mean))
    w1, w1_slope = _gaussian_w1(distance, p.sigma, q.sigma, len(p.mean))
    return Divergences(
        kl=Divergence(_gaussian_kl(distance, p.sigma, q.sigma, len(p.mean)), _plain(offset / q.sigma**2)),
        reverse_kl=Divergence(_gaussian_kl(distance, q.sigma, p.sigma, len(p.mean)), _plain(offset / p.sigma**2)),
        jsd=Divergence(jsd, _plain(jsd_slope * direction)),
        # At distance 0 between equal gaussians |s| has a kink; 0 is its subgradient of least norm.
        w1=Divergence(w1, _plain(w1_slope * direction)),
    )


def _gaussian_kl(distance: float, of: float, against: float, dimension: int) -> float:
    """KL(N(a, of² I) ‖ N(b, against² I)) = d ln(against/of) + (d of² + |a − b|²) / 2 against² − d/2."""
    return dimension * math.log(against / of) + (dimension * of**2 + distance**2) / (2 * against**2) - dimension / 2


def _gaussian_w1(distance: float, sigma_p: float, sigma_q: float, dimension: int) -> tuple[float, float]:
    """W1, and its derivative by the distance a = |μ_q − μ_p|.

    The map x → μ_q + (σ_q/σ_p)(x − μ_p) is a homothety: it moves all mass along rays from one point x₀, on which the
    1-Lipschitz potential |x − x₀| grows by just the way moved, so it is optimal (Kantorovich's duality). Hence
    W1 = E|a e + b Z| with b = σ_q − σ_p and Z standard normal: the mean of a folded normal in 1-D, of a Rice
    distribution in 2-D.
    """
    a, b = distance, abs(sigma_q - sigma_p)
    if b == 0:
        return a, (1.0 if a > 0 else 0.0)
    if dimension == 1:
        inside = math.erf(a / (b * math.sqrt(2)))
        return b * math.sqrt(2 / math.pi) * math.exp(-((a / b) ** 2) / 2) + a * inside, inside
    y = (a / (2 * b)) ** 2
    zero, one = float(ive(0, y)), float(ive(1, y))  # e^{−y} I(y)
    return (
        b * math.sqrt(math.pi / 2) * ((1 + 2 * y) * zero + 2 * y * one),
        math.sqrt(math.pi / 2) * a / (2 * b) * (zero + one),
    )


def _gaussian_jsd(distance: float, sigma_p: float, sigma_q: float, dimension: int) -> tuple[float, float]:
    """JSD, and its derivative by the distance; p lies at 0, q on the first axis."""
    along, weight = _panels([(0.0, sigma_p), (distance, sigma_q)])
    if dimension == 1:
        squared_p, squared_q = along**2, (along - distance) ** 2
    else:
        across, across_weight = _panels([(0.0, sigma_p), (0.0, sigma_q)])
        squared_p = along[:, None] ** 2 + across**2
        squared_q = (along[:, None] - distance) ** 2 + across**2
        weight = weight[:, None] * across_weight
        along = along[:, None]
    log_p, log_q = (
        -squared / (2 * sigma**2) - dimension * math.log(sigma * math.sqrt(2 * math.pi))
        for squared, sigma in ((squared_p, sigma_p), (squared_q, sigma_q))
    )
    middle = np.logaddexp(log_p, log_q)  # ln(p + q)
    of_p, of_q = math.log(2) + log_p - middle, math.log(2) + log_q - middle
    mass_p, mass_q = weight * np.exp(log_p), weight * np.exp(log_q)
    value = 0.5 * float((mass_p * of_p).sum() + (mass_q * of_q).sum())
    # −∇q = q (x − μ_q)/σ_q²
    slope = 0.5 * float((mass_q * (along - distance) / sigma_q**2 * of_q).sum())
    return min(max(value, 0.0), math.log(2)), slope


def _panels(gaussians: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on panels that resolve each (mean, sigma) to twelve σ."""
    steps = np.arange(-_REACH, _REACH + 1, 2)
    ends = np.unique(np.concatenate([mean + sigma * steps for mean, sigma in gaussians]))
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.diff(ends)[:, None] / 2
    return (ends[:-1, None] + half * (nodes + 1)).ravel(), (half * weights).ravel()


def raster_divergences(p: NDArray[np.floating], q: NDArray[np.floating], cell: tuple[float, ...]) -> Divergences:
    """Of two densities that are constant in each cell of one raster.

    Args:
        p, q: (nx,) or (ny, nx), at least 0, in any scale: each is brought to a mass of 1.
        cell: width of a cell, and in 2-D its height; square in 2-D, as W1 needs.

    KL and JSD are exact, W1 in 1-D as well; W1 in 2-D is that of masses at the cells' centres: exact
    (:mod:`ganstudio.metrics.exact_transport`) while the cells with mass are few, a flow over the grid
    (:mod:`ganstudio.metrics.grid_transport`, to about 2 %) where they are many. Gradients of KL and JSD are central
    differences over a shift of one cell each way, so exact for a divergence that is linear there; a KL that is infinite
    on either side has none.

    Raises:
        ValueError: shapes or cells do not fit, or a density is negative, not finite, or 0 everywhere.
    """
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    if p.shape != q.shape or p.ndim != len(cell) or p.ndim not in (1, 2):
        raise ValueError(f"rasters of shape {p.shape} and {q.shape} with cells {cell} do not fit")
    if p.ndim == 2 and not math.isclose(cell[0], cell[1]):
        raise ValueError(f"cells must be square, not {cell}")
    for name, density in (("p", p), ("q", q)):
        if not (np.isfinite(density).all() and density.min() >= 0 and density.sum() > 0):
            raise ValueError(f"{name} must be a density: finite, at least 0, and not 0 everywhere")
    # A margin of one cell, into which q can be shifted.
    masses_p, masses_q = np.pad(p / p.sum(), 1), np.pad(q / q.sum(), 1)
    # Array axes run y, x; gradients x, y.
    axes = list(reversed(range(p.ndim)))

    def kl(q: Floats) -> float:
        return float(rel_entr(masses_p, q).sum())

    def reverse_kl(q: Floats) -> float:
        return float(rel_entr(q, masses_p).sum())

    def jsd(q: Floats) -> float:
        return jensen_shannon(masses_p, q)

    w1, w1_gradient = (_line_w1 if p.ndim == 1 else _plane_w1)(masses_p, masses_q, cell[0])
    return Divergences(
        kl=_differenced(kl, masses_q, axes, cell),
        reverse_kl=_differenced(reverse_kl, masses_q, axes, cell),
        jsd=_differenced(jsd, masses_q, axes, cell),
        w1=Divergence(w1, w1_gradient),
    )


def _differenced(
    divergence: Callable[[Floats], float], q: Floats, axes: list[int], cell: tuple[float, ...]
) -> Divergence:
    slopes = []
    for axis, length in zip(axes, cell, strict=True):
        ahead, behind = (divergence(np.roll(q, shift, axis)) for shift in (1, -1))
        if not (math.isfinite(ahead) and math.isfinite(behind)):
            return Divergence(divergence(q), None)
        slopes.append((ahead - behind) / (2 * length))
    return Divergence(divergence(q), tuple(slopes))


def _line_w1(p: Floats, q: Floats, cell: float) -> tuple[float, tuple[float, ...]]:
    """∫ |F_p − F_q| dx, in which the difference is linear in each cell; and its gradient ∫ q sign(F_p − F_q)."""
    after = np.cumsum(p - q)
    after[-1] = 0.0
    before = np.concatenate([[0.0], after[:-1]])
    size = np.abs(before) + np.abs(after)
    crosses = before * after < 0
    mean = np.where(crosses, (before**2 + after**2) / (2 * np.maximum(size, np.finfo(float).tiny)), size / 2)
    # The mean sign of a linear function that goes from c₀ to c₁ over a cell.
    sign = np.where(size > 0, (before + after) / np.where(size > 0, size, 1.0), 0.0)
    sign[size < 1e-14] = 0.0  # rounding of the sums: F_p = F_q here
    return float(mean.sum() * cell), (float((q * sign).sum()),)


def _plane_w1(p: Floats, q: Floats, cell: float) -> tuple[float, tuple[float, ...]]:
    at_p, at_q = np.argwhere(p > 0), np.argwhere(q > 0)
    if len(at_p) * len(at_q) > _MOST_PAIRS:
        return w1_on_grid(p, q, cell)
    # Array axes run y, x; gradients x, y.
    places_p, places_q = (np.asarray(at[:, ::-1] * cell, np.float64) for at in (at_p, at_q))
    value, gradient = exact_w1(places_p, p[p > 0], places_q, q[q > 0])
    return value, _plain(gradient)


def _plain(vector: Floats) -> tuple[float, ...]:
    return tuple(float(part) for part in vector)
