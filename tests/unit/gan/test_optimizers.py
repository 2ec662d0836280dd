"""Each optimizer step against torch.optim's class of the same name."""

from __future__ import annotations

import pytest
import torch

from ganstudio.experiment.optimizers import SGD, Adam, AdamW, Cosine, LinearWarmup, Optimizer, Optimizers, RMSprop
from ganstudio.experiment.reference import kinds_of
from ganstudio.experiment.schedules import factor
from ganstudio.gan.optimizers import _STEPS, MOMENTS, clip_gradient, optimizer_step

CASES: list[tuple[Optimizer, type[torch.optim.Optimizer], dict[str, object]]] = [
    (SGD(learning_rate=0.1), torch.optim.SGD, {"lr": 0.1}),
    (
        SGD(learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
        torch.optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    ),
    (Adam(learning_rate=0.01), torch.optim.Adam, {"lr": 0.01, "betas": (0.0, 0.99)}),
    (
        Adam(learning_rate=0.01, beta1=0.5, beta2=0.9, amsgrad=True, weight_decay=0.1, epsilon=1e-3),
        torch.optim.Adam,
        {"lr": 0.01, "betas": (0.5, 0.9), "amsgrad": True, "weight_decay": 0.1, "eps": 1e-3},
    ),
    (
        AdamW(learning_rate=0.01, beta1=0.9, weight_decay=0.1),
        torch.optim.AdamW,
        {"lr": 0.01, "betas": (0.9, 0.99), "weight_decay": 0.1},
    ),
    (RMSprop(learning_rate=0.01), torch.optim.RMSprop, {"lr": 0.01}),
    (
        RMSprop(learning_rate=0.01, alpha=0.9, momentum=0.5, centered=True, weight_decay=0.1),
        torch.optim.RMSprop,
        {"lr": 0.01, "alpha": 0.9, "momentum": 0.5, "centered": True, "weight_decay": 0.1},
    ),
]


def test_every_optimizer_that_can_be_chosen_has_its_step() -> None:
    assert set(_STEPS) == set(kinds_of(Optimizers, "generator").values())


@pytest.mark.parametrize(("spec", "reference", "options"), CASES, ids=lambda case: getattr(case, "kind", ""))
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_twenty_steps_equal_those_of_torch(
    spec: Optimizer, reference: type[torch.optim.Optimizer], options: dict[str, object], dtype: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(0)
    ours = torch.randn(11, generator=generator, dtype=dtype)
    theirs = ours.clone().requires_grad_()
    optimizer = reference([theirs], **options)  # type: ignore[arg-type]
    moments, steps = torch.zeros(MOMENTS, 11, dtype=dtype), torch.zeros(())
    for _ in range(20):
        gradient = torch.randn(11, generator=generator, dtype=dtype)
        theirs.grad = gradient.clone()
        optimizer.step()
        ours, moments, steps = optimizer_step(spec, spec.learning_rate, ours, gradient, moments, steps)
    torch.testing.assert_close(ours, theirs.detach())


def test_a_step_changes_none_of_its_arguments() -> None:
    for spec, _, _ in CASES:
        parameters, gradient = torch.ones(3), torch.ones(3)
        moments, steps = torch.zeros(MOMENTS, 3), torch.zeros(())
        optimizer_step(spec, 0.1, parameters, gradient, moments, steps)
        assert torch.equal(parameters, torch.ones(3))
        assert torch.equal(gradient, torch.ones(3))
        assert not moments.any()
        assert steps.item() == 0


def test_clipping_shortens_long_gradients_and_leaves_short_ones() -> None:
    gradient = torch.tensor([3.0, 4.0])
    norm = gradient.norm()
    torch.testing.assert_close(clip_gradient(gradient, norm, 1.0), gradient / 5)
    torch.testing.assert_close(clip_gradient(gradient, norm, 10.0), gradient)
    torch.testing.assert_close(clip_gradient(gradient, norm, 0.0), gradient)


def test_the_cosine_schedule_is_constant_then_falls_to_its_final_share() -> None:
    schedule = Cosine(iterations=100, constant_share=0.6, final_share=0.05)
    assert factor(schedule, 0) == 1.0
    assert factor(schedule, 60) == 1.0
    assert factor(schedule, 80) == pytest.approx(0.05 + 0.95 / 2)
    assert factor(schedule, 100) == pytest.approx(0.05)
    assert factor(schedule, 10_000) == pytest.approx(0.05)


def test_warm_up_rises_linearly_to_the_full_rate() -> None:
    schedule = LinearWarmup(iterations=10)
    assert [factor(schedule, t) for t in (0, 4, 9, 50)] == pytest.approx([0.1, 0.5, 1.0, 1.0])
