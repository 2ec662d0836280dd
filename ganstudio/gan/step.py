"""One iteration of the game as pure functions: (game, state, draw, live numbers) → (state, report).

    k times   ψ ← ψ − optimizer(∇_ψ [L_D(D(x), D(G(z))) + penalties])      G fixed
    j times   θ ← θ − optimizer(∇_θ  L_G(D(G(z))))                          D fixed

after Goodfellow et al. 2014, algorithm 1, with the signs turned so that both players descend; θ are the parameters of
G, ψ those of D. In which order, and at which points the gradients are taken, is the rule's business
(:mod:`ganstudio.gan.rules`). This is the only place where an iteration is written; an engine decides how it is
executed. Nothing random is drawn here, nothing is logged, no number is read back from a tensor, and no argument is
changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.func import grad, grad_and_value

from ganstudio.experiment.optimizers import Optimizer
from ganstudio.experiment.updates import Alternating, Extragradient, Optimistic, Simultaneous
from ganstudio.gan.draws import DiscriminatorDraw, GeneratorDraw, IterationInputs
from ganstudio.gan.game import Game
from ganstudio.gan.losses import Judged, discriminator_loss, generator_loss
from ganstudio.gan.objectives import value_function
from ganstudio.gan.optimizers import clip_gradient, optimistic, optimizer_step
from ganstudio.gan.rules import Moves, Rule, alternating, extragradient, simultaneous
from ganstudio.gan.state import Player, State

#: By the kind of record. A new one is added here, in ``rules`` and in the records.
RULES: dict[type, Rule[State]] = {
    Alternating: alternating,
    Simultaneous: simultaneous,
    Extragradient: extragradient,
    Optimistic: simultaneous,  # with moves of 2Δ_t − Δ_{t−1}
}


class DiscriminatorReport(NamedTuple):
    """Scalars of one update of D, each ()."""

    loss: Tensor  # the objective's, penalties excluded
    penalty: Tensor  # weighted sum of the penalties
    value: Tensor  # V(D, G) on the batch; NaN where D is no probability
    real_output: Tensor  # mean of D on real samples, as a probability
    generated_output: Tensor
    gradient_norm: Tensor  # of loss + penalty and what the rule adds, before clipping


class GeneratorReport(NamedTuple):
    """Scalars of one update of G, each ()."""

    loss: Tensor
    gradient_norm: Tensor


class Moved(NamedTuple):
    """One update: number ``number`` of its player in the iteration, from ``base`` along the gradient at ``at``."""

    player: Literal["discriminator", "generator"]
    number: int
    base: State
    at: State
    after: State
    report: DiscriminatorReport | GeneratorReport


class UpdateFunctions(NamedTuple):
    """How an update of each player is executed: as :func:`discriminator_update` and :func:`generator_update` are."""

    discriminator: Callable[..., tuple[State, DiscriminatorReport]]
    generator: Callable[..., tuple[State, GeneratorReport]]


def iteration(
    game: Game, state: State, inputs: IterationInputs, execute: UpdateFunctions | None = None
) -> tuple[State, Tensor]:
    """k updates of D and j of G. The row, (8,), holds history's columns after the iteration's number."""
    state, moved = updates(game, state, inputs, execute)
    return state, row_of(moved)


def updates(
    game: Game, state: State, inputs: IterationInputs, execute: UpdateFunctions | None = None
) -> tuple[State, tuple[Moved, ...]]:
    """The state after an iteration, and the updates that led there, those of D first.

    Where the rule looks ahead, what it saw there is not among them. An engine may have its own way to ``execute`` the
    updates; without one they are run as they are written.
    """
    update_d, update_g = execute or UpdateFunctions(discriminator_update, generator_update)
    moved: dict[tuple[str, int], Moved] = {}
    both = game.has_consensus and inputs.discriminator and inputs.generator

    def move_d(number: int, base: State, at: State) -> State:
        draw, rate = inputs.discriminator[number]
        opponent = inputs.generator[min(number, len(inputs.generator) - 1)][0] if both else None
        after, report = update_d(game, base, draw, rate, at=at, opponent=opponent)
        moved["discriminator", number] = Moved("discriminator", number, base, at, after, report)
        return after

    def move_g(number: int, base: State, at: State) -> State:
        draw, rate, decay = inputs.generator[number]
        opponent = inputs.discriminator[min(number, len(inputs.discriminator) - 1)][0] if both else None
        after, report = update_g(game, base, draw, rate, decay, at=at, opponent=opponent)
        moved["generator", number] = Moved("generator", number, base, at, after, report)
        return after

    moves: Moves[State] = Moves(
        discriminator=[partial(move_d, number) for number in range(len(inputs.discriminator))],
        generator=[partial(move_g, number) for number in range(len(inputs.generator))],
        join=lambda d, g: g._replace(discriminator=d.discriminator),
        again=_again,
    )
    state = RULES[type(game.experiment.updates.rule)](moves, state)
    if inputs.lookahead is not None:
        state = called_back(game, state, inputs.lookahead)
    return state, tuple(moved[key] for key in sorted(moved))


def row_of(moved: tuple[Moved, ...]) -> Tensor:
    """The last report of each player as a row, (8,)."""
    on_d = on_g = None
    for update in moved:
        if isinstance(update.report, DiscriminatorReport):
            on_d = update.report
        else:
            on_g = update.report
    return row(on_d, on_g)


def row(on_discriminator: DiscriminatorReport | None, on_generator: GeneratorReport | None) -> Tensor:
    """The reports of a D and a G update as one row, (8,), in the order of ``messages.history.COLUMNS[1:]``.

    Where the numbers of the reports are those of n iterations, (n,), there are n rows, (n, 8).
    """
    some = on_discriminator or on_generator
    if some is None:
        raise ValueError("a row needs the report of at least one player")
    none = torch.full_like(some.loss, torch.nan)
    d = on_discriminator or DiscriminatorReport(none, none, none, none, none, none)
    g = on_generator or GeneratorReport(none, none)
    return torch.stack(
        [d.loss, g.loss, d.penalty, d.value, d.real_output, d.generated_output, d.gradient_norm, g.gradient_norm],
        dim=-1,
    )


_SCALARS = torch.arange(float(len(DiscriminatorReport._fields) + len(GeneratorReport._fields))).unbind()
_PLACES = row(
    DiscriminatorReport(*_SCALARS[: len(DiscriminatorReport._fields)]),
    GeneratorReport(*_SCALARS[len(DiscriminatorReport._fields) :]),
).long()
"""Of each number of a row, its place among the scalars of both reports."""


def rows_of(on_discriminator: Tensor, on_generator: Tensor) -> Tensor:
    """The rows, (…, 8), of reports whose scalars are the last axis of one tensor, (…, 6) and (…, 2)."""
    return torch.cat((on_discriminator, on_generator), -1)[..., _PLACES]


def discriminator_update(
    game: Game,
    state: State,
    draw: DiscriminatorDraw,
    learning_rate: float,
    *,
    at: State | None = None,
    opponent: GeneratorDraw | None = None,
) -> tuple[State, DiscriminatorReport]:
    """One descent of D with G fixed, along the gradient at ``at``, where that is not ``state`` itself.

    ``opponent`` is G's draw, which consensus needs.
    """
    experiment, at = game.experiment, at or state
    player, theta = state.discriminator, at.generator.parameters

    def loss(psi: Tensor) -> tuple[Tensor, Judged]:
        return discriminator_loss(game, at, draw, theta, psi)

    gradient, (_, judged) = grad_and_value(loss, has_aux=True)(at.discriminator.parameters)
    if game.has_consensus and opponent is not None:
        pull = grad(partial(_energy, game, at, draw, opponent), argnums=1)(theta, at.discriminator.parameters)
        gradient = gradient + experiment.updates.consensus * pull
    updated, norm = _descend(game, player, gradient, experiment.optimizers.discriminator, learning_rate)
    limit = experiment.penalties.weight_clipping
    if limit > 0:  # Arjovsky et al. 2017, algorithm 1, line 7
        updated = updated._replace(parameters=updated.parameters.clamp(-limit, limit))
    on_real, on_generated = reference = (judged.on_real, judged.on_generated)
    report = DiscriminatorReport(
        loss=judged.objective,
        penalty=judged.penalty,
        value=value_function(on_real, on_generated)
        if game.objective.is_classifier
        else torch.full_like(judged.objective, torch.nan),
        real_output=game.objective.probability(on_real, reference).mean(),
        generated_output=game.objective.probability(on_generated, reference).mean(),
        gradient_norm=norm,
    )
    return state._replace(discriminator=updated._replace(buffers=judged.buffers)), report


def generator_update(
    game: Game,
    state: State,
    draw: GeneratorDraw,
    learning_rate: float,
    ema_decay: float,
    *,
    at: State | None = None,
    opponent: DiscriminatorDraw | None = None,
) -> tuple[State, GeneratorReport]:
    """One descent of G with D fixed, then one step of G's moving average; ``at`` and ``opponent`` as above."""
    experiment, at = game.experiment, at or state
    player, psi = state.generator, at.discriminator.parameters

    def loss(theta: Tensor) -> tuple[Tensor, Tensor]:
        return generator_loss(game, at, draw, theta, psi)

    gradient, (value, buffers) = grad_and_value(loss, has_aux=True)(at.generator.parameters)
    if game.has_consensus and opponent is not None:
        pull = grad(partial(_energy, game, at, opponent, draw), argnums=0)(at.generator.parameters, psi)
        gradient = gradient + experiment.updates.consensus * pull
    updated, norm = _descend(game, player, gradient, experiment.optimizers.generator, learning_rate)
    ema = torch.lerp(updated.parameters, state.ema, ema_decay) if ema_decay > 0 else updated.parameters
    return state._replace(generator=updated._replace(buffers=buffers), ema=ema), GeneratorReport(value, norm)


def _energy(
    game: Game, state: State, draw: DiscriminatorDraw, draw_g: GeneratorDraw, theta: Tensor, psi: Tensor
) -> Tensor:
    """½ ‖(∇_θ L_G, ∇_ψ L_D)‖², which vanishes where the game rests; Mescheder et al. 2017, equation 7."""
    on_theta = grad(lambda theta: generator_loss(game, state, draw_g, theta, psi)[0])(theta)
    on_psi = grad(lambda psi: discriminator_loss(game, state, draw, theta, psi)[0])(psi)
    energy: Tensor = 0.5 * (on_theta.square().sum() + on_psi.square().sum())
    return energy


def _descend(
    game: Game, player: Player, gradient: Tensor, optimizer: Optimizer, learning_rate: float
) -> tuple[Player, Tensor]:
    """The player after one optimizer step, and the norm of its gradient before clipping."""
    norm = torch.linalg.vector_norm(gradient)
    clipped = clip_gradient(gradient, norm, optimizer.gradient_clip)
    parameters, moments, steps = optimizer_step(
        optimizer, learning_rate, player.parameters, clipped, player.moments, player.steps
    )
    previous = player.previous
    if game.is_optimistic:
        parameters, previous = optimistic(player.parameters, parameters, previous)
    return player._replace(parameters=parameters, moments=moments, steps=steps, previous=previous), norm


def _again(start: State, ahead: State) -> State:
    """``start`` with the moments of ``ahead``."""

    def with_moments(own: Player, seen: Player) -> Player:
        return own._replace(moments=seen.moments, steps=seen.steps)

    return start._replace(
        generator=with_moments(start.generator, ahead.generator),
        discriminator=with_moments(start.discriminator, ahead.discriminator),
    )


def called_back(game: Game, state: State, due: Tensor) -> State:
    """Where ``due`` is above 0: φ ← φ + α(ω − φ), ω ← φ for both players; Zhang et al. 2019, algorithm 1."""
    share = game.experiment.updates.lookahead_share

    def back(player: Player) -> Player:
        slow = torch.where(due > 0, torch.lerp(player.slow, player.parameters, share), player.slow)
        return player._replace(parameters=torch.where(due > 0, slow, player.parameters), slow=slow)

    return state._replace(generator=back(state.generator), discriminator=back(state.discriminator))
