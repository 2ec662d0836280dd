"""Names and one-line explanations of the choices that are plain words in the records.

Choices among records (objectives, optimizers, targets …) bring their own titles and help.
"""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """What a person reads for a word of a record."""

    title: str
    help: str


CHOICES: dict[str, dict[str, Choice]] = {
    "activation": {
        "relu": Choice("ReLU", "max(0, x)"),
        "leaky_relu": Choice("Leaky ReLU", "x above 0, 0.2·x below: gradients never die"),
        "elu": Choice("ELU", "x above 0, eˣ − 1 below: smooth, and negative on average"),
        "tanh": Choice("tanh", "smooth and bounded by ±1"),
        "sigmoid": Choice("Sigmoid", "1 / (1 + e⁻ˣ): smooth, between 0 and 1"),
        "silu": Choice("SiLU", "x · sigmoid(x), also called swish"),
        "gelu": Choice("GELU", "x · Φ(x), with Φ the normal distribution function"),
        "softplus": Choice("Softplus", "log(1 + eˣ): a smooth ReLU"),
        "sine": Choice("Sine", "sin(x): fits fine detail, harder to train"),
        "maxout": Choice("Maxout", "the larger of two linear pieces; twice the parameters"),
    },
    "generator.normalisation": {
        "none": Choice("None", "hidden layers as they are"),
        "batch": Choice("Batch", "zero mean and unit variance over the batch, unit by unit"),
        "layer": Choice("Layer", "zero mean and unit variance over the units, sample by sample"),
    },
    "normalisation": {
        "standardise": Choice("Standardise", "zero mean and unit variance along each axis"),
        "extent": Choice("Extent to ±1", "the target's extent becomes the square from −1 to 1"),
        "none": Choice("None", "data as they are"),
    },
    "initialisation": {
        "default": Choice("PyTorch default", "uniform within ±1/√fan-in, as torch.nn.Linear does"),
        "xavier_uniform": Choice("Xavier uniform", "uniform, variance 2 / (fan-in + fan-out); Glorot and Bengio 2010"),
        "xavier_normal": Choice("Xavier normal", "normal, variance 2 / (fan-in + fan-out); Glorot and Bengio 2010"),
        "he_uniform": Choice("He uniform", "uniform, variance 2 / fan-in; suits ReLU; He et al. 2015"),
        "he_normal": Choice("He normal", "normal, variance 2 / fan-in; suits ReLU; He et al. 2015"),
        "orthogonal": Choice("Orthogonal", "a random rotation: keeps lengths; Saxe et al. 2014"),
        "small_normal": Choice("Small normal", "normal with standard deviation 0.02, as in DCGAN"),
    },
    "weights": {
        "ema": Choice("Moving average", "the averaged generator: steadier, and what is exported"),
        "current": Choice("Current", "the generator as it is after the last update"),
    },
    "generator_loss": {
        "alternative": Choice("Alternative", "−E g(D(G(z))): a strong slope while D wins; section 3.2 of the paper"),
        "minimax": Choice("Minimax", "−E f*(g(D(G(z)))): the bound itself, which D maximises"),
    },
    "device": {
        "auto": Choice("Automatic", "a GPU, where there is one, for networks and batches that are large enough for it"),
        "cpu": Choice("CPU", "fastest for networks of this size"),
        "cuda": Choice("NVIDIA GPU (CUDA)", "needs a PyTorch built for CUDA and a GPU"),
        "mps": Choice("Apple GPU (MPS)", "needs a Mac with Apple silicon"),
    },
}
"""By the end of the path of the setting; the longer end wins."""

CHOICES["discriminator.normalisation"] = CHOICES["generator.normalisation"]


def choice(path: str, value: str) -> Choice:
    """What to call ``value`` of the setting at ``path``; a word that is not in the table is made readable."""
    names = path.split(".")
    for start in range(len(names)):
        known = CHOICES.get(".".join(names[start:]), {})
        if value in known:
            return known[value]
    return Choice(value.replace("_", " ").capitalize(), "")
