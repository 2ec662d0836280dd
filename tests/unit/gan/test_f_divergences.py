"""f-divergences: conjugates by search, and the bound at the optimal D by quadrature against the divergence itself."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.objectives import (
    FDivergence,
    FHellinger,
    FJensenShannon,
    FKullbackLeibler,
    FPearson,
    FReverseKullbackLeibler,
    FTotalVariation,
)
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.f_divergences import DIVERGENCES
from ganstudio.gan.objectives import OBJECTIVES, functions_of

KINDS = sorted(DIVERGENCES, key=lambda kind: kind.__name__)

#: f as the paper's table 1 writes it, u > 0.
F: dict[type[FDivergence], Callable[[float], float]] = {
    FKullbackLeibler: lambda u: u * math.log(u),
    FReverseKullbackLeibler: lambda u: -math.log(u),
    FPearson: lambda u: (u - 1) ** 2,
    FHellinger: lambda u: (math.sqrt(u) - 1) ** 2,
    FTotalVariation: lambda u: abs(u - 1) / 2,
    FJensenShannon: lambda u: u * math.log(u) - (u + 1) * math.log((1 + u) / 2),
}

#: D's raw output that is optimal where p/q = u: g(a) = f'(u). Of total variation only the sign of u − 1 counts.
OPTIMAL: dict[type[FDivergence], Callable[[float], float]] = {
    FKullbackLeibler: lambda u: 1 + math.log(u),
    FReverseKullbackLeibler: math.log,
    FPearson: lambda u: 2 * (u - 1),
    FHellinger: lambda u: math.log(u) / 2,
    FTotalVariation: lambda u: math.copysign(30.0, u - 1),
    FJensenShannon: math.log,
}

#: ∫ q f(p/q) for p = N(0, 1), q = N(1/2, 1) in closed form, s = 1/2.
SHIFT = 0.5
CLOSED: dict[type[FDivergence], float] = {
    FKullbackLeibler: SHIFT**2 / 2,
    FReverseKullbackLeibler: SHIFT**2 / 2,
    FPearson: math.exp(SHIFT**2) - 1,
    FHellinger: 2 - 2 * math.exp(-(SHIFT**2) / 8),
    FTotalVariation: 2 * norm.cdf(SHIFT / 2) - 1,
    FJensenShannon: 2 * 0.030311,
}


def at(function: Callable[[torch.Tensor], torch.Tensor], value: float) -> float:
    return function(torch.tensor([[value]], dtype=torch.float64)).item()


def test_every_f_divergence_that_can_be_chosen_has_its_row() -> None:
    chosen = {kind for kind in kinds_of(Experiment, "objective").values() if issubclass(kind, FDivergence)}
    assert set(DIVERGENCES) == set(F) == chosen


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("output", [-1.5, -0.3, 0.4, 0.9])
def test_the_conjugate_is_the_supremum_that_defines_it(kind: type[FDivergence], output: float) -> None:
    divergence, f = DIVERGENCES[kind], F[kind]
    t = at(divergence.activation, output)  # in the domain of f*
    found = minimize_scalar(
        lambda log_u: f(math.exp(log_u)) - math.exp(log_u) * t, bounds=(-40, 6), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    supremum = max(-found.fun, -f(1.0) + t)  # the kink of |u − 1| is no minimum that a search finds exactly
    # Where the supremum lies at u → 0 the search comes near; χ² is bounded there by f(0) = 1.
    assert at(divergence.conjugate, t) == pytest.approx(supremum, abs=1e-5)
    assert at(divergence.conjugate_of_activation, output) == pytest.approx(at(divergence.conjugate, t), rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_optimal_discriminator_the_value_is_the_divergence(kind: type[FDivergence]) -> None:
    functions = OBJECTIVES[kind]

    def expected(side: float, other: int) -> float:
        """One of the two expectations of −L_D, the other switched off by its silent or its zero output."""

        def integrand(x: float) -> float:
            ratio = math.exp(norm.logpdf(x) - norm.logpdf(x, SHIFT))
            a = torch.tensor([[OPTIMAL[kind](ratio)]], dtype=torch.float64)
            silent = torch.tensor([[DIVERGENCES[kind].silent]], dtype=torch.float64)
            nothing = torch.zeros_like(a)
            if other:
                return norm.pdf(x) * -functions.discriminator_loss(a, silent, 0.0).item()
            constant = functions.discriminator_loss(nothing, silent, 0.0)
            return norm.pdf(x, SHIFT) * (constant - functions.discriminator_loss(nothing, a, 0.0)).item()

        # The integrand of total variation jumps where the densities cross.
        return (
            quad(integrand, side - 9, SHIFT / 2, epsabs=1e-10)[0]
            + quad(integrand, SHIFT / 2, side + 9, epsabs=1e-10)[0]
        )

    value = expected(0.0, 1) + expected(SHIFT, 0)
    by_f = quad(
        lambda x: norm.pdf(x, SHIFT) * F[kind](math.exp(norm.logpdf(x) - norm.logpdf(x, SHIFT))), -9, 9, epsabs=1e-10,
        points=[SHIFT / 2],
    )[0]  # fmt: skip
    assert value == pytest.approx(by_f, abs=1e-6)
    assert value == pytest.approx(CLOSED[kind], abs=2e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_no_other_discriminator_has_a_higher_value(kind: type[FDivergence]) -> None:
    """On a grid of points with weights p and q, moving the optimal outputs anywhere lowers F."""
    x = np.linspace(-3, 3.5, 27)
    p, q = norm.pdf(x), norm.pdf(x, SHIFT)
    row = DIVERGENCES[kind]

    def bound(outputs: np.ndarray) -> float:
        a = torch.from_numpy(outputs)
        return float(
            (torch.from_numpy(p) * row.activation(a) - torch.from_numpy(q) * row.conjugate_of_activation(a)).sum()
        )

    best = np.array([OPTIMAL[kind](u) for u in p / q])
    rng = np.random.default_rng(0)
    for size in (0.05, 0.5):
        assert bound(best) >= bound(best + size * rng.standard_normal(len(x))) - 1e-12


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not FTotalVariation])
def test_outputs_read_as_d_star(kind: type[FDivergence]) -> None:
    for ratio in (0.2, 1.0, 3.0):
        assert at(DIVERGENCES[kind].probability, OPTIMAL[kind](ratio)) == pytest.approx(ratio / (1 + ratio))


@pytest.mark.parametrize("kind", KINDS)
def test_g_minimises_the_bound_or_the_alternative_as_it_is_told(kind: type[FDivergence]) -> None:
    outputs = torch.tensor([[0.3], [-0.8]], dtype=torch.float64)
    row = DIVERGENCES[kind]
    saturating, alternative = (functions_of(kind(generator_loss=loss)) for loss in ("minimax", "alternative"))
    torch.testing.assert_close(saturating.generator_loss(outputs), -row.conjugate(row.activation(outputs)).mean())
    torch.testing.assert_close(alternative.generator_loss(outputs), -row.activation(outputs).mean())
