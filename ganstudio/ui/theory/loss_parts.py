"""What each objective averages over a batch, sample by sample, as formulas and as functions of D's raw outputs. No Qt.

The mathematics that trains is :mod:`ganstudio.gan.objectives`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.experiment import Experiment
from ganstudio.experiment.objectives import (
    FDivergence,
    FHellinger,
    FJensenShannon,
    FKullbackLeibler,
    FPearson,
    FReverseKullbackLeibler,
    FTotalVariation,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Wasserstein,
)

Floats = NDArray[np.float64]
LOG_2 = float(np.log(2.0))


@dataclass(frozen=True)
class Part:
    """What is averaged over one side of a batch: LaTeX, and a function of D's raw outputs, (m,) to (m,)."""

    formula: str
    of: Callable[[Floats], Floats]


@dataclass(frozen=True)
class Parts:
    """What is averaged over real and over generated samples for D, and over generated ones for G.

    Of a D that is a probability the first two are the terms of V, which D ascends; else they are those of L_D.
    """

    real: Part
    generated: Part
    generator: Part


LOG_D = Part(r"\log D(x_i)", lambda a: -np.logaddexp(0, -a))
LOG_NOT_D = Part(r"\log(1 - D(G(z_i)))", lambda a: -np.logaddexp(0, a))
MINUS_D = Part("-D(G(z_i))", lambda a: -a)


def _least_squares(objective: LeastSquares) -> Parts:
    label = 1 - objective.label_smoothing
    return Parts(
        Part(rf"\tfrac12 (D(x_i) - {label:g})^2", lambda a: 0.5 * (a - label) ** 2),
        Part(r"\tfrac12 D(G(z_i))^2", lambda a: 0.5 * a**2),
        Part(r"\tfrac12 (D(G(z_i)) - 1)^2", lambda a: 0.5 * (a - 1) ** 2),
    )


@dataclass(frozen=True)
class _Divergence:
    """g(a) and f*(g(a)) of an f-divergence (Nowozin et al. 2016, table 2); in the formulas # stands for D's output."""

    activation: Part
    conjugate: Part


_DIVERGENCES: dict[type[FDivergence], _Divergence] = {
    FKullbackLeibler: _Divergence(Part("#", lambda a: a), Part("e^{# - 1}", lambda a: np.exp(a - 1))),
    FReverseKullbackLeibler: _Divergence(Part("-e^{-#}", lambda a: -np.exp(-a)), Part("(# - 1)", lambda a: a - 1)),
    FPearson: _Divergence(Part("#", lambda a: a), Part(r"(\tfrac14 #^2 + #)", lambda a: a**2 / 4 + a)),
    FHellinger: _Divergence(Part("(1 - e^{-#})", lambda a: -np.expm1(-a)), Part("(e^# - 1)", np.expm1)),
    FTotalVariation: _Divergence(
        Part(r"\tfrac12 \tanh #", lambda a: np.tanh(a) / 2), Part(r"\tfrac12 \tanh #", lambda a: np.tanh(a) / 2)
    ),
    FJensenShannon: _Divergence(
        Part(r"\log 2\sigma(#)", lambda a: LOG_2 - np.logaddexp(0, -a)),
        Part(r"-\log 2(1 - \sigma(#))", lambda a: np.logaddexp(0, a) - LOG_2),
    ),
}


def _minus(part: Part, output: str) -> Part:
    """−part, with the output written out."""
    formula = part.formula.removeprefix("-") if part.formula.startswith("-") else f"-{part.formula}"
    return Part(formula.replace("#", output), lambda a: -part.of(a))


def _f_divergence(objective: FDivergence) -> Parts:
    of = _DIVERGENCES[type(objective)]
    real, generated = "D(x_i)", "D(G(z_i))"
    conjugate = Part(of.conjugate.formula.replace("#", generated), of.conjugate.of)
    for_g = _minus(of.conjugate if objective.saturates else of.activation, generated)
    if objective.is_classifier:
        return Parts(LOG_D, LOG_NOT_D, for_g)
    return Parts(_minus(of.activation, real), conjugate, for_g)


_PARTS: dict[type, Callable[..., Parts]] = {
    NonSaturating: lambda _: Parts(LOG_D, LOG_NOT_D, Part(r"-\log D(G(z_i))", lambda a: np.logaddexp(0, -a))),
    Minimax: lambda _: Parts(LOG_D, LOG_NOT_D, LOG_NOT_D),
    LeastSquares: _least_squares,
    Hinge: lambda _: Parts(
        Part(r"\max(0, 1 - D(x_i))", lambda a: np.maximum(0, 1 - a)),
        Part(r"\max(0, 1 + D(G(z_i)))", lambda a: np.maximum(0, 1 + a)),
        MINUS_D,
    ),
    Wasserstein: lambda _: Parts(Part("-D(x_i)", lambda a: -a), Part("D(G(z_i))", lambda a: +a), MINUS_D),
    **dict.fromkeys(_DIVERGENCES, _f_divergence),
}


def parts(experiment: Experiment) -> Parts | None:
    """What the objective averages; None where it compares the two sides and is no such sum."""
    found = _PARTS.get(type(experiment.objective))
    return None if found is None else found(experiment.objective)


def classifies(experiment: Experiment) -> bool:
    """Whether D is a probability, so that there is a V to ascend."""
    return experiment.objective.is_classifier
