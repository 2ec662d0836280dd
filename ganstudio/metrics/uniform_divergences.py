r"""Divergences between two uniform distributions on a line, in closed form, with gradients by a shift of q.

With half widths u and v, the distance d of the centres, densities P = 1/2u and Q = 1/2v, and the overlap's length o

    KL(p ‖ q) = ln(v/u) where p lies within q, otherwise infinite
    JSD       = ln 2 − o/2 · [P ln((P + Q)/P) + Q ln((P + Q)/Q)]           ln 2 where they do not meet, whatever d is
    W1        = E|d + (v − u) T|, T uniform on [−1, 1]:  |d|, or (d² + k²)/2k where |d| < k = |v − u|

The simplest pair whose supports can be disjoint; Arjovsky, Chintala and Bottou 2017, example 1, is its limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ganstudio.metrics.divergences import Divergence, Divergences


@dataclass(frozen=True)
class Uniform:
    """Uniform on [centre − half_width, centre + half_width]; half_width > 0."""

    centre: float
    half_width: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.centre):
            raise ValueError(f"a centre must be finite, not {self.centre}")
        if not (self.half_width > 0 and math.isfinite(self.half_width)):
            raise ValueError(f"half_width must be a finite number above 0, not {self.half_width}")


def uniform_divergences(p: Uniform, q: Uniform) -> Divergences:
    """All of p against q. Where a divergence has a kink its gradient is the mean of both sides'."""
    distance = q.centre - p.centre
    return Divergences(
        kl=_kl(distance, p.half_width, q.half_width),
        reverse_kl=_kl(distance, q.half_width, p.half_width),
        jsd=_jsd(distance, p.half_width, q.half_width),
        w1=_w1(distance, q.half_width - p.half_width),
    )


def _kl(distance: float, of: float, against: float) -> Divergence:
    room = against - of - abs(distance)
    if room < 0:
        return Divergence(math.inf, None)
    # Where one end lies on the other's, the least shift makes it infinite.
    return Divergence(math.log(against / of), (0.0,) if room > 0 else None)


def _jsd(distance: float, u: float, v: float) -> Divergence:
    overlap = max(0.0, min(u, distance + v) - max(-u, distance - v))
    meets = _step(u + v - abs(distance))
    growth = meets * (_step(u - distance - v) - _step(distance - v + u))
    p, q = 1 / (2 * u), 1 / (2 * v)
    each = p * math.log((p + q) / p) + q * math.log((p + q) / q)
    return Divergence(math.log(2) - overlap / 2 * each, (0.0 - growth / 2 * each,))


def _w1(distance: float, wider: float) -> Divergence:
    k = abs(wider)
    if abs(distance) >= k:
        return Divergence(abs(distance), (2 * _step(distance) - 1,))
    return Divergence((distance**2 + k**2) / (2 * k), (distance / k,))


def _step(x: float) -> float:
    """1 above 0, 0 below, ½ at it."""
    return 0.5 if x == 0 else float(x > 0)
