"""The losses of both players, and how D's output reads as a probability. Each line is its paper's equation.

``real`` and ``generated`` are D's raw outputs, (batch, 1). Every loss is minimised by its own player, in nats where
it is a logarithm. log σ(a) = −softplus(−a) and log(1 − σ(a)) = −softplus(a) keep the logarithms finite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from ganstudio.experiment.objectives import Hinge, LeastSquares, Minimax, NonSaturating, Wasserstein


@dataclass(frozen=True)
class ObjectiveFunctions:
    """An objective's mathematics.

    discriminator_loss(real, generated, smoothing) and generator_loss(generated) give scalars.
    probability(output, reference) reads outputs as the probability of being real, ½ undecided; ``reference`` holds
    D's outputs on real and generated samples, for critics, whose outputs have no scale of their own.
    ``is_classifier`` says that D is trained to be a probability, so that V(D, G) is defined.
    """

    discriminator_loss: Callable[[Tensor, Tensor, float | Tensor], Tensor]
    generator_loss: Callable[[Tensor], Tensor]
    probability: Callable[[Tensor, tuple[Tensor, Tensor]], Tensor]
    is_classifier: bool = False


def value_function(real: Tensor, generated: Tensor) -> Tensor:
    """V(D, G) = E_x[log D(x)] + E_z[log(1 − D(G(z)))] for logits; Goodfellow et al. 2014, equation 1."""
    on_real, on_generated = value_terms(real, generated)
    return on_real + on_generated


def value_terms(real: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
    """The two expectations of V for logits: E_x[log D(x)] and E_z[log(1 − D(G(z)))]."""
    return -softplus(-real).mean(), -softplus(generated).mean()


def _cross_entropy(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """−V(D, G); with one-sided smoothing α the label of real samples is 1 − α (Salimans et al. 2016, section 3.4)."""
    # −[(1 − α) log σ(a) + α log(1 − σ(a))] = softplus(−a) + α a
    return softplus(-real).mean() + smoothing * real.mean() + softplus(generated).mean()


def _non_saturating_generator(generated: Tensor) -> Tensor:
    """−E_z log D(G(z)); Goodfellow et al. 2014, section 3."""
    return softplus(-generated).mean()


def _saturating_generator(generated: Tensor) -> Tensor:
    """E_z log(1 − D(G(z))); Goodfellow et al. 2014, equation 1."""
    return -softplus(generated).mean()


def _least_squares_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """½ E_x (D(x) − (1 − α))² + ½ E_z D(G(z))²; Mao et al. 2017, equation 9."""
    return 0.5 * (real - (1 - smoothing)).square().mean() + 0.5 * generated.square().mean()


def _least_squares_generator(generated: Tensor) -> Tensor:
    """½ E_z (D(G(z)) − 1)²; Mao et al. 2017, equation 9."""
    return 0.5 * (generated - 1).square().mean()


def _hinge_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """E_x max(0, 1 − D(x)) + E_z max(0, 1 + D(G(z))); Lim and Ye 2017."""
    return relu(1 - real).mean() + relu(1 + generated).mean()


def _critic_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """E_z D(G(z)) − E_x D(x); Arjovsky et al. 2017, equation 2, its sign turned for minimising."""
    return generated.mean() - real.mean()


def _critic_generator(generated: Tensor) -> Tensor:
    """−E_z D(G(z)); Arjovsky et al. 2017, algorithm 1."""
    return -generated.mean()


def _logistic(output: Tensor, reference: tuple[Tensor, Tensor]) -> Tensor:
    return torch.sigmoid(output)


def _identity(output: Tensor, reference: tuple[Tensor, Tensor]) -> Tensor:
    """Targets 0 and 1: the output is the estimate of D* itself."""
    return output.clamp(0, 1)


def _margins(output: Tensor, reference: tuple[Tensor, Tensor]) -> Tensor:
    """Targets −1 and 1."""
    return ((output + 1) / 2).clamp(0, 1)


def _relative(output: Tensor, reference: tuple[Tensor, Tensor]) -> Tensor:
    """A critic is known up to an offset: ½ lies midway between its means on both sides, a unit is its spread."""
    real, generated = reference
    midway = (real.mean() + generated.mean()) / 2
    spread = torch.cat([real.flatten(), generated.flatten()]).std().clamp_min(1e-12)
    return torch.sigmoid(2 * (output - midway) / spread)


OBJECTIVES: dict[type, ObjectiveFunctions] = {
    NonSaturating: ObjectiveFunctions(_cross_entropy, _non_saturating_generator, _logistic, is_classifier=True),
    Minimax: ObjectiveFunctions(_cross_entropy, _saturating_generator, _logistic, is_classifier=True),
    LeastSquares: ObjectiveFunctions(_least_squares_discriminator, _least_squares_generator, _identity),
    Hinge: ObjectiveFunctions(_hinge_discriminator, _critic_generator, _margins),
    Wasserstein: ObjectiveFunctions(_critic_discriminator, _critic_generator, _relative),
}
