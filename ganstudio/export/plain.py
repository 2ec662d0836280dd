"""A trained generator as a plain ``nn.Module`` with its effective weights: the one that leaves the program."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ganstudio.export.standalone import Generator
from ganstudio.gan.generator import TABLE
from ganstudio.gan.priors import mixture_centres
from ganstudio.gan.trained import TrainedGenerator

_PARTS = {
    "weight": "{layer}.weight",
    "bias": "{layer}.bias",
    "gain": "{norm}.weight",
    "shift": "{norm}.bias",
    "mean": "{norm}.running_mean",
    "variance": "{norm}.running_var",
}
"""What the program calls the tensors of a layer, and torch's modules."""

_WHOLE = {"frequencies": "frequencies", TABLE: "table"}
"""Tensors that belong to no layer."""

_FOLDED = "singular"
"""The estimate of a weight's first singular vector: of no use once the weight was divided by its norm."""


def plain_generator(trained: TrainedGenerator) -> Generator:
    """The module that maps latents (n, z) to data coordinates (n, dimension) as ``trained`` does; in eval mode."""
    module = Generator(description(trained))
    module.load_state_dict(effective_tensors(trained))
    return module.eval()


def description(trained: TrainedGenerator) -> dict[str, Any]:
    """All that is needed beside the tensors to build the module, as JSON-like values."""
    network, latent = trained.game.generator.spec, trained.game.experiment.latent
    return {
        "latent": latent.dimension,
        "prior": latent.prior.model_dump(mode="json"),
        "fourier_features": network.fourier_features,
        "fourier_input": network.fourier_input,
        "widths": list(network.widths),
        "activation": network.activation,
        "normalisation": network.normalisation,
        "residual": network.residual,
        "dimension": trained.game.dimension,
        "table_rows": network.table_rows,
    }


def effective_tensors(trained: TrainedGenerator) -> dict[str, Tensor]:
    """Every tensor of the module by its name in the module's ``state_dict``; float32 on the CPU."""
    experiment, network = trained.game.experiment, trained.game.generator
    with torch.no_grad():
        prepared = network.prepare(trained.parameters, trained.buffers, training=False)
    tensors = {
        "centre": torch.from_numpy(trained.normaliser.centre),
        "scale": torch.from_numpy(trained.normaliser.scale),
    }
    last = len(network.spec.widths)
    for name, tensor in (*prepared.weights.items(), *prepared.buffers.items()):
        if name in _WHOLE:
            tensors[_WHOLE[name]] = tensor
            continue
        index, part = name.split(".")
        if part != _FOLDED:
            layer = "output" if int(index) == last else f"layers.{index}"
            tensors[_PARTS[part].format(layer=layer, norm=f"norms.{index}")] = tensor
    prior = experiment.latent.prior
    if prior.kind == "mixture":
        tensors["prior_centres"] = torch.from_numpy(
            mixture_centres(prior, experiment.latent.dimension, experiment.seed)
        )
    return {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
