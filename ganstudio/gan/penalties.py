"""Penalties on D's gradient with respect to its input, by the name of their weight in the experiment.

Each says where it looks and what it takes of the slopes ∇_x D there, (batch, d), which can be differentiated once
more in D's parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import torch
from torch import Tensor
from torch.func import vjp

Place = Literal["real", "generated", "between"]
Aside = TypeVar("Aside")


@dataclass(frozen=True)
class Penalty:
    """A penalty: the place whose slopes it looks at, and its value for them, ()."""

    place: Place
    of: Callable[[Tensor], Tensor]


def output_and_slope(discriminate: Callable[[Tensor], tuple[Tensor, Aside]], x: Tensor) -> tuple[Tensor, Tensor, Aside]:
    """D(x), (batch, 1), and ∇_x D(x), (batch, d), from one pass through D; what D gives aside is passed on.

    Outputs do not depend on each other's samples, so the gradient of their sum will do. With batch normalisation they
    do: what a sample changes in the outputs of the others is then counted as well, as in every common implementation.
    """
    # Typed as if there were never an aside.
    output, pull_back, aside = vjp(discriminate, x, has_aux=True)  # type: ignore[misc]
    (slope,) = pull_back(torch.ones_like(output))
    return output, slope, aside


def between(real: Tensor, generated: Tensor, mix: Tensor) -> Tensor:
    """x̂ = εx + (1 − ε)G(z) for ε ~ U[0, 1], (batch, 1); Gulrajani et al. 2017, algorithm 1."""
    return mix * real + (1 - mix) * generated


def _half_squared_norm(slope: Tensor) -> Tensor:
    """½ E ‖∇D‖²; Mescheder et al. 2018, equations 9 (R1, at real samples) and 10 (R2, at generated ones)."""
    return 0.5 * slope.square().sum(1).mean()


def _squared_distance_to_one(slope: Tensor) -> Tensor:
    """E (‖∇D(x̂)‖ − 1)²; Gulrajani et al. 2017, equation 3."""
    # The square root has no derivative at 0: a tiny offset keeps the second derivative finite.
    return ((slope.square().sum(1) + 1e-12).sqrt() - 1).square().mean()


#: In the order of the experiment's fields. Each is multiplied with its weight and added to D's loss.
PENALTIES: dict[str, Penalty] = {
    "r1": Penalty("real", _half_squared_norm),
    "r2": Penalty("generated", _half_squared_norm),
    "wgan_gp": Penalty("between", _squared_distance_to_one),
}
