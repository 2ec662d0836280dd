"""G's network, where a learned table may stand before it.

With a table of N rows t_i, G(z) = g(t_i) for i = ⌊N F(z₁)⌋, F the distribution function of z's first coordinate: every
row is picked equally often, whatever the prior. Rows are parameters like any other: each is moved by the gradient of
the samples that it makes (Bojanowski et al. 2018). Such a G is a step function of z, and p_g has N points at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ganstudio.experiment.networks import (
    GeneratorNetwork,
    Latent,
    MixturePrior,
    NormalPrior,
    TruncatedNormalPrior,
    UniformPrior,
)
from ganstudio.gan.network import Network, Prepared
from ganstudio.gan.priors import mixture_centres

TABLE = "table.rows"
"""The name of the table among the parameters, (rows, latent dimension)."""


class Generator(Network):
    """As its record describes it, from latents to ``outputs``; ``seed`` is the run's, for a mixture's centres."""

    spec: GeneratorNetwork

    def __init__(self, spec: GeneratorNetwork, latent: Latent, outputs: int, seed: int) -> None:
        self._latent, self._seed = latent, seed
        super().__init__(spec, latent.dimension, outputs)

    def _layouts(self) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
        parameters, buffers = super()._layouts()
        if self.spec.table_rows:
            parameters[TABLE] = (self.spec.table_rows, self.inputs)
        return parameters, buffers

    def forward(
        self, prepared: Prepared, x: Tensor, *, training: bool, uniforms: Tensor | None = None
    ) -> tuple[Tensor, Prepared]:
        """As :meth:`Network.forward`, for latents (batch, latent dimension)."""
        if self.spec.table_rows:
            x = prepared.weights[TABLE][self.chosen(x)]
        return super().forward(prepared, x, training=training, uniforms=uniforms)

    def every_sample(self, parameters: Tensor, buffers: Tensor) -> Tensor:
        """All samples that a table makes, (rows, outputs), as they are shown: p_g is even on them."""
        prepared = self.prepare(parameters, buffers, training=False)
        return super().forward(prepared, prepared.weights[TABLE], training=False)[0]

    def chosen(self, latents: Tensor) -> Tensor:
        """The row that each latent picks, (batch,) of whole numbers."""
        share = _SHARES[type(self._latent.prior)](self._latent.prior, latents[:, 0], self._latent, self._seed)
        return (share * self.spec.table_rows).long().clamp(0, self.spec.table_rows - 1)


def _normal_share(z: Tensor) -> Tensor:
    return (1 + torch.erf(z / math.sqrt(2))) / 2


def _normal(prior: NormalPrior, z: Tensor, latent: Latent, seed: int) -> Tensor:
    return _normal_share(z)


def _uniform(prior: UniformPrior, z: Tensor, latent: Latent, seed: int) -> Tensor:
    return (z / prior.bound + 1) / 2


def _truncated(prior: TruncatedNormalPrior, z: Tensor, latent: Latent, seed: int) -> Tensor:
    inside = math.erf(prior.bound / math.sqrt(2))
    return (torch.erf(z / math.sqrt(2)) / inside + 1) / 2


def _mixture(prior: MixturePrior, z: Tensor, latent: Latent, seed: int) -> Tensor:
    centres = torch.from_numpy(mixture_centres(prior, latent.dimension, seed)[:, 0]).to(z)
    return _normal_share((z[:, None] - centres) / prior.sigma).mean(1)


_SHARES: dict[type, Callable[[Any, Tensor, Latent, int], Tensor]] = {
    NormalPrior: _normal,
    UniformPrior: _uniform,
    TruncatedNormalPrior: _truncated,
    MixturePrior: _mixture,
}
"""F(z₁), from 0 to 1, of z₁ (batch,)."""
