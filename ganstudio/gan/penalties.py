"""Penalties on D's gradient with respect to its input, by the name of their weight in the experiment.

``discriminate`` maps (batch, d) to raw outputs (batch, 1) with D's parameters inside, so that a penalty can be
differentiated once more in them.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Discriminate = Callable[[Tensor], Tensor]
Penalty = Callable[[Discriminate, Tensor, Tensor, Tensor | None], Tensor]


def _input_gradient(discriminate: Discriminate, x: Tensor) -> Tensor:
    """∇_x D(x) for every sample, (batch, d).

    Outputs do not depend on each other's samples, so the gradient of their sum will do. With batch normalisation they
    do: what a sample changes in the outputs of the others is then counted as well, as in every common implementation.
    """

    def summed(x: Tensor) -> Tensor:
        return discriminate(x).sum()

    gradient: Tensor = torch.func.grad(summed)(x)
    return gradient


def _r1(discriminate: Discriminate, real: Tensor, generated: Tensor, mix: Tensor | None) -> Tensor:
    """½ E_x ‖∇D(x)‖²; Mescheder et al. 2018, equation 9."""
    return 0.5 * _input_gradient(discriminate, real).square().sum(1).mean()


def _r2(discriminate: Discriminate, real: Tensor, generated: Tensor, mix: Tensor | None) -> Tensor:
    """½ E_z ‖∇D(G(z))‖²; Mescheder et al. 2018, equation 10."""
    return 0.5 * _input_gradient(discriminate, generated).square().sum(1).mean()


def _wgan_gp(discriminate: Discriminate, real: Tensor, generated: Tensor, mix: Tensor | None) -> Tensor:
    """E (‖∇D(x̂)‖ − 1)² with x̂ = εx + (1 − ε)G(z), ε ~ U[0, 1]; Gulrajani et al. 2017, equation 3."""
    if mix is None:
        raise ValueError("the WGAN-GP penalty needs its ε, (batch, 1)")
    between = mix * real + (1 - mix) * generated
    # The square root has no derivative at 0: a tiny offset keeps the second derivative finite.
    norm = (_input_gradient(discriminate, between).square().sum(1) + 1e-12).sqrt()
    return (norm - 1).square().mean()


#: In the order of the experiment's fields. Each is multiplied with its weight and added to D's loss.
PENALTIES: dict[str, Penalty] = {"r1": _r1, "r2": _r2, "wgan_gp": _wgan_gp}
NEEDS_MIX = frozenset({"wgan_gp"})
