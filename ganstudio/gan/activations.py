"""Nonlinearities by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.experiment.networks import Activation

LEAKY_SLOPE = 0.2


@dataclass(frozen=True)
class ActivationFunction:
    """A nonlinearity; ``pieces`` linear outputs become one unit (maxout has two)."""

    function: Callable[[Tensor], Tensor]
    pieces: int = 1


def _leaky_relu(x: Tensor) -> Tensor:
    return functional.leaky_relu(x, LEAKY_SLOPE)


def _maxout(x: Tensor) -> Tensor:
    """(…, 2w) → (…, w): the larger of each pair. Goodfellow et al. 2013."""
    first, second = x.chunk(2, dim=-1)
    return torch.maximum(first, second)


ACTIVATIONS: dict[Activation, ActivationFunction] = {
    "relu": ActivationFunction(functional.relu),
    "leaky_relu": ActivationFunction(_leaky_relu),
    "elu": ActivationFunction(functional.elu),
    "tanh": ActivationFunction(torch.tanh),
    "sigmoid": ActivationFunction(torch.sigmoid),
    "silu": ActivationFunction(functional.silu),
    "gelu": ActivationFunction(functional.gelu),
    "softplus": ActivationFunction(functional.softplus),
    "sine": ActivationFunction(torch.sin),
    "maxout": ActivationFunction(_maxout, pieces=2),
}
