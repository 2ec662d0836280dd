"""The gradients that the players follow, in double precision against differences of the losses, for every entry of
every table: objectives, penalties, activations, normalisations, and what stands beside them."""

from __future__ import annotations

from typing import get_args

import pytest
import torch
from torch import Tensor

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.networks import Activation, Latent, Normalisation
from ganstudio.experiment.optimizers import Optimizers
from ganstudio.experiment.reference import kinds_of
from ganstudio.gan.draws import Normaliser, iteration_inputs
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.losses import discriminator_loss, generator_loss
from ganstudio.gan.penalties import PENALTIES
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build

Settings = dict[str, object]

CASES: list[Settings] = [
    *({"objective": kind} for kind in kinds_of(Experiment, "objective")),
    *(
        {"objective": kind, "objective.generator_loss": "minimax"}
        for kind in kinds_of(Experiment, "objective")
        if kind.startswith("f_")
    ),
    *({"objective": kind, "objective.label_smoothing": 0.2} for kind in ("non_saturating", "minimax", "least_squares")),
    *({f"penalties.{name}": 0.7} for name in PENALTIES),
    {"penalties.instance_noise": 0.3, "discriminator.dropout": 0.3, "generator.dropout": 0.3},
    *({"generator.activation": name, "discriminator.activation": name} for name in get_args(Activation)),
    *({"generator.normalisation": name, "discriminator.normalisation": name} for name in get_args(Normalisation)),
    {"generator.residual": True, "generator.fourier_features": 3, "discriminator.fourier_features": 4},
    *({"latent.prior": kind, "generator.table_rows": 30} for kind in kinds_of(Latent, "prior")),
    {"discriminator.packing": 3, "objective": "relativistic_average"},
    {"discriminator.minibatch_std": True, "discriminator.minibatch_kernels": 3},
    {"penalty_schedule.every": 4, "penalty_schedule.weights": "linear"},
    *({"updates.unrolled_steps": 2, "optimizers.discriminator": kind} for kind in kinds_of(Optimizers, "generator")),
    {"target": "mixture_1d", "latent.dimension": 1},
]


def _doubled(tree: object) -> object:
    if isinstance(tree, Tensor):
        return tree.double()
    if isinstance(tree, tuple):
        parts = [_doubled(part) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return tree


@pytest.mark.parametrize("settings", CASES, ids=str)
def test_gradients_are_the_slopes_of_the_losses(settings: Settings) -> None:
    experiment = Experiment()
    small: Settings = {"discriminator.fourier_features": 0, "training.batch_size": 8}
    small |= {f"{player}.{name}": value for player in ("generator", "discriminator") for name, value in SMALL.items()}
    for path, value in (small | settings).items():
        experiment = with_value(experiment, path, value)
    if "updates.unrolled_steps" in settings and experiment.optimizers.discriminator.kind != "sgd":
        # The first steps of these optimizers are next to a sign, which no difference resolves.
        experiment = with_value(experiment, "optimizers.discriminator.epsilon", 0.1)
    game = Game.of(experiment)
    normaliser = Normaliser.of(*standardisation(experiment))
    inputs = _doubled(iteration_inputs(game, build(experiment.target), normaliser, Progress()))
    state = _doubled(game.initial_state())
    (draw, _), (draw_g, _, _) = inputs.discriminator[0], inputs.generator[0]  # type: ignore[attr-defined]
    theta, psi = state.generator.parameters, state.discriminator.parameters  # type: ignore[attr-defined]
    losses = {
        "discriminator": (lambda psi: discriminator_loss(game, state, draw, theta, psi)[0], psi),  # type: ignore[arg-type]
        "generator": (lambda theta: generator_loss(game, state, draw_g, theta, psi)[0], theta),  # type: ignore[arg-type]
    }
    for player, (loss, point) in losses.items():
        gradient = torch.func.grad(loss)(point)
        assert gradient.abs().max() > 0, player
        rng = torch.Generator().manual_seed(0)
        for _ in range(3):
            way = torch.randn(len(point), generator=rng, dtype=torch.float64)
            h = 1e-6
            slope = (loss(point + h * way) - loss(point - h * way)) / (2 * h)
            assert (gradient @ way).item() == pytest.approx(slope.item(), rel=1e-4, abs=1e-8), player


SMALL: Settings = {"widths": [6, 6], "activation": "tanh"}
