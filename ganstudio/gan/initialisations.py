"""How weights begin, by name; each fills a weight (out, in) in place from an explicit generator."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import init

from ganstudio.experiment.networks import Initialisation


def _default(weight: Tensor, generator: torch.Generator) -> None:
    bound = weight.shape[1] ** -0.5
    init.uniform_(weight, -bound, bound, generator=generator)


def _xavier_uniform(weight: Tensor, generator: torch.Generator) -> None:
    init.xavier_uniform_(weight, generator=generator)


def _xavier_normal(weight: Tensor, generator: torch.Generator) -> None:
    init.xavier_normal_(weight, generator=generator)


def _he_uniform(weight: Tensor, generator: torch.Generator) -> None:
    init.kaiming_uniform_(weight, nonlinearity="relu", generator=generator)


def _he_normal(weight: Tensor, generator: torch.Generator) -> None:
    init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)


def _orthogonal(weight: Tensor, generator: torch.Generator) -> None:
    init.orthogonal_(weight, generator=generator)


def _small_normal(weight: Tensor, generator: torch.Generator) -> None:
    init.normal_(weight, 0.0, 0.02, generator=generator)


INITIALISATIONS: dict[Initialisation, Callable[[Tensor, torch.Generator], None]] = {
    "default": _default,
    "xavier_uniform": _xavier_uniform,
    "xavier_normal": _xavier_normal,
    "he_uniform": _he_uniform,
    "he_normal": _he_normal,
    "orthogonal": _orthogonal,
    "small_normal": _small_normal,
}
