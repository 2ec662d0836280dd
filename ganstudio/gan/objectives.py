"""The losses of both players, and how D's output reads as a probability. Each line is its paper's equation.

``real`` and ``generated`` are D's raw outputs, (batch, 1). Every loss is minimised by its own player, in nats where
it is a logarithm. log σ(a) = −softplus(−a) and log(1 − σ(a)) = −softplus(a) keep the logarithms finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from ganstudio.experiment.objectives import (
    FDivergence,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    ObjectiveSpec,
    RelativisticAverage,
    RelativisticPaired,
    Wasserstein,
)
from ganstudio.gan.f_divergences import DIVERGENCES, Divergence


class GeneratorLoss(Protocol):
    """L_G of D's outputs on generated samples, and on real ones where the objective is relativistic; ()."""

    def __call__(self, generated: Tensor, real: Tensor | None = None, /) -> Tensor: ...


@dataclass(frozen=True)
class ObjectiveFunctions:
    """An objective's mathematics.

    discriminator_loss(real, generated, smoothing) and generator_loss(generated, real) give scalars; only relativistic
    objectives look at ``real`` in the latter.
    probability(output, reference) reads outputs as the probability of being real, ½ undecided; ``reference`` holds
    D's outputs on real and generated samples, for critics, whose outputs have no scale of their own.
    ``silent`` is the output on generated samples at which their part of L_D is 0, which parts L_D into two; None where
    L_D is no such sum.
    ``alternative`` is the other loss that G may be given, where the record offers one. ``is_classifier`` is the
    record's.
    """

    discriminator_loss: Callable[[Tensor, Tensor, float | Tensor], Tensor]
    generator_loss: GeneratorLoss
    probability: Callable[[Tensor, tuple[Tensor, Tensor]], Tensor]
    silent: float | None = 0.0
    alternative: GeneratorLoss | None = None
    is_classifier: bool = False

    def parts(self, real: Tensor, generated: Tensor, smoothing: float | Tensor) -> tuple[Tensor, Tensor] | None:
        """L_D as the sum of what real and what generated samples add to it; None where it is no such sum."""
        if self.silent is None:
            return None
        on_real = self.discriminator_loss(real, torch.full_like(generated, self.silent), smoothing)
        return on_real, self.discriminator_loss(real, generated, smoothing) - on_real


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


def _non_saturating_generator(generated: Tensor, real: Tensor | None = None) -> Tensor:
    """−E_z log D(G(z)); Goodfellow et al. 2014, section 3."""
    return softplus(-generated).mean()


def _saturating_generator(generated: Tensor, real: Tensor | None = None) -> Tensor:
    """E_z log(1 − D(G(z))); Goodfellow et al. 2014, equation 1."""
    return -softplus(generated).mean()


def _least_squares_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """½ E_x (D(x) − (1 − α))² + ½ E_z D(G(z))²; Mao et al. 2017, equation 9."""
    return 0.5 * (real - (1 - smoothing)).square().mean() + 0.5 * generated.square().mean()


def _least_squares_generator(generated: Tensor, real: Tensor | None = None) -> Tensor:
    """½ E_z (D(G(z)) − 1)²; Mao et al. 2017, equation 9."""
    return 0.5 * (generated - 1).square().mean()


def _hinge_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """E_x max(0, 1 − D(x)) + E_z max(0, 1 + D(G(z))); Lim and Ye 2017."""
    return relu(1 - real).mean() + relu(1 + generated).mean()


def _critic_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """E_z D(G(z)) − E_x D(x); Arjovsky et al. 2017, equation 2, its sign turned for minimising."""
    return generated.mean() - real.mean()


def _critic_generator(generated: Tensor, real: Tensor | None = None) -> Tensor:
    """−E_z D(G(z)); Arjovsky et al. 2017, algorithm 1."""
    return -generated.mean()


def _paired_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """−E log σ(D(x) − D(G(z))); Jolicoeur-Martineau 2019, equation 9."""
    return softplus(generated - real).mean()


def _paired_generator(generated: Tensor, real: Tensor | None = None) -> Tensor:
    """−E log σ(D(G(z)) − D(x)); the same with the roles exchanged."""
    return softplus(_needed(real) - generated).mean()


def _average_discriminator(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
    """−E log σ(D(x) − E D(G(z))) − E log(1 − σ(D(G(z)) − E D(x))); Jolicoeur-Martineau 2019, equations 10 and 11."""
    return softplus(generated.mean() - real).mean() + softplus(generated - real.mean()).mean()


def _average_generator(generated: Tensor, real: Tensor | None = None) -> Tensor:
    """The same with the roles exchanged; Jolicoeur-Martineau 2019, equations 12 and 13."""
    return _average_discriminator(generated, _needed(real), 0.0)


def _needed(real: Tensor | None) -> Tensor:
    if real is None:
        raise ValueError("a relativistic loss of G needs D's outputs on real samples")
    return real


def _of_divergence(divergence: Divergence) -> ObjectiveFunctions:
    """−F for D, and for G what of F depends on it; Nowozin et al. 2016, equation 6 and section 3.2."""

    def discriminator_loss(real: Tensor, generated: Tensor, smoothing: float | Tensor) -> Tensor:
        return divergence.conjugate_of_activation(generated).mean() - divergence.activation(real).mean()

    def minimax(generated: Tensor, real: Tensor | None = None) -> Tensor:
        return -divergence.conjugate_of_activation(generated).mean()

    def alternative(generated: Tensor, real: Tensor | None = None) -> Tensor:
        return -divergence.activation(generated).mean()

    def probability(output: Tensor, reference: tuple[Tensor, Tensor]) -> Tensor:
        return divergence.probability(output)

    return ObjectiveFunctions(discriminator_loss, minimax, probability, divergence.silent, alternative)


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


def _offset(output: Tensor, reference: tuple[Tensor, Tensor]) -> Tensor:
    """As if it were log p/q up to an offset, ½ midway between its means.

    It is where pairs are compared and D is optimal; where averages are, it only rises with p/q.
    """
    real, generated = reference
    return torch.sigmoid(output - (real.mean() + generated.mean()) / 2)


_FUNCTIONS: dict[type[ObjectiveSpec], ObjectiveFunctions] = {
    NonSaturating: ObjectiveFunctions(_cross_entropy, _non_saturating_generator, _logistic, silent=-math.inf),
    Minimax: ObjectiveFunctions(_cross_entropy, _saturating_generator, _logistic, silent=-math.inf),
    LeastSquares: ObjectiveFunctions(_least_squares_discriminator, _least_squares_generator, _identity),
    Hinge: ObjectiveFunctions(_hinge_discriminator, _critic_generator, _margins, silent=-1.0),
    Wasserstein: ObjectiveFunctions(_critic_discriminator, _critic_generator, _relative),
    RelativisticPaired: ObjectiveFunctions(_paired_discriminator, _paired_generator, _offset, silent=None),
    RelativisticAverage: ObjectiveFunctions(_average_discriminator, _average_generator, _offset, silent=None),
    **{kind: _of_divergence(divergence) for kind, divergence in DIVERGENCES.items()},
}

OBJECTIVES = {kind: replace(found, is_classifier=kind.is_classifier) for kind, found in _FUNCTIONS.items()}
"""By the kind of record. A new one is added above and nowhere else."""


def functions_of(objective: ObjectiveSpec) -> ObjectiveFunctions:
    """The mathematics of an objective with the choices that its record makes."""
    functions = OBJECTIVES[type(objective)]
    if isinstance(objective, FDivergence) and functions.alternative is not None and not objective.saturates:
        return replace(functions, generator_loss=functions.alternative)
    return functions
