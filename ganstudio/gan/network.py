"""A fully connected network as pure functions of flat parameters and buffers.

    h₀ = x, or [cos 2πBx, sin 2πBx] with Fourier features, or [cos 2πBx, sin 2πBx, x]
    hᵢ = dropout(a(norm(W̄ᵢ hᵢ₋₁ + bᵢ))) (+ hᵢ₋₁ where residual and of equal width),  W̄ = W or W / σ(W)
    y  = W̄ h + b

``prepare`` makes the effective weights once for an update, ``forward`` uses them as often as it likes. Neither
draws a random number or changes an argument: dropout's uniforms come in, new buffers go out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.experiment.networks import Network as NetworkSpec
from ganstudio.gan.activations import ACTIVATIONS
from ganstudio.gan.initialisations import INITIALISATIONS
from ganstudio.gan.layout import Layout

BATCH_NORM_MOMENTUM = 0.1
NORM_EPSILON = 1e-5
INITIAL_POWER_ITERATIONS = 15


class Prepared(NamedTuple):
    """Effective weights and buffers by name, ready for ``Network.forward``."""

    weights: dict[str, Tensor]
    buffers: dict[str, Tensor]


class Network:
    """The architecture that a spec describes, between ``inputs`` and ``outputs`` units. Holds no tensors."""

    #: Features that the last layer sees beside the hidden units.
    beside = 0

    def __init__(self, spec: NetworkSpec, inputs: int, outputs: int) -> None:
        self.spec = spec
        self.inputs = inputs
        self.outputs = outputs
        self._activation = ACTIVATIONS[spec.activation]
        self._widths = spec.widths
        self.dropout_width = sum(spec.widths) if spec.dropout > 0 else 0
        self.parameters, self.buffers = (Layout(shapes) for shapes in self._layouts())

    def _layouts(self) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
        """The shapes of parameters and buffers by name."""
        parameters: dict[str, tuple[int, ...]] = {}
        buffers: dict[str, tuple[int, ...]] = {}
        width = self.inputs
        if self.spec.fourier_features:
            buffers["frequencies"] = (self.spec.fourier_features, self.inputs)
            width = 2 * self.spec.fourier_features + (self.inputs if self.spec.fourier_input else 0)
        for index, units in enumerate((*self._widths, self.outputs)):
            hidden = index < len(self._widths)
            rows = units * self._activation.pieces if hidden else units
            parameters[f"{index}.weight"] = (rows, width if hidden else width + self.beside)
            parameters[f"{index}.bias"] = (rows,)
            if hidden and self.spec.normalisation != "none":
                parameters[f"{index}.gain"] = (rows,)
                parameters[f"{index}.shift"] = (rows,)
            if hidden and self.spec.normalisation == "batch":
                buffers[f"{index}.mean"] = (rows,)
                buffers[f"{index}.variance"] = (rows,)
            if self.spec.spectral_norm:
                buffers[f"{index}.singular"] = (rows,)
            width = units
        return parameters, buffers

    def initialise(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Fresh flat parameters, (P,), and buffers, (B,), from an explicit generator; float32 on the CPU."""
        tensors = {name: torch.zeros(shape) for name, shape in self.parameters.shapes.items()}
        buffers = {name: torch.zeros(shape) for name, shape in self.buffers.shapes.items()}
        fill = INITIALISATIONS[self.spec.initialisation]
        for name, tensor in tensors.items():
            index, what = name.split(".")
            if what == "weight":
                fill(tensor, generator)
            elif what == "bias" and self.spec.initialisation == "default":
                bound = self.parameters.shapes[f"{index}.weight"][1] ** -0.5
                tensor.uniform_(-bound, bound, generator=generator)
            elif what == "gain":
                tensor.fill_(1.0)
            elif what == "rows":
                tensor.normal_(generator=generator)
        for name, buffer in buffers.items():
            if name == "frequencies":
                buffer.normal_(0.0, self.spec.fourier_scale, generator=generator)
            elif name == "company":
                buffer.normal_(generator=generator)  # normalised data are about so
            elif name.endswith(".variance"):
                buffer.fill_(1.0)
            elif name.endswith(".singular"):
                weight = tensors[name.replace("singular", "weight")]
                left = functional.normalize(torch.randn(weight.shape[0], generator=generator), dim=0)
                for _ in range(INITIAL_POWER_ITERATIONS):
                    left, _ = _power_iteration(weight, left)
                buffer.copy_(left)
        return self.parameters.pack(tensors), self.buffers.pack(buffers)

    def prepare(self, parameters: Tensor, buffers: Tensor, *, training: bool) -> Prepared:
        """Effective weights; in training one power iteration refines each estimate of σ(W)."""
        weights = self.parameters.unpack(parameters)
        named = self.buffers.unpack(buffers)
        if self.spec.spectral_norm:
            for index in range(len(self._widths) + 1):
                weight = weights[f"{index}.weight"]
                # The singular vectors are constants of the gradient (Miyato et al. 2018, section 2.1).
                left, right = _power_iteration(weight.detach(), named[f"{index}.singular"])
                if training:
                    named[f"{index}.singular"] = left
                weights[f"{index}.weight"] = weight / torch.dot(left, weight @ right)
        return Prepared(weights, named)

    def forward(
        self, prepared: Prepared, x: Tensor, *, training: bool, uniforms: Tensor | None = None
    ) -> tuple[Tensor, Prepared]:
        """The outputs, (batch, outputs), for ``x``, (batch, inputs), and the buffers after them.

        ``uniforms``, (batch, dropout_width) in [0, 1), decides what dropout silences in training.
        """
        hidden, after = self._hidden(prepared, x, training=training, uniforms=uniforms)
        return self._last(after, hidden), after

    def _last(self, prepared: Prepared, hidden: Tensor) -> Tensor:
        last = len(self._widths)
        return functional.linear(hidden, prepared.weights[f"{last}.weight"], prepared.weights[f"{last}.bias"])

    def _hidden(
        self, prepared: Prepared, x: Tensor, *, training: bool, uniforms: Tensor | None
    ) -> tuple[Tensor, Prepared]:
        """What the last layer sees, (batch, units), and the buffers after it."""
        weights, buffers = prepared
        if self.spec.fourier_features:
            phases = 2 * math.pi * (x @ buffers["frequencies"].T)
            waves = [phases.cos(), phases.sin()]
            x = torch.cat([*waves, x] if self.spec.fourier_input else waves, dim=-1)
        offset = 0
        for index, units in enumerate(self._widths):
            hidden = functional.linear(x, weights[f"{index}.weight"], weights[f"{index}.bias"])
            if self.spec.normalisation == "layer":
                gain, shift = weights[f"{index}.gain"], weights[f"{index}.shift"]
                hidden = functional.layer_norm(hidden, hidden.shape[-1:], gain, shift, NORM_EPSILON)
            elif self.spec.normalisation == "batch":
                hidden, buffers = _batch_norm(index, hidden, weights, buffers, training=training)
            hidden = self._activation.function(hidden)
            if training and uniforms is not None and self.dropout_width:
                kept = uniforms[: len(x), offset : offset + units] >= self.spec.dropout
                hidden = hidden * kept / (1 - self.spec.dropout)
                offset += units
            x = hidden + x if self.spec.residual and hidden.shape == x.shape else hidden
        return x, Prepared(weights, buffers)

    def evaluate(self, parameters: Tensor, buffers: Tensor, x: Tensor) -> Tensor:
        """The outputs as they are shown, measured and exported: no dropout, running statistics, no updates."""
        return self.forward(self.prepare(parameters, buffers, training=False), x, training=False)[0]

    def weight_matrices(self, parameters: Tensor) -> tuple[Tensor, ...]:
        """The raw weights, (out, in), first to last."""
        weights = self.parameters.unpack(parameters)
        return tuple(weights[f"{index}.weight"] for index in range(len(self._widths) + 1))


def _power_iteration(weight: Tensor, left: Tensor) -> tuple[Tensor, Tensor]:
    right = functional.normalize(weight.T @ left, dim=0)
    return functional.normalize(weight @ right, dim=0), right


def _batch_norm(
    index: int, x: Tensor, weights: dict[str, Tensor], buffers: dict[str, Tensor], *, training: bool
) -> tuple[Tensor, dict[str, Tensor]]:
    mean, variance = buffers[f"{index}.mean"], buffers[f"{index}.variance"]
    if training:
        batch_mean, batch_variance = x.mean(0), x.var(0, unbiased=False)
        # Running statistics use the unbiased variance, as torch.nn.BatchNorm1d does. A batch may be a single pack.
        unbiased = batch_variance.detach() * (x.shape[0] / max(1, x.shape[0] - 1))
        buffers = buffers | {
            f"{index}.mean": mean + BATCH_NORM_MOMENTUM * (batch_mean.detach() - mean),
            f"{index}.variance": variance + BATCH_NORM_MOMENTUM * (unbiased - variance),
        }
        mean, variance = batch_mean, batch_variance
    normalised = (x - mean) * (variance + NORM_EPSILON).rsqrt()
    return normalised * weights[f"{index}.gain"] + weights[f"{index}.shift"], buffers
