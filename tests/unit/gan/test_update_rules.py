"""Rules, consensus, lookahead and unrolling with real networks: against their definitions and finite differences."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.experiment.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from ganstudio.experiment.reference import kinds_of
from ganstudio.experiment.updates import Updates
from ganstudio.gan.draws import IterationInputs, Normaliser, iteration_inputs
from ganstudio.gan.game import Game, standardisation
from ganstudio.gan.losses import discriminator_loss, generator_loss
from ganstudio.gan.optimizers import MOMENTS, differentiable_step, optimistic, optimizer_step
from ganstudio.gan.state import State
from ganstudio.gan.step import RULES, _energy, discriminator_update, iteration
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build
from ganstudio.training.run import Run

OPTIMIZERS: list[Optimizer] = [
    SGD(learning_rate=0.1),
    SGD(learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    SGD(learning_rate=0.1, momentum=0.5, dampening=0.2),
    Adam(learning_rate=0.01, beta1=0.5, weight_decay=0.1),
    Adam(learning_rate=0.01, amsgrad=True, epsilon=1e-3),
    AdamW(learning_rate=0.01, beta1=0.9, weight_decay=0.1),
    RMSprop(learning_rate=0.01),
    RMSprop(learning_rate=0.01, momentum=0.5, centered=True, weight_decay=0.1),
]


def experiment(**settings: object) -> Experiment:
    changed = Experiment()
    small = {
        "generator.widths": [5],
        "generator.activation": "tanh",
        "discriminator.widths": [5],
        "discriminator.activation": "tanh",
        "discriminator.fourier_features": 0,
        "training.batch_size": 8,
    }
    for path, value in (small | {path.replace("__", "."): value for path, value in settings.items()}).items():
        changed = with_value(changed, path, value)
    return changed


def doubled(tree: object) -> object:
    if isinstance(tree, Tensor):
        return tree.double()
    if isinstance(tree, tuple):
        parts = [doubled(part) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return tree


def prepared(**settings: object) -> tuple[Game, State, IterationInputs]:
    """A small game in double precision."""
    chosen = experiment(**settings)
    game = Game.of(chosen)
    normaliser = Normaliser.of(*standardisation(chosen))
    inputs = iteration_inputs(game, build(chosen.target), normaliser, Progress())
    return game, doubled(game.initial_state()), doubled(inputs)  # type: ignore[return-value]


def test_every_rule_that_can_be_chosen_is_in_the_table() -> None:
    assert set(RULES) == set(kinds_of(Updates, "rule").values())


@pytest.mark.parametrize("spec", OPTIMIZERS, ids=repr)
def test_a_step_that_can_be_differentiated_through_is_the_optimizers_own(spec: Optimizer) -> None:
    generator = torch.Generator().manual_seed(0)
    ours = theirs = torch.randn(9, generator=generator, dtype=torch.float64)
    moments = other = torch.zeros(MOMENTS, 9, dtype=torch.float64)
    steps = counted = torch.zeros((), dtype=torch.float64)
    for _ in range(6):
        gradient = torch.randn(9, generator=generator, dtype=torch.float64)
        ours, moments, steps = differentiable_step(spec, spec.learning_rate, ours, gradient, moments, steps)
        theirs, other, counted = optimizer_step(spec, spec.learning_rate, theirs, gradient, other, counted)
        torch.testing.assert_close(ours, theirs)
        if not isinstance(spec, RMSprop) or spec.momentum:
            torch.testing.assert_close(moments, other)


def test_silent_units_have_a_finite_gradient_through_a_step() -> None:
    """A gradient of exactly 0, as behind a dead ReLU, meets the square root at 0."""
    gradient = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    for spec in (Adam(epsilon=1e-3), RMSprop(epsilon=1e-3)):
        after, _, _ = differentiable_step(
            spec, 0.1, torch.ones(3, dtype=torch.float64), gradient, torch.zeros(3, 3).double(), torch.zeros(())
        )
        (slope,) = torch.autograd.grad(after.sum(), gradient)
        assert slope.isfinite().all()


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop"])
def test_the_unrolled_gradient_agrees_with_finite_differences(kind: str) -> None:
    game, state, inputs = prepared(
        updates__unrolled_steps=3, optimizers__discriminator=kind, optimizers__discriminator__epsilon=1e-2
    ) if kind != "sgd" else prepared(updates__unrolled_steps=3, optimizers__discriminator=kind)  # fmt: skip
    draw = inputs.generator[0][0]
    assert len(draw.unrolled) == 3
    psi = state.discriminator.parameters

    def loss(theta: Tensor) -> Tensor:
        return generator_loss(game, state, draw, theta, psi)[0]

    theta = state.generator.parameters
    gradient = torch.func.grad(loss)(theta)
    frozen = torch.func.grad(lambda t: generator_loss(game, state, draw._replace(unrolled=()), t, psi)[0])(theta)
    assert not torch.allclose(gradient, frozen, rtol=1e-4), "what D will do must count"
    h = 1e-6
    for index in range(0, len(theta), 3):
        moved = torch.zeros_like(theta)
        moved[index] = h
        slope = (loss(theta + moved) - loss(theta - moved)) / (2 * h)
        assert gradient[index].item() == pytest.approx(slope.item(), rel=1e-4, abs=1e-8)


def test_without_steps_an_unrolled_game_is_the_plain_one_and_with_them_g_meets_d_as_it_will_be() -> None:
    """After n updates on the draws that G foresaw, D stands where G's loss took it to stand."""
    game, state, inputs = prepared(updates__unrolled_steps=2)
    draw = inputs.generator[0][0]
    theta = state.generator.parameters
    ahead = state
    for draw_d, rate in draw.unrolled:
        ahead, _ = discriminator_update(game, ahead, draw_d, rate)
    seen = generator_loss(game, state, draw, theta, state.discriminator.parameters)[0]
    there = generator_loss(game, state, draw._replace(unrolled=()), theta, ahead.discriminator.parameters)[0]
    torch.testing.assert_close(seen, there)
    assert not torch.equal(seen, generator_loss(game, state, draw._replace(unrolled=()), theta, state[1].parameters)[0])


@pytest.mark.parametrize("objective", ["non_saturating", "relativistic_paired", "f_hellinger"])
def test_consensus_adds_the_gradient_of_half_the_squared_norm_of_all_gradients(objective: str) -> None:
    game, state, inputs = prepared(objective=objective, updates__consensus=0.5)
    draw, draw_g = inputs.discriminator[0][0], inputs.generator[0][0]
    theta, psi = state.generator.parameters, state.discriminator.parameters

    def vector(theta: Tensor, psi: Tensor) -> Tensor:
        on_g = torch.func.grad(lambda t: generator_loss(game, state, draw_g, t, psi)[0])(theta)
        on_d = torch.func.grad(lambda p: discriminator_loss(game, state, draw, theta, p)[0])(psi)
        return torch.cat([on_g, on_d])

    energy = partial(_energy, game, state, draw, draw_g)
    assert energy(theta, psi).item() == pytest.approx(0.5 * vector(theta, psi).square().sum().item())
    h = 1e-6
    for argument, point in ((0, theta), (1, psi)):
        gradient = torch.func.grad(energy, argnums=argument)(theta, psi)
        for index in range(0, len(point), 4):
            moved = torch.zeros_like(point)
            moved[index] = h
            up, down = (
                energy(*((theta + s * moved, psi) if argument == 0 else (theta, psi + s * moved))) for s in (1, -1)
            )
            assert gradient[index].item() == pytest.approx(((up - down) / (2 * h)).item(), rel=1e-4, abs=1e-8)
    # And that is what D's update descends besides its own loss.
    game, state, inputs = prepared(objective=objective, updates__consensus=0.5, optimizers__discriminator="sgd")
    after, _ = discriminator_update(game, state, draw, 1.0, opponent=draw_g)
    own = torch.func.grad(lambda p: discriminator_loss(game, state, draw, theta, p)[0])(psi)
    pull = torch.func.grad(energy, argnums=1)(theta, psi)
    torch.testing.assert_close(psi - after.discriminator.parameters, own + 0.5 * pull)


@pytest.mark.parametrize(("rule", "ahead"), [("simultaneous", False), ("extragradient", True)])
def test_gradients_are_taken_where_the_rule_says(rule: str, ahead: bool) -> None:
    sgd = {f"optimizers__{player}": "sgd" for player in ("generator", "discriminator")}
    game, state, inputs = prepared(updates__rule=rule, training__ema_decay=0.0, **sgd)
    (draw, rate), (draw_g, rate_g, _) = inputs.discriminator[0], inputs.generator[0]

    def along(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        on_g = torch.func.grad(lambda t: generator_loss(game, state, draw_g, t, psi)[0])(theta)
        on_d = torch.func.grad(lambda p: discriminator_loss(game, state, draw, theta, p)[0])(psi)
        return on_g, on_d

    theta, psi = state.generator.parameters, state.discriminator.parameters
    v = along(theta, psi)
    if ahead:
        v = along(theta - rate_g * v[0], psi - rate * v[1])
    after, _ = iteration(game, state, inputs)
    torch.testing.assert_close(after.generator.parameters, theta - rate_g * v[0])
    torch.testing.assert_close(after.discriminator.parameters, psi - rate * v[1])


def test_optimistic_adam_is_algorithm_one_of_the_paper() -> None:
    """θ ← θ − 2η m̂_t/(√v̂_t + ε) + η m̂_{t−1}/(√v̂_{t−1} + ε), written out; Daskalakis et al. 2018."""
    spec = Adam(learning_rate=0.01, beta1=0.5, beta2=0.9)
    rng = torch.Generator().manual_seed(3)
    theta = expected = torch.randn(4, generator=rng, dtype=torch.float64)
    moments, steps = torch.zeros(MOMENTS, 4, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    previous = torch.full((4,), torch.nan, dtype=torch.float64)
    m, v, last = torch.zeros(4).double(), torch.zeros(4).double(), None
    for t in range(1, 6):
        gradient = torch.randn(4, generator=rng, dtype=torch.float64)
        after, moments, steps = optimizer_step(spec, 0.01, theta, gradient, moments, steps)
        theta, previous = optimistic(theta, after, previous)
        m, v = 0.5 * m + 0.5 * gradient, 0.9 * v + 0.1 * gradient**2
        direction = (m / (1 - 0.5**t)) / ((v / (1 - 0.9**t)).sqrt() + spec.epsilon)
        expected = expected - 0.02 * direction + 0.01 * (direction if last is None else last)
        last = direction
        torch.testing.assert_close(theta, expected)


def test_lookahead_goes_back_when_it_is_due_and_not_before() -> None:
    looking = experiment(updates__lookahead=3, updates__lookahead_share=0.25)
    plain = with_value(looking, "updates.lookahead", 0)
    run, free = Run(looking), Run(plain)
    start = run.state
    run.advance(2)
    free.advance(2)
    assert torch.equal(run.state.generator.parameters, free.state.generator.parameters)
    run.advance(1)
    free.advance(1)
    for player in ("generator", "discriminator"):
        begun, fast = getattr(start, player).parameters, getattr(free.state, player).parameters
        found = getattr(run.state, player)
        torch.testing.assert_close(found.parameters, begun + 0.25 * (fast - begun))
        assert torch.equal(found.parameters, found.slow)
    assert not free.state.generator.slow.numel()


@pytest.mark.parametrize(
    "settings",
    [
        {"updates__rule": "optimistic", "updates__lookahead": 4},
        {"updates__rule": "extragradient", "objective": "relativistic_average"},
        {"updates__consensus": 0.2, "updates__unrolled_steps": 2},
    ],
    ids=str,
)
def test_a_run_that_is_saved_and_continued_is_bit_for_bit_the_one_that_went_on(settings: dict[str, object]) -> None:
    chosen = experiment(**settings)
    through = Run(chosen)
    through.advance(11)
    begun = Run(chosen)
    begun.advance(5)
    continued = Run(chosen, begun.snapshot())
    continued.advance(6)
    there, here = through.snapshot().arrays, continued.snapshot().arrays
    assert there.keys() == here.keys()
    assert all(np.array_equal(there[name], here[name], equal_nan=True) for name in there)


def test_another_rule_is_taken_over_while_training_and_what_it_remembers_comes_and_goes() -> None:
    run = Run(experiment())
    run.advance(3)
    before = run.snapshot()
    assert not any("previous" in name or "slow" in name for name in before.arrays)
    changed = experiment(updates__rule="optimistic", updates__lookahead=5)
    run.apply(changed)
    assert run.state.generator.previous.isnan().all()
    assert torch.equal(run.state.discriminator.slow, run.state.discriminator.parameters)
    run.advance(3)
    assert run.state.generator.previous.isfinite().all()
    run.restore(before)  # from before the rule: it begins afresh
    assert run.state.generator.previous.isnan().all()
    later = run.snapshot()
    run.apply(experiment())
    assert not run.state.generator.previous.numel()
    run.restore(later)
    assert not run.state.generator.slow.numel()


def test_arrays_that_no_rule_has_are_refused_still() -> None:
    run = Run(experiment())
    snapshot = run.snapshot()
    snapshot.arrays["generator/other"] = np.zeros(1, np.float32)
    with pytest.raises(UserError, match="generator/other"):
        run.restore(snapshot)


def test_single_updates_follow_consensus_too() -> None:
    chosen = experiment(updates__consensus=1.0)
    run, plain = Run(chosen), Run(with_value(chosen, "updates.consensus", 0.0))
    for player in ("discriminator", "generator"):
        run.update(player)  # type: ignore[arg-type]
        plain.update(player)  # type: ignore[arg-type]
    assert not torch.equal(run.state.discriminator.parameters, plain.state.discriminator.parameters)
    assert not torch.equal(run.state.generator.parameters, plain.state.generator.parameters)
