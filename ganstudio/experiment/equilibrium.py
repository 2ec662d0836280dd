"""Where the theory says that the numbers of a run come to rest: at p_g = p_data, with D at its best against it.

There D sees the same density on both sides, so it is best when it gives every sample the same output d, the
minimiser of its loss for real = generated = d. With one-sided label smoothing α:

- cross-entropy: σ(d) = (1 − α)/2, L_D = −(1 − α) log((1 − α)/2) − (1 + α) log((1 + α)/2); Goodfellow et al. 2014,
  theorem 1, for α = 0; Salimans et al. 2016, section 3.4, for the optimal D with α.
- least squares: d = (1 − α)/2, L_D = (1 − α)²/4; Mao et al. 2017, section 3.2, with a = 0, b = 1 − α.
- hinge: L_D = 2 for every d in [−1, 1]; Lim and Ye 2017. L_G = −d is therefore open.
- Wasserstein: L_D = 0 for every D; Arjovsky et al. 2017. L_G is open, a critic being known up to an offset.
- relativistic: L_D = L_G = log 2 for pairs, log 4 for averages, for every constant D; Jolicoeur-Martineau 2019.
- f-GAN: L_D = −D_f(p ‖ p) = 0, at g(d) = f'(1), where f*(f'(1)) = f'(1) and so L_G = −f'(1) whichever loss G has;
  Nowozin et al. 2016, section 2. Total variation: L_D = 0 for every D, L_G is open.

R1, R2, instance noise, spectral normalisation and dropout leave a constant D at its optimum. WGAN-GP does not: it asks
for a slope of 1. Weight clipping does where d is not 0, which clipped weights may not reach. Weight decay is neglected.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ganstudio.experiment import Experiment
from ganstudio.experiment.objectives import (
    FDivergence,
    FKullbackLeibler,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    RelativisticAverage,
    RelativisticPaired,
    Wasserstein,
)

LOG_2 = math.log(2)
LOG_4 = math.log(4)


@dataclass(frozen=True)
class Level:
    """A number that a curve comes to rest at, and how it is written."""

    value: float
    text: str


@dataclass(frozen=True)
class Equilibrium:
    """The levels of an objective; None where there is none, and ``reason`` says why in a sentence.

    Losses are without penalties, as in the history. ``value`` is V(D, G) in nats; ``output`` is D as a probability.
    """

    discriminator_loss: Level | None = None
    generator_loss: Level | None = None
    value: Level | None = None
    output: Level | None = None
    reason: str = ""


def _non_saturating(objective: NonSaturating) -> Equilibrium:
    smoothing = objective.label_smoothing
    generator = Level(LOG_2, "log 2") if smoothing == 0 else _numeric(-math.log((1 - smoothing) / 2))
    return _cross_entropy(smoothing, generator)


def _minimax(objective: Minimax) -> Equilibrium:
    smoothing = objective.label_smoothing
    generator = Level(-LOG_2, "−log 2") if smoothing == 0 else _numeric(math.log((1 + smoothing) / 2))
    return _cross_entropy(smoothing, generator)


def _cross_entropy(smoothing: float, generator_loss: Level) -> Equilibrium:
    if smoothing == 0:
        discriminator_loss, value = Level(LOG_4, "log 4"), Level(-LOG_4, "−log 4")
    else:
        log_real, log_generated = math.log((1 - smoothing) / 2), math.log((1 + smoothing) / 2)
        discriminator_loss = _numeric(-(1 - smoothing) * log_real - (1 + smoothing) * log_generated)
        value = _numeric(log_real + log_generated)
    return Equilibrium(discriminator_loss, generator_loss, value, _output(smoothing))


def _least_squares(objective: LeastSquares) -> Equilibrium:
    smoothing = objective.label_smoothing
    discriminator_loss, generator_loss = (1 - smoothing) ** 2 / 4, (1 + smoothing) ** 2 / 8
    return Equilibrium(_numeric(discriminator_loss), _numeric(generator_loss), None, _output(smoothing))


def _hinge(objective: Hinge) -> Equilibrium:
    return Equilibrium(
        discriminator_loss=Level(2.0, "2"),
        reason="L_G has no level: every constant D from −1 to 1 is as good, so L_G may rest anywhere between.",
    )


def _wasserstein(objective: Wasserstein) -> Equilibrium:
    return Equilibrium(
        discriminator_loss=Level(0.0, "0"),
        reason="L_G has no level: a critic is known only up to an offset.",
    )


def _relativistic(objective: RelativisticPaired | RelativisticAverage) -> Equilibrium:
    level = Level(LOG_2, "log 2") if isinstance(objective, RelativisticPaired) else Level(LOG_4, "log 4")
    return Equilibrium(level, level, None, Level(0.5, "½"))


def _f_divergence(objective: FDivergence) -> Equilibrium:
    return Equilibrium(
        discriminator_loss=Level(0.0, "0"),
        generator_loss=Level(-objective.conjugate_value, f"{-objective.conjugate_value:+.0f}".replace("-", "−"))
        if objective.conjugate_value
        else Level(0.0, "0"),
        value=Level(-LOG_4, "−log 4") if objective.is_classifier else None,
        output=Level(0.5, "½"),
    )


def _total_variation(objective: FDivergence) -> Equilibrium:
    return Equilibrium(
        discriminator_loss=Level(0.0, "0"),
        reason="L_G has no level: every D is as good, so L_G may rest anywhere from −½ to ½.",
    )


def _output(smoothing: float) -> Level:
    return Level(0.5, "½") if smoothing == 0 else _numeric((1 - smoothing) / 2)


def _numeric(value: float) -> Level:
    for fraction, text in {Fraction(1, 4): "¼", Fraction(1, 8): "⅛"}.items():
        if value == fraction:
            return Level(value, text)
    return Level(value, f"{value:.3f}".replace("-", "−"))


_EQUILIBRIA: dict[str, Callable[..., Equilibrium]] = {
    "non_saturating": _non_saturating,
    "minimax": _minimax,
    "least_squares": _least_squares,
    "hinge": _hinge,
    "wasserstein": _wasserstein,
    "relativistic_paired": _relativistic,
    "relativistic_average": _relativistic,
    "f_kl": _f_divergence,
    "f_reverse_kl": _f_divergence,
    "f_pearson": _f_divergence,
    "f_hellinger": _f_divergence,
    "f_total_variation": _total_variation,
    "f_jensen_shannon": _f_divergence,
}

_ANY_CRITIC = ("wasserstein", "f_total_variation")
"""Objectives whose L_D does not depend on D at p_g = p_data."""


def equilibrium(experiment: Experiment) -> Equilibrium:
    """The levels for this experiment's objective, label smoothing and penalties."""
    objective, penalties = experiment.objective, experiment.penalties
    if objective.kind not in _EQUILIBRIA:
        return Equilibrium(reason=f"No equilibrium is known for {objective.title}.")
    found = _EQUILIBRIA[objective.kind](objective)
    if objective.kind in _ANY_CRITIC:
        return found
    if penalties.wgan_gp > 0:
        return Equilibrium(
            reason="There is no level: WGAN-GP keeps D's slope near 1, so D is not constant at p_g = p_data."
        )
    if penalties.weight_clipping > 0 and not _zero_is_best(objective):
        return Equilibrium(reason="There is no level: weight clipping may keep D from its best constant output.")
    return found


def _zero_is_best(objective: object) -> bool:
    """Whether a raw output of 0 is the best constant, which a network of any weights near 0 gives."""
    if isinstance(objective, (NonSaturating, Minimax)):
        return objective.label_smoothing == 0
    if isinstance(objective, FDivergence):  # g(0) = f'(1) for all but the first
        return not isinstance(objective, FKullbackLeibler)
    return isinstance(objective, (Hinge, RelativisticPaired, RelativisticAverage))
