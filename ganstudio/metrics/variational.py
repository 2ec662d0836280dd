r"""Lower bounds of the JSD from a function that tells real from generated.

For every function D into (0, 1),

    ½ E_p[log D(x)] + ½ E_q[log(1 − D(x))] + ln 2 ≤ JSD(p ‖ q),

with equality for D* = p / (p + q) (Goodfellow et al. 2014, theorem 1; it is (V(D, G) + log 4) / 2). A mean over samples
that D was not fitted to is unbiased for the left side, so *in expectation* such an estimate never exceeds the truth,
whatever D is worth. A bad D reads low, even below 0: it then does worse than saying ½ to everything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LN2 = math.log(2)


@dataclass(frozen=True)
class Bound:
    """A lower bound in nats and its standard error."""

    value: float
    error: float


def bound(on_real: Floats, on_generated: Floats) -> Bound:
    """The bound that logits of D give, log D/(1 − D) on real (n,) and on generated points (m,), n, m ≥ 2.

    D = p̂ / (p̂ + q̂) has the logit log p̂ − log q̂. Infinite logits are allowed where D is right.
    """
    real = -np.logaddexp(0.0, -on_real)  # log D
    generated = -np.logaddexp(0.0, on_generated)  # log(1 − D)
    value = _LN2 + 0.5 * float(real.mean()) + 0.5 * float(generated.mean())
    return Bound(value, 0.5 * math.sqrt(_variance_of_mean(real) + _variance_of_mean(generated)))


def perfect_bound(on_real: Floats) -> Bound:
    """The bound that the same D gives for a perfect generator, whose samples are real ones."""
    return bound(on_real, on_real)


def _variance_of_mean(values: Floats) -> float:
    return float(values.var(ddof=1)) / len(values)
