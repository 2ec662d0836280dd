"""The levels against the losses themselves, minimised over a constant D."""

from __future__ import annotations

import pytest
import torch
from scipy.optimize import minimize_scalar

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.equilibrium import Level, equilibrium
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.game import Game
from ganstudio.gan.objectives import value_function


def _experiment(kind: str, smoothing: float = 0.0, **penalties: float) -> Experiment:
    experiment = with_value(Experiment(), "objective", kind)
    if smoothing:
        experiment = with_value(experiment, "objective.label_smoothing", smoothing)
    for name, value in penalties.items():
        experiment = with_value(experiment, f"penalties.{name}", value)
    return experiment


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("kind", ["non_saturating", "minimax", "least_squares"])
def test_levels_are_where_the_losses_are_when_d_is_its_best_constant(kind: str, smoothing: float) -> None:
    game = Game.of(_experiment(kind, smoothing))

    def constant(output: float) -> torch.Tensor:
        return torch.full((4, 1), output, dtype=torch.float64)

    def loss(output: float) -> float:
        return game.objective.discriminator_loss(constant(output), constant(output), game.smoothing).item()

    best = minimize_scalar(loss, bounds=(-5, 5), method="bounded", options={"xatol": 1e-10})
    d = constant(best.x)
    level = equilibrium(game.experiment)
    expected = {
        "discriminator_loss": best.fun,
        "generator_loss": game.objective.generator_loss(d, d).item(),
        "output": game.objective.probability(d, (d, d)).mean().item(),
    }
    if game.objective.is_classifier:
        expected["value"] = value_function(d, d).item()
    for name, number in expected.items():
        found = getattr(level, name)
        assert isinstance(found, Level)
        assert found.value == pytest.approx(number, abs=1e-6), name


@pytest.mark.parametrize("kind", ["f_kl", "f_reverse_kl", "f_pearson", "f_hellinger", "f_jensen_shannon"])
@pytest.mark.parametrize("loss", ["minimax", "alternative"])
def test_f_gans_rest_at_zero_and_at_minus_the_slope_of_f_whichever_loss_g_has(kind: str, loss: str) -> None:
    game = Game.of(with_value(_experiment(kind), "objective.generator_loss", loss))

    def constant(output: float) -> torch.Tensor:
        return torch.full((4, 1), output, dtype=torch.float64)

    best = minimize_scalar(
        lambda output: game.objective.discriminator_loss(constant(output), constant(output), 0.0).item(),
        bounds=(-5, 5),
        method="bounded",
        options={"xatol": 1e-10},
    )
    level, d = equilibrium(game.experiment), constant(best.x)
    assert level.discriminator_loss is not None and level.generator_loss is not None and level.output is not None
    assert level.discriminator_loss.value == pytest.approx(best.fun, abs=1e-9)
    assert level.generator_loss.value == pytest.approx(game.objective.generator_loss(d).item(), abs=1e-6)
    assert level.output.value == pytest.approx(game.objective.probability(d, (d, d)).mean().item(), abs=1e-6)


@pytest.mark.parametrize("kind", ["relativistic_paired", "relativistic_average"])
def test_relativistic_losses_rest_at_their_levels_for_any_constant_and_a_varying_d_is_worse(kind: str) -> None:
    game = Game.of(_experiment(kind))
    level = equilibrium(game.experiment)
    assert level.discriminator_loss is not None and level.generator_loss is not None
    for output in (-3.0, 0.0, 7.0):
        d = torch.full((4, 1), output)
        assert game.objective.discriminator_loss(d, d, 0.0).item() == pytest.approx(level.discriminator_loss.value)
        assert game.objective.generator_loss(d, d).item() == pytest.approx(level.generator_loss.value)
    values = torch.randn(2, 20_000, 1, generator=torch.Generator().manual_seed(0))
    assert game.objective.discriminator_loss(values[0], values[1], 0.0).item() > level.discriminator_loss.value + 0.05


@pytest.mark.parametrize(
    ("kind", "outputs", "truth"),
    [("hinge", (-1, 0.3, 1), 2.0), ("wasserstein", (-3, 7), 0.0), ("f_total_variation", (-2, 0.5), 0.0)],
)
def test_critics_rest_at_their_loss_for_any_constant(kind: str, outputs: tuple[float, ...], truth: float) -> None:
    game = Game.of(_experiment(kind))
    for output in outputs:
        d = torch.full((3, 1), float(output))
        assert game.objective.discriminator_loss(d, d, 0.0).item() == pytest.approx(truth)
    level = equilibrium(game.experiment)
    assert level.discriminator_loss is not None and level.discriminator_loss.value == truth
    assert level.generator_loss is None and level.reason


def test_every_objective_has_levels_or_a_reason() -> None:
    for kind in kinds_of(Experiment, "objective"):
        level = equilibrium(_experiment(kind))
        assert level.discriminator_loss is not None or level.reason


def test_penalties_that_keep_d_from_a_constant_take_the_levels_away() -> None:
    assert equilibrium(_experiment("non_saturating", wgan_gp=1.0)).discriminator_loss is None
    assert equilibrium(_experiment("least_squares", weight_clipping=0.01)).discriminator_loss is None
    assert equilibrium(_experiment("non_saturating", weight_clipping=0.01)).discriminator_loss is not None
    assert equilibrium(_experiment("wasserstein", wgan_gp=1.0)).discriminator_loss is not None
    assert equilibrium(_experiment("relativistic_paired", wgan_gp=1.0)).discriminator_loss is None
    assert equilibrium(_experiment("relativistic_paired", weight_clipping=0.01)).discriminator_loss is not None
    assert equilibrium(_experiment("f_kl", weight_clipping=0.01)).discriminator_loss is None
    assert equilibrium(_experiment("f_hellinger", weight_clipping=0.01)).discriminator_loss is not None
