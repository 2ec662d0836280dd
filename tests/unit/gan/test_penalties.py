"""Penalties against closed forms of a linear and a quadratic discriminator, and against finite differences."""

from __future__ import annotations

import pytest
import torch

from ganstudio.experiment.objectives import Penalties
from ganstudio.gan.penalties import PENALTIES

REAL = torch.tensor([[1.0, 2.0], [0.5, -1.0]], dtype=torch.float64)
GENERATED = torch.tensor([[-1.0, 0.3], [2.0, 0.0]], dtype=torch.float64)
MIX = torch.tensor([[0.25], [0.5]], dtype=torch.float64)


def test_every_penalty_has_a_weight_in_the_experiment() -> None:
    assert set(PENALTIES) <= set(Penalties.model_fields)


@pytest.mark.parametrize(("name", "truth"), [("r1", 12.5), ("r2", 12.5), ("wgan_gp", 16.0)])
def test_a_linear_discriminator_has_the_norm_of_its_weight_as_gradient(name: str, truth: float) -> None:
    weight = torch.tensor([[3.0], [4.0]], dtype=torch.float64)  # ‖w‖ = 5: ½·25 and (5 − 1)²
    assert PENALTIES[name](lambda x: x @ weight + 1, REAL, GENERATED, MIX).item() == pytest.approx(truth)


def test_each_penalty_looks_where_its_paper_says() -> None:
    def quadratic(x: torch.Tensor) -> torch.Tensor:  # ∇ = 2x
        return x.square().sum(1, keepdim=True)

    r1 = PENALTIES["r1"](quadratic, REAL, GENERATED, None)
    r2 = PENALTIES["r2"](quadratic, REAL, GENERATED, None)
    torch.testing.assert_close(r1, 0.5 * (2 * REAL).square().sum(1).mean())
    torch.testing.assert_close(r2, 0.5 * (2 * GENERATED).square().sum(1).mean())
    between = MIX * REAL + (1 - MIX) * GENERATED
    expected = ((2 * between).norm(dim=1) - 1).square().mean()
    torch.testing.assert_close(PENALTIES["wgan_gp"](quadratic, REAL, GENERATED, MIX), expected)


@pytest.mark.parametrize("name", sorted(PENALTIES))
def test_double_gradients_agree_with_finite_differences(name: str) -> None:
    generator = torch.Generator().manual_seed(0)
    first = torch.randn(2, 8, generator=generator, dtype=torch.float64, requires_grad=True)
    second = torch.randn(8, 1, generator=generator, dtype=torch.float64, requires_grad=True)

    def penalty(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return PENALTIES[name](lambda x: torch.tanh(x @ first) @ second, REAL, GENERATED, MIX)

    torch.autograd.gradcheck(penalty, (first, second))


def test_the_gradient_penalty_has_a_finite_gradient_where_the_discriminator_is_flat() -> None:
    weight = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(PENALTIES["wgan_gp"](lambda x: x @ weight, REAL, GENERATED, MIX), weight)
    assert gradient.isfinite().all()


def test_the_gradient_penalty_without_its_mix_is_refused() -> None:
    with pytest.raises(ValueError, match="ε"):
        PENALTIES["wgan_gp"](lambda x: x.sum(1, keepdim=True), REAL, GENERATED, None)
