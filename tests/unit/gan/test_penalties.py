"""Penalties against closed forms of a linear and a quadratic discriminator, and against finite differences."""

from __future__ import annotations

import pytest
import torch

from ganstudio.experiment.penalties import Penalties
from ganstudio.gan.penalties import PENALTIES, between, output_and_slope

REAL = torch.tensor([[1.0, 2.0], [0.5, -1.0]], dtype=torch.float64)
GENERATED = torch.tensor([[-1.0, 0.3], [2.0, 0.0]], dtype=torch.float64)
MIX = torch.tensor([[0.25], [0.5]], dtype=torch.float64)
PLACES = {"real": REAL, "generated": GENERATED, "between": between(REAL, GENERATED, MIX)}


def penalty(name: str, discriminate: object) -> torch.Tensor:
    chosen = PENALTIES[name]
    _, slope, _ = output_and_slope(lambda x: (discriminate(x), ()), PLACES[chosen.place])  # type: ignore[operator]
    return chosen.of(slope)


def test_every_penalty_has_a_weight_in_the_experiment() -> None:
    assert set(PENALTIES) <= set(Penalties.model_fields)


@pytest.mark.parametrize(("name", "truth"), [("r1", 12.5), ("r2", 12.5), ("wgan_gp", 16.0)])
def test_a_linear_discriminator_has_the_norm_of_its_weight_as_gradient(name: str, truth: float) -> None:
    weight = torch.tensor([[3.0], [4.0]], dtype=torch.float64)  # ‖w‖ = 5: ½·25 and (5 − 1)²
    assert penalty(name, lambda x: x @ weight + 1).item() == pytest.approx(truth)


def test_each_penalty_looks_where_its_paper_says() -> None:
    def quadratic(x: torch.Tensor) -> torch.Tensor:  # ∇ = 2x
        return x.square().sum(1, keepdim=True)

    torch.testing.assert_close(penalty("r1", quadratic), 0.5 * (2 * REAL).square().sum(1).mean())
    torch.testing.assert_close(penalty("r2", quadratic), 0.5 * (2 * GENERATED).square().sum(1).mean())
    mixed = MIX * REAL + (1 - MIX) * GENERATED
    torch.testing.assert_close(penalty("wgan_gp", quadratic), ((2 * mixed).norm(dim=1) - 1).square().mean())


def test_output_slope_and_what_is_given_aside_come_from_one_pass() -> None:
    passes = []

    def cubic(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        passes.append(1)
        return x.pow(3).sum(1, keepdim=True), x.mean(0)

    output, slope, aside = output_and_slope(cubic, REAL)
    torch.testing.assert_close(output, REAL.pow(3).sum(1, keepdim=True))
    torch.testing.assert_close(slope, 3 * REAL.square())
    torch.testing.assert_close(aside, REAL.mean(0))
    assert len(passes) == 1


@pytest.mark.parametrize("name", sorted(PENALTIES))
def test_double_gradients_agree_with_finite_differences(name: str) -> None:
    generator = torch.Generator().manual_seed(0)
    first = torch.randn(2, 8, generator=generator, dtype=torch.float64, requires_grad=True)
    second = torch.randn(8, 1, generator=generator, dtype=torch.float64, requires_grad=True)

    def of_weights(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return penalty(name, lambda x: torch.tanh(x @ first) @ second)

    torch.autograd.gradcheck(of_weights, (first, second))


def test_the_gradient_penalty_has_a_finite_gradient_where_the_discriminator_is_flat() -> None:
    weight = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(penalty("wgan_gp", lambda x: x @ weight), weight)
    assert gradient.isfinite().all()
