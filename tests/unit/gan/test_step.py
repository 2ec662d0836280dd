"""The step against the loop people write, and what it promises of itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.reference import kinds_of
from ganstudio.experiment.updates import Updates
from ganstudio.gan.draws import Normaliser, discriminator_draw, generator_draw, iteration_inputs
from ganstudio.gan.game import Game, ema_decay, standardisation
from ganstudio.gan.state import State
from ganstudio.gan.step import discriminator_update, generator_update, iteration
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build


def _experiment(**settings: object) -> Experiment:
    experiment = Experiment()
    small = {
        "generator.widths": [8, 8],
        "discriminator.widths": [8, 8],
        "discriminator.fourier_features": 0,
        "training.batch_size": 16,
    }
    for path, value in (small | {path.replace("__", "."): value for path, value in settings.items()}).items():
        experiment = with_value(experiment, path, value)
    return experiment


class _Setup:
    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.game = Game.of(experiment)
        self.target = build(experiment.target)
        self.normaliser = Normaliser.of(*standardisation(experiment))
        self.state = self.game.initial_state()

    def play(self, iterations: int) -> State:
        state, progress = self.state, Progress()
        k, j = self.experiment.training.discriminator_updates, self.experiment.training.generator_updates
        for n in range(iterations):
            progress = Progress(n, n * k, n * j)
            state, _ = iteration(self.game, state, iteration_inputs(self.game, self.target, self.normaliser, progress))
        return state


def _torch_network(game: Game, which: str) -> nn.Sequential:
    network = getattr(game, which)
    weights = network.parameters.unpack(getattr(game.initial_state(), which).parameters)
    nonlinearity = nn.ReLU() if which == "generator" else nn.LeakyReLU(0.2)
    layers: list[nn.Module] = []
    for index in range(len(network.spec.widths) + 1):
        out_units, in_units = weights[f"{index}.weight"].shape
        linear = nn.Linear(in_units, out_units)
        with torch.no_grad():
            linear.weight.copy_(weights[f"{index}.weight"])
            linear.bias.copy_(weights[f"{index}.bias"])
        layers += [linear, nonlinearity]
    return nn.Sequential(*layers[:-1])


def _flat(network: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


def _usual_loop(setup: _Setup, iterations: int, k: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    """The GAN training loop of tutorials: modules, optimizers, cross-entropy; with R1 and R2 by autograd.grad."""
    generator, discriminator = _torch_network(setup.game, "generator"), _torch_network(setup.game, "discriminator")
    optimizers = setup.experiment.optimizers
    on_g = torch.optim.Adam(generator.parameters(), lr=optimizers.generator.learning_rate, betas=(0.0, 0.99))
    on_d = torch.optim.Adam(discriminator.parameters(), lr=optimizers.discriminator.learning_rate, betas=(0.0, 0.99))
    bce = nn.BCEWithLogitsLoss()
    penalties = setup.experiment.penalties
    for n in range(iterations):
        for m in range(n * k, (n + 1) * k):
            draw = discriminator_draw(setup.game, setup.target, setup.normaliser, m)
            real = draw.real.clone().requires_grad_()
            fake = generator(draw.latent).detach().requires_grad_()
            real_out, fake_out = discriminator(real), discriminator(fake)
            loss = bce(real_out, torch.ones_like(real_out)) + bce(fake_out, torch.zeros_like(fake_out))
            for weight, out, x in ((penalties.r1, real_out, real), (penalties.r2, fake_out, fake)):
                (slope,) = torch.autograd.grad(out.sum(), x, create_graph=True)
                loss = loss + weight / 2 * slope.square().sum(1).mean()
            on_d.zero_grad()
            loss.backward()
            on_d.step()
        out = discriminator(generator(generator_draw(setup.game, setup.target, setup.normaliser, n).latent))
        on_g.zero_grad()
        bce(out, torch.ones_like(out)).backward()
        on_g.step()
    return _flat(generator), _flat(discriminator)


@pytest.mark.parametrize("k", [1, 3])
def test_iterations_equal_those_of_the_loop_people_write(k: int) -> None:
    setup = _Setup(_experiment(training__discriminator_updates=k))
    state = setup.play(20)
    generator, discriminator = _usual_loop(setup, 20, k)
    torch.testing.assert_close(state.generator.parameters, generator, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(state.discriminator.parameters, discriminator, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "settings",
    [
        {"objective": "minimax"},
        {"objective": "least_squares"},
        {"objective": "hinge", "discriminator__spectral_norm": True},
        {"objective": "wasserstein", "penalties__wgan_gp": 1.0, "penalties__r1": 0.0, "penalties__r2": 0.0},
        {"objective": "wasserstein", "penalties__weight_clipping": 0.05},
        {"penalties__instance_noise": 0.2, "discriminator__dropout": 0.3, "generator__dropout": 0.3},
        {"generator__normalisation": "batch", "discriminator__normalisation": "layer"},
        {"discriminator__fourier_features": 8, "generator__residual": True},
        {"optimizers__generator": "sgd", "optimizers__discriminator": "rmsprop"},
        {"objective__label_smoothing": 0.1, "training__generator_updates": 2},
        {"target": "mixture_1d", "latent__dimension": 7, "latent__prior": "mixture"},
        *({"objective": kind} for kind in kinds_of(Experiment, "objective")),
        {"objective": "relativistic_paired", "penalties__instance_noise": 0.2, "discriminator__dropout": 0.3},
        {"objective": "f_kl", "objective__generator_loss": "minimax", "discriminator__normalisation": "batch"},
        *({"updates__rule": kind} for kind in kinds_of(Updates, "rule")),
        {"updates__rule": "extragradient", "training__discriminator_updates": 3, "training__generator_updates": 2},
        {"updates__rule": "optimistic", "optimizers__generator": "sgd", "penalties__weight_clipping": 0.1},
        {"updates__consensus": 0.5, "discriminator__spectral_norm": True},
        {"updates__lookahead": 3, "updates__rule": "simultaneous"},
        {"updates__unrolled_steps": 2, "optimizers__discriminator": "rmsprop"},
    ],
    ids=lambda settings: ", ".join(f"{path}={value}" for path, value in settings.items()),
)
def test_every_part_can_be_played_stays_finite_and_changes_both_players(settings: dict[str, object]) -> None:
    setup = _Setup(_experiment(**settings))
    state = setup.play(8)
    for before, after in zip(setup.state[:2], state[:2], strict=True):
        assert after.parameters.isfinite().all()
        assert not torch.equal(before.parameters, after.parameters)


def test_a_step_changes_no_argument() -> None:
    setup = _Setup(_experiment(generator__normalisation="batch", discriminator__spectral_norm=True))
    tensors = [*setup.state.generator, *setup.state.discriminator, setup.state.ema]
    before = [tensor.clone() for tensor in tensors]
    setup.play(3)
    assert all(torch.equal(old, new) for old, new in zip(before, tensors, strict=True))


def test_each_update_moves_its_own_player_alone() -> None:
    setup = _Setup(_experiment(generator__normalisation="batch", discriminator__normalisation="batch"))
    state, _ = discriminator_update(
        setup.game, setup.state, discriminator_draw(setup.game, setup.target, setup.normaliser, 0), 1e-3
    )
    assert all(torch.equal(a, b) for a, b in zip(state.generator, setup.state.generator, strict=True))
    assert not torch.equal(state.discriminator.parameters, setup.state.discriminator.parameters)
    assert not torch.equal(state.discriminator.buffers, setup.state.discriminator.buffers)
    draw = generator_draw(setup.game, setup.target, setup.normaliser, 0)
    after, _ = generator_update(setup.game, state, draw, 1e-3, 0.9)
    assert all(torch.equal(a, b) for a, b in zip(after.discriminator, state.discriminator, strict=True))
    assert not torch.equal(after.generator.buffers, state.generator.buffers)


def test_weight_clipping_keeps_every_parameter_of_the_discriminator_within_its_bound() -> None:
    state = _Setup(_experiment(objective="wasserstein", penalties__weight_clipping=0.03)).play(5)
    assert state.discriminator.parameters.abs().max().item() <= 0.03 + 1e-9
    assert state.generator.parameters.abs().max().item() > 0.03


def test_the_moving_average_follows_its_formula() -> None:
    setup = _Setup(_experiment(training__ema_decay=0.9))
    state, average = setup.state, setup.state.ema.double()
    for n in range(30):
        inputs = iteration_inputs(setup.game, setup.target, setup.normaliser, Progress(n, n, n))
        state, _ = iteration(setup.game, state, inputs)
        decay = min(0.9, (1 + n) / (10 + n))
        assert ema_decay(0.9, n) == decay
        average = decay * average + (1 - decay) * state.generator.parameters.double()
    torch.testing.assert_close(state.ema.double(), average, rtol=1e-4, atol=1e-6)


def test_without_averaging_the_average_is_the_generator_itself() -> None:
    state = _Setup(_experiment(training__ema_decay=0.0)).play(3)
    assert torch.equal(state.ema, state.generator.parameters)


def test_a_gradient_clip_bounds_the_step_but_reports_the_gradient_as_it_was() -> None:
    free = _Setup(_experiment(optimizers__discriminator="sgd", optimizers__discriminator__learning_rate=1.0))
    clipped = _Setup(
        with_value(free.experiment, "optimizers.discriminator.gradient_clip", 0.01),
    )
    reports = []
    for setup in (free, clipped):
        draw = discriminator_draw(setup.game, setup.target, setup.normaliser, 0)
        state, report = discriminator_update(setup.game, setup.state, draw, 1.0)
        reports.append((state.discriminator.parameters - setup.state.discriminator.parameters, report.gradient_norm))
    torch.testing.assert_close(reports[0][1], reports[1][1])
    assert reports[1][0].norm().item() == pytest.approx(0.01, rel=1e-4)
    assert reports[0][0].norm().item() == pytest.approx(reports[0][1].item(), rel=1e-4)


def test_the_generators_gradient_is_a_descent_direction_of_its_own_loss() -> None:
    setup = _Setup(_experiment(optimizers__generator="sgd"))
    draw = generator_draw(setup.game, setup.target, setup.normaliser, 0)
    losses = []
    state = setup.state
    for _ in range(2):
        state, report = generator_update(setup.game, state, draw, 0.05, 0.0)
        losses.append(report.loss.item())
    assert losses[1] < losses[0]


def test_the_value_is_reported_only_where_d_is_a_probability() -> None:
    for objective, defined in (("non_saturating", True), ("minimax", True), ("wasserstein", False), ("hinge", False)):
        setup = _Setup(_experiment(objective=objective))
        draw = discriminator_draw(setup.game, setup.target, setup.normaliser, 0)
        _, report = discriminator_update(setup.game, setup.state, draw, 1e-3)
        assert bool(report.value.isfinite()) is defined
        if defined:
            assert report.value.item() == pytest.approx(-report.loss.item(), rel=1e-5)


@pytest.mark.parametrize("how", ["standardise", "extent", "none"])
def test_normalisation_is_what_it_says_and_can_be_undone(how: str) -> None:
    experiment = _experiment(target="gaussian_grid", normalisation=how)
    centre, scale = standardisation(experiment)
    normaliser = Normaliser.of(centre, scale)
    points = build(experiment.target).sample(5000, np.random.default_rng(0))
    normalised = normaliser.normalised(points)
    np.testing.assert_allclose(normaliser.data(normalised), points, atol=1e-5)
    if how == "standardise":
        assert normalised.var(0).mean() == pytest.approx(1.0, rel=0.03)
        assert abs(normalised.mean(0)).max() < 0.05
    elif how == "extent":
        assert 0.5 < abs(normalised).max() <= 1.0
    else:
        assert (centre, scale) == ((0.0, 0.0), (1.0, 1.0))
