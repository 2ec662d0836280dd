r"""D's network, where it may look at several samples at once.

    packing                   D takes the m samples of a pack side by side                       Lin et al. 2018
    minibatch std             s = mean_j √(var_i h_ij) beside the last hidden units               Karras et al. 2018
    minibatch discrimination  o_b(x_i) = mean_{j≠i} exp(−‖M_ib − M_jb‖₁), M = h T, beside them    Salimans et al. 2016

The last is a sum over the whole batch in the paper. A mean says the same in batches of every size, and over the 31
samples that follow in the batch it costs a large one an eighth. Such a D is no function of a single
sample. What is shown of it at x is its answer to x *in company*: of a few samples of the last batches that D was
trained on, real and generated ones alike, which it keeps as a buffer.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.experiment.networks import DiscriminatorNetwork
from ganstudio.gan.network import Network, Prepared

COMPANY = 64
"""Rows that D keeps: half of them real, half generated."""
SETS = 8
"""Packs that a single sample is put into; its output is their mean."""
MET = 31
"""Other samples of its batch that each is compared with, at most."""
MOST_COMPARED = 2**24
"""Numbers that are compared at once where D is only shown or measured."""
TINY = 1e-8
"""Added to a variance: the square root has no derivative at 0."""


class Discriminator(Network):
    """As its record describes it, for data of ``dimension``; its inputs are packs, side by side."""

    spec: DiscriminatorNetwork

    def __init__(self, spec: DiscriminatorNetwork, dimension: int) -> None:
        self._dimension = dimension
        self.beside = spec.minibatch_std + spec.minibatch_kernels
        self.keeps_company = self.beside > 0 or spec.packing > 1
        super().__init__(spec, dimension * spec.packing, 1)

    def _layouts(self) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
        parameters, buffers = super()._layouts()
        kernels = self.spec.minibatch_kernels * self.spec.minibatch_kernel_dims
        if kernels:
            (_, width) = parameters[f"{len(self.spec.widths)}.weight"]
            parameters["minibatch.weight"] = (kernels, width - self.beside)
        if self.keeps_company:
            buffers["company"] = (COMPANY, self.inputs)
        return parameters, buffers

    def forward(
        self, prepared: Prepared, x: Tensor, *, training: bool, uniforms: Tensor | None = None
    ) -> tuple[Tensor, Prepared]:
        """As :meth:`Network.forward`, for packs (batch, packing · dimension)."""
        if not self.keeps_company:
            return super().forward(prepared, x, training=training, uniforms=uniforms)
        hidden, after = self._hidden(prepared, x, training=training, uniforms=uniforms)
        if self.beside:
            company = hidden
            if not training:
                company, _ = self._hidden(prepared, prepared.buffers["company"], training=False, uniforms=None)
            hidden = torch.cat([hidden, *self._seen_beside(after.weights, hidden, company, training=training)], dim=1)
        if training:
            kept, half = after.buffers["company"], COMPANY // 2
            newest = torch.cat([x.detach()] * -(-half // len(x)))[:half]
            after = after._replace(buffers=after.buffers | {"company": torch.cat([kept[half:], newest])})
        return self._last(after, hidden), after

    def evaluate(self, parameters: Tensor, buffers: Tensor, x: Tensor) -> Tensor:
        """The outputs at single samples, (batch, dimension), each in company where D keeps any."""
        size = self.spec.packing
        if size == 1:
            return super().evaluate(parameters, buffers, x)
        prepared = self.prepare(parameters, buffers, training=False)
        company = prepared.buffers["company"].view(COMPANY, size, self._dimension)
        others = company[:: COMPANY // SETS, 1:].expand(len(x), SETS, size - 1, self._dimension)
        packs = torch.cat([x[:, None, None].expand(-1, SETS, 1, -1), others], dim=2)
        outputs = self.forward(prepared, packs.reshape(len(x) * SETS, -1), training=False)[0]
        return outputs.view(len(x), SETS).mean(1, keepdim=True)

    def weight_matrices(self, parameters: Tensor) -> tuple[Tensor, ...]:
        """The raw weights, (out, in), between units: without what the last layer sees beside them."""
        *hidden, last = super().weight_matrices(parameters)
        return (*hidden, last[:, : last.shape[1] - self.beside])

    def _seen_beside(
        self, weights: dict[str, Tensor], hidden: Tensor, company: Tensor, *, training: bool
    ) -> list[Tensor]:
        """What the last layer sees of the others, (batch, 1) and (batch, kernels)."""
        seen = []
        if self.spec.minibatch_std:
            # Real and generated samples never share a batch in training: nor do they where they are company.
            groups = (company,) if training else company.chunk(2)
            spread = torch.stack([(group.var(0, unbiased=False) + TINY).sqrt().mean() for group in groups]).mean()
            seen.append(spread.expand(len(hidden), 1))
        if self.spec.minibatch_kernels:
            shape = (-1, self.spec.minibatch_kernels, self.spec.minibatch_kernel_dims)
            mine, theirs = ((side @ weights["minibatch.weight"].T).view(shape) for side in (hidden, company))
            if training:
                seen.append(_closeness(mine, theirs[_others(len(theirs), theirs.device)]))
            else:  # a few at a time: of pictures and measurements there are many thousands
                rows = max(1, MOST_COMPARED // max(1, theirs.numel()))
                seen.append(torch.cat([_closeness(part, theirs[None]) for part in torch.split(mine, rows)]))
        return seen


def _closeness(mine: Tensor, met: Tensor) -> Tensor:
    """mean_j exp(−‖M_ib − M_jb‖₁), (batch, kernels), for ``met``, (batch or 1, others, kernels, dims)."""
    return (-(mine[:, None] - met).abs().sum(3)).exp().mean(1)


def _others(count: int, device: torch.device) -> Tensor:
    """For each of ``count`` rows the rows that follow it, (count, others), in a circle; one alone meets itself."""
    following = torch.arange(1, 1 + max(1, min(MET, count - 1)), device=device)
    return (torch.arange(count, device=device)[:, None] + following) % count
