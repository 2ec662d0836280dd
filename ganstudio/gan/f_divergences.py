"""f-divergences as games: D_f(p ‖ q) = ∫ q f(p/q) ≥ E_p g(D) − E_q f*(g(D)); Nowozin et al. 2016, tables 1 and 2.

With D's raw output a, ratio u = p/q, and f*(t) = sup_u (ut − f(u)):

                        f(u)                          g(a)                   f*(t)             f'(u) = g(a) at
    KL                  u log u                       a                      exp(t − 1)        u = exp(a − 1)
    reverse KL          −log u                        −exp(−a)               −1 − log(−t)      u = exp(a)
    Pearson χ²          (u − 1)²                      a                      t²/4 + t          u = 1 + a/2
    squared Hellinger   (√u − 1)²                     1 − exp(−a)            t / (1 − t)       u = exp(2a)
    total variation     ½ |u − 1|                     ½ tanh a               t                 (a sign only)
    Jensen–Shannon      u log u − (u+1) log((1+u)/2)  log 2 − log(1 + e⁻ᵃ)   −log(2 − exp t)   u = exp(a)

The paper's table 1 gives the last divergence with a factor ½ that its f has not: ∫ q f(p/q) is 2·JSD.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.experiment.objectives import (
    FDivergence,
    FHellinger,
    FJensenShannon,
    FKullbackLeibler,
    FPearson,
    FReverseKullbackLeibler,
    FTotalVariation,
)

LOG_2 = math.log(2)


@dataclass(frozen=True)
class Divergence:
    """A row of the table, for tensors of any shape.

    ``conjugate_of_activation`` is f*(g(a)) in one expression, which neither overflows earlier nor loses digits.
    ``probability`` is u/(1 + u), the estimate of D* = p/(p + q) that an output a stands for.
    ``silent`` is the output at which f*(g(a)) is 0.
    """

    activation: Callable[[Tensor], Tensor]
    conjugate: Callable[[Tensor], Tensor]
    conjugate_of_activation: Callable[[Tensor], Tensor]
    probability: Callable[[Tensor], Tensor]
    silent: float = 0.0


def _pearson_probability(a: Tensor) -> Tensor:
    ratio = (1 + a / 2).clamp_min(0)
    return ratio / (1 + ratio)


DIVERGENCES: dict[type[FDivergence], Divergence] = {
    FKullbackLeibler: Divergence(
        activation=lambda a: a,
        conjugate=lambda t: (t - 1).exp(),
        conjugate_of_activation=lambda a: (a - 1).exp(),
        probability=lambda a: torch.sigmoid(a - 1),
        silent=-math.inf,
    ),
    FReverseKullbackLeibler: Divergence(
        activation=lambda a: -(-a).exp(),
        conjugate=lambda t: -1 - (-t).log(),
        conjugate_of_activation=lambda a: a - 1,
        probability=torch.sigmoid,
        silent=1.0,
    ),
    FPearson: Divergence(
        activation=lambda a: a,
        conjugate=lambda t: t.square() / 4 + t,
        conjugate_of_activation=lambda a: a.square() / 4 + a,
        probability=_pearson_probability,
    ),
    FHellinger: Divergence(
        activation=lambda a: -torch.expm1(-a),
        conjugate=lambda t: t / (1 - t),
        conjugate_of_activation=torch.expm1,
        probability=lambda a: torch.sigmoid(2 * a),
    ),
    FTotalVariation: Divergence(
        activation=lambda a: a.tanh() / 2,
        conjugate=lambda t: t,
        conjugate_of_activation=lambda a: a.tanh() / 2,
        probability=lambda a: (1 + a.tanh()) / 2,  # g(a) + ½: towards 1 where p > q, towards 0 elsewhere
    ),
    FJensenShannon: Divergence(
        activation=lambda a: LOG_2 - softplus(-a),
        conjugate=lambda t: -(2 - t.exp()).log(),
        conjugate_of_activation=lambda a: softplus(a) - LOG_2,
        probability=torch.sigmoid,
    ),
}
